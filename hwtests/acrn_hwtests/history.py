"""Several runs: which check failed how often, and where."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from acrn_base.reading import ReadingError, placed, whole
from acrn_base.text import counted, printable
from acrn_hwtests.boardfile import BoardFileError
from acrn_hwtests.report import BAD, RESULTS, CheckResult, Results, Verdict

_UNJUDGED = frozenset({Verdict.NOT_APPLICABLE, Verdict.NOT_RUN})
_BOOT = re.compile(r"boot-\d+")


class Ground(NamedTuple):
    """The ground of a verdict, on which alone verdicts are counted together."""

    board_class: str
    host: str
    release: str
    dialect: str


class Seen(NamedTuple):
    """A verdict that is not a pass, with the folders that tell of it."""

    verdict: Verdict
    message: str
    folders: tuple[str, ...]


class History(NamedTuple):
    """A check in several runs; ``word`` is the kind of its failures, of ``judged`` verdicts."""

    name: str
    word: str
    judged: int
    failures: tuple[Seen, ...]

    @property
    def told(self) -> str:
        """How often it failed."""
        return f"{len(self.failures)} of {self.judged} failed"


class Account(NamedTuple):
    """What became of the runs on one ground; the checks that failed come first."""

    ground: Ground
    runs: int
    given_up: int
    checks: tuple[History, ...]

    @property
    def told(self) -> str:
        """The ground, and how many runs there were."""
        given_up = f", {self.given_up} given up" if self.given_up else ""
        board_class, host, release, dialect = self.ground
        return f"{board_class}  {release} {dialect}  {host}: {counted(self.runs, 'run')}{given_up}"

    @property
    def good(self) -> bool:
        """Whether every run came to its end without a failure."""
        return not self.given_up and not any(check.failures for check in self.checks)


def accounts(folder: Path) -> tuple[Account, ...]:
    """Return what became of the runs in a folder. Raises BoardFileError, also where there is none.

    No verdict of one board class, host, release or dialect is counted with another's.
    """
    if not folder.is_dir():
        why = "it is no folder" if folder.exists() else "there is no such folder"
        raise BoardFileError(f"{folder}: {why}; name the folder of runs (--transcripts)")
    runs = [read(path) for path in sorted(folder.glob(f"*/{RESULTS}"))]
    if not runs:
        raise BoardFileError(f"{folder}: no run in it has a {RESULTS}; name a folder of runs")
    grounds = sorted({_ground(run) for run in runs})
    return tuple(_account(g, [run for run in runs if _ground(run) == g]) for g in grounds)


def read(path: Path) -> Results:
    """Return the results of one run. Raises BoardFileError."""
    try:
        content = whole(path)
    except ReadingError as error:
        raise BoardFileError(printable(str(error))) from None
    try:
        return msgspec.json.decode(content, type=Results)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        told = f"{path}: {placed(error, content)}; remove it, or name another folder"
        raise BoardFileError(printable(told)) from None


def _ground(run: Results) -> Ground:
    if run.board is None:
        return Ground("no board reached", run.board_file, "-", "-")
    return Ground(run.board.board_class, run.board.host, run.board.release, run.board.dialect)


def _account(ground: Ground, runs: Sequence[Results]) -> Account:
    return Account(ground, len(runs), sum(bool(run.given_up) for run in runs), histories(runs))


def histories(runs: Sequence[Results]) -> tuple[History, ...]:
    """Return what became of each check, those that failed first."""
    verdicts: dict[str, list[Verdict]] = {}
    bad: dict[str, list[Seen]] = {}
    for run in runs:
        for check in run.checks:
            name = "boot" if _BOOT.fullmatch(check.id) else check.id
            verdicts.setdefault(name, []).append(check.verdict)
            if check.verdict in BAD:
                bad.setdefault(name, []).append(_seen(run, check))
    names = sorted(verdicts, key=lambda name: (-len(bad.get(name, ())), name))
    return tuple(_history(name, verdicts[name], bad.get(name, [])) for name in names)


def _history(name: str, verdicts: Sequence[Verdict], failures: Sequence[Seen]) -> History:
    judged = sum(verdict not in _UNJUDGED for verdict in verdicts)
    return History(name, _word(len(failures), judged), judged, tuple(failures))


def lines(checks: Iterable[History]) -> Iterator[str]:
    """Yield a line a check, and each failure with where its transcripts are."""
    for check in checks:
        yield f"  {check.word:<6}  {check.name}  {check.told}"
        for seen in check.failures:
            yield f"            {seen.verdict}  {seen.message}"
            yield from (f"            {folder}" for folder in seen.folders)


def _word(failed: int, judged: int) -> str:
    """Return the kind of a check's failures: a fault comes every time, a flake does not."""
    if not judged:
        return "n/a"
    if not failed:
        return "steady"
    return "FAULT" if failed == judged else "FLAKY"


def _seen(run: Results, check: CheckResult) -> Seen:
    folders = tuple(f"{run.transcripts}/{name}" for name in check.transcripts)
    return Seen(check.verdict, check.message.split("\n")[0], folders)
