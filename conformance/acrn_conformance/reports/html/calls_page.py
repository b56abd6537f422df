"""The page of command lines: each with its findings, its slot map, and what each release does."""

import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from acrn_base.diff import DiffLine, diff
from acrn_base.text import counted, excerpt
from acrn_cmdline.capture import FACTS
from acrn_cmdline.captured import JudgedCall, Rescan
from acrn_cmdline.lint import Judgement, Outcome, ranges
from acrn_cmdline.slotmap import slot_map
from acrn_cmdline.source import Argv
from acrn_conformance.reports import slotmap_svg
from acrn_conformance.reports.html.pool import DRAWN, bounded
from acrn_conformance.reports.html.templating import rendered

_TONES = {"refused": "bad", "silently-ineffective": "bad", "risky": "open", "style": "none"}


class Token(NamedTuple):
    """A token as a shell takes it; ``tone`` is that of the worst finding about it."""

    text: str
    tone: str


class FindingView(NamedTuple):
    """A finding, and what to do about it; ``where`` is the place of its token."""

    severity: str
    tone: str
    rule: str
    releases: str
    where: str
    message: str
    fact: str
    remedy: str


class ReleaseRow(NamedTuple):
    """Neighbouring releases that make the same of an argv."""

    releases: str
    tone: str
    text: str


class CallView(NamedTuple):
    """A call; ``picture`` is an SVG element, empty where there is nothing on slots."""

    title: str
    where: str
    tone: str
    verdict: str
    program: str
    tokens: tuple[Token, ...]
    notes: tuple[str, ...]
    findings: tuple[FindingView, ...]
    needs: tuple[str, ...]
    releases: tuple[ReleaseRow, ...]
    picture: str
    wanted: str
    diff: tuple[DiffLine, ...]


def calls_page(calls: Sequence[CallView]) -> str:
    """Return one self-contained HTML document that shows calls. Raises TemplatesMissingError."""
    bad = sum(call.tone == "bad" for call in calls)
    headline = f"{counted(len(calls), 'command line')}: {bad} with faults"
    headline = headline if bad else f"{counted(len(calls), 'command line')}: no fault found"
    values = {"calls": calls, "headline": headline, "tone": "bad" if bad or not calls else "good"}
    return rendered("calls.html", ("page.js",), "{}", values)


def linted(source: Argv, judgement: Judgement) -> CallView:
    """Return what a page shows of an argv and lint's judgement on it."""
    return CallView(
        title=excerpt(str(source.where)),
        where="",
        tone=_tone(judgement),
        verdict=_verdict(judgement),
        program=source.program,
        tokens=tuple(_tokens(source, judgement)),
        notes=source.notes,
        findings=tuple(_findings(source, judgement)),
        needs=tuple(_needs(judgement)),
        releases=tuple(_releases(judgement)),
        picture=_picture(source, judgement),
        wanted="",
        diff=(),
    )


def captured(call: JudgedCall) -> CallView:
    """Return what a page shows of a captured call."""
    source, seen = call.call.argv, call.call.seen
    view = linted(source, call.judgement) if call.judgement else _unlinted(source, call.rescan)
    if call.wanted and not call.equal:
        lines = tuple(diff(call.wanted.argv, source.tokens))
        view = view._replace(wanted=f"Differs from {call.wanted.name}", diff=lines, tone="bad")
    elif call.wanted:
        view = view._replace(wanted=f"Equal to {call.wanted.name}")
    where = f"{seen.time}, called by {seen.parent_command} in {seen.cwd}" if seen else ""
    return view._replace(title=f"Call {call.number}: {source.program}", where=excerpt(where))


def _unlinted(source: Argv, rescan: Rescan | None) -> CallView:
    failing = rescan.findings if rescan else {}
    return CallView(
        title="",
        where="",
        tone="bad" if failing else "none",
        verdict="The rescan fails" if failing else "Not a call of acrn-dm",
        program=source.program,
        tokens=tuple(Token(_shell(token), "") for token in source.tokens),
        notes=source.notes,
        findings=tuple(
            FindingView(
                "fails", "bad", each.fault, ranges(releases), "", each.message, *FACTS[each.fault]
            )
            for each, releases in failing.items()
        ),
        needs=(),
        releases=(),
        picture="",
        wanted="",
        diff=(),
    )


def _tone(judgement: Judgement) -> str:
    tones = {_TONES[severity] for severity in judgement.severities}
    bad = judgement.refused or judgement.bootless or "bad" in tones
    return "bad" if bad else "open" if "open" in tones else "good"


def _verdict(judgement: Judgement) -> str:
    accepting = [release for release, each in judgement.outcomes.items() if each.accepted]
    told = f"Accepted by {len(accepting)} of {counted(len(judgement.outcomes), 'release')}"
    return f"{told}; {counted(len(judgement.findings), 'finding')}"


def _tokens(source: Argv, judgement: Judgement) -> Iterator[Token]:
    # The worst come first, so that the first about a token is what counts.
    tones: dict[int | None, str] = {}
    for finding in judgement.findings:
        tones.setdefault(finding.token, _TONES[finding.severity])
    for place, token in enumerate(source.tokens):
        yield Token(_shell(token), tones.get(place, ""))


def _shell(token: str) -> str:
    return shlex.quote(str(bounded(token)))


def _findings(source: Argv, judgement: Judgement) -> Iterator[FindingView]:
    for each in judgement.findings:
        where = "" if each.token is None else f"token {each.token}, {source.place(each.token)}"
        yield FindingView(
            each.severity,
            _TONES[each.severity],
            each.rule,
            ranges(each.releases),
            where,
            each.message,
            each.fact,
            each.remedy,
        )


def _needs(judgement: Judgement) -> Iterator[str]:
    for each in judgement.needs:
        everywhere = len(each.releases) == len(judgement.outcomes)
        yield f"{each.need.kind.value}: {each.need.name}" + (
            "" if everywhere else f" ({ranges(each.releases)})"
        )


def _releases(judgement: Judgement) -> Iterator[ReleaseRow]:
    for outcome, alike in groupby(judgement.outcomes.items(), lambda each: each[1]):
        yield ReleaseRow(ranges([release for release, _ in alike]), *_made(outcome))


def _made(outcome: Outcome) -> tuple[str, str]:
    if outcome.stage == "ok":
        return "good", "accepted"
    if outcome.accepted:
        return "open", f"accepted, but nothing to boot ({outcome.stage}, {outcome.ending})"
    said = f": {outcome.message}" if outcome.message else ""
    return "bad", f"refused at {outcome.stage}, {outcome.ending}{said}"


def _picture(source: Argv, judgement: Judgement) -> str:
    """Return the slot map as the newest of the releases reads it."""
    if len(source.tokens) > DRAWN:
        return ""
    release = list(judgement.outcomes)[-1]
    found = slot_map(source.tokens, release=release)
    return slotmap_svg.element(found, f"as {release} reads it") if found.busy else ""
