"""How much each release dislikes some words: the measure by which holes are filled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.judgement import judge
from acrn_cmdline.lint.rule_form import Rule
from acrn_dm import RELEASES, Host, Timeline

NAME: Final = "vm"
"""The name of a VM that no release dislikes."""

_WEIGHT: Final = {Severity.REFUSED: 1000, Severity.SILENT: 10}


@dataclass(frozen=True, eq=False)  # two are never compared: `taste_of` gives one for the same
class Taste:
    """What some releases like on a host, by some rules; to others all words are the same."""

    host: Host
    releases: tuple[str, ...]
    judged_by: tuple[Rule, ...]

    def rules(self, words: Sequence[str]) -> Timeline[tuple[str, ...]]:
        """Return the rules that each release finds tripped by words, the worst first."""
        findings = judge(words, self.host, self.releases, self.judged_by).findings
        return Timeline(
            {
                release: tuple(dict.fromkeys(f.rule for f in findings if release in f.releases))
                for release in RELEASES
            }
        )

    def dislike(self, words: tuple[str, ...]) -> Timeline[int]:
        """Return how much each release finds wrong with words by themselves."""
        return _dislike(self, words)


# Hashing all rules takes longer than judging a word by them.
@lru_cache(maxsize=4)
def taste_of(host: Host, releases: tuple[str, ...], rules: tuple[Rule, ...]) -> Taste:
    """Return what releases like; a rule that only sets releases apart is no matter of taste."""
    return Taste(host, releases, tuple(rule for rule in rules if not rule.contrast))


# The calls of a script have most of their words in common, and so have the lines of a log.
@lru_cache(maxsize=4096)
def _dislike(taste: Taste, words: tuple[str, ...]) -> Timeline[int]:
    found: Counter[str] = Counter(dict.fromkeys(RELEASES, 0))
    findings = judge((*words, NAME), taste.host, taste.releases, taste.judged_by).findings
    for each in findings:
        if each.token in range(len(words)):
            weight = _WEIGHT.get(each.severity, 1)
            found.update(dict.fromkeys(each.releases, weight))
    return Timeline(found)
