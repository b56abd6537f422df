"""A quirk that people and the search meet alike: a text with a NUL."""

import msgspec

from acrn_conformance.cases.case import Answer


class Quirk(msgspec.Struct, frozen=True):
    """A rule under which further answers are as good, and the reason."""

    rule: str
    reason: str
    also_accepted: tuple[Answer, ...]


NUL = Quirk(
    rule="nul-in-text",
    reason="A NUL can reach no process, so a refusal is as good.",
    also_accepted=(Answer(refused=True),),
)
