"""The family `sandbox_argv`: whole sandboxes, their kernel lines and what is added to them."""

from collections.abc import Iterator, Mapping
from itertools import permutations, product

from acrn_conformance.cases import NUL
from catalogue.build import (
    CONSOLE_SOCKET,
    IMAGE,
    KERNEL,
    LONG_LINE_RULE,
    MAC,
    OTHER_MACS,
    UUID,
    drive_step,
    entry,
    index_rule,
    network_step,
    number,
    socket_step,
)
from catalogue.entry import Entry, Params
from catalogue.texts import SHARP, chosen

_BASE: Params = {
    "id": "guest",
    "uuid": UUID,
    "memory_mb": 2048,
    "debug": False,
    "max_vcpus": 8,
    "kernel_path": KERNEL,
    "image_path": IMAGE,
    "kernel_params": [],
    "console_path": CONSOLE_SOCKET,
    "steps": [],
}
"""A sandbox with nothing added."""

_WHOLE: Params = {
    **_BASE,
    "kernel_params": [["agent.log", "debug"], ["systemd.unit", "kata-containers.target"]],
    "steps": [socket_step(), network_step()],
}
"""A sandbox as a container runtime starts it."""


def _case(tail: str, title: str, rule: str, base: Params = _BASE, **fields: object) -> Entry:
    return entry("sandbox_argv", tail, title, rule, {**base, **fields})


def _wholes() -> Iterator[Entry]:
    for debug, params, steps in product((False, True), repeat=3):
        words = (
            f"{'With' if debug else 'Without'} debug",
            f"{'with' if params else 'without'} kernel parameters",
            f"{'with' if steps else 'without'} agent and network",
        )
        yield _case(
            f"whole-{'debug' if debug else 'quiet'}-{'params' if params else 'no-params'}"
            f"-{'steps' if steps else 'no-steps'}",
            f"{', '.join(words)}, the sandbox is composed in the one order.",
            "sandbox-composition",
            debug=debug,
            kernel_params=_WHOLE["kernel_params"] if params else [],
            steps=_WHOLE["steps"] if steps else [],
        )


_LINES: Mapping[str, tuple[str, list[list[str]]]] = {
    "key-only": ("A parameter without a value is its key alone", [["nokaslr", ""]]),
    "value-only": ("A parameter without a key is its value alone", [["", "single"]]),
    "both-empty": ("A parameter without key and value leaves no blank", [["", ""]]),
    "both-empty-between": (
        "A parameter without key and value leaves no blank between others",
        [["a", "1"], ["", ""], ["", ""], ["b", "2"]],
    ),
    "mixed-empties": (
        "Keys alone, values alone and pairs stand in order",
        [["a", ""], ["", "b"], ["c", "d"], ["", ""], ["", "e"]],
    ),
    "blank-key": ("A blank is a key like any other", [[" ", ""], ["", " "], [" ", " "]]),
    "blanks-within": ("Blanks in key and value are kept", [["a b", " c d "]]),
    "equals-in-value": ("An equals sign in a value is kept", [["root", "UUID=1=2"]]),
    "equals-in-key": ("An equals sign in a key is kept", [["a=", "b"], ["=", ""], ["=", "="]]),
    "repeated": ("A parameter given twice stands twice", [["a", "1"], ["a", "1"], ["a", "2"]]),
    "unsorted": ("Parameters are not sorted", [["z", "1"], ["a", "2"], ["m", "3"]]),
    "quiet": ("The user's quiet stands last, beside the default", [["quiet", ""]]),
    "panic": ("The user's panic stands last, beside the default", [["panic", "5"]]),
    "maxcpus": ("The user's maxcpus stands last, beside the default", [["maxcpus", "2"]]),
    "root": ("The user's root stands last, beside the default", [["root", "/dev/vdb1"]]),
    "same-as-default": ("The user's copy of a default is kept", [["tsc", "reliable"]]),
    "many": ("Forty parameters are all kept", [[f"k{n}", str(n)] for n in range(40)]),
}


def _lines() -> Iterator[Entry]:
    for name, (words, params) in _LINES.items():
        defaults = {"quiet", "panic", "maxcpus", "root", "same-as-default"}
        rule = "sandbox-user-params-last" if name in defaults else "params-joined"
        yield _case(f"params-{name}", f"{words}.", rule, kernel_params=params)
    for name in ("quiet", "mixed-empties", "same-as-default"):
        words, params = _LINES[name]
        yield _case(
            f"params-{name}-debug",
            f"{words}, with debug too.",
            "sandbox-user-params-last",
            debug=True,
            kernel_params=[*params, ["systemd.show_status", "false"], ["debug", ""]],
        )


def _numbers() -> Iterator[Entry]:
    yield _case(
        "max-vcpus-0",
        "With 0 vCPUs, the kernel line holds maxcpus=0, or 240, or the sandbox is refused.",
        "sandbox-filled-in",
        max_vcpus=0,
    )
    for count in (1, 9, 2**32 - 1):
        yield _case(
            f"max-vcpus-{count}",
            f"With {count} vCPUs, the kernel line holds maxcpus={count}.",
            "sandbox-kernel-line",
            max_vcpus=count,
        )
    yield _case(
        "memory-0",
        "Memory of 0 MiB is written as 0M, or 2048M, or the sandbox is refused.",
        "sandbox-filled-in",
        memory_mb=0,
    )
    for size in (1, 1024, 2**32 - 1):
        yield _case(
            f"memory-{size}",
            f"Memory of {size} MiB is written as {size}M.",
            "memory-in-megabytes",
            memory_mb=size,
        )
    for size in (2**32, 2**53 + 1, 2**64 - 1):
        yield _case(
            f"memory-{size}",
            f"Memory of {size} MiB is written as {size}M, or the sandbox is refused.",
            "sandbox-unchecked",
            memory_mb=size,
        )


_EMPTY: Mapping[str, tuple[str, str]] = {
    "id": ("An empty id leaves the name sandbox- as it is", "sandbox-name"),
    "uuid": ("An empty UUID leaves out -U and not -A, or is refused", "sandbox-unchecked"),
    "console_path": (
        "An empty console path leaves no gap where the console's slot was, or is refused",
        "sandbox-unchecked",
    ),
    "kernel_path": (
        "An empty kernel path leaves out -k and -B, or is refused",
        "sandbox-unchecked",
    ),
    "image_path": ("Without an image path, the sandbox is refused", "sandbox-needs-image"),
}


def _empties() -> Iterator[Entry]:
    for field, (title, rule) in _EMPTY.items():
        tail = field.replace("_", "-")
        yield _case(f"empty-{tail}", f"{title}.", rule, _WHOLE, **{field: ""})
        yield _case(
            f"null-{tail}", f"{title}, null or empty.", "absent-field", _WHOLE, **{field: None}
        )
    yield _case(
        "empty-console-debug",
        "Without a console path, debug changes only the kernel line, or the sandbox is refused.",
        "sandbox-unchecked",
        _WHOLE,
        console_path="",
        debug=True,
    )
    yield _case(
        "empty-all-but-image",
        "With an image alone, the sandbox has fixed devices, ACPI, memory and name, or is refused.",
        "sandbox-unchecked",
        id="",
        uuid="",
        memory_mb=0,
        max_vcpus=0,
        kernel_path="",
        console_path="",
    )


def _indexes() -> Iterator[Entry]:
    for index in (0, 1, 7, 8):
        yield _case(
            f"drive-index-{index}",
            f"A drive with index {index} is what the table keeps for it, not the fixed disk.",
            "block-table-last-wins",
            steps=[drive_step("/dev/vdx", index)],
        )
    for index in (9, 77, -1):
        yield _case(
            f"drive-index-{number(index)}",
            f"A drive with index {index} is {'refused' if index < 0 else 'not recorded'}.",
            index_rule(index, "block-table"),
            steps=[drive_step("/dev/vdx", index)],
        )
    for index in (-1, 0):
        yield _case(
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
        yield _case(
            f"network-{endpoint}-{'model-' if macvtap else ''}{model}",
            f"An endpoint {endpoint} with model {model} gives one device.",
            f"append-network-{endpoint}",
            steps=[
                network_step(endpoint, model, "eth0", MAC if macvtap else OTHER_MACS["upper-case"]),
                drive_step(index=8),
            ],
        )
    yield _case(
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
        yield _case(
            f"network-macvtap-address-{name}",
            f"The address {address!r} of a macvtap is kept, written in its form, or refused.",
            "macvtap-address",
            steps=[network_step("macvtap", "none", "eth0", address)],
        )
    for endpoint, name, mac in (("veth", "", MAC), ("veth", "eth0", ""), ("macvtap", "", "")):
        words = " and ".join(w for w, text in (("name", name), ("address", mac)) if not text)
        yield _case(
            f"network-{endpoint}-no-{words.replace(' ', '-')}",
            f"A {endpoint} without {words} takes no slot.",
            "net-needs-mac" if name else "invalid-device-dropped",
            steps=[network_step(endpoint, "macvtap", name, mac), socket_step()],
        )


def _filled() -> Iterator[Entry]:
    for count in (18, 19, 20, 21):
        yield _case(
            f"drives-{count}",
            f"A sandbox with {count} drives reaches slot {12 + count}.",
            "slots-beyond-31" if count > 19 else "slots-in-order",
            steps=[drive_step(f"/dev/vd{n}", n % 9) for n in range(count)],
        )
    steps = {"socket": socket_step(), "network": network_step(), "drive": drive_step()}
    for names in permutations(steps):
        yield _case(
            f"order-{'-'.join(names)}",
            f"Added devices keep the order {', '.join(names)}.",
            "append-order",
            steps=[steps[name] for name in names],
        )


def _texts() -> Iterator[Entry]:
    for name, text in chosen(*SHARP, "control", "known-option", "equals", "at"):
        value = text.value
        long = name == "long"
        yield _case(
            f"texts-{name}",
            f"{text.holds} stays as it is in every text of a sandbox that can hold it.",
            LONG_LINE_RULE if long else "text-unchanged",
            id="guest" if long else value,
            uuid=value,
            kernel_path=value,
            image_path=value,
            console_path=CONSOLE_SOCKET if long else value,
            kernel_params=[[value, value], [value, ""], ["", value], [value, value]],
            steps=[
                socket_step(value, value),
                network_step("veth", "none", value, value),
                network_step("macvtap", "none", value, MAC),
                socket_step(value, value),
                drive_step(value, 8),
            ],
        )


_SPECIAL = (
    _case(
        "macvtap-debug-no-params",
        "Debugging and a macvtap go together without parameters of the user.",
        "sandbox-composition",
        debug=True,
        kernel_params=[],
        steps=[network_step("macvtap", "default")],
    ),
    _case(
        "image-not-looked-at",
        "Whether the image exists is not looked at.",
        "sandbox-image-unseen",
        image_path="/nonexistent/kata.img",
    ),
    _case(
        "image-nodisk",
        "An image called nodisk is an image.",
        "sandbox-image-unseen",
        image_path="nodisk",
    ),
    _case(
        "id-of-64",
        "An id of 64 digits, as a container engine gives it, is kept whole in the name.",
        "sandbox-name",
        id="0123456789abcdef" * 4,
    ),
    _case(
        "id-of-83",
        "An id of 83 characters, the longest to fit a console's path, is kept whole in the name.",
        "sandbox-name",
        id="0123456789" * 8 + "abc",
    ),
    _case(
        "id-of-84",
        "An id of 84 characters is kept whole in the name, or refused.",
        "sandbox-unchecked",
        id="0123456789" * 8 + "abcd",
    ),
    _case(
        "id-of-many",
        "An id of 200 characters is kept whole in the name, or refused.",
        "sandbox-unchecked",
        id="0123456789" * 20,
    ),
    _case(
        "console-path-of-107",
        "A console path of 107 bytes, the longest of a socket, is kept whole.",
        "sandbox-composition",
        console_path="/run/" + "é" * 51,
    ),
    _case(
        "console-path-of-108",
        "A console path of 108 bytes in 57 characters is kept whole, or refused.",
        "sandbox-unchecked",
        console_path="/run/x" + "é" * 51,
    ),
    _case(
        "unit-sandbox",
        "A sandbox with the values of the original's own unit test is composed.",
        "sandbox-composition",
        id="testSandbox",
        uuid="f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ),
    *(
        _case(
            f"unit-params-{'debug' if debug else 'quiet'}",
            f"The user's two parameters stand behind maxcpus, debug {'on' if debug else 'off'}.",
            "sandbox-kernel-line",
            debug=debug,
            kernel_params=[["foo", "foo"], ["bar", "bar"]],
        )
        for debug in (True, False)
    ),
    _case(
        "unit-memory",
        "Memory of 1000 MiB is written as 1000M.",
        "memory-in-megabytes",
        memory_mb=1000,
    ),
    _case(
        "unit-socket",
        "A socket becomes a serial port of the sandbox.",
        "console-text",
        steps=[socket_step("serial.test", "/tmp/serial.sock")],  # noqa: S108 - nothing opens it
    ),
    _case(
        "unit-drive",
        "A drive with index 1 becomes a disk of the sandbox.",
        "block-table-last-wins",
        steps=[drive_step("/tmp/test.img", 1)],  # noqa: S108 - nothing opens it
    ),
    _case(
        "id-with-prefix",
        "An id that begins with sandbox- gets the prefix all the same.",
        "sandbox-name",
        id="sandbox-1",
    ),
    _case(
        "uuid-upper-case",
        "A UUID in upper case is not changed.",
        "text-unchanged",
        uuid=UUID.upper(),
    ),
    _case(
        "socket-no-path",
        "A socket without a path takes no slot.",
        "invalid-device-dropped",
        steps=[socket_step("a", ""), socket_step("b", "/run/b.sock")],
    ),
    _case(
        "socket-no-name",
        "A socket without a name is a device.",
        "console-text",
        steps=[socket_step("", "/run/b.sock")],
    ),
    _case(
        "sockets-same",
        "Sockets of one name and path are both devices.",
        "device-order",
        steps=[socket_step(), socket_step(), network_step(), network_step()],
    ),
    _case(
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
    _case(
        "drives-whole-pool",
        "Drives for the whole pool take every fixed disk's entry in the table.",
        "block-table-last-wins",
        steps=[drive_step(f"/dev/vd{index}", index) for index in (8, 6, 4, 2, 0, 7, 5, 3, 1)],
    ),
    _case(
        "drive-negative-after-valid",
        "A drive with a negative index refuses the sandbox, whatever else is added.",
        "block-index-negative",
        steps=[socket_step(), drive_step(), drive_step("/dev/vdc", -1), network_step()],
    ),
    _case(
        "drive-8-with-comma",
        "A drive with index 8 keeps a comma in its path.",
        "text-unchanged",
        steps=[drive_step("/run/a,b.img", 8)],
    ),
    _case(
        "macvtap-without-console",
        "Without a console, a macvtap sits where its turn is, or the sandbox is refused.",
        "sandbox-unchecked",
        console_path="",
        steps=[network_step("macvtap", "none"), drive_step("/dev/vdb", 1)],
    ),
    _case(
        "image-missing-and-negative",
        "Without an image and with a negative index, the sandbox is refused.",
        "sandbox-needs-image",
        image_path="",
        steps=[drive_step("/dev/vdb", -1)],
    ),
    entry(
        "sandbox_argv", "no-params", "Without any field, a sandbox is refused.", "absent-field", {}
    ),
    entry(
        "sandbox_argv",
        "image-only",
        "With no field but the image, the others are empty, zero and off, or it is refused.",
        "absent-field",
        {"image_path": IMAGE},
    ),
    entry(
        "sandbox_argv",
        "image-and-kernel",
        "With image and kernel alone, the kernel line holds maxcpus=0, or the sandbox is refused.",
        "absent-field",
        {"image_path": IMAGE, "kernel_path": KERNEL},
    ),
    _case(
        "null-flags-and-lists",
        "Null flags and lists are off and empty.",
        "absent-field",
        debug=None,
        kernel_params=None,
        steps=None,
    ),
    _case(
        "null-rest",
        "Null numbers, flags and lists are zero, off and empty; or filled in or refused, if zero.",
        "absent-field",
        memory_mb=None,
        debug=None,
        max_vcpus=None,
        kernel_params=None,
        steps=None,
    ),
    _case(
        "bare-socket-and-drive",
        "A socket and a drive without fields add nothing.",
        "absent-field",
        steps=[{"append": name} for name in ("socket", "block_device")],
    ),
    _case(
        "bare-steps",
        "Steps without fields add nothing, or the sandbox is refused for an endpoint of no kind.",
        "append-network-unsupported",
        steps=[{"append": name} for name in ("socket", "network", "block_device")],
    ),
    _case(
        "null-step-fields",
        "A null model gives a tap, and a null index is 0.",
        "absent-field",
        steps=[{**network_step(), "model": None}, {**drive_step(), "index": None}],
    ),
    _case(
        "unknown-fields",
        "Unknown fields in a sandbox and its steps change nothing.",
        "unknown-field",
        _WHOLE,
        name="other",
        devices=[{"kind": "lpc", "emul": "lpc"}],
        memory={"size": "1M"},
        steps=[
            {**socket_step(), "path": "/p", "index": 3},
            {**network_step(), "file": "/f", "slot": 2},
            {**drive_step(), "name": "n", "model": "macvtap"},
        ],
    ),
    _case(
        "other-case",
        "Fields with names in other cases are others, and change nothing.",
        "field-name-case",
        _WHOLE,
        ID="other",
        Uuid="",
        Debug=True,
        Kernel_Params=[["a", "b"]],
        steps=[{**socket_step(), "NAME": "n"}, {**network_step(), "Model": "macvtap"}],
    ),
    _case("nul-in-id", "A NUL in the id is passed on, or refused.", NUL.rule, id="a\0b"),
)

ENTRIES = (
    *_wholes(),
    *_lines(),
    *_numbers(),
    *_empties(),
    *_indexes(),
    *_networks(),
    *_filled(),
    *_texts(),
    *_SPECIAL,
)
