"""Replies that break the contract of the wire, in an implementer's own suite."""

import shlex

import every_third
import pytest
from implementations import PYTHON

pytest_plugins = ("pytester",)

PLUGINS = ("-p", "acrn_conformance.pytest_plugin", "-p", "no:hypothesispytest", "--assert=plain")


def judged(pytester: pytest.Pytester, fault: str, *words: str) -> pytest.RunResult:
    command = shlex.join((*PYTHON, every_third.__file__, fault))
    return pytester.runpytest_subprocess(
        *(*PLUGINS, "--acrn-implementation", command, "--pyargs", "acrn_conformance.pytest_cases"),
        *("-k", "limits-fixed or paths-fixed or capabilities", *words),
    )


@pytest.mark.parametrize("fault", ["answered-twice", "ended"])
def test_the_session_fails_at_its_end_and_no_case_is_blamed(
    fault: str, pytester: pytest.Pytester
) -> None:
    """All cases pass, and what is wrong is told once, when the implementation ends."""
    result = judged(pytester, fault)
    assert result.ret == 1
    assert result.parseoutcomes().get("failed", 0) == 0
    result.stdout.fnmatch_lines([f"*protocol broken: {fault} (*"])


def test_the_session_passes_where_faults_are_tolerated(pytester: pytest.Pytester) -> None:
    """For those who must; they are told all the same."""
    result = judged(pytester, "answered-twice", "--acrn-tolerate-protocol-faults")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*protocol broken, tolerated: answered-twice (*"])
