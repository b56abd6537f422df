"""The form of a rule: a function from what a release reads to the tokens that trip it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.reading import Blame, Reading


class Hit(NamedTuple):
    """Where a rule is tripped, and how it shows; the releases are found by asking each."""

    token: int | None
    message: str


Check = Callable[[Reading], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its stable id, the fact behind it and the remedy."""

    id: str
    severity: Severity
    fact: str
    remedy: str
    check: Check


def rule(name: str, severity: Severity, *, fact: str, remedy: str) -> Callable[[Check], Rule]:
    """Make a rule of the function that looks for it."""
    return lambda check: Rule(name, severity, fact, remedy, check)


Applies = Callable[[Blame], bool]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind of refusal with its stable id; what acrn-dm says is the message."""

    id: str
    fact: str
    remedy: str
    applies: Applies
    severity: Severity = Severity.REFUSED


def refusal(
    name: str, *, fact: str, remedy: str, severity: Severity = Severity.REFUSED
) -> Callable[[Applies], Refusal]:
    """Make a kind of refusal of the function that knows it."""
    return lambda applies: Refusal(name, fact, remedy, applies, severity)
