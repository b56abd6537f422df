"""Hypothesis strategies for requests: well-formed, nearly well-formed in what they say, hostile.

Needs the extra ``fuzz``. Every request is legal on the wire, and its integers are within 2^53.
Which fields there are, and of which type, the wire's types say; here stands what to put into them.
"""

from collections.abc import Iterable, Mapping
from types import UnionType
from typing import get_args, get_origin

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

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

_texts = st.one_of(
    st.sampled_from(texts.TELLING),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
_paths = st.one_of(st.sampled_from(("/a", "/b,c", "nodisk", "/run/x=y", "-s")), _texts)
_macs = st.one_of(st.sampled_from(("02:00:00:00:00:0A", "")), _texts)
_indices = st.one_of(
    st.integers(0, 10), st.sampled_from((-1, 15, 16, 31, 32, 100, 255, 256, (1 << 53) - 1))
)
_memories = st.one_of(
    st.sampled_from((0, 1, 1023, 1024, 2048, (1 << 31), (1 << 32), (1 << 53) - 1)),
    st.integers(0, (1 << 53) - 1),
)
_stored = st.one_of(
    st.integers(-3, 6).map(str),
    st.sampled_from((str((1 << 63) - 1), str(1 << 63), str(-(1 << 63)), "+1", "00", "-0", "")),
    _texts,
)
_pairs = st.lists(
    st.one_of(_texts, st.sampled_from(("quiet", "panic", "root"))), min_size=2, max_size=2
)


def by_method(dialect: Dialect) -> dict[str, SearchStrategy[Request]]:
    """Return a strategy for each method whose answer depends on what is asked."""
    drawing = _Drawing(dialect)
    return {
        method.name: st.builds(Request, st.just(method.name), drawing.objects(method.params))
        for method in dialect.methods
        if method.asks
    }


class _Drawing:
    """Draws what a dialect's types describe."""

    def __init__(self, dialect: Dialect) -> None:
        self._kinds = frozenset(dialect.devices)
        self._samples = st.sampled_from(sample_devices(dialect))
        self._device = st.one_of(self._samples, self._any_of(dialect.devices))

    def objects(self, kind: type[msgspec.Struct]) -> SearchStrategy[Fields]:
        """Return a strategy for the JSON objects of a type."""
        tag = {name: st.just(value) for name, value in field_types.tag_of(kind).items()}
        fields = {field.name: self._field(kind, field) for field in msgspec.structs.fields(kind)}
        return st.fixed_dictionaries({**tag, **fields})

    def _field(
        self, owner: type[msgspec.Struct], field: msgspec.structs.FieldInfo
    ) -> SearchStrategy[object]:
        if field.name == "devices":
            # What is appended to is beside the point; of a configuration devices are the point.
            alone = "steps" not in owner.__struct_fields__
            return self._many_devices() if alone else st.lists(self._device, max_size=3)
        special = _OF_ONE.get((owner, field.name), _BY_NAME.get(field.name))
        return self._values(field.type) if special is None else special

    def _values(self, kind: object) -> SearchStrategy[object]:
        """Return a strategy for the values of a type."""
        of = field_types.bare(kind)
        words = field_types.words(kind)
        if words.known:
            return st.sampled_from(words.known) if words.closed else _near(*words.known)
        if kind == field_types.Pair:
            return _pairs
        if isinstance(of, UnionType):
            return self._device if set(get_args(of)) == self._kinds else self._any_of(get_args(of))
        if get_origin(of) is tuple:
            size = field_types.length(kind)
            items = self._values(get_args(of)[0])
            return st.lists(items, min_size=size or 0, max_size=size or 4)
        if isinstance(of, type) and issubclass(of, msgspec.Struct):
            return self.objects(of)
        return _PLAIN[of]

    def _any_of(self, kinds: Iterable[type[msgspec.Struct]]) -> SearchStrategy[Fields]:
        return st.one_of([self.objects(kind) for kind in kinds])

    def _many_devices(self) -> SearchStrategy[object]:
        """Draw short lists mostly; one in a few goes beyond the last slot, of samples for speed."""
        short = st.lists(self._device, max_size=5)
        filled = st.builds(
            lambda filling, size, tail: [*[filling] * size, *tail],
            self._samples,
            st.integers(6, 36),
            st.lists(self._device, max_size=4),
        )
        return st.one_of(short, short, filled, st.lists(self._samples, min_size=8, max_size=40))


def _near(*right: str) -> SearchStrategy[str]:
    """Give right words often, then what is nearly one, then anything."""
    wrong = [form for word in right for form in (word.upper(), f"{word} ", f" {word}", word[:-1])]
    return st.one_of(st.sampled_from(right), st.sampled_from(wrong), _texts)


_PLAIN: Mapping[object, SearchStrategy[object]] = {
    str: _texts,
    bool: st.booleans(),
    int: _indices,
}

_BY_NAME: Mapping[str, SearchStrategy[object]] = {
    **dict.fromkeys(("path", "file", "file_path", "host_path", "if_name"), _paths),
    **dict.fromkeys(("image_path", "kernel_path", "console_path"), _paths),
    **dict.fromkeys(("mac_address", "hard_addr"), _macs),
    "function": st.one_of(st.integers(0, 8), st.sampled_from((-1, 255, 256))),
    "memory_mb": _memories,
    "max_vcpus": st.one_of(st.integers(0, 9), st.just((1 << 32) - 1)),
    "context_id": st.one_of(
        st.integers(0, 5), st.integers((1 << 32) - 3, (1 << 32) + 1), st.just((1 << 53) - 1)
    ),
    "apic_id": st.one_of(st.sampled_from(("0", "0,2", "")), _texts),
    "slot": st.one_of(st.integers(0, 33), _indices),
    "block_slots": st.lists(st.integers(0, 40), min_size=9, max_size=9),
}

_OF_ONE: Mapping[tuple[type[msgspec.Struct], str], SearchStrategy[object]] = {
    (step_types.Image, "path"): st.sampled_from(("/dev/null", "/", "/nonexistent", "")),
    (kata_3_methods.NextApicIdParams, "apic_ids"): st.lists(_texts, max_size=5),
    (kata_3_methods.NextApicIdParams, "stored"): st.one_of(st.none(), _stored),
    (kata_3_methods.StoredIndex, "stored"): _stored,
    (kata_3_methods.SandboxArgvParams, "id"): st.one_of(st.text("ab", max_size=12), _texts),
}
"""Fields that need something of their own; an image's path names what no machine lacks or has."""
