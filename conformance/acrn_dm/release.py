"""The twelve releases, and how a table says from when to when something holds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeVar

RELEASES: Final = (
    "v1.0",
    "v1.2",
    "v1.4",
    "v1.6",
    "v2.0",
    "v2.3",
    "v2.5",
    "v2.7",
    "v3.0",
    "v3.1",
    "v3.2",
    "v3.3",
)
"""The acrn-dm releases whose verdicts were recorded, oldest first."""

Releases = frozenset[str]
"""The releases in which something holds."""

ALL: Final[Releases] = frozenset(RELEASES)
NEVER: Final[Releases] = frozenset()

_T = TypeVar("_T")


class UnknownReleaseError(ValueError):
    """A release that is none of the twelve."""

    def __init__(self, release: str) -> None:
        super().__init__(f"{release!r} is no known acrn-dm release; choose from {list(RELEASES)}")


def known(release: str) -> str:
    """Return the release itself. Raises UnknownReleaseError."""
    if release not in ALL:
        raise UnknownReleaseError(release)
    return release


def since(first: str) -> Releases:
    """Return ``first`` and all later releases."""
    return frozenset(RELEASES[RELEASES.index(first) :])


def before(end: str) -> Releases:
    """Return all releases older than ``end``."""
    return ALL - since(end)


def during(first: str, end: str) -> Releases:
    """Return ``first`` and what followed until before ``end``."""
    return since(first) & before(end)


def timeline(steps: Mapping[str, _T]) -> Mapping[str, _T]:
    """Return the value for every release from those of the releases in which it changed.

    The first step must be the oldest release.
    """
    values: dict[str, _T] = {}
    current = steps[RELEASES[0]]
    for release in RELEASES:
        current = steps.get(release, current)
        values[release] = current
    return MappingProxyType(values)
