"""The releases, by ACRN's own tags: those recorded, and those that one of these stands for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RECORDED: Final = "recorded"

TAGS: Final[Mapping[str, str]] = MappingProxyType(
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

RELEASES: Final = tuple(tag for tag, stands in TAGS.items() if stands is RECORDED)
"""The acrn-dm releases whose verdicts were recorded, oldest first."""

LATEST: Final = next(tag for tag in reversed(RELEASES) if tag.startswith("v"))
"""The newest release that has a number."""


class UnknownReleaseError(ValueError):
    """A name that is no release of ACRN."""

    def __init__(self, release: str) -> None:
        super().__init__(f"{release!r} is no release of ACRN; choose from {', '.join(names())}")


def names() -> tuple[str, ...]:
    """Return all names that a release goes by, oldest first; the v may be left out."""
    return (*TAGS, "latest")


def stands_for(name: str) -> str:
    """Return the recorded release that has the device model of a named one: ``2.5.1`` is v2.5.

    Raises UnknownReleaseError.
    """
    tag = LATEST if name == "latest" else name if name in TAGS else f"v{name}"
    if tag not in TAGS:
        raise UnknownReleaseError(name)
    stands = TAGS[tag]
    return tag if stands is RECORDED else stands
