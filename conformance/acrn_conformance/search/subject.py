"""What a search is of: an implementation, and what of it is asked."""

from collections.abc import Callable
from typing import NamedTuple

from acrn_conformance.cases import Dialect
from acrn_conformance.implementation import Settings


class Subject(NamedTuple):
    """An implementation in its dialect; only ``methods`` of it are asked.

    ``tick`` is called at least every second while it is.
    """

    settings: Settings
    dialect: Dialect
    methods: frozenset[str]
    tick: Callable[[], None] = lambda: None
