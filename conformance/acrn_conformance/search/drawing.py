"""Requests drawn at random: well-formed, nearly well-formed in what they say, hostile.

Every request is legal on the wire, and its integers are within 2^53. Which fields there are, and of
which type, the wire's types say; here stands what to put into them. All chance is a
``random.Random``: seeded, it draws the same once more. Rejected: Hypothesis' strategies, which are
a hundredth as fast; tests let it give the ``Random`` (`st.randoms`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from random import Random
from types import UnionType
from typing import TypeVar, get_args, get_origin

import msgspec

from acrn_conformance.cases import (
    Dialect,
    Fields,
    Request,
    field_types,
    kata_3_methods,
    step_types,
    texts,
)
from acrn_conformance.search.sample_devices import sample_devices

_T = TypeVar("_T")

Draw = Callable[[Random], _T]
"""Draws a value."""

_LONG = 128
"""Characters of a text that is drawn rarely: one of thousands, in each of thirty devices, takes as
long as a hundred other requests."""

_WEIGHTS = {"argv": 6, "sandbox_argv": 3, "append_devices": 2}
"""How often a method is drawn, where that is not once."""


def seeded(seed: int, number: int) -> Random:
    """Return the chance of the ``number``-th round of a search, which no other round has."""
    return Random(f"{seed}/{number}")  # noqa: S311 - it is to be had once more


class Drawing:
    """Draws requests of some of a dialect's methods, those whose answer depends on what is asked.

    ``methods``: their names; None for all.
    """

    def __init__(self, dialect: Dialect, methods: Collection[str] | None = None) -> None:
        """Prepare how to draw each."""
        self._kinds = frozenset(dialect.devices)
        self._samples = _sampled(sample_devices(dialect))
        self._device = _one_of(self._samples, self._any_of(dialect.devices))
        self._requests = [
            (method.name, params)
            for method in dialect.methods
            if method.asks and (methods is None or method.name in methods)
            for params in [self._objects(method.params)] * _WEIGHTS.get(method.name, 1)
        ]

    def request(self, random: Random) -> Request:
        """Draw a request."""
        method, params = random.choice(self._requests)
        return Request(method, params(random))

    def _objects(self, kind: type[msgspec.Struct]) -> Draw[dict[str, object]]:
        """Return how to draw the JSON objects of a type."""
        tag = field_types.tag_of(kind)
        fields = [(each.name, self._field(kind, each)) for each in msgspec.structs.fields(kind)]
        return lambda random: {**tag, **{name: draw(random) for name, draw in fields}}

    def _field(self, owner: type[msgspec.Struct], field: msgspec.structs.FieldInfo) -> Draw[object]:
        if field.name == "devices":
            # What is appended to is beside the point; of a configuration devices are the point.
            alone = "steps" not in owner.__struct_fields__
            return self._many_devices() if alone else _lists(self._device, 0, 3)
        special = _OF_ONE.get((owner, field.name), _BY_NAME.get(field.name))
        return self._values(field.type) if special is None else special

    def _values(self, kind: object) -> Draw[object]:
        """Return how to draw the values of a type."""
        of = field_types.bare(kind)
        words = field_types.words(kind)
        if words.known:
            return _sampled(words.known) if words.closed else _near(words.known)
        if kind == field_types.Pair:
            return _PAIR
        if isinstance(of, UnionType):
            return self._device if set(get_args(of)) == self._kinds else self._any_of(get_args(of))
        if get_origin(of) is tuple:
            size = field_types.length(kind)
            return _lists(self._values(get_args(of)[0]), size or 0, size or 4)
        if isinstance(of, type) and issubclass(of, msgspec.Struct):
            return self._objects(of)
        return _PLAIN[of]

    def _any_of(self, kinds: Iterable[type[msgspec.Struct]]) -> Draw[Fields]:
        return _one_of(*[self._objects(kind) for kind in kinds])

    def _many_devices(self) -> Draw[list[Fields]]:
        """Draw short lists mostly; one in some goes beyond the last slot."""
        short, tail = _lists(self._device, 0, 5), _lists(self._device, 0, 4)

        def filled(random: Random) -> list[Fields]:
            return [*[self._samples(random)] * random.randint(6, 36), *tail(random)]

        return _one_of(short, short, short, filled, _lists(self._samples, 8, 40))


# How to draw, put together of smaller ones.


def _sampled(values: Sequence[_T]) -> Draw[_T]:
    return lambda random: random.choice(values)


def _integers(least: int, greatest: int) -> Draw[int]:
    return lambda random: random.randint(least, greatest)


def _one_of(*draws: Draw[_T]) -> Draw[_T]:
    return lambda random: random.choice(draws)(random)


def _lists(draw: Draw[_T], least: int, most: int) -> Draw[list[_T]]:
    return lambda random: [draw(random) for _ in range(random.randint(least, most))]


def _text(random: Random) -> str:
    """Draw a text of any characters; a surrogate is none."""
    planes = random.choices(_PLANES, k=random.randint(0, 12))
    return "".join([chr(random.randint(first, last)) for first, last in planes])


def _near(right: Sequence[str]) -> Draw[str]:
    """Give right words often, then what is nearly one, then anything."""
    wrong = [form for word in right for form in (word.upper(), f"{word} ", f" {word}", word[:-1])]
    return _one_of(_sampled(right), _sampled(right), _sampled(wrong), _TEXTS)


_PLANES = ((0x20, 0x7E), (0x20, 0x7E), (0, 0xFF), (0x100, 0xD7FF), (0xE000, 0x10FFFF))
_SHORT = tuple(text for text in texts.TELLING if len(text) <= _LONG)
_TEXTS = _one_of(*[_sampled(_SHORT), _text] * 7, _sampled(texts.TELLING))
_PATHS = _one_of(
    # A comma ends an option of acrn-dm's, so that many mistakes are met in such a path alone.
    _sampled(("/a", "/b,c")),
    _sampled(("/a", "/b,c", "nodisk", "/run/x=y", "-s")),
    _TEXTS,
)
_MACS = _one_of(_sampled(("02:00:00:00:00:0A", "")), _TEXTS)
_INDICES = _one_of(_integers(0, 10), _sampled((-1, 15, 16, 31, 32, 100, 255, 256, (1 << 53) - 1)))
_MEMORIES = _one_of(
    _sampled((0, 1, 1023, 1024, 2048, (1 << 31), (1 << 32), (1 << 53) - 1)),
    _integers(0, (1 << 53) - 1),
)
_STORED = _one_of(
    _sampled([str(number) for number in range(-3, 7)]),
    _sampled((str((1 << 63) - 1), str(1 << 63), str(-(1 << 63)), "+1", "00", "-0", "")),
    _TEXTS,
)
_PAIR = _lists(_one_of(_TEXTS, _sampled(("quiet", "panic", "root")), _sampled(("",))), 2, 2)

_PLAIN: Mapping[object, Draw[object]] = {
    str: _TEXTS,
    bool: _sampled((False, True)),
    int: _INDICES,
}

_BY_NAME: Mapping[str, Draw[object]] = {
    **dict.fromkeys(("path", "file", "file_path", "host_path", "if_name"), _PATHS),
    **dict.fromkeys(("image_path", "kernel_path", "console_path"), _PATHS),
    **dict.fromkeys(("mac_address", "hard_addr"), _MACS),
    "function": _one_of(_integers(0, 8), _sampled((-1, 255, 256))),
    "memory_mb": _MEMORIES,
    "max_vcpus": _one_of(_integers(0, 9), _sampled(((1 << 32) - 1,))),
    "context_id": _one_of(
        _integers(0, 5), _integers((1 << 32) - 3, (1 << 32) + 1), _sampled(((1 << 53) - 1,))
    ),
    "apic_id": _one_of(_sampled(("0", "0,2", "")), _TEXTS),
    "slot": _one_of(_integers(0, 33), _INDICES),
    "block_slots": _lists(_integers(0, 40), 9, 9),
}

_OF_ONE: Mapping[tuple[type[msgspec.Struct], str], Draw[object]] = {
    (step_types.Image, "path"): _sampled(("/dev/null", "/", "/nonexistent", "")),
    (kata_3_methods.NextApicIdParams, "apic_ids"): _lists(_TEXTS, 0, 5),
    (kata_3_methods.NextApicIdParams, "stored"): _one_of(_sampled((None,)), _STORED),
    (kata_3_methods.StoredIndex, "stored"): _STORED,
    (kata_3_methods.SandboxArgvParams, "id"): _one_of(
        lambda random: "".join(random.choices("ab", k=random.randint(0, 12))), _TEXTS
    ),
}
"""Fields that need something of their own; an image's path names what no machine lacks or has."""
