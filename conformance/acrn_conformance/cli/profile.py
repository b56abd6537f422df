"""Whose argv it is that lint looks at, shared by the commands that lint."""

from collections.abc import Sequence
from enum import StrEnum

from acrn_cmdline.lint import RULES, Rule


class Profile(StrEnum):
    """Whose argv it is: one that the arch layer of kata must have built, or anybody's."""

    KATA = "kata"
    ACRN = "acrn"


def rules(profile: Profile) -> Sequence[Rule]:
    """Return the rules of a profile."""
    if profile is Profile.ACRN:
        return RULES
    from acrn_conformance.invariants import kata_lint  # noqa: PLC0415 - nobody else pays for it

    return (*RULES, *kata_lint.RULES)
