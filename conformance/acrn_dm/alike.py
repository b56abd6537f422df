"""Facts that hold in some releases, and who of these has had the same answers so far.

Some twenty releases read most argvs in a handful of ways. A reading asks the tables in the name
of one release, and learns for which others it would have been the same: those need none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, Self, TypeVar

from acrn_dm.release import RELEASES, stands_for

_T = TypeVar("_T")

_BITS: Final[Mapping[str, int]] = MappingProxyType(
    {name: 1 << n for n, name in enumerate(RELEASES)}
)
_EVERY: Final = (1 << len(RELEASES)) - 1


class Asked(str):
    """A release in whose name the tables are asked.

    Each answer parts it from the releases that have another. It has no hash, so that no set or
    dict can be asked that would not part them.
    """

    __slots__ = ("bit", "same")
    __hash__ = None  # type: ignore[assignment]  # a str that is no key, on purpose

    bit: int
    same: int
    """A bit for each release that has had the same answers so far."""

    def __new__(cls, name: str) -> Self:
        """Return the release that a name stands for, not asked yet. Raises UnknownReleaseError."""
        release = stands_for(name)
        self = super().__new__(cls, release)
        self.bit, self.same = _BITS[release], _EVERY
        return self

    def among(self, mask: int) -> bool:
        """Tell whether it is one of some releases, a bit for each."""
        there = bool(self.bit & mask)
        self.same &= mask if there else ~mask
        return there

    def alike(self, releases: Iterable[str]) -> tuple[str, ...]:
        """Return those of other recorded releases that have had the same answers so far."""
        return tuple(release for release in releases if self.same & _BITS[release])


class Releases(frozenset[str]):
    """The releases in which something holds."""

    __slots__ = ("_mask",)
    _mask: int

    def __new__(cls, releases: Iterable[str] = ()) -> Self:
        """Return a set of recorded releases."""
        self = super().__new__(cls, releases)
        self._mask = sum(_BITS[release] for release in self)
        return self

    # Asked some hundred times in each reading: `among`, without the call.
    def __contains__(self, release: object) -> bool:
        """Tell whether it holds in a release."""
        if not isinstance(release, Asked):
            return super().__contains__(release)
        if release.bit & self._mask:
            release.same &= self._mask
            return True
        release.same &= ~self._mask
        return False


class Timeline(Mapping[str, _T]):
    """A value for every recorded release; values can be hashed."""

    __slots__ = ("_parts",)

    def __init__(self, values: Mapping[str, _T]) -> None:
        """Take the value of each recorded release, oldest first."""
        masks: dict[_T, int] = {}
        for release in RELEASES:
            value = values[release]
            masks[value] = masks.get(value, 0) | _BITS[release]
        self._parts = tuple((mask, value) for value, mask in masks.items())

    def __getitem__(self, release: str) -> _T:
        """Return the value for a release. Raises KeyError for what is none."""
        asked = release if isinstance(release, Asked) else None
        bit = asked.bit if asked is not None else _BITS[release]
        for mask, value in self._parts:
            if bit & mask:
                if asked is not None:
                    asked.same &= mask
                return value
        raise KeyError(release)

    def passes(self, release: str, test: Callable[[_T], bool]) -> bool:
        """Tell whether the value for a release passes a test: other values that do part nobody."""
        if not isinstance(release, Asked):
            return test(self[release])
        return release.among(sum(mask for mask, value in self._parts if test(value)))

    def __iter__(self) -> Iterator[str]:
        """Yield the releases, oldest first."""
        return iter(RELEASES)

    def __len__(self) -> int:
        """Return the number of releases."""
        return len(RELEASES)
