"""How a table says from when to when something holds: by ACRN's own tags."""

from collections.abc import Mapping
from typing import Final, TypeVar

from acrn_dm.alike import Releases, Timeline
from acrn_dm.release import RECORDED, RELEASES, TAGS

_T = TypeVar("_T")

_ORDER: Final = tuple(TAGS)

ALL: Final = Releases(RELEASES)
NEVER: Final = Releases()


class UndatedError(ValueError):
    """A fact that is dated by something that is no tag of ACRN."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"{tag!r} is no tag of ACRN; choose from {list(_ORDER)}")


def since(first: str) -> Releases:
    """Return the recorded releases from the tag ``first`` on. Raises UndatedError.

    It extends to every later row of the table, also to those that are still to come: the
    recording of a new release shows which facts it ends.
    """
    return Releases(tag for tag in _ORDER[_place(first) :] if TAGS[tag] is RECORDED)


def before(end: str) -> Releases:
    """Return all recorded releases older than the tag ``end``. Raises UndatedError."""
    return Releases(ALL - since(end))


def during(first: str, end: str) -> Releases:
    """Return the recorded releases from ``first`` until before ``end``. Raises UndatedError."""
    return Releases(since(first) & before(end))


def timeline(steps: Mapping[str, _T]) -> Timeline[_T]:
    """Return the value for every recorded release from those of the tags at which it changed.

    The first step must be the oldest tag. Raises UndatedError.
    """
    for tag in steps:
        _place(tag)
    values: dict[str, _T] = {}
    current = steps[_ORDER[0]]
    for tag in _ORDER:
        current = steps.get(tag, current)
        if tag in ALL:
            values[tag] = current
    return Timeline(values)


def _place(tag: str) -> int:
    if tag not in TAGS:
        raise UndatedError(tag)
    return _ORDER.index(tag)
