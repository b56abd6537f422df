"""Reading requests written in the wire's field names: from a VM description or from the wire.

A `Table` is one JSON object or TOML table that knows its path, so that every fault can say where
it is. Absent and null fields read as "", 0, false or empty; ``strict`` refuses unknown fields.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from acrn_arch.arch import Endpoint, Param
from acrn_arch.config import Config, Kernel, Memory
from acrn_arch.devices import Block, Bridge, Console, Device, Lpc, Net, PortType
from acrn_arch.errors import DocumentError
from acrn_arch.sandbox import Drive, Sandbox, Socket, Step

_INT64 = (-(1 << 63), (1 << 63) - 1)
_UINT32 = (0, (1 << 32) - 1)
_UINT64 = (0, (1 << 64) - 1)

_SHOWN = 60
"""Characters of a wrong value that an error shows."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Table:
    """The fields at ``path`` of a document. Every reader raises DocumentError."""

    fields: Mapping[str, object]
    path: str = ""
    strict: bool = False

    def at(self, name: str) -> str:
        """Return the path to a field."""
        return f"{self.path}.{name}" if self.path else name

    def only(self, *names: str) -> None:
        """Refuse, when strict, a field that is not one of ``names``."""
        unknown = [name for name in self.fields if name not in names] if self.strict else []
        if unknown:
            known = ", ".join(names)
            raise DocumentError(self.at(unknown[0]), f"unknown field; known here: {known}")

    def text(self, name: str) -> str:
        """Read a string."""
        value = self.fields.get(name)
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        raise _wrong(self.at(name), "a string", value)

    def boolean(self, name: str) -> bool:
        """Read true or false."""
        value = self.fields.get(name)
        if isinstance(value, bool):
            return value
        if value is None:
            return False
        raise _wrong(self.at(name), "true or false", value)

    def integer(self, name: str, bounds: tuple[int, int] = _INT64) -> int:
        """Read an integer within ``bounds``, both included."""
        return _integer(self.fields.get(name), self.at(name), bounds)

    def integers(self, name: str) -> tuple[int, ...]:
        """Read an array of integers."""
        return tuple(_integer(value, path, _INT64) for value, path in self._items(name))

    def table(self, name: str) -> "Table":
        """Read an object."""
        return self._table(self.fields.get(name), self.at(name))

    def tables(self, name: str, read: Callable[["Table"], _T]) -> tuple[_T, ...]:
        """Read an array of objects with ``read``."""
        return tuple(read(self._table(value, path)) for value, path in self._items(name))

    def params(self, name: str) -> tuple[Param, ...]:
        """Read an array of ``[key, value]`` pairs."""
        return tuple(_param(value, path) for value, path in self._items(name))

    def _table(self, value: object, path: str) -> "Table":
        if value is None:
            return Table({}, path, self.strict)
        if isinstance(value, dict):
            return Table(value, path, self.strict)
        raise _wrong(path, "an object", value)

    def _items(self, name: str) -> list[tuple[object, str]]:
        value = self.fields.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            path = self.at(name)
            return [(item, f"{path}[{position}]") for position, item in enumerate(value)]
        raise _wrong(self.at(name), "an array", value)


def config(table: Table) -> Config:
    """Read a ``config`` table."""
    table.only("path", "ctl_path", "name", "uuid", "acpi_virt", "memory", "kernel", "devices")
    memory, kernel = table.table("memory"), table.table("kernel")
    memory.only("size")
    kernel.only("path", "image_path", "params")
    return Config(
        path=table.text("path"),
        ctl_path=table.text("ctl_path"),
        name=table.text("name"),
        uuid=table.text("uuid"),
        acpi_virt=table.boolean("acpi_virt"),
        memory=Memory(memory.text("size")),
        kernel=Kernel(kernel.text("path"), kernel.text("image_path"), kernel.text("params")),
        devices=table.tables("devices", device),
    )


def sandbox(table: Table) -> Sandbox:
    """Read a ``sandbox`` table."""
    table.only(
        "id",
        "uuid",
        "memory_mb",
        "debug",
        "max_vcpus",
        "kernel_path",
        "image_path",
        "kernel_params",
        "console_path",
        "steps",
    )
    return Sandbox(
        id=table.text("id"),
        uuid=table.text("uuid"),
        memory_mb=table.integer("memory_mb", _UINT64),
        debug=table.boolean("debug"),
        max_vcpus=table.integer("max_vcpus", _UINT32),
        kernel_path=table.text("kernel_path"),
        image_path=table.text("image_path"),
        kernel_params=table.params("kernel_params"),
        console_path=table.text("console_path"),
        steps=table.tables("steps", step),
    )


def device(table: Table) -> Device:
    """Read one device by its ``kind``."""
    match table.text("kind"):
        case "console":
            table.only("kind", "name", "backend", "port_type", "path")
            return Console(
                table.text("name"), table.text("backend"), _port_type(table), table.text("path")
            )
        case "net":
            table.only("kind", "net_type", "if_name", "mac_address")
            return Net(table.text("net_type"), table.text("if_name"), table.text("mac_address"))
        case "block":
            table.only("kind", "file_path", "index")
            return Block(table.text("file_path"), _index(table, "file_path"))
        case "bridge":
            table.only("kind", "function", "emul", "config")
            return Bridge(table.integer("function"), table.text("emul"), table.text("config"))
        case "lpc":
            table.only("kind", "function", "emul")
            return Lpc(table.integer("function"), table.text("emul"))
        case kind:
            raise DocumentError(
                table.at("kind"),
                f"{_shown(kind)} is no device; use console, net, block, bridge or lpc",
            )


def step(table: Table) -> Step:
    """Read one step of a sandbox by what it appends."""
    match table.text("append"):
        case "socket":
            table.only("append", "name", "host_path")
            return Socket(table.text("name"), table.text("host_path"))
        case "network":
            return endpoint(table)
        case "block_device":
            table.only("append", "file", "index")
            return Drive(table.text("file"), _index(table, "file"))
        case append:
            raise DocumentError(
                table.at("append"),
                f"{_shown(append)} is no step; use socket, network or block_device",
            )


def endpoint(table: Table) -> Endpoint:
    """Read a network endpoint; an unsupported one is legal."""
    table.only("append", "endpoint", "model", "if_name", "hard_addr")
    return Endpoint(
        table.text("endpoint"), table.text("model"), table.text("if_name"), table.text("hard_addr")
    )


def _index(table: Table, file: str) -> int:
    """Refuse a negative index where it would be refused later, while its path is known."""
    index = table.integer("index")
    if index < 0 and table.strict and table.text(file):
        raise DocumentError(table.at("index"), f"{index} is negative; give an index from 0 up")
    return index


def _port_type(table: Table) -> PortType:
    value = table.text("port_type") or "serial"
    try:
        return PortType(value)
    except ValueError:
        raise DocumentError(
            table.at("port_type"), f"{_shown(value)} is no port type; use console, serial or other"
        ) from None


def _integer(value: object, path: str, bounds: tuple[int, int]) -> int:
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(path, "an integer", value)
    low, high = bounds
    if not low <= value <= high:
        raise DocumentError(path, f"{value} is out of range; give {low} to {high}")
    return value


def _param(value: object, path: str) -> Param:
    match value:
        case [str() as key, str() as text]:
            return Param(key, text)
        case _:
            raise _wrong(path, "a [key, value] pair of strings", value)


def _wrong(path: str, wanted: str, value: object) -> DocumentError:
    return DocumentError(path, f"expected {wanted}, found {_shown(value)}")


def _shown(value: object) -> str:
    names = {bool: "a boolean", dict: "an object", list: "an array", type(None): "nothing"}
    text = names.get(type(value)) or ascii(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
