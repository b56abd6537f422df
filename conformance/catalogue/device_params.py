"""The family `device_params`: a device's tokens on a given slot, valid or not."""

from collections.abc import Iterator
from itertools import cycle, product

from acrn_conformance.cases import NUL, device_types
from catalogue.build import (
    AGENT_SOCKET,
    INT64_EDGES,
    INVALID,
    KINDS,
    block,
    bridge,
    console,
    entry,
    index_rule,
    lpc,
    net,
    number,
)
from catalogue.entry import Entry, Params
from catalogue.texts import chosen

_SLOTS = (0, 1, 2, 3, 30, 31, 32, 33, 255, 65_536, 2**31, -1)


def _case(tail: str, title: str, rule: str, device: Params, slot: int = 5) -> Entry:
    return entry("device_params", tail, title, rule, {"device": device, "slot": slot})


def _slot_rule(slot: int, rule: str) -> str:
    return "slots-beyond-31" if slot > 31 else rule


def _slots() -> Iterator[Entry]:
    for (kind, device), slot in product(KINDS.items(), _SLOTS):
        if kind not in ("block", "console") and slot not in (0, 2, 31, 32, 2**31):
            continue
        yield _case(
            f"{kind}-slot-{number(slot)}",
            f"A device of kind {kind}, asked for slot {slot}, is written for slot {slot}.",
            _slot_rule(slot, "given-slot" if slot in (2, -1) else f"{kind}-text"),
            device,
            slot,
        )
    for (name, device), slot in zip(INVALID.items(), cycle(_SLOTS)):
        yield _case(
            f"invalid-{name}-slot-{slot}",
            f"A device that is invalid by its {name.replace('-', ' ')} has text for slot {slot}.",
            _slot_rule(slot, "params-of-invalid"),
            device,
            slot,
        )
    for slot in (10, 256):
        yield _case(
            f"block-slot-{slot}",
            f"A disk on slot {slot} is recorded there.",
            _slot_rule(slot, "block-table"),
            block(8),
            slot,
        )


_BACKEND_RULES = {
    "socket": "console-text",
    "tty": "console-text",
    "pty": "console-text",
    "file": "console-text",
    "console": "console-backend-console",
    "stdio": "console-backend-stdio",
}


def _consoles() -> Iterator[Entry]:
    for (backend, rule), port in product(_BACKEND_RULES.items(), device_types.PORT_TYPES):
        mark = "an at sign" if port == "console" else "no at sign"
        yield _case(
            f"console-{backend}-{port}",
            f"A console on {backend} with port type {port} is written with {mark}.",
            rule,
            console("agent.channel.0", backend, port, AGENT_SOCKET),
        )

    for backend, rule in _BACKEND_RULES.items():
        yield _case(
            f"console-{backend}-empty",
            f"A console on {backend} has text without name and path too.",
            "pty-needs-path" if backend == "pty" else rule,
            console("", backend, "console", ""),
        )
    for name, backend in (("empty", ""), ("capital", "Socket"), ("blank-after", "tty ")):
        yield _case(
            f"console-backend-{name}",
            f"A console on the backend {backend!a} has no backend text.",
            "params-of-invalid",
            console(backend=backend),
        )


def _networks() -> Iterator[Entry]:
    for net_type in ("tap", "macvtap"):
        yield _case(
            f"net-{net_type}",
            f"A {net_type} is written with its MAC address.",
            "net-text",
            net(net_type, "eth0", "02:00:00:00:00:01"),
        )
        yield _case(
            f"net-{net_type}-empty",
            f"A {net_type} without name and MAC address is written with ,mac= all the same.",
            "params-of-invalid",
            net(net_type, "", ""),
        )
    for name, net_type in (("empty", ""), ("upper-case", "TAP"), ("vhost", "vhost")):
        yield _case(
            f"net-type-{name}",
            f"A network device of type {net_type!a} is written without its MAC address.",
            "net-text-unknown-type",
            net(net_type),
        )


def _outcome(index: int) -> str:
    if index < 0:
        return "refused"
    return "written and recorded" if index <= 8 else "written and not recorded, or refused"


def _numbers() -> Iterator[Entry]:
    for index in (0, 1, 7, 8, 9, 100, 2**31, -1):
        yield _case(
            f"block-index-{number(index)}",
            f"A disk with index {index} is {_outcome(index)}.",
            index_rule(index, "block-table"),
            block(index),
        )
    yield _case(
        "block-index-minus-1-no-path",
        "A disk with a negative index is refused even without a file.",
        "block-index-negative",
        block(-1, ""),
    )
    yield _case(
        "block-index-8-no-path",
        "A disk without a file is recorded when its tokens are asked for.",
        "params-of-invalid",
        block(8, ""),
    )
    for name, value in INT64_EDGES.items():
        yield _case(
            f"block-index-{name}",
            f"A disk with index {value} is {_outcome(value)}.",
            index_rule(value, "block-table"),
            block(value),
        )
    named = {number(value): value for value in (-1, 3, 8)} | dict(INT64_EDGES)
    for name, value in named.items():
        yield _case(
            f"lpc-function-{name}",
            f"An LPC bus with function {value} is written with it.",
            "lpc-function-unchecked",
            lpc(value),
        )


def _texts() -> Iterator[Entry]:
    for name, text in chosen("comma", "format", "blank-alone", "blanks", "mixed-case", "astral"):
        value = text.value
        for kind, device in (
            ("console", console(value, "socket", "serial", value)),
            ("net", net("macvtap", value, value)),
            ("block", block(8, value)),
        ):
            yield _case(
                f"{kind}-text-{name}",
                f"{text.holds} stays as it is in the texts of a {kind} device.",
                "text-unchanged",
                device,
            )
    for name, text in chosen("comma", "format", "blanks", "mixed-case"):
        yield _case(
            f"emul-text-{name}",
            f"{text.holds} stays as it is in an emulation that is not valid.",
            "params-of-invalid",
            lpc(2, text.value),
        )


_SPECIAL = (
    *(
        entry(
            "device_params",
            f"bare-{kind}",
            f"A bare device of kind {kind}, without a slot, has empty fields on slot 0.",
            "absent-field",
            {"device": {"kind": kind}},
        )
        for kind in KINDS
    ),
    entry(
        "device_params",
        "null-slot",
        "A null slot is slot 0.",
        "absent-field",
        {"device": {**KINDS["console"], "port_type": None}, "slot": None},
    ),
    entry(
        "device_params",
        "unknown-fields",
        "Unknown fields beside and in the device change nothing.",
        "unknown-field",
        {"device": {**block(3), "slot": 9, "block_slots": [1]}, "slot": 4, "index": 6},
    ),
    entry(
        "device_params",
        "other-case",
        "Fields with names in other cases are others, and change nothing.",
        "field-name-case",
        {
            "device": {**block(3), "Kind": "lpc", "INDEX": 4, "File_Path": "/f"},
            "slot": 4,
            "Slot": 5,
        },
    ),
    _case(
        "bridge-config",
        "A bridge's config gives no token.",
        "fields-without-token",
        bridge(config="addr=1,b"),
    ),
    _case(
        "bridge-other-emul",
        "A bridge with another emulation is written with it.",
        "params-of-invalid",
        bridge(3, "pci-bridge", "x"),
    ),
    _case(
        "bridge-function-minus-1",
        "A bridge with function -1 is written with it.",
        "params-of-invalid",
        bridge(-1),
    ),
    _case("nul-in-path", "A NUL in a path is passed on, or refused.", NUL.rule, console(path="\0")),
)

ENTRIES = (*_slots(), *_consoles(), *_networks(), *_numbers(), *_texts(), *_SPECIAL)
