"""What a search asks first: every field with every telling value, all else plain and valid.

Some thousand small requests in a fixed order: one thing is odd in each, or two that meet. A random
search comes to the one field where a text tells much later.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations, product

from acrn_conformance.cases import Device, Request
from acrn_conformance.search.sample_devices import DEVICES

TEXTS = (
    *("", " ", "a", "nodisk", "-s", "-A", "-lead", "a b", "a  b", "a b c d", " a", "b ", "a,b"),
    *(",", "a=b", "=", "@a", "%s", "%20", "%%", "a:b", "/run/c.sock", "/a//b/../c", "~", "~/a"),
    *("null", "007", "0", "MiXed", "'", "'a'", '"', '"a"', "\\", "\\n", "\0", "a\0b", "$HOME"),
    *("${HOME}", "`id`", "{}", "{0}", "<>&", "&amp;", "a\nb", "a\n", "a\r\n", "\t", "\x1b[0m"),
    *("\x08", "\x7f", "\x85", "\u2028", "\ufeff", "\u00e9", "e\u0301", "\u0130", "\u212a"),
    *("\u00df", "\u200d", "\U0001f600", "\uffff", "\U0010ffff", "sandbox-a", "file:///a", "*"),
    *(
        "/dev/null",
        "/dev/null ",
        " /dev/null",
        "/nonexistent/a",
        "socket",
        "tty",
        "pty",
        "file",
        "console",
        "stdio",
        "Tty",
    ),
    *("tap", "macvtap", "TAP", "hostbridge", "hostbridge2", "HostBridge", "lpc", "LPC", "lpc "),
    *("veth", "physical", "VETH", "default", "tcfilter", "none"),
    *("x" * (size - 1) + "z" for size in (16, 17, 32, 64, 108, 128, 256, 1024, 4096, 4097)),
    "a," * 2000,
)
"""What wrong quoting, splitting, trimming, formatting, folding, escaping or cutting changes."""

INTEGERS = (*range(-1, 12), 15, 16, 31, 32, 33, 100, 127, 128, 255, 256, 300, 1023, 1024, 4096)
INTEGERS += ((1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 53) - 1)
"""Bounds of the specification and of machines, within what every JSON library carries."""

_PLAIN: Sequence[Device] = (
    {"kind": "console", "name": "c", "backend": "socket", "port_type": "console", "path": "/c"},
    {"kind": "net", "net_type": "tap", "if_name": "tap0", "mac_address": "02:00:00:00:00:01"},
    {"kind": "block", "file_path": "/d", "index": 1},
    {"kind": "bridge", "function": 0, "emul": "hostbridge", "config": ""},
    {"kind": "lpc", "function": 0, "emul": "lpc"},
)
_CONFIG: Mapping[str, object] = {
    "path": "/dm", "name": "vm", "uuid": "u", "acpi_virt": True, "memory": {"size": "1M"},
    "kernel": {"path": "/k", "image_path": "/i", "params": "p"}, "devices": list(_PLAIN),
}  # fmt: skip
_STEPS: Sequence[Mapping[str, object]] = (
    {"append": "socket", "name": "s", "host_path": "/s"},
    {"append": "network", "endpoint": "veth", "model": "default", "if_name": "t", "hard_addr": "m"},
    {"append": "network", "endpoint": "macvtap", "model": "default", "if_name": "t",
     "hard_addr": "m"},
    {"append": "block_device", "file": "/d", "index": 1},
)  # fmt: skip
_OTHER_STEPS: Sequence[Mapping[str, object]] = (
    {"append": "bridges"}, {"append": "lpc"}, {"append": "console", "path": "/c"},
    {"append": "image", "path": "/"},
)  # fmt: skip
_SANDBOX: Mapping[str, object] = {
    "id": "a", "uuid": "u", "memory_mb": 1, "debug": False, "max_vcpus": 1, "kernel_path": "/k",
    "image_path": "/i", "kernel_params": [["k", "v"]], "console_path": "/c", "steps": list(_STEPS),
}  # fmt: skip
_RESCAN: Mapping[str, object] = {
    "name": "vm", "block_slots": [3, 4, 5, 6, 7, 8, 9, 10, 11], "index": 1, "file": "/d",
}  # fmt: skip

_FIXED = frozenset({"kind", "append", "block_slots"})
_WORDS: Mapping[str, Sequence[str]] = {
    "port_type": ("console", "serial", "other"),
    "model": ("default", "macvtap", "tcfilter", "none"),
}


def sweep() -> Iterator[Request]:
    """Yield the requests."""
    for fields in _edited(_CONFIG):
        yield Request("argv", {"config": fields})
    for fields in _edited(_SANDBOX):
        yield Request("sandbox_argv", fields)
        yield Request("sandbox_argv", {**fields, "debug": True})
    yield from _equal_texts()
    yield from _of_steps()
    yield from _of_devices()
    yield from _neighbours()
    yield from _of_rescans()
    for text, debug in product(TEXTS, (False, True)):
        yield Request("kernel_parameters", {"image_path": text, "debug": debug})
    for size in (*INTEGERS[1:], 2048, 10**6, 10**9):
        yield Request("memory_topology", {"memory_mb": size})


def _of_steps() -> Iterator[Request]:
    for step in (*_STEPS, *_OTHER_STEPS):
        for fields in _edited(step):
            yield Request("append_devices", {"devices": [], "steps": [fields]})
        yield Request("append_devices", {"devices": list(DEVICES), "steps": [step, step]})
        yield Request("append_devices", {"devices": [], "steps": [step] * 40})
    for index, file, debug in product(range(11), ("/d", "a,b"), (False, True)):
        step = {"append": "block_device", "file": file, "index": index}
        yield Request("sandbox_argv", {**_SANDBOX, "steps": [step], "debug": debug})


def _of_devices() -> Iterator[Request]:
    for device in _PLAIN:
        for fields in _edited(device):
            yield Request("device_valid", {"device": fields})
            for slot in (0, 2):
                yield Request("device_params", {"device": fields, "slot": slot})
        for slot in INTEGERS:
            yield Request("device_params", {"device": device, "slot": slot})
    for device, slot in product(_consoles(), (0, 1, 2, 3, 31, 32)):
        yield Request("device_valid", {"device": device})
        yield Request("device_params", {"device": device, "slot": slot})


def _of_rescans() -> Iterator[Request]:
    for fields in _edited(_RESCAN):
        yield Request("block_rescan", fields)
    for index, slot, file in product(range(-1, 10), (0, 1, 2, 3, 31, 32, 255), ("/d", "a,b,c")):
        fields = {**_RESCAN, "index": index, "block_slots": [slot] * 9, "file": file}
        yield Request("block_rescan", fields)


def _edited(fields: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """Replace each value in turn, deep down, by each telling one of its type."""
    for name, value in fields.items():
        if name in _FIXED:
            continue
        for other in _others(value, name):
            yield {**fields, name: other}
        if name != "model":  # an absent one is none of the four that the wire names
            yield {**fields, name: None}
            yield {key: item for key, item in fields.items() if key != name}


def _others(value: object, name: str) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case int():
            natural = name in {"memory_mb", "max_vcpus"}
            yield from (n for n in INTEGERS if not natural or 0 <= n < 1 << 32)
        case str():
            yield from _WORDS.get(name, TEXTS)
        case dict():
            yield from _edited(value)
        case list() if name != "block_slots":
            for place, item in enumerate(value):
                for other in _others(item, ""):
                    yield [*value[:place], other, *value[place + 1 :]]


def _consoles() -> Iterator[Device]:
    backends = ("socket", "tty", "pty", "file", "console", "stdio", "vsock")
    for backend, port in product(backends, ("console", "serial", "other")):
        yield {**_PLAIN[0], "backend": backend, "port_type": port}


def _neighbours() -> Iterator[Request]:
    """Yield every pair of devices, and disks of every index beside every device."""
    disks = [{**_PLAIN[2], "index": index, "file_path": path}
             for index in range(11) for path in ("/d", "a,b")]  # fmt: skip
    pairs = [*permutations(DEVICES, 2), *((disk, disk) for disk in disks)]
    for disk, other in product(disks, DEVICES):
        pairs += (other, disk), (disk, other)
    for first, second in pairs:
        for before in ([], [_PLAIN[3]] * 3):
            yield Request("argv", {"config": {"devices": [*before, first, second]}})
    for device, count in product(_with_commas(), range(6)):
        yield Request("argv", {"config": {"devices": [*[_PLAIN[3]] * count, device]}})


def _with_commas() -> Iterator[Device]:
    """Yield each plain device with a comma in one of its texts, or in all."""
    for device in _PLAIN:
        texts = [name for name, value in device.items() if isinstance(value, str)]
        free = [name for name in texts if name in {"name", "path", "if_name", "mac_address"}]
        for names in (*([name] for name in free), free):
            yield {**device, **dict.fromkeys(names, "a,b")}


def _equal_texts() -> Iterator[Request]:
    """Yield every two options with one text."""
    options: Sequence[Mapping[str, object]] = (
        *({"name": "x"}, {"uuid": "x"}, {"memory": {"size": "x"}}, {"path": "x"}),
        *({"kernel": {"path": "x"}}, {"kernel": {"path": "/k", "params": "x"}}),
    )
    for first, second in product(options, repeat=2):
        yield Request("argv", {"config": {**_CONFIG, **first, **second}})
