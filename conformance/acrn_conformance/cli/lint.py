"""``acrn-conformance lint [-- acrn-dm ARGS...]``: what each acrn-dm release makes of an argv."""

import argparse
from collections.abc import Iterable, Iterator

from acrn_base.text import visible
from acrn_cmdline.lint import RECORDING, RELEASES, Judgement, here, judge_holes
from acrn_cmdline.source import Argv
from acrn_conformance.cli import sources
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.profile import Profile, rules
from acrn_conformance.reports import Styled, lint_json, lint_text, terminal

_EPILOG = (
    "Give the argv behind --, or name it with --pid or --file. The first word is taken for the "
    "program's name if it is called acrn-dm, also behind sudo, env and the like; otherwise all "
    "words are arguments. What a script leaves open is shown as $name, and breaks no rule. Tokens "
    "are counted from 0, the program's name left out. "
    "Exit status: 0 no checked release refuses it, 1 one does, 2 unusable input."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance lint [OPTIONS] [--file FILE | --pid N | -- acrn-dm ARGS...]"
    parser.epilog = _EPILOG
    add = parser.add_argument
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--release",
        action="extend",
        nargs="+",
        choices=RELEASES,
        metavar="R",
        help=f"judge for this release (may be repeated): {', '.join(RELEASES)}",
    )
    every = "judge for all releases (what is done when none is named)"
    which.add_argument("--all-releases", action="store_true", help=every)
    profile = "acrn: rules for every argv (default); kata: and those of kata's arch layer"
    add("--profile", type=Profile, choices=list(Profile), default=Profile.ACRN, help=profile)
    host = "recording: every absolute path is there, and no special device (default); here: as on "
    host += "this machine"
    add("--host", choices=("recording", "here"), default="recording", help=host)
    add("--json", action="store_true", help="print an object a line")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--file", metavar="FILE", help=sources.FILE_HELP)
    source.add_argument("--pid", type=int, metavar="N", help="read the argv of a running acrn-dm")
    sources.declare_set(parser)
    add("words", nargs="*", metavar="acrn-dm ARGS", help="the argv itself")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    releases = [r for r in RELEASES if not options.release or r in options.release]
    host = here() if options.host == "here" else RECORDING
    judged = _Judged(
        (source, judge_holes(source, releases, host, rules(options.profile)))
        for source in _sources(options)
    )
    if options.json:
        for _, judgement in judged:
            print(lint_json.document(judgement))
    else:
        terminal.write(_report(judged, options))
    return 1 if judged.refused else 0


def _sources(options: argparse.Namespace) -> Iterator[Argv]:
    """Return the argvs asked for; of a file, each as it is read."""
    named = options.file is not None or options.pid is not None
    if named == bool(options.words):
        raise InputError("give one argv: behind --, or with --file or --pid")
    values = sources.given(options.values)
    return sources.argvs(options.file, options.pid, options.words, values)


class _Judged:
    """Judgements as they come, and whether anything has been refused so far, and how many."""

    def __init__(self, judgements: Iterable[tuple[Argv, Judgement]]) -> None:
        self._judgements = judgements
        self.number = 0
        self.refused = 0

    def __iter__(self) -> Iterator[tuple[Argv, Judgement]]:
        for source, judgement in self._judgements:
            self.number += 1
            self.refused += judgement.refused
            yield source, judgement


def _report(judged: _Judged, options: argparse.Namespace) -> Iterator[Styled]:
    """Yield what is said of each argv, and of several how many were refused."""
    chosen = "as asked" if options.release or options.all_releases else "none was named"
    for source, judgement in judged:
        if judged.number > 1:
            yield Styled("")
        number = len(judgement.outcomes)
        said = next(iter(judgement.outcomes)) if number == 1 else f"{number} releases ({chosen})"
        tokens = len(judgement.argv)
        text = f"{visible(str(source.where))}: {tokens} tokens, {said}, profile {options.profile}"
        yield Styled(f"{text}, host {options.host}")
        yield from sources.remarks(source)
        yield Styled("")
        yield from lint_text.lines(judgement)
    if judged.number > 1:
        text = f"{judged.number} argvs, {judged.refused} of them refused by a release"
        yield Styled("")
        yield Styled(text, "bad" if judged.refused else "good")
