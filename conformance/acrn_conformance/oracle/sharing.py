"""Answers to many requests that share their parts: a device, or a step, is read once.

A search arranges the same devices anew a hundred times, and reading them is most of an answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Self, TypeVar, cast

import msgspec

import acrn_arch
from acrn_arch import document
from acrn_arch.config import block_table, placed
from acrn_arch.devices import Device
from acrn_arch.document import Fields
from acrn_conformance.cases import Answer, Dialect, Request
from acrn_conformance.oracle.answers import Result, due, of_fields

_MOST = 4096
"""Parts that are remembered."""

_encode = msgspec.json.Encoder(order="sorted").encode

_T = TypeVar("_T")

_Known = dict[int, tuple[object, object]]
"""What was read, by the identity of the object that it was read of; that is kept, lest another
come to have its identity."""


class Answering:
    """Answers as `expected` does, to requests that nobody changes once they have been asked."""

    def __init__(self, dialect: Dialect) -> None:
        """Begin with nothing read."""
        self._dialect = dialect
        self._built = acrn_arch.DIALECTS[dialect.name]
        self._known: _Known = {}

    def expected(self, request: Request) -> Answer:
        """Return the answer that is due to a request. Raises MalformedError and KeyError."""
        if len(self._known) > _MOST:
            self._known.clear()
        return due(self._answer, request)

    def _answer(self, request: Request) -> Result:
        config = request.params.get("config")
        if isinstance(config, dict) and config.keys() == {"devices"}:
            fields = _ReadOnce.of(config, "config", self._built, self._known)
            return _of_devices(fields.each("devices", document.device))
        fields = _ReadOnce.of(request.params, "", self._built, self._known)
        return of_fields(self._dialect, request.method, fields)


def device_lists(
    dialect: Dialect, devices: Sequence[Mapping[str, object]]
) -> Callable[[Sequence[int]], bytes]:
    """Return a function from a list of positions in ``devices`` to the ``argv`` result, as JSON.

    The same as `answer` for a config with nothing but devices, each of which is read only once.
    """
    built = acrn_arch.DIALECTS[dialect.name]
    read = [document.device(Fields(device, dialect=built)) for device in devices]
    return lambda positions: _encode(_of_devices([read[position] for position in positions]))


def _of_devices(devices: Iterable[Device]) -> Result:
    """Answer ``argv`` where there is nothing but devices: the options need not be looked at."""
    on_slots = tuple(placed(devices))
    argv = [token for slot, device in on_slots for token in device.params(slot)]
    return {"argv": argv, "block_slots": list(block_table(on_slots).slots)}


class _ReadOnce(Fields):
    """Fields in which an object that stands in many requests is read once.

    It is read by one reader, whichever request it is of.
    """

    known: _Known

    @classmethod
    def of(
        cls, values: Mapping[str, object], path: str, dialect: acrn_arch.Dialect, known: _Known
    ) -> Self:
        """Return fields that add to what is known, and take from it."""
        found = cls(values, path, dialect=dialect)
        found.known = known
        return found

    def inner(self, name: str) -> Fields:
        """Read an object, whose fields are read once as well."""
        fields = super().inner(name)
        return _ReadOnce.of(fields.values, fields.path, self.dialect, self.known)

    def one(self, name: str, read: Callable[[Fields], _T]) -> _T:
        """Read an object with ``read``, one that is new."""
        item, known = self.values.get(name), self.known
        if not isinstance(item, dict):
            return super().one(name, read)
        if id(item) not in known:
            known[id(item)] = item, super().one(name, read)
        return cast("_T", known[id(item)][1])

    def each(self, name: str, read: Callable[[Fields], _T]) -> tuple[_T, ...]:
        """Read an array of objects, those that are new."""
        items, known = self.values.get(name), self.known
        if not isinstance(items, list):
            return super().each(name, read)
        for item in items:
            if id(item) not in known:
                alone = Fields({name: [item]}, self.path, self.strict, self.dialect)
                known[id(item)] = item, *alone.each(name, read)
        return cast("tuple[_T, ...]", tuple([known[id(item)][1] for item in items]))
