"""A failing case in full: what is told of the answers that are as good as the first."""

from acrn_conformance.cases import Answer, Level
from acrn_conformance.judging import Mark
from acrn_conformance.reports import failure_text
from acrn_conformance.reports.recorded import CaseResult


def test_another_answer_is_one_line_however_long() -> None:
    """A long argv stands with its reason on one line, which a terminal folds."""
    argv: dict[str, object] = {"argv": [f"token-{number}" for number in range(40)]}
    case = CaseResult(
        id="a-quirk",
        title="It has two answers.",
        family="quirks",
        method="argv",
        level=Level.QUIRK,
        rule="some-rule",
        verdict=Mark.FAIL,
        expected=(Answer(refused=True), Answer(result=argv)),
        reason="the original does so",
    )
    *_, last = failure_text.lines(case, None)
    assert last.text.startswith('  also accepted: {"argv":["token-0",')
    assert last.text.endswith('"token-39"]}: the original does so')
    assert "\n" not in last.text
