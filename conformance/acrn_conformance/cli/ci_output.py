"""Lint's output beside its report: a page, a SARIF file, annotations where GitHub runs it.

What writes each is loaded when it is wanted.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from acrn_conformance.cli import output, pages

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from acrn_cmdline.lint import Judgement, Rule
    from acrn_cmdline.source import Argv
    from acrn_conformance.reports import for_ci, html

    _Judgements = Iterable[tuple[Argv, Judgement]]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    sarif = "write the findings there too, as SARIF 2.1.0 (-: to standard output, in place of the "
    sarif += "report); no file where the input is unusable"
    add("--sarif", type=output.place, metavar="FILE", help=sarif)
    pages.configure(parser)
    annotations = "print none of the annotations that stand behind the report where "
    annotations += "GITHUB_ACTIONS is true (with --json or --sarif - there are none)"
    add("--no-annotations", action="store_true", help=annotations)


@contextmanager
def telling(
    options: argparse.Namespace, rules: Sequence[Rule]
) -> Iterator[Callable[[_Judgements], Iterator[tuple[Argv, Judgement]]]]:
    """Hand out what passes judgements on, and tells of each as it passes. Raises InputError."""
    files = frozenset(options.file or ()) - {"-"}
    with output.opened(options.sarif, "--sarif") as write, ExitStack() as stack:
        gather = stack.enter_context(pages.gathering(options))
        hearers: list[for_ci.Hear] = [lambda *found: gather(lambda: _view(*found))]
        if write:
            from acrn_conformance.reports import lint_sarif

            hearers.append(stack.enter_context(lint_sarif.writing(write, rules, files)))
        if _annotated(options):
            from acrn_conformance.reports import github

            hearers.append(stack.enter_context(github.annotating(files)))

        def tell(judgements: _Judgements) -> Iterator[tuple[Argv, Judgement]]:
            for source, judgement in judgements:
                for hear in hearers:
                    hear(source, judgement)
                yield source, judgement

        yield tell


def _view(source: Argv, judgement: Judgement) -> html.CallView:
    from acrn_conformance.reports import html

    return html.linted(source, judgement)


def _annotated(options: argparse.Namespace) -> bool:
    unwanted: bool = options.no_annotations or options.json or output.is_stdout(options.sarif)
    return os.environ.get("GITHUB_ACTIONS") == "true" and not unwanted
