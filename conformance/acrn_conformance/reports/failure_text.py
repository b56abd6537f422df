"""A failing case in full: what is wrong, the rule that it breaks, the command to ask it again."""

from collections.abc import Iterator
from typing import Final

from acrn_base.diff import diff
from acrn_base.text import printable, visible
from acrn_conformance.cases import BUILT, Answer, Rule, tokens_in
from acrn_conformance.implementation import Outcome, Result
from acrn_conformance.judging import LEAK
from acrn_conformance.reports.json_text import one_line
from acrn_conformance.reports.recorded import CaseResult, RuleTold
from acrn_conformance.reports.styled import COMMAND, Styled

_MOST: Final = 3
"""Cases before it that are named."""


def lines(case: CaseResult, rule: Rule | RuleTold | None) -> Iterator[Styled]:
    """Yield a blank line, the verdict with id and title, and all that is known; safe to show.

    ``rule``: the one that it breaks.
    """
    yield Styled("")
    yield Styled(f"{case.verdict.upper()} {visible(case.id)}: {visible(case.title)}", "bad")
    told = f": {rule.text.rstrip('.')} ({rule.source})" if rule else ""
    broken = visible(case.blamed or case.rule)
    yield Styled(f"  level {case.level}, rule {broken}{printable(told)}", "faint")
    yield Styled(f"  {printable(case.message)}")
    yield from (Styled(f"  {text}") for text in state(case))
    if case.expected and case.got:
        yield from _token_diff(case.expected[0], case.got)
    for answer in case.expected[1:]:
        also = "a refusal" if answer.refused else one_line(answer.result)
        yield Styled(f"  also accepted: {also}: {visible(case.reason)}", "faint")
    if case.again:
        yield Styled(f"  again: {printable(case.again)}", COMMAND)


def state(case: CaseResult) -> Iterator[str]:
    """Say of a case that passes alone what makes it fail; safe to show."""
    if case.by_chance:
        yield "asked again it passes, or fails whatever is asked before it: chance"
    elif len(case.leak) > 1:
        behind = case.leak[:-1]
        named = ", ".join(visible(name) for name in behind[:_MOST])
        more = f" and {len(behind) - _MOST:,} more" if len(behind) > _MOST else ""
        yield f"it passes alone, and fails behind {named}{more}: {LEAK}"
    elif case.leak:
        yield f"it fails behind others in the same process: {LEAK}"


def _token_diff(expect: Answer, outcome: Outcome) -> Iterator[Styled]:
    """Yield the diff of an answer that is a list; of anything else the message has told."""
    if not isinstance(outcome, Result):
        return
    for field in BUILT:
        wanted, got = tokens_in(expect.result, field), tokens_in(outcome.value, field)
        if wanted is not None and got is not None and wanted != got:
            yield Styled(f"  {field} (- expected, + got):")
            for line in diff(wanted, got):
                yield Styled(f"  {line.sign} {line.text}", line.sign.strip())
