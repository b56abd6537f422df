"""``acrn-conformance lint [-- acrn-dm ARGS...]``: what each acrn-dm release makes of an argv."""

import argparse
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from acrn_base.text import visible
from acrn_cmdline.lint import Judgement
from acrn_cmdline.source import Argv
from acrn_conformance.cli import ci_output, lint_options, output, sources, upgrade_options
from acrn_conformance.cli.fault import InputError
from acrn_conformance.cli.lint_options import FailOn
from acrn_conformance.cli.parser import Parser
from acrn_conformance.reports import Styled, lint_text, source_text, terminal

_EPILOG = (
    "Give the argv behind --, or name it with --pid or --file. The first word is taken for the "
    "program's name if it is called acrn-dm, also behind sudo, env and the like; otherwise all "
    "words are arguments. What a script leaves open is shown as $name, and breaks no rule. Tokens "
    "are counted from 0, the program's name left out. "
    "Exit status: 0 every checked release takes it and finds something to boot, 1 one does not, or "
    "there is what --fail-on names, 2 unusable input, whatever else there "
    "is: what could be read is judged all the same, but no file is written."
)


def configure(parser: Parser) -> None:
    """Declare the options."""
    parser.usage = "acrn-conformance lint [OPTIONS] [--file FILE | --pid N | -- acrn-dm ARGS...]"
    parser.epilog = _EPILOG
    lint_options.configure(parser)
    parser.begins = sources.is_acrn_dm
    parser.printing = frozenset({"--json"})
    add = parser.add_argument
    add("--json", action="store_true", help="print an object a line in place of the report")
    ci_output.configure(parser)
    source = parser.add_mutually_exclusive_group()
    file = f"{sources.FILE_HELP}; alone, --file takes the words at the end for the files"
    source.add_argument("--file", nargs="*", action="extend", metavar="FILE", help=file)
    source.add_argument(
        "--pid", type=sources.process, metavar="N", help="read the argv of a running acrn-dm"
    )
    sources.declare_set(parser)
    upgrade_options.declare(parser)
    add("words", nargs="*", metavar="acrn-dm ARGS", help="the argv itself")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    if options.file == []:
        # A hook's own options stand in front of its user's, and the files behind them.
        options.file, options.words = options.words, []
    unread: list[str] = []
    with terminal.bar_aside(len(options.file or ()), "linting files") as advance:
        return _lint(options, _sources(options, advance, unread), unread)


def _lint(options: argparse.Namespace, argvs: Iterator[Argv], unread: Sequence[str]) -> int:
    wanted = lint_options.wanted(options)
    if options.upgrade:
        from acrn_conformance.cli import upgrade

        return upgrade.run(options, argvs, unread, wanted.host)
    upgrade_options.refuse_alone(options)
    if options.json and output.is_stdout(options.sarif):
        raise InputError("--json and --sarif - both print; give --sarif a file")
    with ci_output.telling(options, wanted.rules) as tell:
        judgements = ((source, wanted.judge(source)) for source in argvs)
        judged = _Judged(tell(judgements), options.fail_on, unread)
        if options.json:
            from acrn_conformance.reports import lint_json

            for source, judgement in judged:
                print(lint_json.document(source, judgement))
        elif output.is_stdout(options.sarif):
            deque(judged, maxlen=0)
        else:
            terminal.write(_report(judged, wanted))
        sources.refuse(unread)
    return 1 if judged.failed else 0


def _sources(
    options: argparse.Namespace, advance: Callable[[], None], unread: list[str]
) -> Iterator[Argv]:
    """Yield the argvs asked for; of a file, each as it is read. After each file, advance."""
    named = bool(options.file) or options.pid is not None
    if named == bool(options.words):
        raise InputError("give one argv: behind --, or with --file or --pid")
    values = sources.given(options.values)
    files = options.file or ()
    return sources.argvs(files, options.pid, options.words, values, advance, unread)


class _Judged:
    """Judgements as they come: how many so far, how many that fail; ``refused`` are so many a file.

    ``unread`` has an item for each file so far that could not be read to its end.
    """

    def __init__(
        self,
        judgements: Iterable[tuple[Argv, Judgement]],
        fail_on: Collection[FailOn],
        unread: Sequence[str],
    ) -> None:
        self._judgements = judgements
        self._fail_on = fail_on
        self.unread = unread
        self.number = 0
        self.refused: Counter[str] = Counter()
        self.failed = 0

    def __iter__(self) -> Iterator[tuple[Argv, Judgement]]:
        for source, judgement in self._judgements:
            self.number += 1
            self.refused[source.where.file] += judgement.refused
            self.failed += lint_options.fails(judgement, self._fail_on)
            yield source, judgement


def _report(judged: _Judged, wanted: lint_options.Linting) -> Iterator[Styled]:
    """Yield what is said of each argv, and of several how many were refused, and where."""
    for source, judgement in judged:
        if judged.number > 1:
            yield Styled("")
        tokens = len(judgement.argv)
        text = f"{visible(str(source.where))}: {tokens} tokens, {_releases(wanted)}"
        yield Styled(f"{text}, profile {wanted.profile}, host {wanted.host_name}")
        yield from source_text.lines(source)
        yield Styled("")
        yield from lint_text.lines(judgement)
    if judged.number > 1 or (judged.number and judged.unread):
        yield Styled("")
        yield from lint_text.total(judged.number, judged.refused, len(judged.unread))


def _releases(wanted: lint_options.Linting) -> str:
    """Return for which releases: what was asked, and what stands for a name that is an alias."""
    if not wanted.named:
        return f"{len(wanted.releases)} releases (none was named)"
    aliases = [
        f"{stands} for {visible(name)}" for name, stands in wanted.asked.items() if name != stands
    ]
    number = len(wanted.releases)
    said = wanted.releases[0] if number == 1 else f"{number} releases (as asked)"
    return f"{said} ({', '.join(aliases)})" if aliases else said
