"""The rules that an answer may break, told from how it departs from what is expected.

Pure, and without the reference: a case, the answer, and nothing else.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from acrn_conformance.cases import (
    KATA_1,
    Case,
    Fields,
    devices_of,
    integer,
    mapping,
    steps_of,
    text,
    tokens_in,
)
from acrn_conformance.implementation import Refused, Result
from acrn_conformance.judging.argv_diagnosis import of_argv
from acrn_conformance.judging.built_argv import device, take_apart
from acrn_conformance.judging.comparison import Difference
from acrn_conformance.judging.device_diagnosis import (
    KINDS,
    append_rule,
    of_device,
)
from acrn_conformance.judging.grouping import RECORDED
from acrn_conformance.judging.lost_part import lost_part
from acrn_conformance.judging.verdict import Verdict

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
    found: Iterator[str]
    match verdict.outcome:
        case Result(value=value) if verdict.difference and not verdict.fault:
            found = chain(_of_nul(case, verdict.difference), _of_result(case, value))
        case Result() if not verdict.fault:
            found = _of_answered(case)
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
    request = case.request
    if any(integer(item, "index") > KATA_1.pool_size for item in devices_of(request)):
        yield "block-index-beyond-table"
    match request.method:
        case "sandbox_argv":
            yield from ("sandbox-image-unseen", "sandbox-name")
        case "block_rescan" if integer(request.params, "index") == 0:
            yield "rescan-root-disk"
        case "next_apic_id" | "release_apic_id" if text(request.params, "stored"):
            given_back = request.method == "release_apic_id"
            yield "kata-3-cpu-index-text"
            yield "kata-3-cpu-given-back" if given_back else "kata-3-next-cpu"
    yield from map(append_rule, steps_of(request))
    yield case.rule
    kinds = {text(item, "kind") for item in devices_of(request)}
    yield from (f"{kind}-valid" for kind in sorted(kinds) if kind in KINDS.values())


def _of_answered(case: Case) -> Iterator[str]:
    """Say which refusal is missing."""
    if case.request.method == "sandbox_argv" and not text(case.request.params, "image_path"):
        yield "sandbox-needs-image"
    yield case.rule


# An answer that is another.


def _of_nul(case: Case, difference: Difference) -> Iterator[str]:
    wanted, actual = difference.expected, str(difference.got)
    if not isinstance(wanted, str) or "\0" not in wanted or "\0" in actual:
        return
    if not lost_part(case.request, wanted, actual):
        yield "nul-in-text"


def _of_result(case: Case, got: object) -> Iterator[str]:
    expected, method = case.expect.result, case.request.method
    wanted, actual = tokens_in(expected, "argv"), tokens_in(got, "argv")
    if wanted is not None and actual is not None and method in ("argv", "sandbox_argv"):
        if " ".join(wanted) == " ".join(actual) and wanted != actual:
            yield "text-unchanged"
        elif wanted != actual:
            yield from of_argv(case, take_apart(wanted), take_apart(actual))
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


def _of_table(case: Case, got: object) -> Iterator[str]:
    wanted, actual = mapping(case.expect.result).get("block_slots"), mapping(got).get("block_slots")
    drives = [step for step in steps_of(case.request) if text(step, "file")]
    disks = [item for item in devices_of(case.request) if text(item, "kind") == "block"]
    indices = Counter(integer(each, "index") for each in (*disks, *drives))
    beyond = any(index > KATA_1.pool_size for index in indices)
    if not isinstance(wanted, list) or not isinstance(actual, list) or len(wanted) != len(actual):
        if beyond and isinstance(actual, list) and len(actual) > KATA_1.pool_size + 1:
            yield "block-index-beyond-table"
        yield "block-table"
        return
    wrong = [n for n, (a, b) in enumerate(zip(wanted, actual, strict=True)) if a != b]
    left_out = _disk_slots(case) - set(wanted)
    if beyond and any(actual[n] in left_out and indices[n] <= 1 for n in wrong):
        yield "block-index-beyond-table"
    if wrong and all(indices[n] > 1 for n in wrong):
        yield "block-table-last-wins"
    if any(wanted[n] == 0 for n in wrong):
        yield "block-table-unassigned"
    yield "block-table"
    if case.request.method == "sandbox_argv":
        yield "sandbox-composition"


def _disk_slots(case: Case) -> set[int]:
    """Return the slots that the disks of an expected answer are on."""
    result = case.expect.result
    argv = tokens_in(result, "argv") or tokens_in(result, "params") or []
    return {int(d.slot) for d in take_apart(argv).devices if d.emulation == "virtio-blk"}


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
    given = len(devices_of(case.request))
    at = next((n for n, (a, b) in enumerate(zip(wanted, actual, strict=False)) if a != b), -1)
    if at < 0:
        at = min(len(wanted), len(actual))
    taken = [s for s in steps_of(case.request) if _adds(s)]
    if at < given:
        yield "append-keeps-devices"
        yield from map(append_rule, steps_of(case.request))
    elif len(wanted) == len(actual) and at - given < len(taken):
        ours, theirs = mapping(wanted[at]), mapping(actual[at])
        changed = [k for k in ours if ours[k] != theirs.get(k)]
        step = taken[at - given]
        texts = step.values()
        if any(ours[k] in texts and theirs.get(k) not in texts for k in changed):
            yield "text-unchanged"
        yield append_rule(step)
    elif len(wanted) < len(actual):
        yield from (append_rule(s) for s in steps_of(case.request) if not _adds(s))
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
