"""Choosing cases by id and level."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import msgspec

from acrn_conformance.cases.case import Case, Level


class SelectionError(ValueError):
    """A choice that leaves nothing to judge."""


class Selection(msgspec.Struct, frozen=True):
    """Globs on ids and levels; an empty ``select`` or ``levels`` takes all."""

    select: tuple[str, ...] = ()
    deselect: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()

    def of(self, cases: Iterable[Case]) -> tuple[Case, ...]:
        """Return the chosen cases.

        Raises SelectionError where none is left, or a glob matches no case at all.
        """
        known = tuple(cases)
        for glob in (*self.select, *self.deselect):
            if not any(fnmatchcase(case.id, glob) for case in known):
                raise SelectionError(
                    f"no case matches {glob!a}; acrn-conformance list shows the ids"
                )
        chosen = tuple(case for case in known if self._takes(case))
        if not chosen:
            raise SelectionError("no case is left by this selection; select more, or deselect less")
        return chosen

    def _takes(self, case: Case) -> bool:
        return (
            (not self.select or _matches(case.id, self.select))
            and not (self.deselect and _matches(case.id, self.deselect))
            and (not self.levels or case.level in self.levels)
        )


def _matches(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)
