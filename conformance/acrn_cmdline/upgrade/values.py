"""An upgrade as values: what was changed and why, what is lost, what is still in the way."""

from typing import NamedTuple, Self

from acrn_cmdline.lint import Finding
from acrn_cmdline.source import Argv, Place


class Carried(NamedTuple):
    """A value that a change took over behind a key, and the words and places of its tokens."""

    key: str
    value: str
    words: tuple[str, ...]
    places: tuple[Place | None, ...]


class Change(NamedTuple):
    """Tokens that others took the place of; none before is something new, none after a removal.

    ``places`` has one for each token before, None where one stands nowhere. ``reasons`` are what
    was done and what for, ``facts`` what the releases do, one for each reason. In tokens ``$name``
    is not known. ``carried`` is what ``after`` has of other tokens.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    places: tuple[Place | None, ...]
    reasons: tuple[str, ...]
    facts: tuple[str, ...]
    carried: Carried | None = None

    def followed(self, later: Self) -> Self:
        """Return what this change and a later one of the same tokens are together."""
        reasons, facts = self.reasons + later.reasons, self.facts + later.facts
        carried = later.carried or self.carried
        return later._replace(before=self.before, reasons=reasons, facts=facts, carried=carried)


class Upgrade(NamedTuple):
    """An argv as ``source`` took it, rewritten for ``target``.

    ``lost`` are things that the source did and the target cannot, a sentence each. ``blockers``
    are findings of the release that each names: why the source does not take the argv as given, or
    what is refused or of no effect in the target, and was not before. ``refusals`` are the rules by
    which the source refuses the argv as given, those among them that an upgrade puts right.
    """

    source: str
    target: str
    given: Argv
    argv: Argv
    changes: tuple[Change, ...] = ()
    lost: tuple[str, ...] = ()
    blockers: tuple[Finding, ...] = ()
    refusals: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether the target takes the argv, and does with it what it can of what it did."""
        return not self.blockers
