"""A pytest plugin for implementers' own suites: every golden case is a test item.

``pytest -p acrn_conformance.pytest_plugin --acrn-implementation "CMD ARGS" --pyargs
acrn_conformance.pytest_cases``. Nothing is imported or started before a case is collected.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a run that does not ask for cases pays for none of these
    from collections.abc import Iterator

    from acrn_conformance.cases import Case, Dialect
    from acrn_conformance.judging import Verdict


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
    tolerate = "pass in spite of replies that break the contract of the wire"
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
        self._pool = Pool[str](Settings(words, Mode(mode), timeout=timeout))
        self._words = words
        self._mode = mode
        self.dialect = dialect
        self._claims: frozenset[str] | None = None

    def again(self, case: Case) -> str:
        """Return the command that judges a case again, for a shell."""
        how = ("--dialect", self.dialect.name, "--mode", self._mode)
        words = ("acrn-conformance", "run", "--select", case.id, *how, "--", *self._words)
        return shlex.join(words)

    def judge(self, case: Case) -> Verdict | None:
        """Judge a case; None where its method is not claimed."""
        from acrn_base.starting import StartError
        from acrn_conformance.implementation import prepare, settled
        from acrn_conformance.judging import CannotStartError, describe, judge

        try:
            if self._claims is None:
                self._claims = describe(self._pool, "describe", self.dialect).claims
            if case.request.method not in self._claims:
                return None
            asked = [(case.id, prepare(case.request))]
            answered = settled(self._pool.outcomes(asked))[case.id]
        except (StartError, CannotStartError) as error:
            pytest.exit(f"--acrn-implementation: {error}", pytest.ExitCode.USAGE_ERROR)
        return judge(case, answered.outcome, answered.seconds)

    def close(self) -> None:
        """End it."""
        with self._pool:
            for _ in self._pool.close():
                pass

    def faults(self) -> list[str]:
        """Return a line for each kind of reply that broke the contract of the wire so far."""
        return [
            f"protocol broken: {fault.kind} ({fault.times}x): {fault.message}: {fault.example}"
            for fault in self._pool.faults
        ]


@pytest.fixture(scope="session")
def acrn_implementation(request: pytest.FixtureRequest) -> Iterator[Implementation]:
    """Return the implementation under test; one process serves the whole session."""
    from acrn_conformance.cases import DIALECTS

    option = request.config.getoption
    implementation = Implementation(
        option("--acrn-implementation"),
        option("--acrn-mode"),
        option("--acrn-timeout"),
        DIALECTS[option("--acrn-dialect")],
    )
    yield implementation
    implementation.close()
    faults = implementation.faults()
    if faults and not option("--acrn-tolerate-protocol-faults"):
        pytest.fail("\n".join(faults), pytrace=False)
