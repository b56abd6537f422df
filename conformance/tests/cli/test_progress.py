"""How far a run has come: each case counts once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import every_third
import pytest
from implementations import CASES, PYTHON

from acrn_conformance.cases import Case, golden
from acrn_conformance.cli.task import Task, judge_all
from acrn_conformance.implementation import Pool, Settings
from acrn_conformance.judging import Demands, RunEvent, Withdrawn
from acrn_conformance.reports import results, terminal


def test_a_verdict_that_is_withdrawn_and_comes_anew_counts_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else more would be judged than there are cases."""
    counted: list[int] = []

    @contextmanager
    def bar(total: int, label: str) -> Iterator[Callable[[], None]]:
        del label
        yield lambda: counted.append(total)

    monkeypatch.setattr(terminal, "bar", bar)
    cases, log = CASES[:20], list[RunEvent]()
    settings = Settings((*PYTHON, every_third.__file__, "answered-twice"))
    loaded = golden.load(golden.folder())
    recorder = results.Recorder(loaded, {}, settings, lambda verdict: verdict.case.id)
    task = Task(cases, settings, Demands(), None, recorder, None)
    with ExitStack() as stack, Pool[Case | None](settings) as pool:
        judge_all(task, pool, None, log, stack)
    assert any(isinstance(event, Withdrawn) for event in log)
    assert counted == [20] * 20
