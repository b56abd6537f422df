"""The golden cases as pytest items; see `pytest_plugin`."""

from pathlib import Path

import pytest

from acrn_conformance.cases import (
    DIALECTS,
    Case,
    GoldenError,
    KnownFailuresError,
    Rule,
    golden,
    known,
)
from acrn_conformance.pytest_plugin import Implementation
from acrn_conformance.reports import run_text


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item of each case; a known failure must fail, for the reason on record."""
    command = metafunc.config.getoption("--acrn-implementation", default=None)
    if not command:
        raise pytest.UsageError(
            "give the implementation: -p acrn_conformance.pytest_plugin --acrn-implementation CMD"
        )
    path = metafunc.config.getoption("--acrn-known-failures")
    try:
        excuses = known.read(Path(path)) if path else {}
        families = golden.load(golden.folder()).families
        cases = [(case, family.name) for family in families for case in family.cases]
        dialect = _dialect(metafunc.config.getoption("--acrn-dialect"))
    except (GoldenError, KnownFailuresError) as error:
        raise pytest.UsageError(str(error)) from None
    for name in excuses:
        if not any(known.matches(name, case.id) for case, _ in cases):
            raise pytest.UsageError(f"{path}: no such case: {name}")
    items = [
        pytest.param(case, name, id=case.id, marks=_marks(known.reason(excuses, dialect, case.id)))
        for case, name in cases
        if dialect in case.dialects
    ]
    metafunc.parametrize(("acrn_case", "acrn_family"), items)


def _dialect(name: str) -> str:
    """Return the name of a dialect that exists. Raises UsageError."""
    if name not in DIALECTS:
        raise pytest.UsageError(f"--acrn-dialect {name}: no dialect; use {', '.join(DIALECTS)}")
    return name


def _marks(reason: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


@pytest.fixture(scope="session")
def acrn_rules() -> dict[str, Rule]:
    """Return the rules, with their sources."""
    return golden.rules(golden.folder())


def test_case(
    request: pytest.FixtureRequest,
    acrn_case: Case,
    acrn_family: str,
    acrn_implementation: Implementation,
    acrn_rules: dict[str, Rule],
) -> None:
    """The implementation gives the answer that is due."""
    request.node.user_properties += [
        ("family", acrn_family),
        ("rule", acrn_case.rule),
        ("level", acrn_case.level.value),
        ("dialect", acrn_implementation.dialect.name),
    ]
    verdict = acrn_implementation.judge(acrn_case)
    if verdict is None and any(mark.name == "xfail" for mark in request.node.own_markers):
        return  # strictly: what is not claimed cannot be known to fail
    if verdict is None:
        pytest.skip(f"the method {acrn_case.request.method} is not claimed")
    if verdict.failing:
        again, rule = acrn_implementation.again(verdict), acrn_rules.get(verdict.rule)
        lines = [line.text for line in run_text.failure(verdict, rule, again)]
        pytest.fail("\n".join(lines), pytrace=False)
