"""Captured calls in a terminal: each on less than a screen, and what came of the capture."""

from collections.abc import Iterator, Sequence
from itertools import islice

from acrn_base.diff import diff
from acrn_base.text import counted, excerpt
from acrn_cmdline.capture import FACTS, PROGRAMS, Reach, is_rescan
from acrn_cmdline.captured import Heard, JudgedCall, Rescan, Tally, Wanted
from acrn_cmdline.lint import Finding, Judgement, Severity, ranges
from acrn_cmdline.slotmap import slot_map
from acrn_cmdline.source import PROGRAM
from acrn_conformance.reports import slotmap_text, source_text
from acrn_conformance.reports.styled import Styled

_TOKENS = 12
_DEVICES = 18
_FINDINGS = 6
_OUTCOMES = 4
_DIFFERENCES = 24
_NOTES = 3
"""Lines of each part of a call that are shown."""

_MESSAGE = 100
_STYLES = {Severity.REFUSED: "bad", Severity.SILENT: "bad", Severity.RISKY: "?"}


def call(judged: JudgedCall) -> Iterator[Styled]:
    """Yield what is to say of a call; all that comes from it has been made visible."""
    argv = judged.call.argv
    yield Styled("")
    tokens = counted(len(argv.tokens), "argument")
    yield Styled(f"call {judged.number}: {excerpt(argv.program)}, {tokens}", "good")
    yield Styled(f"  {_origin(judged.call)}", "faint")
    for line in source_text.lines(argv, _NOTES):
        yield Styled(f"  {line.text}", line.style)
    if judged.judgement:
        yield from _devices(argv.tokens, list(judged.judgement.outcomes)[-1])
        yield from _judgement(judged.judgement)
    else:
        yield from _arguments(argv.tokens)
    if judged.rescan:
        yield from _rescan(judged.rescan)
    elif argv.program != PROGRAM and is_rescan(argv.tokens):
        yield Styled("  not judged: what it names, or what a VM has, is not wholly known", "?")
    if judged.wanted:
        yield from _comparison(judged, judged.wanted)


def _origin(call: Heard) -> str:
    """Return where a call comes from."""
    seen = call.seen
    if seen is None:
        return excerpt(str(call.argv.where))
    parent = excerpt(seen.parent_command) or "one that is gone"
    told = f"{excerpt(seen.time)}, process {seen.pid}, called by {parent} ({seen.parent_pid})"
    return f"{told} in {excerpt(seen.cwd)}"


def reach(found: Reach, *, harmless: bool) -> Iterator[Styled]:
    """Yield where calls are caught, before the command starts."""
    names = " and ".join(PROGRAMS)
    if found.forbidden:
        yield Styled(f"{names} are stand-ins by name, and at {_shown(found)}")
        yield Styled(f"  calls by another absolute path are not caught: {found.forbidden}", "?")
    else:
        yield Styled(f"{names} are stand-ins by name, and in {_shown(found)}")
    if harmless:
        yield Styled("  nothing the command does lasts; it can write in /tmp and /run only")
        text = "not prevented: the use of memory and processors, vsock, and outside /tmp and /run"
        yield Styled(f"  {text} named pipes, and sockets made later", "faint")


def _shown(found: Reach) -> str:
    places = (*found.cover.folders, *found.cover.files)
    return ", ".join(excerpt(str(place)) for place in places)


def summary(tally: Tally, wanted: Wanted | None, *, passed: bool) -> Iterator[Styled]:
    """Yield how many calls there were, and what they are worth."""
    listed = ", ".join(f"{times} of {excerpt(name)}" for name, times in tally.programs.items())
    text = f"{counted(tally.calls, 'call')} captured" + (f": {listed}" if listed else "")
    if wanted:
        of = tally.programs.get(wanted.program, 0)
        text += f"; {tally.equal} of {of} equal to {wanted.name}" if of else ""
        text += "" if of else f"; none of {wanted.program} to compare with {wanted.name}"
    if tally.failing:
        text += f"; {counted(tally.failing, 'rescan')} cannot succeed"
    yield Styled("")
    yield Styled(text, "good" if passed else "bad")


def no_call(ending: str, found: Reach, *, harmless: bool) -> Iterator[Styled]:
    """Yield why there may have been no call, the likeliest reason first."""
    reasons = []
    if ending != "exit status 0":
        reasons.append(f"it ended early ({ending}): see what it said above")
    if found.forbidden:
        reasons.append(f"it called an absolute path, and that is not caught: {found.forbidden}")
    else:
        reasons.append(f"it called a program elsewhere than in {_shown(found)}")
    reasons.append("it has a service call it that runs already: give that --stand-ins DIR")
    if harmless:
        reasons.append("it gave up at something that --harmless refuses")
    reasons.append("it never came to the call: a condition, or arguments that it needs")
    yield Styled("why no call was captured, the likeliest first:")
    yield from (Styled(f"  - {reason}") for reason in reasons)


def _devices(argv: Sequence[str], release: str) -> Iterator[Styled]:
    found = slot_map(argv, release=release)
    if not found.busy:
        yield from _arguments(argv)
        return
    yield from _first(slotmap_text.lines(found, whole=False), _DEVICES)


def _arguments(argv: Sequence[str]) -> Iterator[Styled]:
    tokens = (Styled(f"  {excerpt(token)}" if token else "  ''") for token in argv)
    yield from _first(tokens, _TOKENS)


def _first(lines: Iterator[Styled], most: int) -> Iterator[Styled]:
    yield from islice(lines, most)
    left_out = sum(1 for _ in lines)
    if left_out:
        yield Styled(f"  and {left_out:,} more", "faint")


def _judgement(judgement: Judgement) -> Iterator[Styled]:
    """Yield the findings folded, one rule two lines at most, then what the releases make of it."""
    folded: dict[str, list[Finding]] = {}
    for finding in judgement.findings:
        folded.setdefault(finding.rule, []).append(finding)
    for findings in islice(folded.values(), _FINDINGS):
        yield from _finding(findings)
    if len(folded) > _FINDINGS:
        yield Styled(f"  findings of {len(folded) - _FINDINGS} more rules; lint shows all", "faint")
    yield from _first(_outcomes(judgement), _OUTCOMES)


def _finding(findings: Sequence[Finding]) -> Iterator[Styled]:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    releases = ranges({release for finding in findings for release in finding.releases})
    text = f"{first.severity} {first.rule} ({releases}): {excerpt(first.message, _MESSAGE)}{more}"
    yield Styled(f"  {text}", _STYLES.get(first.severity, ""))
    yield Styled(f"    remedy: {first.remedy}", "faint")


def _outcomes(judgement: Judgement) -> Iterator[Styled]:
    """Yield a line for each thing that releases make of an argv, with those that do."""
    alike: dict[tuple[str, str], list[str]] = {}
    for release, outcome in judgement.outcomes.items():
        if outcome.stage == "ok":
            key = "accepted", "good"
        elif outcome.accepted:
            key = f"accepted, but nothing to boot ({outcome.stage})", "?"
        else:
            said = f": {excerpt(outcome.message, _MESSAGE)}" if outcome.message else ""
            key = f"refused at {outcome.stage}{said}", "bad"
        alike.setdefault(key, []).append(release)
    for (text, style), releases in alike.items():
        yield Styled(f"  {ranges(releases)}: {text}", style)


def _rescan(rescan: Rescan) -> Iterator[Styled]:
    for finding, releases in islice(rescan.findings.items(), _FINDINGS):
        fact, remedy = FACTS[finding.fault]
        text = f"{finding.fault} ({ranges(releases)}): {excerpt(finding.message, _MESSAGE)}"
        yield Styled(f"  fails {text}", "bad")
        yield Styled(f"    fact: {fact}", "faint")
        yield Styled(f"    remedy: {remedy}", "faint")
    able = [release for release in rescan.releases if release not in rescan.failing]
    if able:
        yield Styled(f"  {ranges(able)}: the rescan finds its placeholder", "good")


def _comparison(judged: JudgedCall, wanted: Wanted) -> Iterator[Styled]:
    if judged.equal:
        yield Styled(f"  equal to {wanted.name}", "good")
        return
    yield Styled(f"  differs from {wanted.name} (- expected, + got):", "bad")
    lines = diff(wanted.argv, judged.call.argv.tokens)
    shown = (Styled(f"  {line.sign} {line.text}", line.sign.strip()) for line in lines)
    yield from _first(shown, _DIFFERENCES)
