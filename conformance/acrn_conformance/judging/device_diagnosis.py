"""The rules that wrong devices may break: which are there, in which order, where, written how."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from acrn_conformance.cases import Case, Fields, Request, config, given_devices, text
from acrn_conformance.judging.built_argv import BuiltDevice

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
    texts, found = ([each.unplaced for each in side] for side in (wanted, actual))
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
    texts, found = (Counter(each.unplaced for each in side) for side in (wanted, actual))
    lost, extra = texts - found, found - texts
    if extra:
        yield from _named(case, extra)
        yield "invalid-device-dropped"
        return
    if all(text in found for text in lost):
        yield "device-order"
    if len(actual) >= _LAST_SLOT and list(wanted[: len(actual)]) == list(actual):
        yield "slots-beyond-31"
    if len(given_devices(case.request)) > len(wanted):
        yield "invalid-device-dropped"
    yield from _named(case, lost)
    if case.request.method == "sandbox_argv":
        at = next(
            (
                n
                for n, (a, b) in enumerate(zip_longest(wanted, actual))
                if a is None or b is None or a.unplaced != b.unplaced
            ),
            0,
        )
        yield "sandbox-composition" if at < _COMPOSED else _step_rule(case, at - _COMPOSED)


def _named(case: Case, devices: Iterable[tuple[str, str, str]]) -> Iterator[str]:
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
    yield case.rule


def _of_slots(
    case: Case, wanted: Sequence[BuiltDevice], actual: Sequence[BuiltDevice]
) -> Iterator[str]:
    moved = [(a.slot, b.slot) for a, b in zip(wanted, actual, strict=True) if a.slot != b.slot]
    if not moved:
        return
    expected, got = moved[0]
    invalid = len(given_devices(case.request)) > len(wanted)
    if got == "2" or (expected == "3" and got != "3" and not invalid):
        yield "reserved-slot"
    if expected.isdigit() and int(expected) > _LAST_SLOT:
        yield "slots-beyond-31"
    if invalid:
        yield "invalid-device-dropped"
    yield from ("slots-in-order", "reserved-slot")


def of_device(request: Request, wanted: BuiltDevice, actual: BuiltDevice) -> Iterator[str]:
    """Say what is wrong with a device's text, its slot aside."""
    kind = KINDS.get(wanted.emulation) or ("lpc" if "lpc" in wanted.emulation else "bridge")
    if (wanted.emulation, wanted.rest.replace("@", "", 1)) == (
        actual.emulation,
        actual.rest.replace("@", "", 1),
    ):
        yield "console-port-mark" if wanted.rest != actual.rest else f"{kind}-text"
    elif any(
        value in wanted.rest and value not in actual.rest for value in _texts(request) if value
    ):
        yield from ("text-unchanged", f"{kind}-text")
    else:
        yield from (f"{kind}-text", "text-unchanged")
    if kind == "kata-3-vsock":
        yield "kata-3-vsock-cut"
    if kind == "console":
        yield from ("console-backend-console", "console-backend-stdio")
    if kind == "net":
        yield "net-text-unknown-type"


def _texts(request: Request) -> Iterator[str]:
    """Yield the texts that a request's devices and steps give."""
    for fields in (*devices(request), *steps(request)):
        yield from (
            v for k, v in fields.items() if isinstance(v, str) and k not in ("kind", "append")
        )
    yield from (v for v in request.params.values() if isinstance(v, str))


def devices(request: Request) -> list[Fields]:
    """Return the devices that a request gives."""
    params = request.params
    listed = params.get("devices") if "devices" in params else config(request).get("devices")
    items = listed if isinstance(listed, list) else [params.get("device")]
    return [item for item in items if isinstance(item, dict)]


def steps(request: Request) -> list[Fields]:
    """Return the steps that a request gives."""
    listed = request.params.get("steps")
    return [step for step in listed if isinstance(step, dict)] if isinstance(listed, list) else []


def _step_rule(case: Case, number: int) -> str:
    taken = steps(case.request)
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
