"""The page of a run for a browser: each check, with what its guests' consoles said, folded."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from acrn_base.reading import ReadingError, whole
from acrn_base.text import counted
from acrn_conformance.reports import html
from acrn_hwtests import report
from acrn_hwtests.report import BAD, CheckResult, Results, Verdict
from acrn_hwtests.transcript import Header

_HEAD: Final = 100
_TAIL: Final = 300
"""Lines of a stream that are shown; what lies between has a place on the disk."""

_TOTAL: Final = 20_000
"""Lines of all streams: a browser has such a page within a second, and a soak has many more."""

_WIDEST: Final = 400
"""Characters of a line that are shown."""

_ARGV: Final = 20_000
"""Characters of a command line that are shown."""

_TONES: Final = {Verdict.PASS: "good", Verdict.FAIL: "bad", Verdict.ERROR: "bad"}

_MEANING: Final = {
    "stand-in": "A stand-in board: QEMU behind acrn-dm's command line, no word on ACRN itself.",
    "hardware": "A board with ACRN.",
}


class StreamView(NamedTuple):
    """What a console said, by the seconds since the guest was started."""

    name: str
    lines: tuple[str, ...]


class GuestView(NamedTuple):
    """A guest's transcripts; ``command`` is what acrn-dm was started with."""

    folder: str
    command: str
    end: str
    streams: tuple[StreamView, ...]


class CheckView(NamedTuple):
    """A check, or several that one cause hit alike; ``message`` is a line each."""

    verdict: Verdict
    tone: str
    message: tuple[str, ...]
    hit: tuple[CheckResult, ...]
    guests: tuple[GuestView, ...]


def missing() -> str:
    """Return why no page can be made, with the remedy; empty where one can."""
    try:
        html.check_installed()
    except html.TemplatesMissingError as error:
        return str(error)
    return ""


def document(run: Results) -> bytes:
    """Return one self-contained HTML document; those that failed come first."""
    checks = sorted(run.checks, key=lambda check: check.verdict not in BAD)
    values = {
        "run": run,
        "headline": _headline(run),
        "tone": "good" if run.passed or not (run.checks or run.given_up) else "bad",
        "class_meaning": _MEANING.get(run.board_class or "", ""),
        "checks": tuple(_views(run, checks)),
        "missing": sum(bool(item.remedy) for item in run.preflight),
        "facts": msgspec.structs.asdict(run.board) if run.board else {},
    }
    return html.rendered("page.html", ("page.js",), "{}", values, __package__).encode()


def _headline(run: Results) -> str:
    if run.given_up:
        return "This run did not come to its end" if run.board else "The board cannot be used"
    if not run.checks:
        return "Preflight: nothing is missing"
    return f"{counted(len(run.checks), 'check')}: {report.closing(run)}"


def _views(run: Results, checks: list[CheckResult]) -> Iterator[CheckView]:
    room = _TOTAL
    for hit in _by_cause(checks):
        guests = []
        for folder in hit[0].transcripts:
            guest = _guest(Path(run.transcripts, folder), room)
            room -= sum(len(stream.lines) for stream in guest.streams)
            guests.append(guest)
        verdict, message = hit[0].verdict, hit[0].message
        lines = tuple(message.split("\n")) if message and message != run.given_up else ()
        yield CheckView(verdict, _TONES.get(verdict, "open"), lines, hit, tuple(guests))


def _by_cause(checks: list[CheckResult]) -> Iterator[tuple[CheckResult, ...]]:
    """Yield checks that one cause hit together: of one verdict and message, and without a guest."""
    causes: dict[object, list[CheckResult]] = {}
    for check in checks:
        alone = check.transcripts or not check.message
        cause = check.id if alone else (check.verdict, check.message)
        causes.setdefault(cause, []).append(check)
    yield from map(tuple, causes.values())


def _guest(folder: Path, room: int) -> GuestView:
    """Read a guest's transcripts; of what cannot be read, the page says so in its place."""
    try:
        header = msgspec.json.decode(whole(folder / "header.json"), type=Header)
    except (ReadingError, msgspec.MsgspecError) as error:
        return GuestView(str(folder), "", str(error), ())
    streams = []
    for path in sorted(folder.glob("*.log")):
        lines = tuple(_lines(path, room))
        room -= len(lines)
        streams.append(StreamView(path.stem, lines))
    command = _bounded(shlex.join([header.program, *header.argv]), _ARGV)
    return GuestView(str(folder), command, header.end, tuple(streams))


def _lines(path: Path, room: int) -> Iterator[str]:
    """Yield the lines of a log: the transcript has them as ASCII already."""
    if room <= 0:
        yield f"this page has {_TOTAL} lines of other streams already; the rest is in {path}"
        return
    try:
        lines = whole(path).decode("ascii", "backslashreplace").rstrip("\n").split("\n")
    except ReadingError as error:
        yield str(error)
        return
    left_out = len(lines) - _HEAD - _TAIL
    shown = lines
    if left_out > 1:
        told = f"... {left_out} lines are left out here; {path} has them ..."
        shown = [*lines[:_HEAD], told, *lines[-_TAIL:]]
    for line in shown:
        yield _bounded(line, _WIDEST)


def _bounded(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"
