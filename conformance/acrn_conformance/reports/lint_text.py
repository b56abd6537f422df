"""A judgement as lines for a terminal: findings with their token marked, the matrix, a summary."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Final

from acrn_base.text import columns, counted, excerpt
from acrn_cmdline.lint import Finding, Judgement, Severity, ranges
from acrn_conformance.reports.styled import Styled

_STYLES: Final = {
    Severity.REFUSED: "bad",
    Severity.SILENT: "bad",
    Severity.RISKY: "?",
    Severity.STYLE: "",
}
_WIDTH: Final = 88
_TOKEN: Final = 60
_MESSAGE: Final = 200
_SHOWN: Final = 4
"""Further findings of a kind that are shown; of more, how many there are."""

_FILES: Final = 20
"""Files with refusals that are named."""

_NAMES: Final = 12
"""Names of one sort of thing needed that are shown."""


def lines(judgement: Judgement) -> Iterator[Styled]:
    """Yield the lines; all that comes from the argv has been made visible."""
    kinds: dict[tuple[str, tuple[str, ...]], list[Finding]] = {}
    for finding in judgement.findings:
        kinds.setdefault((finding.rule, finding.releases), []).append(finding)
    for alike in kinds.values():
        yield from _folded(alike, judgement.argv)
        yield Styled("")
    yield from _needs(judgement)
    if len(judgement.outcomes) > 1:
        yield from _matrix(judgement)
    yield from _summary(judgement)


def total(number: int, refused: Mapping[str, int], unread: int) -> Iterator[Styled]:
    """Yield how many argvs were refused, in which of several files, and if some were not judged.

    ``refused`` has the number for each file, ``unread`` is how many files were not read whole.
    """
    bad = {file: count for file, count in refused.items() if count}
    text = f"{counted(number, 'argv')}, {sum(bad.values())} of them refused by a release"
    yield Styled(text, "bad" if bad else "good")
    if len(refused) > 1:
        for file, count in islice(bad.items(), _FILES):
            yield Styled(f"  {excerpt(file)}: {count} refused", "bad")
        if len(bad) > _FILES:
            yield Styled(f"  and {counted(len(bad) - _FILES, 'more file')}", "bad")
    if unread:
        yield Styled(
            f"not all was judged: {counted(unread, 'file')} could not be read whole", "bad"
        )


def _folded(findings: Sequence[Finding], argv: Sequence[str]) -> Iterator[Styled]:
    """Yield the first of findings of a kind in full, and of the others where they are."""
    first, *others = findings
    yield from _finding(first, argv)
    for finding in others[:_SHOWN]:
        where = "" if finding.token is None else f" {_shown(argv[finding.token])}:"
        yield Styled(f"  also:  {where} {excerpt(finding.message, _MESSAGE)}")
    if len(others) > _SHOWN:
        yield Styled(f"  and {len(others) - _SHOWN} more of it; --json shows all", "faint")


def _needs(judgement: Judgement) -> Iterator[Styled]:
    """Yield what the board must have: a line for each sort of thing, and releases if not all."""
    if not judgement.needs:
        return
    yield Styled("needs on the board:")
    sorts: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for each in judgement.needs:
        sorts.setdefault((each.need.kind.value, each.releases), []).append(each.need.name)
    for (sort, releases), names in sorts.items():
        listed = ", ".join(excerpt(name, _TOKEN) for name in names[:_NAMES])
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        there = f" ({ranges(releases)})" if len(releases) < len(judgement.outcomes) else ""
        yield Styled(f"  {sort}: {listed}{more}{there}")
    yield Styled("")


def _finding(finding: Finding, argv: Sequence[str]) -> Iterator[Styled]:
    releases = ranges(finding.releases)
    yield Styled(f"{finding.severity} {finding.rule} ({releases})", _STYLES[finding.severity])
    if finding.token is not None:
        yield from _marked(argv, finding.token)
    yield Styled(f"  {excerpt(finding.message, _MESSAGE)}")
    yield from _wrapped("fact:   ", finding.fact)
    yield from _wrapped("remedy: ", finding.remedy)


def _wrapped(label: str, text: str) -> Iterator[Styled]:
    """Yield prose of ours, broken at blanks alone: a name such as virtio-console stays whole."""
    line, *words = text.split(" ")
    for word in words:
        if len(label) + len(line) + 1 + len(word) > _WIDTH:
            yield Styled(f"  {label}{line}", "faint")
            label, line = " " * len(label), word
        else:
            line += f" {word}"
    yield Styled(f"  {label}{line}", "faint")


def _marked(argv: Sequence[str], token: int) -> Iterator[Styled]:
    """Yield the tokens around one, as many as fit on a line, and carets under it."""
    before, after = "", ""
    marked = _shown(argv[token])
    left, right = token - 1, token + 1
    room = _WIDTH - columns(marked)
    while left >= 0 and columns(before) + len(_shown(argv[left])) + 1 <= room // 2:
        before = f"{_shown(argv[left])} {before}"
        left -= 1
    room -= columns(before)
    while right < len(argv) and columns(after) + len(_shown(argv[right])) + 1 <= room:
        after += f" {_shown(argv[right])}"
        right += 1
    lead = "... " if left >= 0 else "acrn-dm "
    tail = " ..." if right < len(argv) else ""
    yield Styled(f"  {lead}{before}{marked}{after}{tail}")
    yield Styled(f"  {' ' * columns(lead + before)}{'^' * columns(marked)}", "?")


def _shown(token: str) -> str:
    """Return a token as a shell takes it, safe to show, its middle left out where it is long."""
    return excerpt(shlex.quote(token), _TOKEN)


def _matrix(judgement: Judgement) -> Iterator[Styled]:
    """Yield what the releases make of it; neighbours that agree share a line."""
    for outcome, alike in groupby(judgement.outcomes.items(), lambda each: each[1]):
        releases = f"{ranges([release for release, _ in alike]):<11}"
        if outcome.stage == "ok":
            yield Styled(f"  {releases} accepted", "good")
        elif outcome.accepted:
            text = f"accepted, but nothing to boot ({outcome.stage}, {outcome.ending})"
            yield Styled(f"  {releases} {text}", "?")
        else:
            said = f": {excerpt(outcome.message, _TOKEN)}" if outcome.message else ""
            text = f"refused at {outcome.stage}, {outcome.ending}{said}"
            yield Styled(f"  {releases} {text}", "bad")


def _summary(judgement: Judgement) -> Iterator[Styled]:
    outcomes = judgement.outcomes
    accepting = [release for release, outcome in outcomes.items() if outcome.accepted]
    counts = Counter(finding.severity for finding in judgement.findings)
    found = ", ".join(f"{counts[severity]} {severity}" for severity in Severity if counts[severity])
    where = f" ({ranges(accepting)})" if 0 < len(accepting) < len(outcomes) else ""
    text = f"accepted by {len(accepting)} of {len(outcomes)} releases{where}"
    number = len(judgement.findings)
    findings = f"{number} finding{'s' * (number != 1)}: {found}" if found else "no findings"
    yield Styled(f"{text}; {findings}", "bad" if judgement.refused else "good")
    if accepting and judgement.lacks_processors:
        yield Styled("v3.0 and later refuse every line without --cpu_affinity: for an older ACRN")
        yield Styled(f"name its release (--release {accepting[-1]}), for a newer one try --upgrade")
