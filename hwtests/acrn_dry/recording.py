"""Recording: the verdicts of an acrn-dm on a list of argvs, and where lint's model differs."""

import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import msgspec

from acrn_base.text import excerpt
from acrn_dm import RECORDING, Command, parse
from acrn_dry.building import DryError
from acrn_dry.running import Programs
from acrn_dry.verdict import Verdict, verdict

_LONG = 400
"""Characters of what acrn-dm said that are shown; the reason may stand in the middle of it."""


class Entry(msgspec.Struct, frozen=True):
    """An argv, without the program, to have a verdict on; ``tag`` groups such as belong together.

    Whatever else stands in a line, such as verdicts of an older recording, is left out.
    """

    argv: tuple[str, ...]
    tag: str = ""


class Recorded(msgspec.Struct, frozen=True):
    """An argv with the verdicts on it by release, as they stand in a recording."""

    tag: str
    argv: tuple[str, ...]
    dm: dict[str, Verdict]


def entries(lines: IO[bytes]) -> Iterator[Entry]:
    """Yield a list of argvs, one JSON object a line. Raises DryError, which names the line."""
    decoder = msgspec.json.Decoder(Entry)
    for number, line in enumerate(lines, 1):
        try:
            entry = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise DryError(
                f'line {number} is no argv: {error}; give lines such as {{"argv": ["-v"]}}'
            ) from None
        if any("\0" in word for word in entry.argv):
            raise DryError(f"line {number}: a word has a NUL, which no command line can; mend it")
        yield entry


def record(
    programs: Programs, release: str, given: Sequence[Entry]
) -> Generator[Recorded, None, None]:
    """Yield the verdicts on all argvs, in their order, some of them at a time. Raises DryError."""
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        found = pool.map(lambda entry: verdict(programs, entry.argv), given)
        for entry, each in zip(given, found, strict=True):
            yield Recorded(entry.tag, entry.argv, {release: each})
    finally:
        pool.shutdown(cancel_futures=True)


def difference(recorded: Recorded, release: str) -> str:
    """Return how a verdict differs from that of lint's model, or an empty text.

    What hung has no verdict to differ. A message differs where it lacks what the model knows of it;
    that of a crash does not count, since acrn-dm loses what it had not yet written.
    """
    found = recorded.dm[release]
    predicted = parse(recorded.argv, release, RECORDING)
    if found.exit is None:
        return ""
    if isinstance(predicted, Command):
        return "" if found.stage == "ok" else f"{_told(found)}; lint takes it"
    stage = "crash" if predicted.crash else str(predicted.stage)
    expected = f"lint says {stage}, exit status {predicted.exit}: {predicted.message}"
    if (found.stage, found.exit) != (stage, predicted.exit):
        return f"{_told(found)}; {expected}"
    return (
        ""
        if predicted.crash or predicted.message in found.message
        else f"{_told(found)}; {expected}"
    )


def _told(found: Verdict) -> str:
    if found.stage == "ok":
        return "a guest would run"
    return f"{found.stage}, exit status {found.exit}: {excerpt(found.message, _LONG)}"
