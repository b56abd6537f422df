"""The start of the commands that somebody waits for: what they load, and their time as a ratio."""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import DEVNULL

import pytest
from implementations import SERVE, UNMEASURED
from linted import PLAIN

_LOADED = """
import sys
before = set(sys.modules)
from acrn_conformance.cli import main
main(sys.argv[1:])
print(*(set(sys.modules) - before), file=sys.stderr)
"""
_UNWANTED = frozenset(
    (
        *("acrn_arch", "acrn_cmdline.lint.filling", "acrn_cmdline.source.shell"),
        *("acrn_cmdline.upgrade", "acrn_conformance.cases", "acrn_conformance.reports.folding"),
        *("acrn_conformance.reports.html", "acrn_dm.this_host"),
        *("asyncio", "dataclasses", "inspect", "jinja2", "json", "msgspec", "multiprocessing"),
        *("pathlib", "rich", "shutil", "subprocess", "tempfile", "textwrap", "tree_sitter"),
    )
)
_UNWANTED_BY_REFERENCE = frozenset(
    (
        *("acrn_arch.vm", "acrn_conformance.implementation", "acrn_conformance.judging"),
        *("acrn_conformance.reports", "fcntl", "hashlib", "json", "logging", "pathlib", "shutil"),
        *("subprocess", "tempfile", "threading", "urllib"),
    )
)
_UNWANTED_BY_WHO_PASSES = frozenset(
    (
        *("acrn_arch", "acrn_conformance.invariants", "acrn_conformance.judging.diagnosis"),
        *("acrn_conformance.reports.html", "acrn_conformance.search", "dataclasses", "difflib"),
        *("jinja2", "rich", "tempfile", "tree_sitter"),
    )
)
_LINT = ("lint", "--", "acrn-dm", *PLAIN)
_PYTHON = (*UNMEASURED, sys.executable)


def loaded(*words: str) -> set[str]:
    """Return the modules that a command has loaded at its end."""
    command = [*_PYTHON, "-c", _LOADED, *words]
    run = subprocess.run(command, capture_output=True, stdin=DEVNULL, text=True, check=False)
    return set(run.stderr.split())


def test_lint_of_words_loads_nothing_that_it_does_not_need() -> None:
    """No page, no grammar, no judge: who lints a line waits for the rules alone."""
    found = loaded(*_LINT)
    assert "acrn_cmdline.lint" in found
    assert not found & _UNWANTED


def test_the_reference_loads_nothing_but_what_answers() -> None:
    """A default run waits for its start: no judge, no process, no file, no log."""
    found = loaded("serve")
    assert {"acrn_arch", "acrn_conformance.cases"} <= found
    assert not found & _UNWANTED_BY_REFERENCE


def test_a_run_that_passes_loads_nothing_that_tells_of_failures() -> None:
    """No difference is looked for, no file written, no colour shown."""
    found = loaded("run", "--select", "limits-*", "--", *SERVE)
    assert "acrn_conformance.judging" in found
    assert not found & _UNWANTED_BY_WHO_PASSES


def processor_time(words: Sequence[str], environment: dict[str, str]) -> float:
    """Return the processor time of a process, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*_PYTHON, *words], capture_output=True, env=environment, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize(
    ("words", "limit"),
    [(_LINT, 7.0), (("--version",), 4.0)],
    ids=["lint", "--version"],
)
def test_the_whole_process_takes_so_many_times_that_of_bare_python(
    words: Sequence[str], limit: float, tmp_path: Path
) -> None:
    """The least of some runs each, in turn; compiled code is there, as it is once installed."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = (("-c", "pass"), ("-m", "acrn_conformance", *words))
    rounds = [[processor_time(each, environment) for each in commands] for _ in range(8)]
    bare, whole = (min(times) for times in zip(*rounds, strict=True))
    assert whole / bare < limit
