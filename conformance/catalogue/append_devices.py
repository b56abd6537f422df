"""The family `append_devices`: what each step adds to a list, and that it changes nothing else."""

from collections.abc import Iterator, Mapping
from itertools import product

from acrn_conformance.cases import NUL
from catalogue.build import (
    CONSOLE_SOCKET,
    INT64_EDGES,
    INVALID,
    KINDS,
    LONG_LINE_RULE,
    MAC,
    OTHER_MACS,
    OTHER_MODEL_RULE,
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


def _case(tail: str, title: str, rule: str, devices: list[object], *steps: Params) -> Entry:
    params: Params = {"devices": devices, "steps": [*steps]}
    return entry("append_devices", tail, title, rule, params)


def _every_step() -> Iterator[Entry]:
    for name, (step, rule) in _STEPS.items():
        yield _case(
            f"{name}-to-empty",
            f"The step {name} makes the only device of the list.",
            rule,
            [],
            step,
        )
        yield _case(
            f"{name}-to-some", f"The step {name} adds its device at the end.", rule, _PRIOR, step
        )


def _networks() -> Iterator[Entry]:
    for endpoint, model in product(
        ("veth", "macvtap", "physical"), ("default", "macvtap", "tcfilter", "none")
    ):
        kind = {
            "veth": "a macvtap" if model == "macvtap" else "a tap",
            "macvtap": "a macvtap",
            "physical": "nothing, or is refused",
        }[endpoint]
        rule = "unsupported" if endpoint == "physical" else endpoint
        macvtap = endpoint == "macvtap"
        yield _case(
            f"network-{endpoint}-{'model-' if macvtap else ''}{model}",
            f"An endpoint {endpoint} with the model {model} gives {kind}.",
            f"append-network-{rule}",
            [bridge()],
            network_step(endpoint, model, "eth0", MAC if macvtap else OTHER_MACS["upper-case"]),
        )
    for name, endpoint in (
        ("bridge", "bridge"),
        ("empty", ""),
        ("upper-case", "VETH"),
        ("upper-case-macvtap", "MACVTAP"),
        ("blank-after", "veth "),
    ):
        yield _case(
            f"network-endpoint-{name}",
            f"The unsupported endpoint {endpoint!r} gives no device, or is refused.",
            "append-network-unsupported",
            [lpc()],
            network_step(endpoint, "macvtap"),
            drive_step(),
        )
    for name, model in (
        ("enlightened", "enlightened"),
        ("empty", ""),
        ("upper-case", "MACVTAP"),
        ("blanks", " macvtap "),
    ):
        yield _case(
            f"network-veth-model-{name}",
            f"A veth with the model {model!r} gives a tap, or is refused.",
            OTHER_MODEL_RULE,
            [],
            network_step("veth", model),
        )
    for name, address in OTHER_MACS.items():
        yield _case(
            f"network-macvtap-address-{name}",
            f"The address {address!r} of a macvtap is kept, written in its form, or refused.",
            "macvtap-address",
            [],
            network_step("macvtap", "none", "eth0", address),
        )
    for endpoint in ("veth", "macvtap"):
        yield _case(
            f"network-{endpoint}-without-texts",
            f"A {endpoint} without name or address is added, though it will not be valid.",
            f"append-network-{endpoint}",
            [],
            network_step(endpoint, "none", "eth0", ""),
            network_step(endpoint, "none", "", MAC),
            network_step(endpoint, "none", "", ""),
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
        yield _case(
            f"image-{name}",
            f"The image {path!r} does not exist, and is refused.",
            "append-image-missing",
            [bridge()],
            _image(path),
        )
    for name, path in _IMAGES.items():
        yield _case(
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
        yield _case(
            f"image-{name}", f"{why}, an image is added.", "image-unreadable", [], _image(path)
        )
    yield _case(
        "image-missing-last",
        "A missing image refuses the whole list, whatever was added before.",
        "append-image-missing",
        _PRIOR,
        _BRIDGES,
        _LPC,
        _image("/nonexistent/kata.img"),
    )
    yield _case(
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
        yield _case(
            f"block-device-index-{name}",
            f"A drive with index {index} is added with it.",
            "append-block-device",
            [],
            drive_step(index=index),
        )
    for index in (-1, 0, 8):
        yield _case(
            f"block-device-empty-{number(index)}",
            f"A drive without a file adds nothing, index {index} or not.",
            "append-block-device-empty",
            [bridge()],
            drive_step("", index),
        )
    yield _case(
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
        yield _case(
            f"prior-{name}",
            f"A listed device ({name.replace('-', ' ')}) comes back with every field as it was.",
            "append-keeps-devices",
            [device],
            _BRIDGES,
        )
    for name, value in INT64_EDGES.items():
        yield _case(
            f"prior-integer-{name}",
            f"Listed devices come back with index and function {value}.",
            "append-keeps-devices",
            [block(value), bridge(value), lpc(value)],
        )


def _texts() -> Iterator[Entry]:
    for name, text in chosen(*SHARP):
        value = text.value
        yield _case(
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
    yield _case(
        "order-every-twice",
        "All seven steps, given twice, add fourteen devices in order.",
        "append-order",
        [],
        *every,
        *every,
    )
    yield _case(
        "order-every-reversed",
        "All seven steps in reverse add their devices in reverse.",
        "append-order",
        _PRIOR,
        *reversed(every),
    )


_SPECIAL = (
    _case(
        "no-steps", "Without steps, the list comes back as it was.", "append-keeps-devices", _PRIOR
    ),
    _case(
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
    _case(
        "console-no-path",
        "A console without a path is added, though it will not be valid.",
        "append-console",
        [],
        _console(""),
    ),
    _case(
        "socket-empty",
        "A socket without name and path is added, though it will not be valid.",
        "append-socket",
        [],
        socket_step("", ""),
    ),
    _case(
        "network-same-twice",
        "Endpoints of one name and address are both added.",
        "append-network-veth",
        [net()],
        network_step(),
        network_step(),
    ),
    _case(
        "many",
        "Forty steps add forty devices, however few slots there are.",
        "append-order",
        _PRIOR,
        *(drive_step(f"/dev/vd{n}", n) for n in range(40)),
    ),
    _case(
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
    _case(
        "prior-bare",
        "Devices with only a kind come back with every field.",
        "absent-field",
        [{"kind": kind} for kind in KINDS],
    ),
    _case(
        "prior-nulls",
        "Devices with null fields come back with every field.",
        "absent-field",
        [{**dict.fromkeys(device), "kind": kind} for kind, device in KINDS.items()],
    ),
    *(
        _case(
            f"bare-{name.replace('_', '-')}",
            f"The step {name} reads absent fields as empty.",
            "absent-field",
            [lpc()],
            {"append": name},
        )
        for name in ("console", "socket", "block_device")
    ),
    _case(
        "bare-network",
        "The step network without fields names no endpoint, and adds nothing or is refused.",
        "append-network-unsupported",
        [lpc()],
        {"append": "network"},
    ),
    _case(
        "bare-image",
        "The step image without a path is refused.",
        "absent-field",
        [lpc()],
        {"append": "image"},
    ),
    _case(
        "null-step-fields",
        "Null fields of steps are like empty ones.",
        "absent-field",
        [],
        {"append": "console", "path": None},
        {"append": "socket", "name": None, "host_path": None},
        {**network_step(), "model": None},
        {**drive_step(), "index": None},
    ),
    _case(
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
    _case(
        "other-case",
        "Fields with names in other cases are others, and change nothing.",
        "field-name-case",
        [{**bridge(), "Function": 3, "EMUL": "lpc"}],
        {**_console(), "Path": "/p", "PATH": "/q"},
        {**drive_step(), "Append": "lpc", "INDEX": 5},
    ),
    _case(
        "unit-socket",
        "A socket becomes a serial port on a socket.",
        "append-socket",
        [],
        socket_step("archserial.test", "/tmp/archserial.sock"),  # noqa: S108 - nothing opens it
    ),
    _case(
        "unit-block-device",
        "A drive with index 5 becomes a disk with it.",
        "append-block-device",
        [],
        drive_step("/tmp/archtest.img", 5),  # noqa: S108 - nothing opens it
    ),
    _case(
        "unit-networks",
        "A veth without an address and a macvtap without any text are added.",
        "append-order",
        [],
        network_step("veth", "default", "tap0_kata", ""),
        network_step("macvtap", "", "", ""),
    ),
    _case(
        "nul-in-socket",
        "A NUL in a socket's name and path is passed on, or refused.",
        NUL.rule,
        [],
        socket_step("a\0", "\0b"),
    ),
)

ENTRIES = (
    *_every_step(),
    *_networks(),
    *_images(),
    *_drives(),
    *_echoes(),
    *_texts(),
    *_orders(),
    *_SPECIAL,
)
