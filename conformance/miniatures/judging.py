"""Judging a miniature: in this process, unless its fault is in its memory or in how it writes."""

import sys
from collections.abc import Iterator, Sequence

from acrn_conformance.cases import Case
from acrn_conformance.implementation import Broken, Outcome, Settings, wire
from acrn_conformance.judging import Demands, Verdict, blamed, folded, judge, run
from miniatures.miniature import Garbled, Miniature, Stateful
from miniatures.serving import Replying, replying


def command(name: str) -> tuple[str, ...]:
    """Return the command that serves a miniature, in the folder ``conformance``."""
    return sys.executable, "-m", "miniatures", name


def verdicts(miniature: Miniature, cases: Sequence[Case], *before: str) -> tuple[Verdict, ...]:
    """Return the verdicts of the cases of its dialect, in their order.

    ``before``: words that stand before the command, where a process is started.
    """
    if isinstance(miniature, Stateful | Garbled):
        settings = Settings((*before, *command(miniature.name)))
        return folded(cases, settings, run(cases, settings, Demands())).verdicts
    mine = [case for case in cases if miniature.dialect in case.dialects]
    return blamed(_judged(miniature, mine))


def _judged(miniature: Miniature, cases: Sequence[Case]) -> Iterator[Verdict]:
    with replying(miniature) as reply:
        for case in cases:
            yield judge(case, _outcome(case, reply))


def _outcome(case: Case, reply: Replying) -> Outcome:
    try:
        _, outcome = wire.reply(reply(wire.prepare(case.request).line(1)))
    except Exception as error:  # noqa: BLE001  (a process would have ended with whatever it is)
        return Broken(f"the process ended: {error!r}", ended=True)
    return outcome
