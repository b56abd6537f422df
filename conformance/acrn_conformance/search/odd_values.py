"""Every field with every telling value, all else plain and valid: a search asks this early.

Some thousand small requests in a fixed order: one thing is odd in each, or two that meet. A random
search comes to the one field where a text tells much later.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, permutations, product
from typing import get_args

import msgspec

from acrn_conformance.cases import (
    Dialect,
    Fields,
    Request,
    as_fields,
    device_types,
    field_types,
    step_types,
    texts,
)
from acrn_conformance.search.sample_devices import sample_devices

INTEGERS = (*range(-1, 12), 15, 16, 31, 32, 33, 100, 127, 128, 255, 256, 300, 1023, 1024, 4096)
INTEGERS += ((1 << 31) - 1, 1 << 31, (1 << 32) - 2, (1 << 32) - 1, 1 << 32, (1 << 53) - 1)
"""Bounds of the specification and of machines, within what every JSON library carries."""

_CONSOLE = device_types.Console("c", "socket", "console", "/c")
_DISK = device_types.Block("/d", 1)
_BRIDGE = device_types.Bridge(0, "hostbridge")
_DEVICES = (
    _CONSOLE,
    device_types.Net("tap", "tap0", "02:00:00:00:00:01"),
    _DISK,
    _BRIDGE,
    device_types.Lpc(0, "lpc"),
    device_types.Vsock(3),
)
_STEPS = (
    step_types.Socket("s", "/s"),
    step_types.Network("veth", "default", "t", "m"),
    # An address that the original cannot hold would let it refuse the whole sandbox.
    step_types.Network("macvtap", "default", "t", "02:00:00:00:00:02"),
    step_types.Drive("/d", 1),
    step_types.Vsock(3),
)
_OTHER_STEPS = (
    step_types.Bridges(),
    step_types.LpcBus(),
    step_types.ConsoleSocket("/c"),
    step_types.Image("/"),
)
_CPUS = {"uuid": "u", "apic_id": "0"}
"""Either is one dialect's, and no field of another's."""

_CONFIG: Fields = {
    "path": "/dm",
    "ctl_path": "/ctl",
    "name": "vm",
    "acpi_virt": True,
    "memory": {"size": "1M"},
    "kernel": {"path": "/k", "image_path": "/i", "params": "p"},
    **_CPUS,
}
_SANDBOX: Fields = {
    "id": "a",
    "memory_mb": 1,
    "max_vcpus": 1,
    "kernel_path": "/k",
    "image_path": "/i",
    "kernel_params": [["k", "v"]],
    "console_path": "/c",
    **_CPUS,
}
_RESCAN: Fields = {
    "name": "vm",
    "block_slots": [3, 4, 5, 6, 7, 8, 9, 10, 11],
    "index": 1,
    "file": "/d",
}
_STORED = (
    *map(str, range(-3, 6)),
    "",
    "+1",
    "-0",
    "00",
    " 1",
    "1 ",
    "1\n",
    "1.0",
    "0x1",
    "1_0",
    "\u0661",
)
_STORED += tuple(str(sign * (1 << 63) + more) for sign in (-1, 1) for more in (-1, 0))


class _Plain:
    """Plain and valid values of a dialect, in which one thing at a time is made odd."""

    def __init__(self, dialect: Dialect) -> None:
        self.devices = tuple(each for each in _DEVICES if isinstance(each, dialect.devices))
        self.steps = tuple(each for each in _STEPS if isinstance(each, dialect.sandbox_steps))
        self.samples = sample_devices(dialect)
        self.config = {**_CONFIG, "devices": [as_fields(each) for each in self.devices]}
        self.sandbox = {**_SANDBOX, "steps": [as_fields(each) for each in self.steps]}
        self._dialect = dialect

    def argv(self) -> msgspec.Struct:
        """Return the params of ``argv``."""
        return self.params("argv", {"config": self.config})

    def params(self, method: str, fields: Fields) -> msgspec.Struct:
        """Return params in the dialect's own type, without what it does not have."""
        return msgspec.convert(fields, self._dialect.params(method))


def odd_values(dialect: Dialect) -> Iterator[Request]:
    """Yield the requests."""
    plain = _Plain(dialect)
    for fields in _edited(plain.argv()):
        yield Request("argv", fields)
    for fields in _edited(plain.params("sandbox_argv", plain.sandbox)):
        yield Request("sandbox_argv", fields)
        yield Request("sandbox_argv", {**fields, "debug": True})
    yield Request("argv", {"config": {**plain.config, **_CPUS}})
    yield Request("sandbox_argv", {**plain.sandbox, **_CPUS})
    yield from _equal_texts(plain)
    yield from _of_steps(plain)
    yield from _of_devices(plain)
    yield from _neighbours(plain)
    yield from _of_rescans(plain)
    for text, debug in product(texts.TELLING, (False, True)):
        yield Request("kernel_parameters", {"image_path": text, "debug": debug})
    for size in (*INTEGERS[1:], 2048, 10**6, 10**9):
        yield Request("memory_topology", {"memory_mb": size})
    if dialect.method("next_apic_id"):
        yield from _of_cpus()


def _of_cpus() -> Iterator[Request]:
    for text in (*_STORED, *texts.TELLING):
        yield Request("release_apic_id", {"stored": text})
    for stored, count in product((None, *_STORED, *texts.TELLING), range(4)):
        ids = [str(2 * place) for place in range(count)]
        yield Request("next_apic_id", {"apic_ids": ids, "stored": stored})
    for text in texts.TELLING:
        yield Request("next_apic_id", {"apic_ids": [text], "stored": "0"})
    for ids, stored in product((["2", "2", "0"], ["4", "2", "0"]), (None, "0", "1")):
        yield Request("next_apic_id", {"apic_ids": ids, "stored": stored})


def _of_steps(plain: _Plain) -> Iterator[Request]:
    for step in (*plain.steps, *_OTHER_STEPS):
        for fields in _edited(step):
            yield _appended([], [fields])
        yield _appended(plain.samples, [as_fields(step)] * 2)
        yield _appended([], [as_fields(step)] * 40)
    for index, file, debug in product(range(11), ("/d", "a,b"), (False, True)):
        steps = [as_fields(step_types.Drive(file, index))]
        sandbox = plain.params("sandbox_argv", {**plain.sandbox, "steps": steps, "debug": debug})
        yield Request("sandbox_argv", as_fields(sandbox))


def _appended(devices: Sequence[Fields], steps: Sequence[Fields]) -> Request:
    return Request("append_devices", {"devices": list(devices), "steps": list(steps)})


def _of_devices(plain: _Plain) -> Iterator[Request]:
    for device in plain.devices:
        for fields in _edited(device):
            yield Request("device_valid", {"device": fields})
            for slot in (0, 2):
                yield Request("device_params", {"device": fields, "slot": slot})
        for slot in INTEGERS:
            yield Request("device_params", {"device": as_fields(device), "slot": slot})
    for console, slot in product(_consoles(), (0, 1, 2, 3, 31, 32)):
        yield Request("device_valid", {"device": console})
        yield Request("device_params", {"device": console, "slot": slot})


def _of_rescans(plain: _Plain) -> Iterator[Request]:
    for fields in _edited(plain.params("block_rescan", _RESCAN)):
        yield Request("block_rescan", fields)
    for index, slot, file in product(range(-1, 10), (0, 1, 2, 3, 31, 32, 255), ("/d", "a,b,c")):
        fields = {**_RESCAN, "block_slots": [slot] * 9, "index": index, "file": file}
        yield Request("block_rescan", fields)


def _edited(given: msgspec.Struct) -> Iterator[dict[str, object]]:
    """Replace each value in turn, deep down, by each telling one of its type, and leave it out."""
    plain = as_fields(given)
    for field in msgspec.structs.fields(type(given)):
        if field.required:
            continue
        for other in _others(getattr(given, field.name), field.type):
            yield {**plain, field.name: other}
        known = field_types.words(field.type)
        if not known.closed or field.default in known.known:
            yield {**plain, field.name: None}
            yield {name: value for name, value in plain.items() if name != field.name}


def _others(value: object, kind: object) -> Iterator[object]:
    """Yield other values in place of one of a type."""
    match value:
        case bool():
            yield not value
        case int():
            limits = field_types.bounds(kind)
            yield from (n for n in INTEGERS if limits.least <= n <= limits.greatest)
        case str():
            known = field_types.words(kind)
            yield from known.known if known.closed else texts.TELLING
        case msgspec.Struct():
            yield from _edited(value)
        case tuple():
            items: list[object] = msgspec.to_builtins(value)
            of = get_args(field_types.bare(kind))[0]
            for place, item in enumerate(value):
                for other in _others(item, of):
                    yield [*items[:place], other, *items[place + 1 :]]


def _consoles() -> Iterator[Fields]:
    backends = ("socket", "tty", "pty", "file", "console", "stdio", "vsock")
    for backend, port in product(backends, device_types.PORT_TYPES):
        yield as_fields(msgspec.structs.replace(_CONSOLE, backend=backend, port_type=port))


def _neighbours(plain: _Plain) -> Iterator[Request]:
    """Yield every pair of devices, and disks of every index beside every device."""
    disks = [
        as_fields(device_types.Block(path, index)) for index in range(11) for path in ("/d", "a,b")
    ]
    bridge = as_fields(_BRIDGE)
    pairs = [*permutations(plain.samples, 2), *((disk, disk) for disk in disks)]
    for disk, other in product(disks, plain.samples):
        pairs += (other, disk), (disk, other)
    for first, second in pairs:
        for before in ([], [bridge] * 3):
            yield Request("argv", {"config": {"devices": [*before, first, second]}})
    for device, count in product(_with_commas(plain), range(6)):
        yield Request("argv", {"config": {"devices": [*[bridge] * count, device]}})
        yield Request("device_params", {"device": device, "slot": count})


def _with_commas(plain: _Plain) -> Iterator[Fields]:
    """Yield each form of each plain device with a comma in one of its texts, or in all."""
    for device in chain.from_iterable(map(_forms, plain.devices)):
        free = [name for name in device if name in {"name", "path", "if_name", "mac_address"}]
        for names in (*([name] for name in free), free):
            yield {**device, **dict.fromkeys(names, "a,b")}


def _forms(device: msgspec.Struct) -> Iterator[Fields]:
    """Yield a device with every combination of the words that mean something in its fields."""
    fields = msgspec.structs.fields(type(device))
    words = {field.name: field_types.words(field.type).known for field in fields}
    words = {name: known for name, known in words.items() if known}
    for chosen in product(*words.values()):
        yield {**as_fields(device), **dict(zip(words, chosen, strict=True))}


def _equal_texts(plain: _Plain) -> Iterator[Request]:
    """Yield every two options with one text."""
    options: Sequence[Fields] = (
        *({"name": "x"}, {"uuid": "x"}, {"apic_id": "x"}, {"memory": {"size": "x"}}, {"path": "x"}),
        *({"kernel": {"path": "x"}}, {"kernel": {"path": "/k", "params": "x"}}),
    )
    for first, second in product(options, repeat=2):
        fields = {"config": {**plain.config, **first, **second}}
        yield Request("argv", as_fields(plain.params("argv", fields)))
