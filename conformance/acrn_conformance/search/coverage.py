"""How much a search has covered: the kinds of devices side by side, and boundaries met."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from acrn_conformance.cases import Dialect, Request, field_types, given_devices, text
from acrn_conformance.invariants import is_valid

_OF_DEVICES = (
    *("no device", "32 valid devices", "33 or more", "an invalid device where slot 2 would be"),
    *("block index 8", "block index 9 or more", "two disks with one index", "a disk on slot 0"),
)
_OF_TEXTS = ("a comma in a text", "a text of 1,000 or more", "a control character", "no ASCII")

BOUNDARIES = (*_OF_DEVICES, *_OF_TEXTS)
"""The boundaries that a summary lists, met or not."""

_CONTROL = re.compile(r"[\x00-\x1f]")
_SLOTS = 32
_LONG = 1000


@dataclass
class Coverage:
    """The requests of a search in a dialect, counted as it goes; what they met is looked for once.

    To look in each request for what has long been met would take as long as to judge it.
    """

    dialect: Dialect
    requests: Counter[str] = field(default_factory=Counter)
    neighbours: set[tuple[str, str]] = field(default_factory=set)
    met: set[str] = field(default_factory=set)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of devices that there are."""
        return tuple(field_types.tag_of(kind)["kind"] for kind in self.dialect.devices)

    @property
    def judged(self) -> int:
        """Return how many requests have been judged."""
        return self.requests.total()

    def add(self, request: Request) -> None:
        """Count what has been judged."""
        self.requests[request.method] += 1
        if not self.met.issuperset(_OF_TEXTS):
            self.met.update(_of_texts(request))
        if request.method == "argv":
            if not self.met.issuperset(_OF_DEVICES):
                self.met.update(_of_devices(self.dialect, request))
            if len(self.neighbours) < len(self.kinds) ** 2:
                self.neighbours.update(_pairs(self.dialect, request))


def _pairs(dialect: Dialect, request: Request) -> Iterator[tuple[str, str]]:
    """Yield the kinds of neighbouring valid devices."""
    kinds = [text(d, "kind") for d in given_devices(request) if is_valid(dialect, d)]
    yield from pairwise(kinds)


def _of_texts(request: Request) -> Iterator[str]:
    texts = list(_texts(request.params))
    joined = "".join(texts)
    if "," in joined:
        yield "a comma in a text"
    if len(joined) >= _LONG and max(map(len, texts)) >= _LONG:
        yield "a text of 1,000 or more"
    if _CONTROL.search(joined):
        yield "a control character"
    if not joined.isascii():
        yield "no ASCII"


def _of_devices(dialect: Dialect, request: Request) -> Iterator[str]:
    devices = given_devices(request)
    valid = [device for device in devices if is_valid(dialect, device)]
    disks = [device for device in valid if device.get("kind") == "block"]
    indices = [index for device in disks if isinstance(index := device.get("index", 0), int)]
    if not devices:
        yield "no device"
    if len(valid) == _SLOTS:
        yield "32 valid devices"
    if len(valid) > _SLOTS:
        yield "33 or more"
    there = devices[dialect.reserved_slot : dialect.reserved_slot + 1]
    if there and not is_valid(dialect, there[0]):
        yield "an invalid device where slot 2 would be"
    if dialect.pool_size in indices:
        yield "block index 8"
    if any(index > dialect.pool_size for index in indices):
        yield "block index 9 or more"
    if len(set(indices)) < len(indices):
        yield "two disks with one index"
    if disks and valid[0] is disks[0]:
        yield "a disk on slot 0"


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
