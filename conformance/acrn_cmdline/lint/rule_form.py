"""The form of a rule: a function from what a release reads to the tokens that trip it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from acrn_cmdline.lint.finding import Severity
from acrn_dm import FaultKind, Reading


class Hit(NamedTuple):
    """Where a rule is tripped, and how it shows; the releases are found by asking each.

    ``fact`` takes the place of the rule's own where there is more to tell.
    """

    token: int | None
    message: str
    fact: str = ""


Check = Callable[[Reading], Iterator[Hit]]


class Rule(NamedTuple):
    """A rule with its stable id, the fact behind it and the remedy.

    ``contrast``: it speaks only where releases that it does not concern are asked for as well.
    """

    id: str
    severity: Severity
    fact: str
    remedy: str
    check: Check
    contrast: bool = False


def rule(
    name: str, severity: Severity, *, fact: str, remedy: str, contrast: bool = False
) -> Callable[[Check], Rule]:
    """Make a rule of the function that looks for it."""
    return lambda check: Rule(name, severity, fact, remedy, check, contrast)


class Refusal(NamedTuple):
    """A kind of refusal, whose value is its id; what acrn-dm says is the message."""

    kind: FaultKind
    fact: str
    remedy: str
    severity: Severity = Severity.REFUSED

    @property
    def id(self) -> str:
        """The id, stable as those of rules are."""
        return self.kind.value
