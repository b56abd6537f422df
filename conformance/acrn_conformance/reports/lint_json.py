"""A judgement as JSON: one object a line, nothing in it that a terminal acts upon."""

import json
from collections.abc import Mapping

from acrn_cmdline.lint import Judgement
from acrn_cmdline.source import Argv
from acrn_conformance.reports.rule_page import page


def document(source: Argv, judgement: Judgement) -> str:
    """Return a judgement on one line, in ASCII; a byte that is no UTF-8 is a lone surrogate."""
    return line(value(source, judgement))


def line(value: Mapping[str, object]) -> str:
    """Return an object on one line, in ASCII."""
    return json.dumps(value, ensure_ascii=True).replace("\x7f", "\\u007f")


def value(source: Argv, judgement: Judgement) -> dict[str, object]:
    """Return a judgement as an object.

    ``unknown`` are the names of what is not known of the argv, ``notes`` what its reader
    assumed; ``page`` is where the documentation explains a rule.
    """
    return {
        "argv": judgement.argv,
        "place": source.where._asdict(),
        "unknown": source.unknown,
        "notes": source.notes,
        "releases": {
            release: {
                "accepted": outcome.accepted,
                "stage": outcome.stage,
                "exit": outcome.exit,
                "message": outcome.message,
            }
            for release, outcome in judgement.outcomes.items()
        },
        "findings": [
            {
                "rule": finding.rule,
                "page": page(finding.rule),
                "severity": finding.severity,
                "token": finding.token,
                "place": source.place(finding.token)._asdict(),
                "message": finding.message,
                "remedy": finding.remedy,
                "releases": finding.releases,
            }
            for finding in judgement.findings
        ],
        "needs": [
            {
                "kind": each.need.kind.name.lower(),
                "name": each.need.name,
                "token": each.token,
                "releases": each.releases,
            }
            for each in judgement.needs
        ],
    }
