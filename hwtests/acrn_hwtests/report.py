"""The report of a run: a line a check, and the same as JSON; the board's class in both."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

import msgspec

from acrn_base.item_lines import item_a_line
from acrn_base.text import counted
from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.facts import Facts, Item

RESULTS = "results.json"
"""The file in a run's folder that has its verdicts."""


class Verdict(StrEnum):
    """The verdict on a check; an error is trouble outside the check itself."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    NOT_APPLICABLE = "not-applicable"
    NOT_RUN = "not-run"


BAD = frozenset({Verdict.FAIL, Verdict.ERROR})
"""The verdicts of a check that ran and did not pass."""


class CheckResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check's verdict; ``transcripts`` are folders below the run's."""

    id: str
    title: str
    verdict: Verdict
    seconds: float
    message: str = ""
    transcripts: tuple[str, ...] = ()


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run; times in seconds, ``started`` as ISO 8601 in UTC.

    ``given_up`` says why not all checks were judged; such a run has not passed. A run that never
    had its board has no ``board`` and no ``transcripts``; without a readable board file it has no
    ``board_class`` either. ``preflight`` is what was found there before anything was started;
    where it alone was asked for, there are no ``checks``.
    """

    format: Literal[1]
    suite: Literal["acrn-hwtests"]
    version: str
    board_file: str = ""
    board_class: BoardClass | None
    board: Facts | None
    preflight: tuple[Item, ...] = ()
    remarks: tuple[str, ...]
    started: str
    seconds: float
    given_up: str
    passed: bool
    summary: dict[Verdict, int]
    transcripts: str
    checks: tuple[CheckResult, ...]


def passed(checks: Iterable[CheckResult]) -> bool:
    """Tell whether a run counts as passed: something passed, and nothing failed or did not run."""
    verdicts = {check.verdict for check in checks}
    return Verdict.PASS in verdicts and not verdicts & {*BAD, Verdict.NOT_RUN}


def line(check: CheckResult, board_class: str) -> str:
    """Return the one line of a check."""
    word = "n/a" if check.verdict is Verdict.NOT_APPLICABLE else check.verdict.upper()
    told = f"  {check.message.split(chr(10))[0]}" if check.message else ""
    return f"{word:<5}  {board_class}  {check.id}  {check.seconds:.1f} s{told}"


def closing(results: Results) -> str:
    """Return the closing line: how many checks have which verdict."""
    counts = results.summary
    words = [f"{counts[Verdict.PASS]} passed", f"{counts[Verdict.FAIL]} failed"]
    words += [counted(counts[Verdict.ERROR], "error")] if counts[Verdict.ERROR] else []
    words += [f"{counts[Verdict.NOT_RUN]} not run"] if counts[Verdict.NOT_RUN] else []
    absent = counts[Verdict.NOT_APPLICABLE]
    return ", ".join([*words, *([f"{absent} not applicable"] if absent else [])])


def encoded(results: Results) -> bytes:
    """Return the results as JSON, one check a line."""
    return item_a_line(results)
