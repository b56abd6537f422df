"""A pytest plugin for implementers' own suites: every golden case is a test item.

``pytest -p acrn_conformance.pytest_plugin --acrn-implementation "CMD ARGS" --pyargs
acrn_conformance.pytest_cases``. Nothing is imported or started before a case is collected.
"""

from __future__ import annotations

import shlex
import time
import warnings
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a run that does not ask for cases pays for none of these
    from collections.abc import Callable, Iterator, Sequence

    from acrn_conformance.cases import Case, Dialect
    from acrn_conformance.judging import Introduced, Verdict

_ASKING_AGAIN = 10.0
"""Seconds of a session in which failing cases are asked once more, each in a fresh process."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("acrn-conformance", "judging an implementation of the ACRN arch layer")
    add = group.addoption
    add(
        "--acrn-implementation",
        metavar="CMD",
        help="the implementation under test, with its arguments",
    )
    add("--acrn-mode", choices=("stream", "exec"), default="stream", help="how to run it")
    add("--acrn-timeout", type=float, default=2.0, metavar="SECONDS", help="for each reply")
    add("--acrn-dialect", metavar="NAME", default="kata-1", help="the dialect to judge it in")
    tolerate = "pass in spite of what breaks the contract of the wire"
    add("--acrn-tolerate-protocol-faults", action="store_true", help=tolerate)
    add("--acrn-known-failures", metavar="FILE", help="cases that must fail: id and reason a line")


class Implementation:
    """The implementation under test, started when it is first asked."""

    def __init__(self, command: str, mode: str, timeout: float, dialect: Dialect) -> None:
        """Prepare; raises UsageError for a command that no shell could split."""
        from acrn_conformance.implementation import Mode, Pool, Settings

        try:
            words = tuple(shlex.split(command))
        except ValueError as error:
            raise pytest.UsageError(f"--acrn-implementation {command!r}: {error}") from None
        if not words or timeout <= 0:
            raise pytest.UsageError("--acrn-implementation is empty, or --acrn-timeout not above 0")
        self._settings = Settings(words, Mode(mode), timeout=timeout)
        self._pool = Pool[str](self._settings)
        self.dialect = dialect
        self._introduced: Introduced | None = None
        self._asked: list[Case] = []
        self._left = _ASKING_AGAIN

    def again(self, verdict: Verdict) -> str:
        """Return the command that judges a case again, behind those that it takes to fail.

        That is all of them where they are not known. It is for a shell.
        """
        ids = verdict.leak or (verdict.case.id,)
        known = not verdict.by_chance and verdict.leak != (verdict.case.id,)
        chosen = [word for name in ids if known for word in ("--select", name)]
        how = ("--dialect", self.dialect.name, "--mode", self._settings.mode)
        words = ("acrn-conformance", "run", *chosen, *how, "--", *self._settings.command)
        return shlex.join(words)

    def judge(self, case: Case) -> Verdict | None:
        """Judge a case; None where its method is not claimed."""
        from acrn_base.starting import StartError
        from acrn_conformance.implementation import prepare, settled
        from acrn_conformance.judging import CannotStartError, describe, judge

        try:
            if self._introduced is None:
                self._introduced = describe(self._pool, "describe", self.dialect)
            if case.request.method not in self._introduced.claims:
                return None
            asked = [(case.id, prepare(case.request))]
            answered = settled(self._pool.outcomes(asked))[case.id]
        except (StartError, CannotStartError) as error:
            pytest.exit(f"--acrn-implementation: {error}", pytest.ExitCode.USAGE_ERROR)
        verdict = judge(case, answered.outcome, answered.seconds)
        if verdict.failing and self._left > 0:
            began = time.monotonic()
            verdict = self._traced(verdict)
            self._left -= time.monotonic() - began
        self._asked.append(case)
        return verdict

    def _traced(self, verdict: Verdict) -> Verdict:
        """Return a verdict that says so where a case passes alone, and behind what it fails."""
        import msgspec

        from acrn_base.starting import StartError
        from acrn_conformance.implementation import Mode
        from acrn_conformance.judging import Mark, last_verdict, traced

        def fails(cases: Sequence[Case]) -> bool:
            return last_verdict(cases, self._settings).mark is not Mark.PASS

        # What crashed or hung was asked alone before it was blamed, as all are in exec mode.
        if self._settings.mode is Mode.EXEC or verdict.mark in {Mark.ERROR, Mark.TIMEOUT}:
            return verdict
        try:
            if fails([verdict.case]):
                return verdict
            until = time.monotonic() + self._left
            sequence = traced(self._asked, verdict.case, fails, until)
        except StartError:
            return verdict
        leak = tuple(case.id for case in sequence)
        return msgspec.structs.replace(verdict, leak=leak, by_chance=not leak)

    def close(self) -> None:
        """End it."""
        with self._pool:
            self._pool.end()

    def faults(self, *, tolerated: bool) -> list[str]:
        """Return a line for each kind of reply that broke the contract of the wire so far."""
        from acrn_conformance.reports import run_text

        return [line.text for line in run_text.protocol(self._pool.faults, tolerated=tolerated)]

    def complaints(self) -> list[str]:
        """Return what is wrong with what it says of itself."""
        return list(self._introduced.complaints) if self._introduced else []


@pytest.fixture(scope="session")
def acrn_implementation(
    request: pytest.FixtureRequest, record_testsuite_property: Callable[[str, object], None]
) -> Iterator[Implementation]:
    """Return the implementation under test; one process serves the whole session."""
    from acrn_conformance import __version__
    from acrn_conformance.cases import DIALECTS

    option = request.config.getoption
    tolerated: bool = option("--acrn-tolerate-protocol-faults")
    record_testsuite_property("suite", f"acrn-conformance {__version__}")
    record_testsuite_property("dialect", option("--acrn-dialect"))
    if tolerated:
        record_testsuite_property("tolerates-protocol-faults", "true")
    implementation = Implementation(
        option("--acrn-implementation"),
        option("--acrn-mode"),
        option("--acrn-timeout"),
        DIALECTS[option("--acrn-dialect")],
    )
    yield implementation
    implementation.close()
    faults = implementation.faults(tolerated=tolerated)
    for fault in faults if tolerated else ():
        warnings.warn(pytest.PytestWarning(fault), stacklevel=1)
    wrong = [*implementation.complaints(), *(() if tolerated else faults)]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
