"""The command ``acrn-hwtests runs``: of several runs, which check failed how often, and where."""

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from acrn_base.reading import ReadingError, placed, whole
from acrn_base.text import printable
from acrn_hwtests.boardfile import BoardFileError
from acrn_hwtests.report import BAD, CheckResult, Results, Verdict

RESULTS = "results.json"
"""The file in a run's folder that has its verdicts."""

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


def command(arguments: Sequence[str]) -> int:
    """Print the report; return 0 where every run came to its end without a failure, 1 else.

    Raises BoardFileError where there is no run to tell of.
    """
    parser = argparse.ArgumentParser(
        prog="acrn-hwtests runs", description="Tell of several runs which check failed how often."
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path("acrn-hwtests-runs"), help="what holds them"
    )
    folder: Path = parser.parse_args(arguments).folder
    results = [read(path) for path in sorted(folder.glob(f"*/{RESULTS}"))]
    if not results:
        raise BoardFileError(f"{folder}: no run in it has a {RESULTS}; name a folder of runs")
    failed = False
    for ground in sorted({_ground(run) for run in results}):
        same = [run for run in results if _ground(run) == ground]
        given_up = sum(bool(run.given_up) for run in same)
        told = f", {given_up} given up" if given_up else ""
        where = f"{ground.board_class}  {ground.release} {ground.dialect}  {ground.host}"
        print(printable(f"{where}: {len(same)} runs{told}"))
        for line in lines(same):
            print(printable(line))
        verdicts = {check.verdict for run in same for check in run.checks}
        failed |= bool(given_up or verdicts & BAD)
    return int(failed)


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


def lines(runs: Sequence[Results]) -> Iterator[str]:
    """Yield a line a check, those that failed first, each with where its transcripts are."""
    verdicts: dict[str, list[Verdict]] = {}
    bad: dict[str, list[Seen]] = {}
    for run in runs:
        for check in run.checks:
            name = "boot" if _BOOT.fullmatch(check.id) else check.id
            verdicts.setdefault(name, []).append(check.verdict)
            if check.verdict in BAD:
                bad.setdefault(name, []).append(_seen(run, check))
    for name in sorted(verdicts, key=lambda name: (-len(bad.get(name, ())), name)):
        failures = bad.get(name, [])
        judged = [verdict for verdict in verdicts[name] if verdict not in _UNJUDGED]
        word = _word(len(failures), len(judged))
        yield f"  {word:<6}  {name}  {len(failures)} of {len(judged)} failed"
        for seen in failures:
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
