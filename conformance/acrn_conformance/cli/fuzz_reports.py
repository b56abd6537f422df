"""What a search finds, in a results file that grows with it, and in reports when it is over."""

import argparse
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, redirect_stdout
from pathlib import Path

import msgspec

from acrn_base import places
from acrn_conformance.cases import golden
from acrn_conformance.cli import output, report_options
from acrn_conformance.cli.parser import Parser
from acrn_conformance.implementation import ProtocolFault, Settings, added
from acrn_conformance.judging import Introduced
from acrn_conformance.reports import Styled, recorded, results, results_file, search_results
from acrn_conformance.search import Finding


def declare(parser: Parser) -> None:
    """Declare the options."""
    as_json = "write results as JSON, findings as they come; - is standard output, and no report"
    parser.add_argument("--json", type=Path, metavar="FILE", help=as_json)
    report_options.declare(parser)


def check(options: argparse.Namespace) -> None:
    """Raise PlaceError where nothing could be written, before anything is asked."""
    if not output.is_stdout(options.json):
        places.check(options.json, "--json")
    report_options.check(options)


class Record:
    """What is known of a search so far; nothing is written down before it begins.

    ``status``: 2 once a file could not be written, else 0. ``faults``: what broke the contract of
    the wire so far.
    """

    def __init__(
        self,
        options: argparse.Namespace,
        settings: Settings,
        introduced: Introduced,
        faults: tuple[ProtocolFault, ...],
    ) -> None:
        """Prepare; ``faults`` are those that it made when it introduced itself."""
        self.status = 0
        self._options = options
        self._settings = settings
        self._introduced = introduced
        self.faults = self._described = faults
        self._recorder: search_results.SearchRecorder | None = None
        self._growing: results_file.GrowingResults | None = None

    def begin(self, search: recorded.Search, asked: Mapping[str, int]) -> None:
        """Let the results file appear; ``asked`` is counted on by whoever asks."""
        self._recorder = search_results.SearchRecorder(self._nothing_yet(), search, asked)
        if (path := self._options.json) and not output.is_stdout(path):
            self._growing = results_file.GrowingResults(path, self._recorder.results())

    def found(self, finding: Finding, again: str) -> None:
        """Add a finding, and the command that judges it again."""
        if self._recorder:
            case = self._recorder.found(finding, again)
            if self._growing:
                self._growing.judged(case)

    @property
    def rules(self) -> Mapping[str, recorded.RuleTold]:
        """What is known of rules, once the search has begun."""
        return next((each.rules for each in self.results()), {})

    def met(self, faults: tuple[ProtocolFault, ...]) -> None:
        """Note what the search has met that breaks the contract."""
        self.faults = added(self._described, faults)
        if self._recorder:
            self._recorder.met(self.faults)

    def over(
        self,
        coverage: Iterable[Styled] = (),
        failing: int | None = None,
        remarks: tuple[str, ...] = (),
    ) -> None:
        """Note that the search has come to its end; ``failing`` where not each is a finding."""
        if self._recorder:
            told = tuple(line.text for line in coverage)
            self._recorder.over(told, failing, remarks)

    def results(self) -> Sequence[recorded.Results]:
        """Return the results as far as they are known, none of a search that has not begun."""
        return [self._recorder.results()] if self._recorder else []

    def close(self) -> None:
        """Write down what there is."""
        if self._growing:
            self._growing.close()
        for found in self.results():
            path = self._options.json
            self.status = report_options.finish(self._options, path, "--json", found)

    def _nothing_yet(self) -> recorded.Results:
        introduced, shard, root = self._introduced, self._options.shard, golden.folder()
        manifest = golden.read(root / "manifest.json", golden.Manifest)
        tolerates: bool = self._options.tolerate_protocol_faults
        nothing = results.nothing_yet(
            recorded.GoldenUsed(manifest.version, manifest.sha256, introduced.dialect.name),
            results.tested(self._settings, introduced.says, tolerates=tolerates),
            time.time(),
            str(shard) if shard else None,
        )
        return msgspec.structs.replace(nothing, rules=results.told(golden.rules(root)))


@contextmanager
def recording(
    options: argparse.Namespace,
    settings: Settings,
    introduced: Introduced,
    faults: tuple[ProtocolFault, ...],
) -> Iterator[Record]:
    """Hand out what notes a search, and write down what it holds at the end, whatever ends it."""
    with closing(Record(options, settings, introduced, faults)) as record, ExitStack() as stack:
        if output.is_stdout(options.json):
            nowhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
            stack.enter_context(redirect_stdout(nowhere))
        stack.enter_context(report_options.annotating(options, record.results))
        yield record
