"""The files that options name: whether they can be written, and what is said where they cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acrn_base.text import visible

if TYPE_CHECKING:
    from pathlib import Path


class PlaceError(Exception):
    """A file that cannot be written; the text has the option, the reason and the remedy."""


def check(path: Path | None, option: str) -> None:
    """Raise PlaceError where nothing can be written, without a trace on the disk."""
    from acrn_base.files import check_place  # noqa: PLC0415 - only who asks for a file pays for it

    try:
        if path:
            check_place(path)
    except OSError as error:
        raise unwritable(path, option, error) from None


def unwritable(path: Path | None, option: str, error: OSError) -> PlaceError:
    """Return what is to be said of a file that could not be written."""
    return PlaceError(f"{option} {visible(str(path))}: {error.strerror}; name a file to write")
