"""The family `append_devices`: what each step adds to a list, and that it changes nothing else."""

from collections.abc import Iterator, Mapping

from acrn_conformance.cases import NUL
from catalogue import append_networks
from catalogue.build import (
    CONSOLE_SOCKET,
    INT64_EDGES,
    INVALID,
    KINDS,
    LONG_LINE_RULE,
    MAC,
    append_entry,
    block,
    bridge,
    console,
    drive_step,
    entry,
    lpc,
    net,
    network_step,
    number,
    socket_step,
)
from catalogue.entry import Entry, Params
from catalogue.texts import SHARP, chosen

_BRIDGES: Params = {"append": "bridges"}
_LPC: Params = {"append": "lpc"}


def _console(path: str = CONSOLE_SOCKET) -> Params:
    return {"append": "console", "path": path}


def _image(path: str = "/dev/null") -> Params:
    return {"append": "image", "path": path}


_STEPS: Mapping[str, tuple[Params, str]] = {
    "bridges": (_BRIDGES, "append-bridges"),
    "lpc": (_LPC, "append-lpc"),
    "console": (_console(), "append-console"),
    "image": (_image(), "append-image"),
    "socket": (socket_step(), "append-socket"),
    "network": (network_step(), "append-network-veth"),
    "block-device": (drive_step(), "append-block-device"),
}
"""Every step, and the rule for it."""

_PRIOR: list[object] = [
    net("macvtap", "eth1", "02:00:00:00:00:07"),
    block(8, "/dev/vdc"),
    console("log", "file", "serial", "/run/log"),
]


def _every_step() -> Iterator[Entry]:
    for name, (step, rule) in _STEPS.items():
        yield append_entry(
            f"{name}-to-empty",
            f"The step {name} makes the only device of the list.",
            rule,
            [],
            step,
        )
        yield append_entry(
            f"{name}-to-some", f"The step {name} adds its device at the end.", rule, _PRIOR, step
        )


_REFUSED_IMAGES = {
    "missing": "/nonexistent/kata.img",
    "empty": "",
    "blank": " ",
    "missing-in-existing": "/dev/nonexistent.img",
    "blank-after": "/dev/null ",
    "blank-before": " /dev/null",
    "variable": "$HOME",
}

_IMAGES = {
    "device": "/dev/null",
    "root": "/",
    "program": "/proc/self/exe",
    "unclean": "//dev/./null",
}


def _images() -> Iterator[Entry]:
    for name, path in _REFUSED_IMAGES.items():
        yield append_entry(
            f"image-{name}",
            f"The image {path!r} does not exist, and is refused.",
            "append-image-missing",
            [bridge()],
            _image(path),
        )
    for name, path in _IMAGES.items():
        yield append_entry(
            f"image-exists-{name}",
            f"The image {path} exists, and is added with index 0 and the path as given.",
            "append-image",
            [block(4)],
            _image(path),
        )
    for name, path, why in (
        ("below-file", "/dev/null/kata.img", "Below a file"),
        ("slash-after-file", "/dev/null/", "With a slash after a file"),
        ("name-too-long", "/dev/" + "a" * 256, "With a name too long for any file"),
        ("path-too-long", "/a" * 2048 + "/b", "With a path too long for any call"),
    ):
        yield append_entry(
            f"image-{name}", f"{why}, an image is added.", "image-unreadable", [], _image(path)
        )
    yield append_entry(
        "image-missing-last",
        "A missing image refuses the whole list, whatever was added before.",
        "append-image-missing",
        _PRIOR,
        _BRIDGES,
        _LPC,
        _image("/nonexistent/kata.img"),
    )
    yield append_entry(
        "image-missing-first",
        "A missing image refuses the whole list, whatever would come after.",
        "append-image-missing",
        [],
        _image("/nonexistent/kata.img"),
        _BRIDGES,
        _image("/dev/null"),
    )


def _drives() -> Iterator[Entry]:
    named = {number(index): index for index in (-1, 0, 8, 9, 2**31)}
    for name, index in {**named, **INT64_EDGES}.items():
        yield append_entry(
            f"block-device-index-{name}",
            f"A drive with index {index} is added with it.",
            "append-block-device",
            [],
            drive_step(index=index),
        )
    for index in (-1, 0, 8):
        yield append_entry(
            f"block-device-empty-{number(index)}",
            f"A drive without a file adds nothing, index {index} or not.",
            "append-block-device-empty",
            [bridge()],
            drive_step("", index),
        )
    yield append_entry(
        "block-device-missing-file",
        "Whether a drive's file exists is not looked at.",
        "append-block-device",
        [],
        drive_step("/nonexistent/disk.img"),
        drive_step("nodisk"),
        drive_step(" "),
    )


_ECHOED: Mapping[str, Params] = {
    **{f"plain-{kind}": device for kind, device in KINDS.items()},
    "port-other": console(port_type="other"),
    "console-stdio": console(backend="stdio", port_type="serial"),
    "console-backend": console("n", "console", "other", ""),
    "console-pty": console("n", "pty", "console", "/dev/pts/0"),
    "console-tty": console("n", "tty", "serial", "/dev/ttyS0"),
    "bridge-config": bridge(7, "pci-bridge", "addr=1, b"),
    "lpc-function": lpc(-1, "LPC"),
    "block-negative": block(-5, "/d"),
    "block-beyond": block(77, ""),
    "net-upper-case": net("TAP", "Tap0", "02:42:AC:11:00:0A"),
}


def _echoes() -> Iterator[Entry]:
    for name, device in _ECHOED.items():
        yield append_entry(
            f"prior-{name}",
            f"A listed device ({name.replace('-', ' ')}) comes back with every field as it was.",
            "append-keeps-devices",
            [device],
            _BRIDGES,
        )
    for name, value in INT64_EDGES.items():
        yield append_entry(
            f"prior-integer-{name}",
            f"Listed devices come back with index and function {value}.",
            "append-keeps-devices",
            [block(value), bridge(value), lpc(value)],
        )


def _texts() -> Iterator[Entry]:
    for name, text in chosen(*SHARP):
        value = text.value
        yield append_entry(
            f"texts-{name}",
            f"{text.holds} stays as it is in listed and in added devices.",
            LONG_LINE_RULE if name == "long" else "text-unchanged",
            [
                console(value, value, "serial", value),
                net(value, value, value),
                block(0, value),
                bridge(0, value, value),
                lpc(0, value),
            ],
            _console(value),
            socket_step(value, value),
            network_step("veth", "none", value, value),
            network_step("macvtap", "none", value, MAC),
            drive_step(value, 8),
        )


def _orders() -> Iterator[Entry]:

    every = [step for step, _ in _STEPS.values()]
    yield append_entry(
        "order-every-twice",
        "All seven steps, given twice, add fourteen devices in order.",
        "append-order",
        [],
        *every,
        *every,
    )
    yield append_entry(
        "order-every-reversed",
        "All seven steps in reverse add their devices in reverse.",
        "append-order",
        _PRIOR,
        *reversed(every),
    )


_SPECIAL = (
    append_entry(
        "no-steps", "Without steps, the list comes back as it was.", "append-keeps-devices", _PRIOR
    ),
    append_entry(
        "consoles-and-sockets",
        "Each console is console0 on a console port, each socket a serial port of its own name.",
        "append-console",
        [],
        _console("/run/a.sock"),
        socket_step("a", "/run/b.sock"),
        _console("/run/c.sock"),
        socket_step("b", "/run/d.sock"),
        socket_step("a", "/run/b.sock"),
    ),
    append_entry(
        "console-no-path",
        "A console without a path is added, though it will not be valid.",
        "append-console",
        [],
        _console(""),
    ),
    append_entry(
        "socket-empty",
        "A socket without name and path is added, though it will not be valid.",
        "append-socket",
        [],
        socket_step("", ""),
    ),
    append_entry(
        "network-same-twice",
        "Endpoints of one name and address are both added.",
        "append-network-veth",
        [net()],
        network_step(),
        network_step(),
    ),
    append_entry(
        "many",
        "Forty steps add forty devices, however few slots there are.",
        "append-order",
        _PRIOR,
        *(drive_step(f"/dev/vd{n}", n) for n in range(40)),
    ),
    append_entry(
        "prior-all",
        "A list of valid and invalid devices comes back in its order.",
        "append-keeps-devices",
        [*KINDS.values(), *INVALID.values(), *KINDS.values()],
        _LPC,
    ),
    entry(
        "append_devices", "no-params", "Without any field, the list is empty.", "absent-field", {}
    ),
    entry(
        "append_devices",
        "nulls",
        "Null devices and steps are empty lists.",
        "absent-field",
        {"devices": None, "steps": None},
    ),
    entry(
        "append_devices",
        "steps-only",
        "Absent devices are an empty list to add to.",
        "absent-field",
        {"steps": [_BRIDGES, _LPC]},
    ),
    append_entry(
        "prior-bare",
        "Devices with only a kind come back with every field.",
        "absent-field",
        [{"kind": kind} for kind in KINDS],
    ),
    append_entry(
        "prior-nulls",
        "Devices with null fields come back with every field.",
        "absent-field",
        [{**dict.fromkeys(device), "kind": kind} for kind, device in KINDS.items()],
    ),
    *(
        append_entry(
            f"bare-{name.replace('_', '-')}",
            f"The step {name} reads absent fields as empty.",
            "absent-field",
            [lpc()],
            {"append": name},
        )
        for name in ("console", "socket", "block_device")
    ),
    append_entry(
        "bare-network",
        "The step network without fields names no endpoint, and adds nothing or is refused.",
        "append-network-unsupported",
        [lpc()],
        {"append": "network"},
    ),
    append_entry(
        "bare-image",
        "The step image without a path is refused.",
        "absent-field",
        [lpc()],
        {"append": "image"},
    ),
    append_entry(
        "null-step-fields",
        "Null fields of steps are like empty ones.",
        "absent-field",
        [],
        {"append": "console", "path": None},
        {"append": "socket", "name": None, "host_path": None},
        {**network_step(), "model": None},
        {**drive_step(), "index": None},
    ),
    append_entry(
        "unknown-fields",
        "Unknown fields in devices and steps change nothing and do not come back.",
        "unknown-field",
        [{**bridge(), "slot": 3, "note": None}, {**lpc(), "config": "x"}],
        {**_BRIDGES, "emul": "pci-bridge", "function": 1},
        {**_LPC, "function": 3},
        {**_console(), "name": "console7", "backend": "tty", "port_type": "serial"},
        {**_image(), "index": 5},
        {**socket_step(), "path": "/p", "port_type": "console", "backend": "file"},
        {**network_step(), "net_type": "macvtap", "mac_address": "x"},
        {**drive_step(), "file_path": "/p", "path": "/p"},
    ),
    append_entry(
        "other-case",
        "Fields with names in other cases are others, and change nothing.",
        "field-name-case",
        [{**bridge(), "Function": 3, "EMUL": "lpc"}],
        {**_console(), "Path": "/p", "PATH": "/q"},
        {**drive_step(), "Append": "lpc", "INDEX": 5},
    ),
    append_entry(
        "unit-socket",
        "A socket becomes a serial port on a socket.",
        "append-socket",
        [],
        socket_step("archserial.test", "/tmp/archserial.sock"),  # noqa: S108 - nothing opens it
    ),
    append_entry(
        "unit-block-device",
        "A drive with index 5 becomes a disk with it.",
        "append-block-device",
        [],
        drive_step("/tmp/archtest.img", 5),  # noqa: S108 - nothing opens it
    ),
    append_entry(
        "unit-networks",
        "A veth without an address and a macvtap without any text are added.",
        "append-order",
        [],
        network_step("veth", "default", "tap0_kata", ""),
        network_step("macvtap", "", "", ""),
    ),
    append_entry(
        "nul-in-socket",
        "A NUL in a socket's name and path is passed on, or refused.",
        NUL.rule,
        [],
        socket_step("a\0", "\0b"),
    ),
)

ENTRIES = (
    *_every_step(),
    *append_networks.ENTRIES,
    *_images(),
    *_drives(),
    *_echoes(),
    *_texts(),
    *_orders(),
    *_SPECIAL,
)
