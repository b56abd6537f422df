"""Cases of `argv` on device lists: kinds side by side, slots, and devices that are not valid."""

from collections.abc import Iterator
from itertools import islice, product

from catalogue.argv_options import case
from catalogue.build import INVALID, KINDS, block, bridge, console, lpc, net
from catalogue.entry import Entry, Params


def _distinct(position: int) -> Iterator[Params]:
    """Devices of all kinds in an order of their own, no two the same but bridges and LPCs."""
    while True:
        yield net("macvtap", f"tap{position}", f"02:00:00:00:00:{position % 256:02x}")
        yield block(position % 9, f"/dev/vd{position}")
        yield console(f"port{position}", "socket", "serial", f"/run/{position}.sock")
        yield bridge()
        yield console(f"port{position + 1}", "tty", "console", f"/dev/ttyS{position}")
        yield lpc()
        position += 7


def _some(count: int) -> list[Params]:
    return [*islice(_distinct(1), count)]


def _pairs() -> Iterator[Entry]:
    for first, second in product(KINDS, repeat=2):
        pair = [KINDS[first], KINDS[second]]
        yield case(
            f"pair-{first}-{second}",
            f"Before {second} on slot 1 stands {first} on slot 0, as listed.",
            "device-order",
            {"devices": pair},
        )
        yield case(
            f"across-{first}-{second}",
            f"Slot 2 is left out between {first} on slot 1 and {second} on slot 3.",
            "reserved-slot",
            {"devices": [net("tap", "tap9", "02:00:00:00:00:09"), *pair]},
        )


def _counts() -> Iterator[Entry]:
    for count in (0, 1, 2, 3, 4, 5, 29, 30, 31, 32, 33, 34, 64, 300):
        last = "no slot at all" if not count else f"slot {count - (count < 3)}"
        rule = "slots-beyond-31" if count > 31 else "slots-in-order"
        title = f"A list of {count} valid devices reaches {last}."
        yield case(f"devices-{count}", title, rule, {"devices": _some(count)})


def _ends() -> Iterator[Entry]:
    for (kind, device), before in product(KINDS.items(), (29, 30, 31, 32)):
        slot = before + 1
        yield case(
            f"slot-{slot}-{kind}",
            f"After {before} valid devices, {kind} sits on slot {slot}.",
            "slots-beyond-31" if slot > 31 else "slots-in-order",
            {"devices": [*_some(before), device]},
        )


def _repeated() -> Iterator[Entry]:
    for kind, device in KINDS.items():
        yield case(
            f"same-{kind}-thrice",
            f"Of three identical {kind} devices, each gets its own slot.",
            "device-order",
            {"devices": [device] * 3},
        )


def _dropped() -> Iterator[Entry]:
    for name, bad in INVALID.items():
        words = name.replace("-", " with a bad ")
        yield case(
            f"invalid-{name}-between",
            f"A {words} takes no slot, wherever it stands in the list.",
            "invalid-device-dropped",
            {"devices": [bad, bridge(), bad, lpc(), bad, block(2), bad, net(), bad]},
        )
    good, bad = [lpc(), block(1), bridge(), net()], block(1, "")
    for place in range(5):
        yield case(
            f"invalid-at-{place}",
            f"An invalid disk as number {place} of five moves nothing, nor the table.",
            "invalid-device-dropped",
            {"devices": [*good[:place], bad, *good[place:]]},
        )


_LISTS = (
    case(
        "invalid-all",
        "A list of nothing but invalid devices gives no device.",
        "invalid-device-dropped",
        {"devices": [*INVALID.values()]},
    ),
    case(
        "invalid-all-with-options",
        "Invalid devices leave the options around them alone.",
        "invalid-device-dropped",
        {"devices": [*INVALID.values()], "uuid": "u", "kernel": {"path": "/k"}, "name": "g"},
    ),
    case(
        "invalid-run-at-reserved-slot",
        "All kinds of invalid devices where slot 2 would be skip no slot twice.",
        "invalid-device-dropped",
        {"devices": [bridge(), lpc(), *INVALID.values(), block(5), net()]},
    ),
    case(
        "invalid-before-slot-31",
        "Forty invalid devices do not bring the last slot nearer.",
        "invalid-device-dropped",
        {"devices": [*_some(15), *[*INVALID.values()] * 4, *_some(16)]},
    ),
    case(
        "two-lpcs",
        "With two LPC buses, each brings its own -lcom1,stdio.",
        "lpc-text",
        {"devices": [lpc(), block(1), lpc()]},
    ),
    case(
        "lpc-across-reserved-slot",
        "Devices around an LPC count slots and not tokens.",
        "lpc-text",
        {"devices": [lpc(), lpc(), lpc(), lpc()]},
    ),
    case(
        "two-bridges",
        "With two host bridges, both are kept.",
        "device-order",
        {"devices": [bridge(), net(), bridge()]},
    ),
    case(
        "kinds-reversed",
        "A bridge listed last comes last.",
        "device-order",
        {"devices": [*reversed(KINDS.values())]},
    ),
    case(
        "same-mac-twice",
        "Network devices of one MAC address are both kept.",
        "device-order",
        {"devices": [net("tap", "tap0"), net("tap", "tap1"), net("macvtap", "tap0")]},
    ),
    case(
        "same-path-twice",
        "Consoles and disks of one path are all kept.",
        "device-order",
        {"devices": [console(path="/p"), console(path="/p"), block(1, "/p"), block(2, "/p")]},
    ),
    case(
        "networks-descending",
        "Network devices are not sorted by name.",
        "device-order",
        {"devices": [net("tap", f"tap{n}", f"02:00:00:00:00:0{n}") for n in (9, 3, 7, 1)]},
    ),
    case(
        "emulation-upper-case",
        "Emulations in the wrong case are not valid beside those in the right one.",
        "invalid-device-dropped",
        {"devices": [bridge(emul="HOSTBRIDGE"), lpc(emul="LPC"), lpc(), bridge()]},
    ),
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
    *(
        case(
            f"console-{port}-{backend}",
            f"A {port} port on {backend} leads the list, with options around it.",
            "console-port-mark" if port == "console" else "console-text",
            {
                "name": "g",
                "acpi_virt": True,
                "devices": [console("n", backend, port, "/dev/p"), block(0), net("macvtap")],
            },
        )
        for backend, port in product(("socket", "tty", "pty", "file"), ("console", "serial"))
    ),
)

ENTRIES = (*_pairs(), *_counts(), *_ends(), *_repeated(), *_dropped(), *_LISTS)
