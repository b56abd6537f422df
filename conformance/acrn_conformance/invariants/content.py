"""Invariants that hold an argv against the request that it was built for."""

from collections.abc import Iterator

from acrn_conformance.cases import Request, config, given_devices, integer, mapping, text
from acrn_conformance.invariants import layout
from acrn_conformance.invariants.invariant import (
    POOL_SIZE,
    Ask,
    Invariant,
    Result,
    is_valid,
    placed,
    table,
    tokens,
)

_ARGV = frozenset({"argv"})


def _options(request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    fields = config(request)
    kernel = mapping(fields.get("kernel"))
    path = text(kernel, "path")
    wanted = {
        "uuid": text(fields, "uuid"),
        "acpi": "-A" if fields.get("acpi_virt") else "",
        "memory": text(mapping(fields.get("memory")), "size"),
        "kernel": path,
        "params": text(kernel, "params") if path else "",
        "name": text(fields, "name"),
    }
    argv = tokens(result)
    # What the request says is taken off both ends, so that no text is mistaken for an option.
    head = [*_option("-U", wanted["uuid"]), *_option("", wanted["acpi"])]
    head += _option("-m", wanted["memory"])
    tail = [*_option("-k", path), *_option("-B", wanted["params"]), *_option("", wanted["name"])]
    if argv[: len(head)] != head:
        yield f"it begins with {argv[: len(head)]!a}, not with {head!a}"
    elif len(argv) < len(head) + len(tail) or argv[len(argv) - len(tail) :] != tail:
        yield f"it ends with {argv[len(argv) - len(tail) :]!a}, not with {tail!a}"
    else:
        middle = layout.read(argv[len(head) : len(argv) - len(tail)])
        if middle.name is not None:
            yield f"the token {middle.name!a} behind the devices is out of place"


def _option(flag: str, value: str) -> list[str]:
    return [token for token in (flag, value) if token] if value else []


def _one_function_each(request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    valid = sum(map(is_valid, given_devices(request)))
    if valid != len(placed(result)):
        yield f"{valid} valid devices, but {len(placed(result))} in the argv"


def _emulations(request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    wanted = {"console": "virtio-console", "net": "virtio-net", "block": "virtio-blk"}
    valid = [device for device in given_devices(request) if is_valid(device)]
    for device, function in zip(valid, placed(result), strict=False):
        emulation = wanted.get(text(device, "kind"), text(device, "emul"))
        if function.emulation != emulation:
            yield f"{function.text!a} stands where {emulation} is due"


def _table_follows(request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    valid = [device for device in given_devices(request) if is_valid(device)]
    expected = [0] * (POOL_SIZE + 1)
    for device, function in zip(valid, placed(result), strict=False):
        index = integer(device, "index")
        if device.get("kind") == "block" and 0 <= index <= POOL_SIZE:
            expected[index] = function.slot
    if table(result) != expected:
        yield f"the block table is {table(result)}, the devices give {expected}"


def _bare_consoles(request: Request, result: Result, _ask: Ask) -> Iterator[str]:
    valid = [device for device in given_devices(request) if is_valid(device)]
    for device, function in zip(valid, placed(result), strict=False):
        if device.get("kind") == "console":
            bare = function.rest.removeprefix("@") == ""
            if bare != (device.get("backend") == "console"):
                yield f"{function.text!a} comes from the backend {device.get('backend')!a}"


INVARIANTS = (
    Invariant(
        "options",
        "UUID, ACPI and memory lead, kernel, parameters and name end the argv, as given.",
        _ARGV,
        _options,
    ),
    Invariant(
        "one-function-each",
        "There are as many devices in the argv as valid ones in the request.",
        _ARGV,
        _one_function_each,
    ),
    Invariant(
        "emulations", "Devices come in the given order, each as its kind.", _ARGV, _emulations
    ),
    Invariant(
        "table-follows",
        "A table entry is the slot of the last valid disk with that index, else 0.",
        _ARGV,
        _table_follows,
    ),
    Invariant(
        "bare-consoles",
        "Only a console on upstream's backend `console` is without a backend.",
        _ARGV,
        _bare_consoles,
    ),
)
