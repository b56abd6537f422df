"""What holds for every answer of a right implementation, whatever the request: no reference needed.

Each invariant is written once, as a function from a request, its result and a way to ask more to
the sentences that say how it is broken; none means it holds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from acrn_conformance import layout
from acrn_conformance.layout import LayoutError
from acrn_conformance.model import Request

Result = Mapping[str, object]
Ask = Callable[[Request], Result | None]
"""Asks the same implementation something else; None where it refuses."""

Check = Callable[[Request, Result, Ask], Iterator[str]]

_RESERVED = 2
_POOL = 8
_BACKENDS = ("tty:", "pty:", "socket:", "file:")


class Invariant(NamedTuple):
    """A named invariant with the rule that it states and the methods that it speaks of."""

    name: str
    rule: str
    methods: frozenset[str]
    check: Check


def broken(request: Request, result: Result, ask: Ask) -> Iterator[tuple[Invariant, str]]:
    """Yield every invariant that the result breaks, and how."""
    for invariant in INVARIANTS:
        if request.method in invariant.methods:
            try:
                yield from ((invariant, text) for text in invariant.check(request, result, ask))
            except LayoutError as error:
                yield invariant, str(error)


def _reserved_slot(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    for device in _devices(result):
        if device.slot == _RESERVED:
            yield f"{device.text!a} is on the reserved slot"


def _rising(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    slots = [device.slot for device in _devices(result)]
    expected = [slot for slot in range(len(slots) + 1) if slot != _RESERVED][: len(slots)]
    if slots != expected:
        yield f"the slots are {slots}, not {expected}"


def _table_truth(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    table = _integers(result.get("block_slots"))
    disks = {device.slot for device in _devices(result) if device.emulation == "virtio-blk"}
    if len(table) != _POOL + 1:
        yield f"the block table has {len(table)} entries, not {_POOL + 1}"
    for index, slot in enumerate(table):
        if slot != 0 and slot not in disks:
            yield f"block index {index} is on slot {slot}, where no disk is"
    taken = [slot for slot in table if slot != 0]
    if len(taken) != len(set(taken)):
        yield f"the block table {table} names a slot twice"


def _table_follows(request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    """Each entry is the slot of the last valid disk with that index."""
    valid = [device for device in given_devices(request) if valid_device(device)]
    expected = [0] * (_POOL + 1)
    for device, placed in zip(valid, _devices(result), strict=False):
        index = _number(device, "index")
        if device.get("kind") == "block" and 0 <= index <= _POOL:
            expected[index] = placed.slot
    table = list(_integers(result.get("block_slots")))
    if table != expected:
        yield f"the block table is {table}, the devices give {expected}"


def _one_function_each(request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    valid = sum(map(valid_device, given_devices(request)))
    placed = len(list(_devices(result)))
    if valid != placed:
        yield f"{valid} valid devices, but {placed} in the argv"


def _backends(_request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    """Every console has a backend, but for upstream's ``console``, which has none at all."""
    for device in _devices(result):
        if device.emulation == "virtio-console":
            text = device.rest.removeprefix("@")
            if text and not text.startswith(_BACKENDS):
                yield f"{device.text!a} names no backend"


def _invalid_without_effect(request: Request, result: Result, ask: Ask) -> Iterator[str]:
    """Drop the invalid devices: nothing may change."""
    devices = given_devices(request)
    valid = [device for device in devices if valid_device(device)]
    if len(valid) < len(devices):
        config = request.params.get("config")
        fields = config if isinstance(config, dict) else {}
        without = ask(Request("argv", {"config": {**fields, "devices": valid}}))
        if without != result:
            yield "without its invalid devices it gives another answer"


INVARIANTS: Sequence[Invariant] = tuple(
    Invariant(name, rule, frozenset(methods), check)
    for name, rule, methods, check in (
        ("reserved-slot", "No device sits on slot 2.", ["argv", "sandbox_argv"], _reserved_slot),
        (
            "slots-rising",
            "Slots rise from 0 without a gap but slot 2.",
            ["argv", "sandbox_argv"],
            _rising,
        ),
        (
            "table-truth",
            "A table entry is 0 or the slot of a disk, and no two name the same.",
            ["argv", "sandbox_argv"],
            _table_truth,
        ),
        (
            "table-follows",
            "A table entry is the slot of the last valid disk with that index, else 0.",
            ["argv"],
            _table_follows,
        ),
        (
            "one-function-each",
            "There are as many devices in the argv as valid ones in the request.",
            ["argv"],
            _one_function_each,
        ),
        (
            "backends",
            "Every console text has a backend, but for upstream's `console`.",
            ["argv", "sandbox_argv"],
            _backends,
        ),
        (
            "invalid-without-effect",
            "An invalid device changes nothing.",
            ["argv"],
            _invalid_without_effect,
        ),
    )
)


def given_devices(request: Request) -> list[Mapping[str, object]]:
    """Return the devices of an ``argv`` request."""
    config = request.params.get("config")
    devices = config.get("devices") if isinstance(config, dict) else None
    return [d for d in devices if isinstance(d, dict)] if isinstance(devices, list) else []


def valid_device(device: Mapping[str, object]) -> bool:
    """Tell from its fields whether a device is valid, as the specification has it."""
    match device.get("kind"):
        case "console":
            return (
                device.get("backend") in {"tty", "pty", "console", "socket", "file"}
                and (device.get("port_type") or "serial") in {"console", "serial"}
                and bool(device.get("path"))
            )
        case "net":
            named = bool(device.get("if_name")) and bool(device.get("mac_address"))
            return named and device.get("net_type") in {"tap", "macvtap"}
        case "block":
            return bool(device.get("file_path"))
        case "bridge":
            return not device.get("function") and device.get("emul") == "hostbridge"
        case _:
            return device.get("emul") == "lpc"


def _devices(result: Result) -> Sequence[layout.PciFunction]:
    argv = result.get("argv")
    tokens = [t for t in argv if isinstance(t, str)] if isinstance(argv, list | tuple) else []
    return layout.read(tokens).devices


def _integers(value: object) -> Sequence[int]:
    return [n for n in value if isinstance(n, int)] if isinstance(value, list | tuple) else []


def _number(device: Mapping[str, object], name: str) -> int:
    value = device.get(name)
    return value if isinstance(value, int) else 0
