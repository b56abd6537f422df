"""Cases of `sandbox_argv` on what is added: sockets, networks and drives."""

from collections.abc import Iterator
from itertools import permutations, product

from catalogue.build import (
    MAC,
    OTHER_MACS,
    drive_step,
    index_rule,
    network_step,
    number,
    socket_step,
)
from catalogue.entry import Entry
from catalogue.sandbox_base import case


def _indexes() -> Iterator[Entry]:
    for index in (0, 1, 7, 8):
        yield case(
            f"drive-index-{index}",
            f"A drive with index {index} is what the table keeps for it, not the fixed disk.",
            "block-table-last-wins",
            steps=[drive_step("/dev/vdx", index)],
        )
    for index in (9, 77, -1):
        yield case(
            f"drive-index-{number(index)}",
            f"A drive with index {index} is {'refused' if index < 0 else 'not recorded'}.",
            index_rule(index, "block-table"),
            steps=[drive_step("/dev/vdx", index)],
        )
    for index in (-1, 0):
        yield case(
            f"drive-empty-{number(index)}",
            f"A drive without a file and with index {index} adds nothing.",
            "append-block-device-empty",
            steps=[drive_step("", index), socket_step()],
        )


def _networks() -> Iterator[Entry]:
    for endpoint, model in (
        *product(("veth",), ("default", "macvtap", "tcfilter", "none")),
        ("macvtap", "tcfilter"),
    ):
        macvtap = endpoint == "macvtap"
        yield case(
            f"network-{endpoint}-{'model-' if macvtap else ''}{model}",
            f"An endpoint {endpoint} with model {model} gives one device.",
            f"append-network-{endpoint}",
            steps=[
                network_step(endpoint, model, "eth0", MAC if macvtap else OTHER_MACS["upper-case"]),
                drive_step(index=8),
            ],
        )
    yield case(
        "network-physical-macvtap",
        "An endpoint physical gives no device, or the sandbox is refused.",
        "append-network-unsupported",
        steps=[
            network_step("physical", "macvtap", "eth0", OTHER_MACS["upper-case"]),
            drive_step(index=8),
        ],
    )
    for name in ("upper-case", "no-mac"):
        address = OTHER_MACS[name]
        yield case(
            f"network-macvtap-address-{name}",
            f"The address {address!r} of a macvtap is kept, written in its form, or refused.",
            "macvtap-address",
            steps=[network_step("macvtap", "none", "eth0", address)],
        )
    for endpoint, name, mac in (("veth", "", MAC), ("veth", "eth0", ""), ("macvtap", "", "")):
        words = " and ".join(w for w, text in (("name", name), ("address", mac)) if not text)
        yield case(
            f"network-{endpoint}-no-{words.replace(' ', '-')}",
            f"A {endpoint} without {words} takes no slot.",
            "net-needs-mac" if name else "invalid-device-dropped",
            steps=[network_step(endpoint, "macvtap", name, mac), socket_step()],
        )


def _filled() -> Iterator[Entry]:
    for count in (18, 19, 20, 21):
        yield case(
            f"drives-{count}",
            f"A sandbox with {count} drives reaches slot {12 + count}.",
            "slots-beyond-31" if count > 19 else "slots-in-order",
            steps=[drive_step(f"/dev/vd{n}", n % 9) for n in range(count)],
        )
    steps = {"socket": socket_step(), "network": network_step(), "drive": drive_step()}
    for names in permutations(steps):
        yield case(
            f"order-{'-'.join(names)}",
            f"Added devices keep the order {', '.join(names)}.",
            "append-order",
            steps=[steps[name] for name in names],
        )


_SPECIAL = (
    case(
        "macvtap-debug-no-params",
        "Debugging and a macvtap go together without parameters of the user.",
        "sandbox-composition",
        debug=True,
        kernel_params=[],
        steps=[network_step("macvtap", "default")],
    ),
    case(
        "unit-socket",
        "A socket becomes a serial port of the sandbox.",
        "console-text",
        steps=[socket_step("serial.test", "/tmp/serial.sock")],  # noqa: S108 - nothing opens it
    ),
    case(
        "unit-drive",
        "A drive with index 1 becomes a disk of the sandbox.",
        "block-table-last-wins",
        steps=[drive_step("/tmp/test.img", 1)],  # noqa: S108 - nothing opens it
    ),
    case(
        "socket-no-path",
        "A socket without a path takes no slot.",
        "invalid-device-dropped",
        steps=[socket_step("a", ""), socket_step("b", "/run/b.sock")],
    ),
    case(
        "socket-no-name",
        "A socket without a name is a device.",
        "console-text",
        steps=[socket_step("", "/run/b.sock")],
    ),
    case(
        "sockets-same",
        "Sockets of one name and path are both devices.",
        "device-order",
        steps=[socket_step(), socket_step(), network_step(), network_step()],
    ),
    case(
        "drives-same-index",
        "Of three drives with one index, the last is what the table keeps.",
        "block-table-last-wins",
        steps=[
            drive_step("/dev/vdb", 5),
            drive_step("/dev/vdc", 5),
            network_step(),
            drive_step("/dev/vdb", 5),
        ],
    ),
    case(
        "drives-whole-pool",
        "Drives for the whole pool take every fixed disk's entry in the table.",
        "block-table-last-wins",
        steps=[drive_step(f"/dev/vd{index}", index) for index in (8, 6, 4, 2, 0, 7, 5, 3, 1)],
    ),
    case(
        "drive-negative-after-valid",
        "A drive with a negative index refuses the sandbox, whatever else is added.",
        "block-index-negative",
        steps=[socket_step(), drive_step(), drive_step("/dev/vdc", -1), network_step()],
    ),
    case(
        "drive-8-with-comma",
        "A drive with index 8 keeps a comma in its path.",
        "text-unchanged",
        steps=[drive_step("/run/a,b.img", 8)],
    ),
    case(
        "bare-socket-and-drive",
        "A socket and a drive without fields add nothing.",
        "absent-field",
        steps=[{"append": name} for name in ("socket", "block_device")],
    ),
    case(
        "bare-steps",
        "Steps without fields add nothing, or the sandbox is refused for an endpoint of no kind.",
        "append-network-unsupported",
        steps=[{"append": name} for name in ("socket", "network", "block_device")],
    ),
    case(
        "null-step-fields",
        "A null model gives a tap, and a null index is 0.",
        "absent-field",
        steps=[{**network_step(), "model": None}, {**drive_step(), "index": None}],
    ),
)

ENTRIES = (*_indexes(), *_networks(), *_filled(), *_SPECIAL)
