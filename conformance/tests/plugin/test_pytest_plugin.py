"""The pytest plugin, as an implementer's own suite meets it."""

import shlex
import subprocess
import sys
from pathlib import Path

import implementations
import pytest
from implementations import claiming, wrong

pytestmark = pytest.mark.unmeasured

pytest_plugins = ("pytester",)

SERVE = shlex.join(implementations.SERVE)
WRONG = shlex.join(wrong("answers.ACRN_DM = '/bin/x'"))
PLUGINS = ("-p", "acrn_conformance.pytest_plugin", "-p", "no:hypothesispytest", "--assert=plain")
"""What is tested, and neither of what an implementer's suite need not have and is slow to start."""


def judged(pytester: pytest.Pytester, command: str, *words: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(
        *(*PLUGINS, "--acrn-implementation", command),
        *("--pyargs", "acrn_conformance.pytest_cases", *words),
    )


def test_every_case_is_an_item_with_its_id(pytester: pytest.Pytester) -> None:
    """Pytest's own selection works on case ids."""
    result = judged(pytester, SERVE, "-v", "-k", "argv-pair-lpc or limits-fixed")
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["*test_case[[]limits-fixed] PASSED*"])


def test_a_wrong_answer_fails_with_its_diff(pytester: pytest.Pytester) -> None:
    """The failure says what is wrong, without a traceback."""
    result = judged(pytester, WRONG, "-k", "paths-fixed")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*acrn_dm: expected*/usr/bin/acrn-dm*got*/bin/x*"])
    assert "Traceback" not in result.stdout.str()
    result.stdout.fnmatch_lines(
        [
            "*level required, rule paths: The programs are */usr/bin/acrn-dm*(seed *",
            "*again: acrn-conformance run --select paths-fixed --dialect kata-1 --mode stream -- *",
        ]
    )


def test_a_known_failure_must_fail(pytester: pytest.Pytester) -> None:
    """It is an xfail, strictly: a pass fails."""
    pytester.path.joinpath("known").write_text("paths-fixed elsewhere\n", "utf-8")
    words = ("--acrn-known-failures", "known", "-k", "paths-fixed")
    judged(pytester, WRONG, *words).assert_outcomes(xfailed=1)
    judged(pytester, SERVE, *words).assert_outcomes(failed=1)


def test_a_method_that_is_not_claimed_is_skipped(pytester: pytest.Pytester) -> None:
    """What is not claimed is not judged."""
    command = shlex.join(claiming())
    result = judged(pytester, command, "-k", "paths-fixed")
    result.assert_outcomes(skipped=1)


def test_a_case_that_passes_alone_is_told_as_state(pytester: pytest.Pytester) -> None:
    """What makes it fail is named, and the command judges both, in this order."""
    stateful = wrong(
        "real = answers._ANSWERS; seen = []; "
        "answers._ANSWERS = {**real, 'paths': lambda _: (seen.append(1), real['paths'](_))[1], "
        "'limits': lambda _: {'max_vcpus': 9} if seen else real['limits'](_)}"
    )
    result = judged(pytester, shlex.join(stateful), "-k", "limits-fixed or paths-fixed")
    result.stdout.fnmatch_lines(["*it passes alone, and fails behind paths-fixed: state leaks *"])
    result.stdout.fnmatch_lines(["*again: *--select paths-fixed --select limits-fixed --dialect*"])


def test_a_claim_of_what_does_not_exist_fails_the_session(pytester: pytest.Pytester) -> None:
    """The method that was probably meant is named, as `run` does."""
    result = judged(
        pytester, shlex.join(claiming("describe", "paths", "limit")), "-k", "paths-fixed"
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*limits*"])


def test_xdist_and_junit_work_as_ever(pytester: pytest.Pytester) -> None:
    """Each worker has a process of its own."""
    result = judged(pytester, SERVE, "-n", "2", "-k", "device-valid", "--junit-xml", "j.xml")
    assert result.ret == 0
    text = Path(pytester.path / "j.xml").read_text("utf-8")
    assert 'name="test_case[device-valid-bridge-emul-empty]"' in text
    assert '<property name="rule" value="bridge-valid"' in text
    assert '<property name="dialect" value="kata-1"' in text
    assert '<property name="family" value="device_valid"' in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--acrn-implementation", "/nonexistent"), "cannot execute /nonexistent"),
        (("--acrn-implementation", "'"), "No closing quotation"),
        (("--acrn-implementation", " "), "--acrn-implementation is empty"),
        (("--acrn-implementation", "x", "--acrn-timeout", "-1"), "not above 0"),
        ((), "give the implementation"),
        (("--acrn-implementation", "x", "--acrn-known-failures", "/nonexistent"), "No such file"),
    ],
)
def test_unusable_input_is_a_usage_error(
    pytester: pytest.Pytester, words: tuple[str, ...], message: str
) -> None:
    """One line says what is wrong; nothing is judged."""
    result = pytester.runpytest_subprocess(
        *(*PLUGINS, *words),
        *("--pyargs", "acrn_conformance.pytest_cases", "-k", "paths-fixed"),
    )
    assert result.ret != 0
    output = result.stdout.str() + result.stderr.str()
    assert message in output
    assert "INTERNALERROR" not in output


def test_a_run_that_does_not_ask_for_it_pays_nothing() -> None:
    """Loading the plugin imports no more of the suite than itself."""
    code = (
        "import sys, acrn_conformance.pytest_plugin\n"
        "print(sorted(m for m in sys.modules if m.startswith(('acrn', 'msgspec', 'rich'))))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['acrn_conformance', 'acrn_conformance.pytest_plugin']"
