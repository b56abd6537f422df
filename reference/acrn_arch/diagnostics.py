"""Diagnostics: what is odd, and yet goes on as upstream does, is logged.

Who wants to see them adds a handler to logging's ``acrn_arch``; nobody else does.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging


def log() -> "logging.Logger":
    """Return where diagnostics go; the library comes with the first, for few requests have any."""
    import logging

    found = logging.getLogger(__package__)
    if not found.handlers:
        found.addHandler(logging.NullHandler())
    return found
