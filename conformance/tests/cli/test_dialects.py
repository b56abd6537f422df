"""Dialects as the user of the commands meets them: named, taken from describe, or kata-1."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from implementations import COMMAND, PYTHON, SERVE, acrn_conformance

from acrn_conformance.cases import DIALECTS
from acrn_conformance.cli import dialects

_OTHER = (*SERVE, "--dialect", "kata-3")


def naming(name: str) -> tuple[str, ...]:
    """Return the command of a reference that answers as kata-3 and names another dialect."""
    code = (
        "from acrn_conformance.cases import KATA_3; from acrn_conformance.oracle import answers, "
        "replying, serve; told = answers._describe(KATA_3); answers._describe = "
        f"lambda _: {{**told, 'dialect': {name!r}}}; serve(replying(KATA_3))"
    )
    return (*PYTHON, "-c", code)


def judged(text: str) -> int:
    found = re.search(r"^([\d,]+) cases? judged", text, re.MULTILINE)
    assert found, text
    return int(found[1].replace(",", ""))


def test_an_implementation_is_judged_in_the_dialect_that_it_names() -> None:
    """Its cases are those of the dialect, and the heading says which."""
    run = acrn_conformance("run", "--", *_OTHER)
    assert run.returncode == 0, run.stdout
    assert ", kata-3\n" in run.stdout.splitlines(keepends=True)[0]
    mine = acrn_conformance("list", "--dialect", "kata-3").stdout.splitlines()
    assert judged(run.stdout) == len(mine)


def test_the_option_knows_every_dialect() -> None:
    """Its names are those of the dialects, in their order."""
    assert tuple(DIALECTS) == dialects.NAMES


def test_one_that_names_none_is_kata_1() -> None:
    """Adapters from before the dialects are judged as they were."""
    run = acrn_conformance("run", "--select", "limits-*", "--", *naming(""))
    assert ", kata-1\n" in run.stdout.splitlines(keepends=True)[0]


def test_the_dialect_that_is_asked_for_goes_before_the_one_named() -> None:
    """It is judged as the user says, and the difference is told."""
    run = acrn_conformance("run", "--dialect", "kata-1", "--", *_OTHER)
    assert run.returncode == 1
    assert "note: it names the dialect kata-3, and is judged as kata-1" in run.stdout
    assert re.search(r"again: acrn-conformance run \S.*--dialect kata-1", run.stdout)


def test_the_built_in_reference_speaks_every_dialect() -> None:
    """Without a command it is judged in the dialect that is asked for."""
    for name in ("kata-3", "acrn-3"):
        run = acrn_conformance("run", "--dialect", name)
        assert run.returncode == 0, run.stdout
        assert f", {name}\n" in run.stdout.splitlines(keepends=True)[0]


@pytest.mark.parametrize("command", ["run", "fuzz"])
def test_a_dialect_that_is_none_is_said_in_a_line(command: str) -> None:
    """Which it names, which there are, and the remedy; exit status 2."""
    run = acrn_conformance(command, "--", *naming("kata-9"))
    assert run.returncode == 2
    assert run.stderr == (
        "acrn-conformance: describe names the dialect kata-9, which is none of kata-1, kata-3, "
        "acrn-3; name one of these there, or with --dialect\n"
    )


def test_a_selection_without_a_case_of_the_dialect_is_said() -> None:
    """Nothing judged is no success."""
    run = acrn_conformance("run", "--dialect", "kata-3", "--select", "argv-only-uuid")
    assert run.returncode == 2
    assert "no case chosen is of the dialect kata-3" in run.stderr


def test_results_say_which_dialect(tmp_path: Path) -> None:
    """A reader of results can tell them apart."""
    path = tmp_path / "r.json"
    acrn_conformance("run", "--dialect", "acrn-3", "--select", "paths-*", "--json", str(path))
    found = json.loads(path.read_text("utf-8"))
    assert found["golden"]["dialect"] == "acrn-3"
    assert found["implementation"]["describe"]["dialect"] == "acrn-3"


def test_a_known_failure_may_be_of_one_dialect(tmp_path: Path) -> None:
    """An entry DIALECT:ID excuses the case there and nowhere else."""
    path = tmp_path / "known"
    path.write_text("kata-3:paths-fixed not yet\n", "utf-8")
    wrong = ("--known-failures", str(path), "--select", "paths-fixed")
    line = "from acrn_arch import arch; arch.ACRN_DM = '/x'; from acrn_conformance.oracle import "
    line += "answers; answers.ACRN_DM = '/x'; from acrn_conformance.__main__ import main; main()"
    for name, status in (("kata-3", 0), ("kata-1", 1)):
        command = (*PYTHON, "-c", line, "serve", "--dialect", name)
        run = acrn_conformance("run", *wrong, "--", *command)
        assert run.returncode == status, run.stdout + run.stderr


def test_a_finding_of_a_search_is_a_case_of_its_dialect(tmp_path: Path) -> None:
    """What was found in kata-3 is judged again in kata-3."""
    found = tmp_path / "c.json"
    line = (
        "from acrn_arch import dialect; dialect.Vsock.greatest = 10; from acrn_conformance.cases "
        "import KATA_3; from acrn_conformance.oracle import replying, serve; "
        "serve(replying(KATA_3))"
    )
    implementation = (*PYTHON, "-c", line)
    words = ("--examples", "20000", "--seed", "1", "--output", str(found), "--", *implementation)
    assert acrn_conformance("fuzz", *words).returncode == 1
    (case,) = json.loads(found.read_text("utf-8"))
    assert case["dialects"] == ["kata-3"]
    again = acrn_conformance("run", "--cases", str(found), "--", *implementation)
    assert again.returncode == 1
    assert judged(again.stdout) == 1


def test_every_short_list_of_kata_3_is_judged() -> None:
    """Its alphabet has the vsock: thirty-four devices, all lists of up to two."""
    run = acrn_conformance("fuzz", "--exhaustive", "2", "--", *_OTHER)
    assert run.returncode == 0
    assert "every list of up to 2 of 34 devices, part 1 of 1: 1191 cases judged" in run.stdout


def test_the_plugin_judges_in_the_dialect_of_its_option(tmp_path: Path) -> None:
    """Every case of the dialect is an item."""
    plugins = ("-p", "acrn_conformance.pytest_plugin", "-p", "no:cacheprovider")
    implementation = ("--acrn-implementation", "true", "--acrn-dialect", "kata-3")
    words = ("-q", "--collect-only", *plugins, *implementation, "--pyargs")
    command = (sys.executable, "-m", "pytest", *words)
    run = subprocess.run(
        [*command, "acrn_conformance.pytest_cases"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    listed = subprocess.run(
        [*COMMAND, "list", "--dialect", "kata-3"], capture_output=True, text=True, check=True
    )
    assert f"{len(listed.stdout.splitlines())} tests collected" in run.stdout
