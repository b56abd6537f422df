"""An upgrade as lines for a terminal: each change with its reason, and the new line for a shell."""

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from textwrap import wrap
from typing import Final

from acrn_base.diff import diff
from acrn_base.text import counted, excerpt, visible
from acrn_cmdline.lint import Finding
from acrn_cmdline.source import Argv, Hole
from acrn_cmdline.upgrade import Change, Rewritten, Upgrade
from acrn_conformance.reports.styled import Styled

_WIDTH: Final = 88
_MESSAGE: Final = 200
_TOKEN: Final = 60
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def lines(upgrade: Upgrade) -> Iterator[Styled]:
    """Yield what was changed and why, what is lost, what is in the way, and the new line.

    A fact is told once.
    """
    told: set[str] = set()
    for change in upgrade.changes:
        yield from _change(change)
        new = [fact for fact in dict.fromkeys(change.facts) if fact not in told]
        yield from _wrapped("    fact: ", " ".join(new), "faint")
        yield Styled("")
        told.update(new)
    for text in upgrade.lost:
        yield from _wrapped("not kept: ", text, "?")
    for finding in upgrade.blockers:
        yield from _blocker(finding, upgrade.argv)
    yield from _summary(upgrade)
    if not any(each.releases == (upgrade.source,) for each in upgrade.blockers):
        yield Styled("")
        yield Styled(shell_line(upgrade.argv), "title")


def choice(upgrade: Upgrade) -> str:
    """Return why a source was chosen that nobody has named."""
    if not upgrade.refusals:
        return "which takes it with the fewest traps"
    if any(each.rule in upgrade.refusals for each in upgrade.blockers):
        return f"no release up to {upgrade.target} takes it; this one finds the least fault"
    rules = ", ".join(upgrade.refusals)
    return f"which refuses it, but only for what an upgrade puts right: {rules}"


def _summary(upgrade: Upgrade) -> Iterator[Styled]:
    number = counted(len(upgrade.changes), "change")
    if not upgrade.succeeded:
        yield Styled(f"not upgraded from {upgrade.source} to {upgrade.target}", "bad")
        return
    if upgrade.source == upgrade.target and not upgrade.changes:
        yield Styled(f"nothing to upgrade: {upgrade.target} takes it as it is", "good")
        return
    yield Styled(f"upgraded from {upgrade.source} to {upgrade.target}: {number}", "good")
    new = [name for name in upgrade.argv.unknown if name not in upgrade.given.unknown]
    if new:
        yield Styled(f"to be filled in: {' '.join(f'${name}' for name in new)}", "?")


def _change(change: Change) -> Iterator[Styled]:
    places = [place for place in change.places if place]
    if places:
        yield Styled(visible(str(places[0])), "faint")
    for line in list(diff(change.before, change.after, around=1))[1:]:
        yield Styled(f"  {line.sign} {line.text}", line.sign.strip())
    yield from _wrapped("    why:  ", "; ".join(change.reasons))


def _blocker(finding: Finding, argv: Argv) -> Iterator[Styled]:
    said = f"{', '.join(finding.releases)} {finding.rule}: {finding.message}"
    yield from _wrapped("in the way: ", said, "bad")
    if finding.token is not None:
        place = argv.places[finding.token]
        at = f" ({visible(str(place))})" if place else ""
        yield Styled(f"    in:     {excerpt(_word(argv.tokens[finding.token]), _TOKEN)}{at}")
    yield from _wrapped("    remedy: ", finding.remedy, "faint")


def _wrapped(label: str, text: str, style: str = "") -> Iterator[Styled]:
    shown, indent = excerpt(text, 2 * _MESSAGE), " " * len(label)
    for line in wrap(shown, _WIDTH, initial_indent=label, subsequent_indent=indent):
        yield Styled(line, style)


def script_lines(name: str, before: str, rewritten: Rewritten) -> Iterator[Styled]:
    """Yield the diff of a script, and the places where its changes have to be made by hand."""
    shown = visible(name)
    for line in _diff(before.splitlines(), rewritten.text.splitlines(), shown):
        yield Styled(visible(line).replace("\\\\", "\\"), line[:1] if line[:1] in "+-" else "")
    for change, written in rewritten.by_hand:
        where = next((visible(str(place)) for place in change.places if place), shown)
        yield Styled(f"{where}:", "faint")
        yield from _wrapped("  not literal, so by hand: ", _told(change, written), "?")


def _diff(old: Sequence[str], new: Sequence[str], name: str) -> Iterator[str]:
    """Yield a unified diff of a script whose lines are changed, and stay as many.

    So none is searched for; difflib takes minutes for thousands that are alike.
    """
    changed = [number for number, pair in enumerate(zip(old, new, strict=True)) if len({*pair}) > 1]
    hunks: list[range] = []
    for number in changed:
        around = range(max(number - 1, 0), min(number + 2, len(old)))
        if hunks and around.start <= hunks[-1].stop:
            around = range(hunks.pop().start, around.stop)
        hunks.append(around)
    if hunks:
        yield from (f"--- {name}", f"+++ {name} (upgraded)")
    for hunk in hunks:
        at = f"{hunk.start + 1},{len(hunk)}"
        yield f"@@ -{at} +{at} @@"
        for same, numbers in groupby(hunk, lambda number: old[number] == new[number]):
            run = list(numbers)
            yield from (f"{' ' if same else '-'}{old[number]}" for number in run)
            yield from (f"+{new[number]}" for number in run if not same)


def _told(change: Change, written: Sequence[str]) -> str:
    """Return what to do in the words of the script, and what these are here."""
    here, before, after = " ".join(change.before), " ".join(written), " ".join(change.after)
    if not here:
        return f"add {after}"
    done = f"{before} becomes {after}" if after else f"leave out {before}"
    return done if here == before else f"{done} (here: {here})"


def shell_line(argv: Argv) -> str:
    """Return the command line for a shell, safe to show; what is not known reads ``"$name"``."""
    tokens = enumerate(argv.tokens)
    words = (_quoted(token, argv.holes.get(index, ())) for index, token in tokens)
    return " ".join(["acrn-dm", *words])


def _quoted(token: str, holes: Sequence[Hole]) -> str:
    bounds = [0, *(edge for hole in holes for edge in hole[:2]), len(token)]
    parts = [token[start:stop] for start, stop in pairwise(bounds)]
    if not holes:
        return _word(token)
    return "".join(
        f'"{visible(part)}"' if number % 2 else _word(part) if part else ""
        for number, part in enumerate(parts)
    )


def _word(text: str) -> str:
    """Quote a text for a shell; what a terminal acts upon stands as bash's escapes."""
    if text.isprintable():
        return shlex.quote(text)
    escaped = (f"\\x{byte:02x}" if _escapes(byte) else chr(byte) for byte in os.fsencode(text))
    return f"$'{''.join(escaped)}'"


def _escapes(byte: int) -> bool:
    character = chr(byte)
    return not (character.isascii() and character.isprintable()) or character in "\\'"
