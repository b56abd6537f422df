"""Captured calls as JSON: an object a line, nothing in it that a terminal acts upon."""

from acrn_cmdline.capture import FACTS, Call
from acrn_cmdline.captured import JudgedCall, Rescan
from acrn_conformance.reports import lint_json


def document(judged: JudgedCall) -> str:
    """Return a call and what is to say of it, on one line, in ASCII.

    ``seen`` is null where a call is only written down, ``lint`` (as of `lint --json`) but for
    acrn-dm, ``rescan`` but where a rescan is judged, ``compared`` where nothing is wanted.
    """
    argv, seen = judged.call
    return lint_json.line(
        {
            "number": judged.number,
            "program": argv.program,
            "argv": argv.tokens,
            "place": argv.where._asdict(),
            "seen": seen and _seen(seen),
            "lint": judged.judgement and lint_json.value(argv, judged.judgement),
            "rescan": judged.rescan and _rescan(judged.rescan),
            "compared": judged.wanted and {"with": judged.wanted.name, "equal": judged.equal},
        }
    )


def _seen(call: Call) -> dict[str, object]:
    names = ("cwd", "time", "pid", "parent_pid", "parent_command")
    return {name: getattr(call, name) for name in names}


def _rescan(rescan: Rescan) -> dict[str, object]:
    findings = [
        {
            "fault": finding.fault,
            "message": finding.message,
            "remedy": FACTS[finding.fault][1],
            "releases": releases,
        }
        for finding, releases in rescan.findings.items()
    ]
    return {"releases": rescan.releases, "failing": rescan.failing, "findings": findings}
