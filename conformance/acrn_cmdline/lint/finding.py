"""A finding of lint: a rule that an argv trips, at a token, in some releases."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from acrn_dm import RELEASES


class Severity(StrEnum):
    """How bad a finding is, the worst first."""

    REFUSED = "refused"
    SILENT = "silently-ineffective"
    RISKY = "risky"
    STYLE = "style"


class Finding(NamedTuple):
    """One finding; ``message`` may hold any text that the argv holds.

    ``token`` is the index of the token to mark, None where there is none to mark. ``releases``
    are those that the fact concerns, oldest first: a release that refuses the argv for another
    reason already is among them, since that reason may be the next to be repaired.
    """

    rule: str
    severity: Severity
    token: int | None
    message: str
    fact: str
    remedy: str
    releases: tuple[str, ...]


def ranges(releases: Collection[str]) -> str:
    """Return releases as ``v1.0, v3.0-v3.3``; neighbours among the recorded make a range."""
    runs: list[list[str]] = []
    last = -2
    for place, release in enumerate(RELEASES):
        if release in releases:
            if place == last + 1:
                runs[-1].append(release)
            else:
                runs.append([release])
            last = place
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def brief(text: str, longest: int = 60) -> str:
    """Return a text to quote in a message, its middle left out where it is long."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[:half]}...{text[-half:]}"
