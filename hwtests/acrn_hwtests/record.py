"""What is known of a run while it goes on: its results are to be had at any moment."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from acrn_conformance import __version__
from acrn_hwtests import report
from acrn_hwtests.catalog import Listed
from acrn_hwtests.report import BAD, CheckResult, Results, Verdict

if TYPE_CHECKING:
    from acrn_hwtests.boardfile import BoardClass
    from acrn_hwtests.facts import Facts, Item


class Record:
    """A run so far, also one that never reaches its board; who learns something sets it here.

    ``given_up`` is why the run did not come to its end, and empty when it has. ``wanted`` are the
    checks that are asked for; ``transcripts`` is the run's folder, None without a board.
    """

    def __init__(self, board_file: Path, wanted: Sequence[Listed]) -> None:
        self.given_up = "it did not come to its end"
        self.board_class: BoardClass | None = None
        self.facts: Facts | None = None
        self.preflight: tuple[Item, ...] = ()
        self.remarks: tuple[str, ...] = ()
        self.transcripts: Path | None = None
        self._board_file = board_file
        self._wanted = wanted
        self._checks: dict[str, CheckResult] = {}
        self._started = datetime.now(UTC)
        self._clock = time.monotonic()

    def keep(self, check: CheckResult) -> None:
        """Keep a verdict; trouble at the end of a check is added to what there was to say of it."""
        before = self._checks.get(check.id)
        self._checks[check.id] = _with_its_end(before, check) if before else check

    def results(self) -> Results:
        """Return the whole run; what was asked for and has no verdict did not run."""
        missing = (check for check in self._wanted if check.id not in self._checks)
        checks = (*self._checks.values(), *map(self._not_run, missing))
        counts = Counter(check.verdict for check in checks)
        return Results(
            format=1,
            suite="acrn-hwtests",
            version=__version__,
            board_file=str(self._board_file),
            board_class=self.board_class,
            board=self.facts,
            preflight=self.preflight,
            remarks=self.remarks,
            started=self._started.isoformat(timespec="milliseconds"),
            seconds=round(time.monotonic() - self._clock, 3),
            given_up=self.given_up,
            passed=not self.given_up and report.passed(checks),
            summary={verdict: counts[verdict] for verdict in Verdict},
            transcripts=str(self.transcripts or ""),
            checks=checks,
        )

    def _not_run(self, check: Listed) -> CheckResult:
        return CheckResult(check.id, check.title, Verdict.NOT_RUN, 0.0, self.given_up)


def _with_its_end(check: CheckResult, end: CheckResult) -> CheckResult:
    """Return a check that had its verdict when its end brought trouble; a pass is none any more."""
    worse = check if check.verdict in BAD else end
    messages = (check.message if worse is check else "", end.message)
    return msgspec.structs.replace(
        end,
        verdict=worse.verdict,
        message="\n".join(filter(None, messages)),
        transcripts=(*check.transcripts, *end.transcripts),
    )
