"""Invariants between answers: the same implementation is asked something related."""

from collections.abc import Iterator

from acrn_conformance.cases import Method, Request, given_devices, integer, text, with_devices
from acrn_conformance.invariants.invariant import (
    Exchange,
    Invariant,
    block_slots,
    commands,
    only,
    tokens,
)

_ARGV = only("argv")

# A guest that fills the table, to be asked in between.
_NEIGHBOUR = Request(
    "argv",
    {
        "config": {
            "name": "neighbour",
            "uuid": "neighbour",
            "devices": [
                {"kind": "block", "file_path": f"/{index}", "index": index} for index in range(9)
            ],
        }
    },
)


def _asking(method: Method) -> bool:
    return method.asks


def _repeatable(exchange: Exchange) -> Iterator[str]:
    request, right = exchange.request, (None, exchange.result)
    if exchange.ask(request) not in right:
        yield "asked again, it answers otherwise"
    elif request.method in {method.name for method in exchange.dialect.methods if commands(method)}:
        exchange.ask(_NEIGHBOUR)
        if exchange.ask(request) not in right:
            yield "asked again after another guest, it answers otherwise"


def _invalid_without_effect(exchange: Exchange) -> Iterator[str]:
    valid = exchange.valid
    if len(valid) < len(given_devices(exchange.request)):
        fewer = with_devices(exchange.request, valid)
        if exchange.ask(fewer) not in (None, exchange.result):
            yield "without its invalid devices it gives another answer"


def _added_at_the_end(exchange: Exchange) -> Iterator[str]:
    added = {"kind": "net", "net_type": "tap", "if_name": "added", "mac_address": "m"}
    devices = [*given_devices(exchange.request), added]
    longer = exchange.ask(with_devices(exchange.request, devices))
    if longer is None:
        return
    before, after = exchange.argv, tokens(longer)
    here = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    place = len(before) if here is None else here
    # A token before the new ones may equal their first, -s: look for the seam from there back.
    seams = range(place, max(place - 2, -1), -1)
    if not any(before[:n] + after[n : n + 2] + before[n:] == after for n in seams):
        yield "a device added at the end changes more than it inserts"
    if block_slots(longer) != exchange.table:
        yield "a device that is no disk, added at the end, changes the block table"


def _params_agree(exchange: Exchange) -> Iterator[str]:
    telling = list(zip(exchange.valid, exchange.placed, strict=False))
    for device, function in telling[-2:]:
        params = exchange.ask(Request("device_params", {"device": device, "slot": function.slot}))
        if params is not None and tokens(params, "params")[1:2] != [function.text]:
            yield f"device_params gives {tokens(params, 'params')!a}, the argv {function.text!a}"
        said = exchange.ask(Request("device_valid", {"device": device}))
        if said is not None and said.get("valid") is not True:
            yield f"{function.text!a} is in the argv, but device_valid denies it"


def _rescan_agrees(exchange: Exchange) -> Iterator[str]:
    slots, pool = exchange.table, exchange.dialect.pool_size
    if len(slots) != pool + 1:
        return
    name = text(exchange.request.params, "id")
    for index in (1, pool - 1):
        params = {"name": name, "block_slots": slots, "index": index, "file": "/disk"}
        answer = exchange.ask(Request("block_rescan", params))
        due = ["blkrescan", name, f"{slots[index]},/disk"]
        if answer is not None and (argv := tokens(answer)) != due:
            yield f"block_rescan of index {index} gives {argv!a}, the table {slots}"


def _composition(exchange: Exchange) -> Iterator[str]:
    """Compose the sandbox out of the smaller methods, as the runtime does.

    A dialect has either a UUID or a CPU, and ignores the other.
    """
    dialect, given, ask = exchange.dialect, exchange.request.params, exchange.ask
    image = text(given, "image_path")
    pool = [("nodisk", index) for index in range(1, dialect.pool_size + 1)]
    steps: list[object] = [
        {"append": "bridges"},
        {"append": "lpc"},
        {"append": "console", "path": text(given, "console_path")},
        *({"append": "block_device", "file": f, "index": i} for f, i in [(image, 0), *pool]),
    ]
    more = given.get("steps")
    steps += more if isinstance(more, list) else []
    devices = ask(Request("append_devices", {"devices": [], "steps": steps}))
    memory = ask(Request("memory_topology", {"memory_mb": integer(given, "memory_mb")}))
    asked = {"image_path": image, "debug": given.get("debug") is True}
    arch = ask(Request("kernel_parameters", asked))
    if devices is None or memory is None or arch is None:
        return
    own = given.get("kernel_params")
    params = [
        *_pairs(arch.get("params")),
        ("panic", "1"),
        ("maxcpus", str(integer(given, "max_vcpus"))),
        *_pairs(own),
    ]
    config = {
        "name": dialect.sandbox_prefix + text(given, "id"),
        "uuid": text(given, "uuid"),
        "apic_id": text(given, "apic_id"),
        "acpi_virt": True,
        "memory": memory,
        "kernel": {"path": text(given, "kernel_path"), "params": _joined(params)},
        "devices": devices.get("devices"),
    }
    if ask(Request("argv", {"config": config})) not in (None, exchange.result):
        yield "composed of the smaller methods, the argv is another"


def _pairs(value: object) -> list[tuple[str, str]]:
    items = value if isinstance(value, list) else []
    return [(str(item[0]), str(item[1])) for item in items if isinstance(item, list)]


def _joined(params: list[tuple[str, str]]) -> str:
    pieces = (f"{key}={value}" if key and value else key or value for key, value in params)
    return " ".join(piece for piece in pieces if piece)


def _kernel_order(exchange: Exchange) -> Iterator[str]:
    """Debug and image change the end of the list alone; nothing of the plain list is lost."""
    request, ask = exchange.request, exchange.ask
    other = {**request.params, "debug": not request.params.get("debug")}
    mine = _pairs(exchange.result.get("params"))
    theirs = ask(Request("kernel_parameters", other))
    plain = ask(Request("kernel_parameters", {"image_path": "", "debug": other["debug"]}))
    if theirs is None or plain is None:
        return
    common = _pairs(plain.get("params"))[:-1]
    if mine[: len(common)] != common or _pairs(theirs.get("params"))[: len(common)] != common:
        yield "debug or the image changes the common parameters"
    rooted = bool(text(request.params, "image_path"))
    if any(key == "root" for key, _ in mine[len(common) : len(common) + 1]) != rooted:
        yield "root follows the common parameters if, and only if, there is an image"


INVARIANTS = (
    Invariant(
        "repeatable", "The same request gets the same answer, whatever came between.", _asking,
        _repeatable,
    ),
    Invariant(
        "invalid-without-effect", "An invalid device changes nothing.", _ARGV,
        _invalid_without_effect,
    ),
    Invariant(
        "added-at-the-end", "A valid device added at the end only inserts its tokens.", _ARGV,
        _added_at_the_end,
    ),
    Invariant(
        "params-agree", "device_params and device_valid agree with the argv.", _ARGV, _params_agree
    ),
    Invariant("rescan-agrees", "A rescan names the slot in the table.", commands, _rescan_agrees),
    Invariant(
        "composition", "A sandbox is composed of what the smaller methods give.",
        only("sandbox_argv"), _composition,
    ),
    Invariant(
        "kernel-order",
        "Common parameters come first and stay, root follows with an image.",
        only("kernel_parameters"),
        _kernel_order,
    ),
)  # fmt: skip
