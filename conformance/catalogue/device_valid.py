"""The family `device_valid`: every kind, every condition of validity, each boundary."""

from collections.abc import Iterator
from itertools import product

from acrn_conformance.cases import device_types
from catalogue.build import INT64_EDGES, KINDS, MAC, block, bridge, console, entry, lpc, net, number
from catalogue.entry import Entry, Params
from catalogue.texts import chosen


def _case(tail: str, title: str, rule: str, device: Params) -> Entry:
    return entry("device_valid", tail, title, rule, {"device": device})


_BACKEND_RULES = {
    "socket": "console-valid",
    "tty": "console-valid",
    "pty": "console-valid",
    "file": "console-valid",
    "console": "console-backend-console",
    "stdio": "console-backend-stdio",
}

_NO_BACKENDS = {
    "empty": "",
    "upper-case": "SOCKET",
    "capital": "Socket",
    "upper-case-tty": "TTY",
    "blank-after": "socket ",
    "blank-before": " tty",
    "newline-after": "file\n",
    "lengthened": "sockets",
    "vsock": "vsock",
    "full-text": "pty:pty_port",
    "inherited": "constructor",
    "inherited-method": "toString",
    "prototype": "__proto__",
}

_NO_NET_TYPES = {
    "empty": "",
    "upper-case": "TAP",
    "capital": "Macvtap",
    "blank-after": "tap ",
    "blank-before": " macvtap",
    "lengthened": "taps",
    "veth": "veth",
    "vhost": "vhost",
}

_NO_EMULATIONS = {
    "empty": "",
    "capital": "Hostbridge",
    "blank-after": "hostbridge ",
    "lengthened": "hostbridges",
    "other": "pci-bridge",
    "lpc": "lpc",
}

_NO_LPCS = {
    "empty": "",
    "upper-case": "LPC",
    "blank-after": "lpc ",
    "lengthened": "lpcs",
    "other": "isa",
}

_FUNCTIONS = (-1, 1, 7, 8, 256)


def _consoles() -> Iterator[Entry]:
    for (backend, rule), port, path in product(
        _BACKEND_RULES.items(), device_types.PORT_TYPES, ("/dev/null", "")
    ):
        what = f"on {backend} {'with' if path else 'without'} a path"
        valid = backend != "stdio" and port != "other" and path
        yield _case(
            f"console-{backend}-{port}-{'path' if path else 'no-path'}",
            f"A console with port type {port} {what} is {'' if valid else 'not '}valid.",
            "pty-needs-path" if backend == "pty" and not path else rule,
            console("port", backend, port, path),
        )
    for name, backend in _NO_BACKENDS.items():
        yield _case(
            f"console-backend-{name}",
            f"A console on the backend {backend!a} is not valid.",
            "console-valid",
            console(backend=backend),
        )


def _networks() -> Iterator[Entry]:
    for net_type, if_name, mac in product(("tap", "macvtap"), ("tap0", ""), (MAC, "")):
        has = f"{'a' if if_name else 'no'} name and {'a' if mac else 'no'} MAC address"
        yield _case(
            f"net-{net_type}-{'name' if if_name else 'no-name'}-{'mac' if mac else 'no-mac'}",
            f"A {net_type} with {has} is {'' if if_name and mac else 'not '}valid.",
            "net-valid" if mac else "net-needs-mac",
            net(net_type, if_name, mac),
        )
    for name, net_type in _NO_NET_TYPES.items():
        yield _case(
            f"net-type-{name}",
            f"A network device of type {net_type!a} is not valid.",
            "net-valid",
            net(net_type),
        )


def _emulations() -> Iterator[Entry]:
    for name, emul in _NO_EMULATIONS.items():
        yield _case(
            f"bridge-emul-{name}",
            f"A bridge with the emulation {emul!a} is not valid.",
            "bridge-valid",
            bridge(emul=emul),
        )
    for name, emul in _NO_LPCS.items():
        yield _case(
            f"lpc-emul-{name}",
            f"An LPC bus with the emulation {emul!a} is not valid.",
            "lpc-valid",
            lpc(emul=emul),
        )


def _functions() -> Iterator[Entry]:
    named = {number(function): function for function in _FUNCTIONS} | dict(INT64_EDGES)
    for name, function in named.items():
        yield _case(
            f"bridge-function-{name}",
            f"A host bridge with function {function} is not valid.",
            "bridge-valid",
            bridge(function),
        )
        yield _case(
            f"lpc-function-{name}",
            f"An LPC bus with function {function} is valid.",
            "lpc-function-unchecked",
            lpc(function),
        )


def _blocks() -> Iterator[Entry]:
    named = {number(index): index for index in (-1, 0, 9)} | dict(INT64_EDGES)
    for name, index in named.items():
        yield _case(
            f"block-index-{name}",
            f"A disk with a file and the index {index} is valid.",
            "block-valid",
            block(index),
        )
    for index in (-1, 0):
        yield _case(
            f"block-no-path-index-{number(index)}",
            f"A disk without a file and with the index {index} is not valid.",
            "block-valid",
            block(index, ""),
        )


def _texts() -> Iterator[Entry]:
    for name, text in chosen("blank-alone", "newline-last", "zero"):
        for kind, device in (
            ("console", console(name="", path=text.value)),
            ("net", net("tap", text.value, text.value)),
            ("block", block(0, text.value)),
        ):
            yield _case(
                f"{kind}-text-{name}",
                f"{text.holds} is as good as any text for a {kind} device to be valid.",
                f"{kind}-valid",
                device,
            )


_SPECIAL = (
    _case("plain-bridge", "A host bridge on function 0 is valid.", "bridge-valid", bridge()),
    _case("plain-lpc", "An LPC bus on function 0 is valid.", "lpc-valid", lpc()),
    _case(
        "console-no-name",
        "A console on a socket needs no name.",
        "console-valid",
        console(name="", port_type="serial"),
    ),
    _case(
        "console-no-name-port-other",
        "A console with nothing right but its path is not valid.",
        "console-valid",
        console(name="", backend="", port_type="other"),
    ),
    _case(
        "console-port-absent",
        "A console without a port type is a serial port, and valid.",
        "absent-field",
        {"kind": "console", "name": "p", "backend": "tty", "path": "/dev/ttyS0"},
    ),
    _case(
        "console-port-null",
        "A console with a null port type is a serial port, and valid.",
        "absent-field",
        {"kind": "console", "name": None, "backend": "tty", "port_type": None, "path": "/t"},
    ),
    _case(
        "console-path-null",
        "A console with a null path is not valid.",
        "absent-field",
        {"kind": "console", "name": "p", "backend": "tty", "path": None},
    ),
    *(
        _case(
            f"bare-{kind}",
            f"A device of kind {kind} without any other field is not valid.",
            "absent-field",
            {"kind": kind},
        )
        for kind in KINDS
    ),
    _case(
        "net-nulls",
        "A network device with a null MAC address is not valid.",
        "absent-field",
        {"kind": "net", "net_type": "tap", "if_name": "tap0", "mac_address": None},
    ),
    _case(
        "block-index-null",
        "A disk with a null index is valid.",
        "absent-field",
        {"kind": "block", "file_path": "/dev/null", "index": None},
    ),
    _case(
        "bridge-function-null",
        "A host bridge with a null function is on function 0, and valid.",
        "absent-field",
        {"kind": "bridge", "emul": "hostbridge", "function": None, "config": None},
    ),
    _case(
        "lpc-function-null",
        "An LPC bus with a null function is valid.",
        "absent-field",
        {"kind": "lpc", "emul": "lpc", "function": None},
    ),
    _case(
        "bridge-config",
        "A host bridge with a config is valid.",
        "bridge-valid",
        bridge(config="addr=1"),
    ),
    _case(
        "net-macs-any-form",
        "A network device with a MAC address in no known form is valid.",
        "net-valid",
        net(mac_address="not-a-mac"),
    ),
    _case(
        "block-missing-file",
        "A disk whose file does not exist is valid.",
        "block-valid",
        block(1, "/nonexistent/disk.img"),
    ),
    *(
        _case(
            f"unknown-fields-{kind}",
            f"Unknown fields in a device of kind {kind} change nothing.",
            "unknown-field",
            {"valid": False, "extra": {"emul": ""}, "slot": None, **device},
        )
        for kind, device in KINDS.items()
    ),
    _case(
        "other-case",
        "Fields with names in other cases leave the right ones empty.",
        "field-name-case",
        {"kind": "net", "NET_TYPE": "tap", "If_Name": "tap0", "mac_address": MAC},
    ),
)

ENTRIES = (
    *_consoles(),
    *_networks(),
    *_emulations(),
    *_functions(),
    *_blocks(),
    *_texts(),
    *_SPECIAL,
)
