"""Cases of `argv` on device lists: kinds side by side, slots, and devices that are not valid."""

from collections.abc import Iterator, Mapping
from itertools import islice, product

from catalogue.argv_options import case
from catalogue.build import INVALID, KINDS, VALID_PORTS, block, bridge, console, lpc, net
from catalogue.entry import Entry, Params

_OTHERS: Mapping[str, Params] = {
    "console": console("log", "file", "serial", "/run/log"),
    "net": net("macvtap", "eth1", "02:00:00:00:00:07"),
    "block": block(6, "/dev/vdc"),
    "bridge": bridge(config="unseen"),
    "lpc": lpc(),
}
"""A second valid device of every kind."""


def _distinct() -> Iterator[Params]:
    """Devices of all kinds in an order of their own, no two the same but bridges and LPCs."""
    position = 1
    while True:
        yield net("macvtap", f"tap{position}", f"02:00:00:00:00:{position % 256:02x}")
        yield block(position % 9, f"/dev/vd{position}")
        yield console(f"port{position}", "socket", "serial", f"/run/{position}.sock")
        yield bridge()
        yield console(f"port{position + 1}", "tty", "console", f"/dev/ttyS{position}")
        yield lpc()
        position += 7


def _some(count: int) -> list[Params]:
    return [*islice(_distinct(), count)]


def _pairs() -> Iterator[Entry]:
    for first, second in product(KINDS, repeat=2):
        yield case(
            f"pair-{first}-{second}",
            f"On slots 0, 1, 3 and 4 stand {first}, {second}, {first}, {second}, as listed.",
            "reserved-slot",
            {"devices": [KINDS[first], KINDS[second], _OTHERS[first], _OTHERS[second]]},
        )


def _counts() -> Iterator[Entry]:
    for count in (0, 1, 2, 3, 30, 31, 32, 33, 300):
        last = f"slot {count - (count < 3)}" if count else "no slot at all"
        rule = "slots-beyond-31" if count > 31 else "slots-in-order"
        title = f"A list of {count} valid devices reaches {last}."
        yield case(f"devices-{count}", title, rule, {"devices": _some(count)})


def _ends() -> Iterator[Entry]:
    for (kind, device), before in product(KINDS.items(), (30, 31)):
        slot = before + 1
        yield case(
            f"slot-{slot}-{kind}",
            f"After {before} valid devices, {kind} sits on slot {slot}.",
            "slots-beyond-31" if slot > 31 else "slots-in-order",
            {"devices": [*_some(before), device]},
        )


def _dropped() -> Iterator[Entry]:
    for name, bad in INVALID.items():
        kind, fault = name.split("-")
        yield case(
            f"invalid-{name}",
            f"A {kind} device with a bad {fault} takes no slot, wherever it stands in the list.",
            "invalid-device-dropped",
            {"devices": [bad, bridge(), bad, lpc(), bad, block(2), bad, net(), bad]},
        )


def _consoles() -> Iterator[Entry]:
    for backend, port in product(("socket", "tty", "pty", "file"), VALID_PORTS):
        yield case(
            f"console-{backend}-{port}",
            f"A {port} port on {backend} leads the list, with options around it.",
            "console-port-mark" if port == "console" else "console-text",
            {
                "name": "g",
                "acpi_virt": True,
                "devices": [console("n", backend, port, "/dev/p"), block(0), net("macvtap")],
            },
        )


_INVALID_LISTS = (
    case(
        "invalid-all",
        "Invalid devices alone give no device, and leave the options around them alone.",
        "invalid-device-dropped",
        {"devices": [*INVALID.values()], "uuid": "u", "kernel": {"path": "/k"}, "name": "g"},
    ),
    case(
        "invalid-at-reserved-slot",
        "All kinds of invalid devices where slot 2 would be skip no slot twice.",
        "invalid-device-dropped",
        {"devices": [bridge(), lpc(), *INVALID.values(), block(5), net()]},
    ),
    case(
        "invalid-after-reserved-slot",
        "One invalid device right behind slot 3 moves none that follows.",
        "invalid-device-dropped",
        {"devices": [bridge(), lpc(), block(5), net(if_name=""), net()]},
    ),
    case(
        "invalid-before-slot-31",
        "Forty invalid devices do not bring the last slot nearer.",
        "invalid-device-dropped",
        {"devices": [*_some(15), *[*INVALID.values()] * 4, *_some(16)]},
    ),
    case(
        "emulation-upper-case",
        "Emulations in the wrong case are not valid beside those in the right one.",
        "invalid-device-dropped",
        {"devices": [bridge(emul="HOSTBRIDGE"), lpc(emul="LPC"), lpc(), bridge()]},
    ),
    case(
        "net-type-upper-case",
        "Network types and backends in the wrong case are not valid.",
        "invalid-device-dropped",
        {"devices": [net("TAP"), console(backend="Socket"), net("Macvtap"), net()]},
    ),
)

_ORDER_LISTS = (
    case(
        "same-devices-thrice",
        "Of three identical devices of each kind, every one gets its own slot.",
        "device-order",
        {"devices": [*KINDS.values()] * 3},
    ),
    case(
        "lpcs-and-disk",
        "With three LPC buses, each brings its own -lcom1,stdio and counts as one slot.",
        "lpc-text",
        {"devices": [lpc(), lpc(), lpc(), block(1)]},
    ),
    case(
        "kinds-reversed",
        "A bridge listed last comes last.",
        "device-order",
        {"devices": [lpc(), block(3), net(), console(), bridge()]},
    ),
    case(
        "same-mac",
        "Network devices of one MAC address are all kept.",
        "device-order",
        {"devices": [net("tap", "tap0"), net("tap", "tap1"), net("macvtap", "tap0")]},
    ),
    case(
        "same-path",
        "Consoles and disks of one path are all kept.",
        "device-order",
        {"devices": [console(path="/p"), console(path="/p"), block(1, "/p"), block(2, "/p")]},
    ),
    case(
        "names-descending",
        "Network devices are not sorted by name.",
        "device-order",
        {"devices": [net("tap", f"tap{n}", f"02:00:00:00:00:0{n}") for n in (9, 3, 7, 1)]},
    ),
    case(
        "socket-without-name",
        "A socket without a name leaves the place before the equals sign empty.",
        "console-text",
        {"devices": [console(name=""), console(name="", port_type="serial")]},
    ),
)

_ODD = (
    case(
        "lpc-functions",
        "An LPC bus with any function is emitted with it.",
        "lpc-function-unchecked",
        {"devices": [lpc(function) for function in (3, -1, 7, 8, 255)]},
    ),
    case(
        "backend-console",
        "A console on the backend console is emitted without backend text.",
        "console-backend-console",
        {"devices": [console(backend="console"), console(backend="console", port_type="serial")]},
    ),
    case(
        "backend-stdio",
        "A console on the backend stdio is left out.",
        "console-backend-stdio",
        {"devices": [bridge(), console(backend="stdio"), lpc()]},
    ),
    case(
        "pty-without-path",
        "A console on a pty without a path is left out.",
        "pty-needs-path",
        {"devices": [console(backend="pty", path=""), bridge()]},
    ),
    case(
        "nets-without-mac",
        "Network devices without MAC addresses give no argv.",
        "net-needs-mac",
        {"devices": [net("tap", "tap0", ""), net("macvtap", "macvtap0", "")]},
    ),
)

ENTRIES = (
    *_pairs(),
    *_counts(),
    *_ends(),
    *_dropped(),
    *_consoles(),
    *_INVALID_LISTS,
    *_ORDER_LISTS,
    *_ODD,
)
