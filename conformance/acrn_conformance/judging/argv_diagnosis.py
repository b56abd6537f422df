"""The rules that a wrong argv may break: its options, its order, the kernel line, the name."""

from collections import Counter
from collections.abc import Iterator, Sequence

from acrn_conformance.cases import Case
from acrn_conformance.judging.built_argv import BuiltArgv
from acrn_conformance.judging.device_diagnosis import KINDS, of_devices

_OPTIONS = {
    "-U": "uuid-option",
    "-A": "acpi-option",
    "-m": "memory-option",
    "-k": "kernel-option",
    "-B": "kernel-params-need-kernel",
    "--cpu_affinity": "kata-3-cpu",
}


def of_argv(case: Case, wanted: BuiltArgv, actual: BuiltArgv) -> Iterator[str]:
    """Say which rules an argv that is another may break, the likeliest first."""
    if bare := next((d for d in wanted.devices if d.text in actual.others), None):
        yield f"{KINDS.get(bare.emulation, 'bridge')}-text"
    for option in dict.fromkeys((*wanted.values, *actual.values)):
        if wanted.values.get(option) != actual.values.get(option):
            yield from _of_option(case, option, wanted, actual)
    yield from of_devices(case, wanted.devices, actual.devices)
    if wanted.others != actual.others:
        yield from _of_others(case, wanted.others, actual.others)
    if _in_common(wanted, actual) != _in_common(actual, wanted):
        yield "option-order"
    if wanted == actual:
        # What is left is where the only token stands that belongs to a device and is none.
        yield "lpc-text"


def _in_common(one: BuiltArgv, other: BuiltArgv) -> list[str]:
    return [name for name in one.order if name in other.order]


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
    elif strange and ({word.rstrip("=") for word in strange} & set(own) or not "".join(strange)):
        yield "params-joined"
    elif not strange and any(head in users for head in heads):
        yield "sandbox-user-params-last"
    elif strange and any(head in users for head in heads):
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
