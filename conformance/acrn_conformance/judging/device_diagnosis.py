"""The rules that wrong devices may break: which are there, in which order, where, written how."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest

from acrn_conformance.cases import (
    DIALECTS,
    Case,
    Fields,
    Request,
    given_devices,
    steps_of,
    text,
)
from acrn_conformance.invariants import is_valid
from acrn_conformance.judging.built_argv import BuiltDevice
from acrn_conformance.judging.lost_part import lost_part, texts_of

KINDS = {
    "virtio-console": "console",
    "virtio-net": "net",
    "virtio-blk": "block",
    "vhost-vsock": "kata-3-vsock",
    "hostbridge": "bridge",
    "lpc": "lpc",
}
"""From an emulation to what the rules of its device begin with."""

_LAST_SLOT = 31
_COMPOSED = 12
"""Devices of every sandbox: bridge, LPC, console, image and eight placeholders."""


def of_devices(
    case: Case, wanted: Sequence[BuiltDevice], actual: Sequence[BuiltDevice]
) -> Iterator[str]:
    """Say which rules devices that are others may break, the likeliest first."""
    texts, found = _texts_of(wanted), _texts_of(actual)
    if texts == found:
        yield from _of_slots(case, wanted, actual)
    elif Counter(texts) == Counter(found):
        yield "device-order"
        if case.request.method == "sandbox_argv":
            yield "sandbox-composition"
    elif len(texts) == len(found):
        for ours, theirs in zip(wanted, actual, strict=True):
            if ours.unplaced != theirs.unplaced:
                yield from of_device(case.request, ours, theirs)
                break
    else:
        yield from _of_number(case, wanted, actual)


def _of_number(
    case: Case, wanted: Sequence[BuiltDevice], actual: Sequence[BuiltDevice]
) -> Iterator[str]:
    """Say why there are more devices, or fewer."""
    texts, found = Counter(_texts_of(wanted)), Counter(_texts_of(actual))
    lost, extra = texts - found, found - texts
    if case.request.method == "sandbox_argv":
        yield from _of_composition(case, wanted, actual)
    if extra:
        yield from _named(extra)
        yield "invalid-device-dropped"
        return
    if all(text in found for text in lost):
        yield "device-order"
    cut = _texts_of(wanted[: len(actual)]) == _texts_of(actual)
    if cut and len(actual) >= _LAST_SLOT:
        yield "slots-beyond-31"
    if cut and len(given_devices(case.request)) > len(wanted):
        yield "invalid-device-dropped"
    yield from _named(lost)


def _of_composition(
    case: Case, wanted: Sequence[BuiltDevice], actual: Sequence[BuiltDevice]
) -> Iterator[str]:
    """Say what a sandbox lacks: a device that all have, or one that a step adds."""
    pairs = zip_longest(_texts_of(wanted), _texts_of(actual))
    at = next((number for number, (ours, theirs) in enumerate(pairs) if ours != theirs), 0)
    yield "sandbox-composition" if at < _COMPOSED else _step_rule(case, at - _COMPOSED)


def _texts_of(devices: Iterable[BuiltDevice]) -> list[tuple[str, str, str]]:
    return [each.unplaced for each in devices]


def _named(devices: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Yield the rules of the validity of devices that are there or not: the oddities first."""
    for function, emulation, rest in devices:
        kind = KINDS.get(emulation)
        if kind == "console" and rest.lstrip(",") in ("", "@"):
            yield "console-backend-console"
        if kind == "console" and "stdio:" in rest:
            yield "console-backend-stdio"
        if kind == "console" and "pty_port" in rest:
            yield "pty-needs-path"
        if kind == "net" and rest.endswith("mac="):
            yield "net-needs-mac"
        if kind == "lpc" and function not in ("", ":0"):
            yield "lpc-function-unchecked"
        if kind:
            yield f"{kind}-valid"
        else:
            yield from ("bridge-valid", "lpc-valid")


def _of_slots(
    case: Case, wanted: Sequence[BuiltDevice], actual: Sequence[BuiltDevice]
) -> Iterator[str]:
    moved = [n for n, (a, b) in enumerate(zip(wanted, actual, strict=True)) if a.slot != b.slot]
    if not moved:
        return
    expected, got = wanted[moved[0]].slot, actual[moved[0]].slot
    behind_invalid = moved[0] in _behind_invalid(case)
    if got == "2" or (expected == "3" and got != "3" and not behind_invalid):
        yield "reserved-slot"
    if expected.isdigit() and int(expected) > _LAST_SLOT:
        yield "slots-beyond-31"
    if behind_invalid:
        yield "invalid-device-dropped"
    yield from ("slots-in-order", "reserved-slot")


def _behind_invalid(case: Case) -> set[int]:
    """Return which of the valid devices, by their places among them, follow an invalid one."""
    dialect = DIALECTS[case.dialects[0]]
    valid = [is_valid(dialect, device) for device in given_devices(case.request)]
    return {
        sum(valid[:place])
        for place, (before, here) in enumerate(pairwise([True, *valid]))
        if here and not before
    }


def of_device(request: Request, wanted: BuiltDevice, actual: BuiltDevice) -> Iterator[str]:
    """Say what is wrong with a device's text, its slot aside."""
    kind = KINDS.get(wanted.emulation) or ("lpc" if "lpc" in wanted.emulation else "bridge")
    if wanted.rest != actual.rest and _unmarked(wanted) == _unmarked(actual):
        yield "console-port-mark"
        return
    if kind == "bridge" and actual.rest.startswith(f"{wanted.rest},"):
        yield "fields-without-token"
    if actual.text and lost_part(request, wanted.rest, actual.rest):
        yield f"{kind}-text"
        return
    lost = [text for text in texts_of(request) if text in wanted.rest and text not in actual.rest]
    if not actual.text or sorted(wanted.rest) == sorted(actual.rest):
        # Nothing of it is there, or all of it in other places.
        yield f"{kind}-text"
    elif any(lost):
        yield from ("text-unchanged", f"{kind}-text")
    else:
        yield from (f"{kind}-text", "text-unchanged")
    if kind == "kata-3-vsock":
        yield "kata-3-vsock-cut"
    if kind == "console":
        yield from ("console-backend-console", "console-backend-stdio")
    if kind == "net":
        yield "net-text-unknown-type"


def _unmarked(device: BuiltDevice) -> tuple[str, str]:
    return device.emulation, device.rest.replace("@", "", 1)


def _step_rule(case: Case, number: int) -> str:
    taken = steps_of(case.request)
    return append_rule(taken[number]) if 0 <= number < len(taken) else "append-order"


def append_rule(step: Fields) -> str:
    """Return the rule of what a step adds."""
    word = text(step, "append")
    if word == "network":
        endpoint = text(step, "endpoint")
        known = endpoint in ("veth", "macvtap")
        return f"append-network-{endpoint}" if known else "append-network-unsupported"
    if word == "vsock":
        return "kata-3-append-vsock"
    if word == "block_device":
        return "append-block-device" if text(step, "file") else "append-block-device-empty"
    return f"append-{word}"
