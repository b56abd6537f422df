"""Results of a run on a board, made up: what is not of interest to a test is the same in all."""

from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.facts import Facts
from acrn_hwtests.report import CheckResult, Results, Verdict


def facts(release: str = "v2.5", host: str = "here") -> Facts:
    ground = (BoardClass.STANDIN, "standin", host, release, "kata-1")
    return Facts(*ground, "v", "Linux", "/k", "0", "/i", "1")


def results(
    *checks: CheckResult, board: Facts | None = None, given_up: str = "", transcripts: str = "/t"
) -> Results:
    return Results(
        format=1,
        suite="acrn-hwtests",
        version="1",
        board_file="board.toml",
        board_class=BoardClass.STANDIN,
        board=board or facts(),
        remarks=(),
        started="2026-01-01T00:00:00.000+00:00",
        seconds=1.5,
        given_up=given_up,
        passed=False,
        summary={verdict: sum(c.verdict is verdict for c in checks) for verdict in Verdict},
        transcripts=transcripts,
        checks=checks,
    )
