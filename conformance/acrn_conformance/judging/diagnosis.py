"""The rules that an answer may break, told from how it departs from what is expected.

Pure, and without the reference: a case, the answer, and nothing else.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from acrn_conformance.cases import (
    KATA_1,
    Case,
    Fields,
    integer,
    mapping,
    text,
    tokens_in,
)
from acrn_conformance.implementation import Refused, Result
from acrn_conformance.judging.built_argv import BuiltArgv, device, take_apart
from acrn_conformance.judging.device_diagnosis import (
    KINDS,
    append_rule,
    devices,
    of_device,
    of_devices,
    steps,
)
from acrn_conformance.judging.grouping import RECORDED
from acrn_conformance.judging.verdict import Verdict

_OPTIONS = {
    "-U": "uuid-option",
    "-A": "acpi-option",
    "-m": "memory-option",
    "-k": "kernel-option",
    "-B": "kernel-params-need-kernel",
    "--cpu_affinity": "kata-3-cpu",
}
_KATA_3 = {
    "option-order": "kata-3-option-order",
    "sandbox-composition": "kata-3-sandbox",
    "sandbox-name": "kata-3-name",
    "sandbox-unchecked": "kata-3-sandbox-unchecked",
    "kernel-parameters-image": "kata-3-parameters",
    "kernel-parameters-no-image": "kata-3-parameters",
    "uuid-option": "kata-3-no-uuid",
    "capabilities": "kata-3-capabilities",
    "limits": "kata-3-limits",
    "block-vsock": "kata-3-append-vsock",
}
_ACRN_3 = {
    "kata-3-sandbox": "acrn-3-sandbox",
    "net-text": "acrn-3-tap",
    "kata-3-vsock-valid": "acrn-3-cid",
    "acpi-option": "acrn-3-no-acpi",
}


def candidates(verdict: Verdict) -> tuple[str, ...]:
    """Return the ids of the rules that a failing answer may break, the likeliest first.

    Empty where its difference does not tell, as that of one which gave no answer.
    """
    case = verdict.case
    match verdict.outcome:
        case Result(value=value) if verdict.difference and not verdict.fault:
            found = _of_result(case, value)
        case Refused():
            found = _of_refused(case)
        case _:
            return ()
    rules = (_in_dialect(case, rule) for rule in found)
    return tuple(dict.fromkeys(rule for rule in rules if not rule.startswith(RECORDED)))


def _in_dialect(case: Case, rule: str) -> str:
    if "kata-1" not in case.dialects:
        rule = _KATA_3.get(rule, rule)
    return _ACRN_3.get(rule, rule) if case.dialects == ("acrn-3",) else rule


# What came in place of an answer.


def _of_refused(case: Case) -> Iterator[str]:
    yield case.rule
    given = devices(case.request)
    kinds = {text(item, "kind") for item in given}
    if any(integer(item, "index") > KATA_1.pool_size for item in given):
        yield "block-index-beyond-table"
    yield from (f"{kind}-valid" for kind in sorted(kinds) if kind in KINDS.values())


# An answer that is another.


def _of_result(case: Case, got: object) -> Iterator[str]:
    expected, method = case.expect.result, case.request.method
    wanted, actual = tokens_in(expected, "argv"), tokens_in(got, "argv")
    if wanted is not None and actual is not None and method in ("argv", "sandbox_argv"):
        if wanted != actual:
            yield from _of_argv(case, take_apart(wanted), take_apart(actual))
        else:
            yield from _of_table(case, got)
    elif method == "device_params":
        yield from _of_params(case, got)
    elif method == "device_valid":
        yield from _of_validity(case)
    elif method == "append_devices":
        yield from _of_list(case, got)
    elif method == "kernel_parameters":
        yield from _of_parameters(case)
    elif method == "block_rescan" and wanted and actual:
        yield from _of_rescan(wanted, actual)
    elif method == "memory_topology":
        yield "memory-in-megabytes"


def _of_argv(case: Case, wanted: BuiltArgv, actual: BuiltArgv) -> Iterator[str]:
    for option in dict.fromkeys((*wanted.values, *actual.values)):
        if wanted.values.get(option) != actual.values.get(option):
            yield from _of_option(case, option, wanted, actual)
    yield from of_devices(case, wanted.devices, actual.devices)
    if wanted.others != actual.others:
        yield from _of_others(case, wanted.others, actual.others)
    if wanted.order != actual.order:
        yield "option-order"


def _of_option(case: Case, option: str, wanted: BuiltArgv, actual: BuiltArgv) -> Iterator[str]:
    rule = _OPTIONS[option]
    sandbox = case.request.method == "sandbox_argv"
    if option not in wanted.values:
        if option == "-A" or (option == "-U" and "kata-1" not in case.dialects):
            yield rule
        elif option == "-B":
            yield from (rule, "empty-option-left-out")
        else:
            yield from ("empty-option-left-out", rule)
    elif option not in actual.values:
        yield "kernel-option" if option == "-B" and not sandbox else rule
    elif option == "-B" and sandbox:
        yield from _of_kernel_line(case, wanted.values[option], actual.values[option])
    elif option == "-m" and sandbox:
        yield "memory-in-megabytes"
    else:
        yield from ("text-unchanged", rule)


def _of_kernel_line(case: Case, expected: str, got: str) -> Iterator[str]:
    """Say which part of a kernel line is wrong: the arch's, the sandbox's, the user's own."""
    wanted, actual = expected.split(" "), got.split(" ")
    own = Counter(wanted) - Counter(actual)
    strange = Counter(actual) - Counter(wanted)
    pairs = case.request.params.get("kernel_params")
    users = {str(part) for pair in (pairs if isinstance(pairs, list) else []) for part in pair}
    heads = [word.partition("=")[0] for word in (*own, *strange)]
    if any(head in ("panic", "maxcpus") for head in heads):
        yield "sandbox-kernel-line"
    elif not own and not strange:
        moved = next(a for a, b in zip(wanted, actual, strict=True) if a != b)
        panic = wanted.index("panic=1") if "panic=1" in wanted else 0
        if wanted.index(moved) < panic and actual.index(moved) < panic:
            yield "kernel-parameters-image"
        else:
            yield from ("sandbox-user-params-last", "sandbox-kernel-line")
    elif {word.rstrip("=") for word in strange} & set(own) or not "".join(strange):
        yield "params-joined" if strange else "sandbox-user-params-last"
    elif any(head in users for head in heads):
        yield from ("sandbox-user-params-last", "params-joined", "text-unchanged")
    else:
        yield "kernel-parameters-image"
    yield from ("params-joined", "text-unchanged")


def _of_others(case: Case, wanted: Sequence[str], actual: Sequence[str]) -> Iterator[str]:
    sandbox = case.request.method == "sandbox_argv"
    if Counter(wanted)["-lcom1,stdio"] != Counter(actual)["-lcom1,stdio"]:
        yield "lpc-text"
    if wanted[-1:] == actual[-1:]:
        return
    if sandbox:
        yield "sandbox-name"
    elif wanted and actual and len(wanted) == len(actual):
        yield from ("text-unchanged", "name-argument")
    else:
        yield "name-argument"


# The other answers.


def _of_table(case: Case, got: object) -> Iterator[str]:
    wanted, actual = mapping(case.expect.result).get("block_slots"), mapping(got).get("block_slots")
    if not isinstance(wanted, list) or not isinstance(actual, list) or len(wanted) != len(actual):
        yield "block-table"
        return
    wrong = [n for n, (a, b) in enumerate(zip(wanted, actual, strict=True)) if a != b]
    indices = Counter(
        integer(d, "index") for d in devices(case.request) if text(d, "kind") == "block"
    )
    indices += Counter(integer(s, "index") for s in steps(case.request) if text(s, "file"))
    if any(index > len(wanted) - 1 for index in indices) and any(
        n not in indices or indices[n] for n in wrong
    ):
        yield "block-index-beyond-table"
    if wrong and all(indices[n] > 1 for n in wrong):
        yield "block-table-last-wins"
    if any(wanted[n] == 0 for n in wrong):
        yield "block-table-unassigned"
    yield "block-table"
    if case.request.method == "sandbox_argv":
        yield "sandbox-composition"


def _of_params(case: Case, got: object) -> Iterator[str]:
    wanted, actual = tokens_in(case.expect.result, "params"), tokens_in(got, "params")
    if wanted == actual:
        yield from _of_table(case, got)
    elif not wanted or not actual or len(wanted) != len(actual):
        kind = text(mapping(case.request.params.get("device")), "kind")
        yield f"{'kata-3-' if kind == 'vsock' else ''}{kind}-text"
    else:
        at = next(n for n, (a, b) in enumerate(zip(wanted, actual, strict=True)) if a != b)
        ours, theirs = device(wanted[at]), device(actual[at])
        if ours.unplaced == theirs.unplaced:
            yield "given-slot"
        else:
            yield from of_device(case.request, ours, theirs)


def _of_validity(case: Case) -> Iterator[str]:
    kind = text(mapping(case.request.params.get("device")), "kind")
    yield case.rule
    yield f"{'kata-3-' if kind == 'vsock' else ''}{kind}-valid"


def _of_list(case: Case, got: object) -> Iterator[str]:
    wanted, actual = (mapping(v).get("devices") for v in (case.expect.result, got))
    if not isinstance(wanted, list) or not isinstance(actual, list):
        return
    given = len(devices(case.request))
    at = next((n for n, (a, b) in enumerate(zip(wanted, actual, strict=False)) if a != b), -1)
    if at < 0:
        at = min(len(wanted), len(actual))
    taken = [s for s in steps(case.request) if _adds(s)]
    if at < given:
        yield "append-keeps-devices"
    elif len(wanted) == len(actual) and at - given < len(taken):
        ours, theirs = mapping(wanted[at]), mapping(actual[at])
        changed = [k for k in ours if ours[k] != theirs.get(k)]
        step = taken[at - given]
        if any(isinstance(ours[k], str) and ours[k] in step.values() for k in changed):
            yield "text-unchanged"
        yield append_rule(step)
    elif len(wanted) < len(actual):
        yield from (append_rule(s) for s in steps(case.request) if not _adds(s))
    elif at - given < len(taken):
        yield append_rule(taken[at - given])
    yield "append-order"


def _adds(step: Fields) -> bool:
    if text(step, "append") == "network":
        return text(step, "endpoint") in ("veth", "macvtap")
    return text(step, "append") != "block_device" or bool(text(step, "file"))


def _of_parameters(case: Case) -> Iterator[str]:
    image = bool(text(case.request.params, "image_path"))
    yield "kernel-parameters-image" if image else "kernel-parameters-no-image"
    yield "kernel-parameters-fresh"


def _of_rescan(wanted: Sequence[str], actual: Sequence[str]) -> Iterator[str]:
    slot, _, file = wanted[-1].partition(",")
    theirs, _, given = actual[-1].partition(",")
    if file != given or wanted[1] not in actual:
        yield "text-unchanged"
    if slot != theirs and slot == "0":
        yield "rescan-unassigned"
    yield "rescan-argv"
