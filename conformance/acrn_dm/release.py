"""The releases, and how a table says from when to when something holds: by ACRN's own tags."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeVar

RECORDED: Final = "recorded"

_TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "v1.0": RECORDED,
        "v1.0.1": "v1.0",
        "v1.0.2": "v1.0",
        "v1.1": RECORDED,
        "v1.2": RECORDED,
        "v1.3": RECORDED,
        "v1.4": RECORDED,
        "v1.5": RECORDED,
        "v1.5.1": "v1.5",
        "v1.6": RECORDED,
        "v1.6.1": RECORDED,
        "v2.0": RECORDED,
        "v2.1": RECORDED,
        "v2.2": RECORDED,
        "v2.3": RECORDED,
        "v2.3.1": "v2.3",
        "v2.3_anl": "v2.3",
        "v2.4": RECORDED,
        "v2.4.0.1": "v2.4",
        "v2.5": RECORDED,
        "v2.5.1": "v2.5",
        "v2.6": RECORDED,
        "v2.7": RECORDED,
        "v3.0": RECORDED,
        "v3.0.1": "v3.0",
        "v3.0.2": "v3.0",
        "v3.1": RECORDED,
        "v3.2": RECORDED,
        "v3.3": RECORDED,
        "acrn-2024w42.4": "master",
        "master": RECORDED,
    }
)
"""All tags of ACRN, oldest first: recorded, or the recorded release that stands for them.

A new release is one row here, and a recording.
"""

_ORDER: Final = tuple(_TAGS)

RELEASES: Final = tuple(tag for tag, stands in _TAGS.items() if stands is RECORDED)
"""The acrn-dm releases whose verdicts were recorded, oldest first."""

Releases = frozenset[str]
"""The releases in which something holds."""

ALL: Final[Releases] = frozenset(RELEASES)
NEVER: Final[Releases] = frozenset()

_T = TypeVar("_T")


LATEST: Final = next(tag for tag in reversed(RELEASES) if tag.startswith("v"))
"""The newest release that has a number."""


class UnknownReleaseError(ValueError):
    """A name that is no release of ACRN."""

    def __init__(self, release: str) -> None:
        super().__init__(f"{release!r} is no release of ACRN; choose from {', '.join(names())}")


class UndatedError(ValueError):
    """A fact that is dated by something that is no tag of ACRN."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"{tag!r} is no tag of ACRN; choose from {list(_ORDER)}")


def names() -> tuple[str, ...]:
    """Return all names that a release goes by, oldest first; the v may be left out."""
    return (*_ORDER, "latest")


def stands_for(name: str) -> str:
    """Return the recorded release that has the device model of a named one: ``2.5.1`` is v2.5.

    Raises UnknownReleaseError.
    """
    tag = LATEST if name == "latest" else name if name in _TAGS else f"v{name}"
    if tag not in _TAGS:
        raise UnknownReleaseError(name)
    stands = _TAGS[tag]
    return tag if stands is RECORDED else stands


def since(first: str) -> Releases:
    """Return the recorded releases from the tag ``first`` on. Raises UndatedError.

    It extends to every later row of the table, also to those that are still to come: the
    recording of a new release shows which facts it ends.
    """
    return frozenset(release for release in _ORDER[_place(first) :] if _TAGS[release] is RECORDED)


def before(end: str) -> Releases:
    """Return all recorded releases older than the tag ``end``. Raises UndatedError."""
    return ALL - since(end)


def during(first: str, end: str) -> Releases:
    """Return the recorded releases from ``first`` until before ``end``. Raises UndatedError."""
    return since(first) & before(end)


def timeline(steps: Mapping[str, _T]) -> Mapping[str, _T]:
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
    return MappingProxyType(values)


def _place(tag: str) -> int:
    if tag not in _TAGS:
        raise UndatedError(tag)
    return _ORDER.index(tag)
