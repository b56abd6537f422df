"""Reading requests written in the wire's field names: from a VM description or from the wire.

`Fields` are one JSON object or TOML table that knows its path, so that every fault can say where
it is. Absent and null fields read as "", 0, false or empty; ``strict`` refuses unknown fields.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import ClassVar, NamedTuple, TypeVar, get_origin, get_type_hints

from acrn_arch.arch import Endpoint
from acrn_arch.config import Config, Kernel, Memory
from acrn_arch.devices import Block, Bridge, Console, Device, Lpc, PortType
from acrn_arch.dialect import KATA_1, Dialect
from acrn_arch.errors import DocumentError
from acrn_arch.kernel import Param
from acrn_arch.sandbox import (
    Bridges,
    ConsoleSocket,
    Drive,
    Image,
    LpcBus,
    Sandbox,
    SandboxStep,
    Socket,
    Step,
)

_SHOWN_BITS = 256
"""Of longer numbers the digits are left out: Python refuses to write thousands of them."""

_INT64 = (-(1 << 63), (1 << 63) - 1)
_UINT32 = (0, (1 << 32) - 1)
_UINT64 = (0, (1 << 64) - 1)
_BOUNDS = {"memory_mb": _UINT64, "max_vcpus": _UINT32, "context_id": _UINT64}

_SHOWN = 60
"""Characters of a wrong value that an error shows."""

_T = TypeVar("_T")


class Fields(NamedTuple):
    """The fields at ``path`` of a document in a dialect. Every reader raises DocumentError."""

    values: Mapping[str, object]
    path: str = ""
    strict: bool = False
    dialect: Dialect = KATA_1

    def at(self, name: str) -> str:
        """Return the path to a field."""
        return f"{self.path}.{name}" if self.path else name

    def only(self, *names: str) -> None:
        """Refuse, when strict, a field that is not one of ``names``."""
        unknown = [name for name in self.values if name not in names] if self.strict else []
        if unknown:
            known = ", ".join(names)
            raise DocumentError(self.at(unknown[0]), f"unknown field; known here: {known}")

    def text(self, name: str) -> str:
        """Read a string."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        raise _wrong(self.at(name), "a string", value)

    def boolean(self, name: str) -> bool:
        """Read true or false."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return value
        if value is None:
            return False
        raise _wrong(self.at(name), "true or false", value)

    def integer(self, name: str) -> int:
        """Read an integer that the field can hold."""
        value = self.values.get(name)
        if value is None:
            return 0
        return _integer(value, self.at(name), _BOUNDS.get(name, _INT64))

    def integers(self, name: str) -> tuple[int, ...]:
        """Read an array of integers."""
        return tuple(_integer(value, path, _INT64) for value, path in self._items(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """Read an array of strings."""
        return tuple(_text(value, path) for value, path in self._items(name))

    def inner(self, name: str) -> "Fields":
        """Read an object."""
        return self._inner(self.values.get(name), self.at(name))

    def one(self, name: str, read: Callable[["Fields"], _T]) -> _T:
        """Read an object with ``read``."""
        return read(self.inner(name))

    def each(self, name: str, read: Callable[["Fields"], _T]) -> tuple[_T, ...]:
        """Read an array of objects with ``read``."""
        return tuple(read(self._inner(value, path)) for value, path in self._items(name))

    def params(self, name: str) -> tuple[Param, ...]:
        """Read an array of ``[key, value]`` pairs."""
        return tuple(_param(value, path) for value, path in self._items(name))

    def _inner(self, value: object, path: str) -> "Fields":
        if value is None:
            return Fields({}, path, self.strict, self.dialect)
        if isinstance(value, dict):
            return Fields(value, path, self.strict, self.dialect)
        raise _wrong(path, "an object", value)

    def _items(self, name: str) -> list[tuple[object, str]]:
        value = self.values.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            path = self.at(name)
            return [(item, f"{path}[{position}]") for position, item in enumerate(value)]
        raise _wrong(self.at(name), "an array", value)


def config(fields: Fields) -> Config:
    """Read a configuration. Raises DocumentError, as all readers do."""
    return _read(fields, Config)


def sandbox(fields: Fields) -> Sandbox:
    """Read a sandbox."""
    return _read(fields, Sandbox)


def _memory(fields: Fields) -> Memory:
    return _read(fields, Memory)


def _kernel(fields: Fields) -> Kernel:
    return _read(fields, Kernel)


@cache
def kinds(dialect: Dialect) -> Mapping[str, type[Device]]:
    """Return the devices of a dialect by ``kind``."""
    return {
        "console": Console,
        "net": dialect.net,
        "block": Block,
        "bridge": Bridge,
        "lpc": Lpc,
        **({"vsock": dialect.vsock} if dialect.vsock else {}),
    }


def device(fields: Fields) -> Device:
    """Read one device by its ``kind``."""
    return _one_of(fields, "kind", kinds(fields.dialect), "device")


def sandbox_step(fields: Fields) -> SandboxStep:
    """Read one step of a sandbox by what it appends."""
    return _one_of(fields, "append", sandbox_steps(fields.dialect), "step")


def step(fields: Fields) -> Step:
    """Read one step of any kind by what it appends."""
    return _one_of(fields, "append", steps(fields.dialect), "step")


@cache
def sandbox_steps(dialect: Dialect) -> Mapping[str, type[SandboxStep]]:
    """Return the steps of a sandbox by what they ``append``."""
    newer = {"vsock": dialect.vsock} if dialect.vsock else {}
    return {"socket": Socket, "network": Endpoint, "block_device": Drive, **newer}


@cache
def steps(dialect: Dialect) -> Mapping[str, type[Step]]:
    """Return all steps by what they ``append``."""
    alone = {"bridges": Bridges, "lpc": LpcBus, "console": ConsoleSocket, "image": Image}
    return {**alone, **sandbox_steps(dialect)}


def _one_of(fields: Fields, tag: str, kinds: Mapping[str, type[_T]], what: str) -> _T:
    name = fields.text(tag)
    kind = kinds.get(name)
    if kind is None:
        *most, last = kinds
        use = f"use {', '.join(most)} or {last}"
        raise DocumentError(fields.at(tag), f"{_shown(name)} is no {what}; {use}")
    return _read(fields, kind, tag)


def _read(fields: Fields, kind: Callable[..., _T], *tag: str) -> _T:
    """Read a value whose fields are named as the attributes of its class."""
    readers = _readers(kind, fields.dialect)
    if fields.strict:
        fields.only(*tag, *(name for name, read in readers if read is not _nothing))
    value = kind(*[read(fields, name) for name, read in readers])
    if fields.strict:
        _check_index(fields, value)
    return value


@cache
def _readers(
    kind: object, dialect: Dialect
) -> tuple[tuple[str, Callable[[Fields, str], object]], ...]:
    return tuple(
        (name, _nothing if name in dialect.absent else _READERS[of])
        for name, of in get_type_hints(kind).items()
        if get_origin(of) is not ClassVar
    )


def _nothing(_: Fields, __: str) -> str:
    """Stand for a field that the dialect does not have."""
    return ""


def _check_index(fields: Fields, read: object) -> None:
    """Refuse a negative index where it would be refused later, while its path is known."""
    match read:
        case Block(file, index) | Drive(file, index) if file and index < 0:
            problem = f"{index} is negative; give an index from 0 up"
            raise DocumentError(fields.at("index"), problem)


def _text(value: object, path: str) -> str:
    if isinstance(value, str):
        return value
    raise _wrong(path, "a string", value)


def _port_type(fields: Fields, name: str) -> PortType:
    value = fields.text(name) or "serial"
    try:
        return PortType(value)
    except ValueError:
        raise DocumentError(
            fields.at(name), f"{_shown(value)} is no port type; use console, serial or other"
        ) from None


def _integer(value: object, path: str, bounds: tuple[int, int]) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(path, "an integer", value)
    low, high = bounds
    if not low <= value <= high:
        shown = value if value.bit_length() <= _SHOWN_BITS else "a number of very many digits"
        raise DocumentError(path, f"{shown} is out of range; give {low} to {high}")
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


_READERS: Mapping[object, Callable[[Fields, str], object]] = {
    str: Fields.text,
    bool: Fields.boolean,
    int: Fields.integer,
    PortType: _port_type,
    Memory: lambda fields, name: fields.one(name, _memory),
    Kernel: lambda fields, name: fields.one(name, _kernel),
    tuple[Device, ...]: lambda fields, name: fields.each(name, device),
    tuple[Param, ...]: Fields.params,
    tuple[SandboxStep, ...]: lambda fields, name: fields.each(name, sandbox_step),
}
"""A reader for each type of field, from the object and the field's name."""
