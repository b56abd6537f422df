"""Judgements as one SARIF file, for the CI and the editors that show such files."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from os import fsencode
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from acrn_base.text import excerpt, visible
from acrn_cmdline.lint import REFUSALS, Finding, Judgement, Refusal, Rule
from acrn_cmdline.source import Argv, Place
from acrn_conformance import __version__
from acrn_conformance.reports import sarif
from acrn_conformance.reports.for_ci import LONGEST, Hear, below, level
from acrn_conformance.reports.rule_page import page

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT: Final = "SRCROOT"
_ROOT_IS: Final = "the folder in which lint was run"
_FINGERPRINT: Final = "acrnDmToken/v1"
_TAIL: Final = b"]}]}"
"""The end of a file, from that of the results on."""


@contextmanager
def writing(
    write: Callable[[bytes], object], rules: Sequence[Rule], files: Collection[str]
) -> Iterator[Hear]:
    """Write a report of what is handed in, each as it comes: many take the memory of few.

    ``rules`` are those beside the refusals; ``files`` are the paths under which places are in
    files.
    """
    catalogue: Sequence[Rule | Refusal] = (*REFUSALS.values(), *rules)
    results = _Results(catalogue, files)
    write(msgspec.json.encode(_log(catalogue)).removesuffix(_TAIL))
    before = b"\n"

    def hear(source: Argv, judgement: Judgement) -> None:
        nonlocal before
        for finding in judgement.findings:
            write(before + msgspec.json.encode(results.result(source, finding)))
            before = b",\n"

    yield hear
    write(b"\n" + _TAIL + b"\n")


class _Results:
    """Findings as results; alike ones are counted."""

    def __init__(self, catalogue: Sequence[Rule | Refusal], files: Collection[str]) -> None:
        self._files = files
        self._folder = Path.cwd()
        self._rules = {rule.id: (index, rule) for index, rule in enumerate(catalogue)}
        self._alike: Counter[tuple[str, str]] = Counter()

    def result(self, source: Argv, finding: Finding) -> sarif.Result:
        """Return a finding as a result; a fact that is not the rule's own stands in its message."""
        index, rule = self._rules[finding.rule]
        message = excerpt(finding.message, LONGEST)
        own = finding.fact == rule.fact
        return sarif.Result(
            finding.rule,
            index,
            level(finding.severity),
            _text(message if own else f"{message}. {finding.fact}"),
            (self._location(source, finding.token),),
            {_FINGERPRINT: self._fingerprint(source, finding)},
            sarif.Properties(finding.severity, finding.token, finding.releases),
        )

    def _location(self, source: Argv, token: int | None) -> sarif.Location:
        place = source.place(token)
        if place.file in self._files:
            return sarif.Location(self._physical(place))
        name = "argv" if token is None else f"token {token}"
        whole = f"{visible(str(source.where))}: {name}"
        return sarif.Location(logical_locations=(sarif.LogicalLocation(name, whole),))

    def _physical(self, place: Place) -> sarif.PhysicalLocation:
        region = None if place.line is None else sarif.Region(place.line, place.column)
        inside = below(place.file, self._folder)
        if inside:
            artifact = sarif.ArtifactLocation(quote(fsencode(inside)), _ROOT)
        else:
            outside = Path(place.file).absolute()
            artifact = sarif.ArtifactLocation(f"file://{quote(fsencode(outside))}")
        return sarif.PhysicalLocation(artifact, region)

    def _fingerprint(self, source: Argv, finding: Finding) -> str:
        """Return what stays when lines move: the rule, the token's text, and which of such it is.

        Neither message nor releases count: both change when the model learns of a release.
        """
        text = "" if finding.token is None else source.tokens[finding.token]
        same = f"{finding.rule}\0{text}".encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(same).hexdigest()[:32]
        key = (source.where.file, digest)
        self._alike[key] += 1
        return f"{digest}:{self._alike[key]}"


def _log(catalogue: Sequence[Rule | Refusal]) -> sarif.Log:
    """Return a file without results."""
    rules = tuple(map(_descriptor, catalogue))
    tool = sarif.Tool(sarif.Driver("acrn-conformance", __version__, rules))
    root = {_ROOT: sarif.ArtifactLocation(description=_text(_ROOT_IS))}
    return sarif.Log("2.1.0", _SCHEMA, (sarif.Run(tool, "unicodeCodePoints", root, ()),))


def _descriptor(rule: Rule | Refusal) -> sarif.Descriptor:
    return sarif.Descriptor(
        rule.id,
        _text(rule.id.replace("-", " ")),
        _text(rule.fact),
        _text(rule.remedy),
        sarif.Configuration(level(rule.severity)),
        sarif.RuleProperties(page(rule.id)),
    )


def _text(text: str) -> sarif.Text:
    """Return a text in which nothing stands for an argument or a link."""
    return sarif.Text(text.replace("{", "{{").replace("}", "}}").replace("](", "] ("))
