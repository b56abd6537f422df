"""The command as its user meets it: real processes, right and wrong implementations."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import jsonschema
import pytest
from conftest import REPOSITORY
from implementations import COMMAND, PYTHON, SERVE, claiming, wrong

from acrn_conformance.cases import golden
from acrn_conformance.implementation import LONGEST_LINE

CASES = tuple(golden.load(golden.folder()).cases())


def acrn_conformance(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], input=stdin, capture_output=True, text=True, check=False
    )


def test_the_built_in_reference_passes_every_case() -> None:
    """Without a command the reference is judged, through the same pipe as anybody."""
    run = acrn_conformance("run")
    assert run.returncode == 0
    assert f"{len(CASES)} cases judged: {len(CASES)} passed" in run.stdout
    assert run.stderr == ""


@pytest.mark.parametrize("mode", ["stream", "exec"])
def test_both_modes_judge_alike(mode: str) -> None:
    """The same program serves both modes."""
    run = acrn_conformance("run", "--mode", mode, "--select", "argv-pair-*", "--", *SERVE)
    assert run.returncode == 0
    assert "25 cases judged: 25 passed" in run.stdout


def test_many_processes_judge_alike() -> None:
    """Every case is judged once, whichever process it goes to."""
    run = acrn_conformance("run", "--jobs", "3", "--", *SERVE)
    assert run.returncode == 0
    assert f"{len(CASES)} cases judged: {len(CASES)} passed" in run.stdout


@pytest.mark.parametrize(
    ("line", "case"),
    [
        ("config.RESERVED_SLOT = 3", "argv-pair-block-net"),
        ("devices.Bridge.valid = lambda self: True", "device-valid-bridge-emul-empty"),
        ("devices._VALID_BACKENDS |= {'stdio'}", "argv-backend-stdio"),
        ("arch._QUIET = (arch.Param('quiet', '1'),)", "kernel-parameters-no-image-quiet"),
        ("answers.ACRN_DM = '/bin/acrn-dm'", "paths-fixed"),
        ("answers.MAX_VCPUS = 8.0", "limits-fixed"),
    ],
)
def test_a_wrong_implementation_fails_where_it_is_wrong(line: str, case: str) -> None:
    """One wrong line makes cases fail, and the right ones among them."""
    run = acrn_conformance("run", "--", *wrong(line))
    assert run.returncode == 1
    assert f"FAIL {case}: " in run.stdout
    assert " failed; " in run.stdout


def test_a_failure_says_all_that_is_needed() -> None:
    """Id, title, level, rule with source, token diff with the place marked, the command again."""
    params = "lambda self, slot: ('-s', f'{slot}:0,lpc', '-l', 'com1,stdio')"
    command = wrong(f"devices.Lpc.params = {params}")
    run = acrn_conformance("run", "--select", "argv-lpcs-and-disk", "--", *command)
    assert run.returncode == 1
    lines = run.stdout.splitlines()
    assert lines[2].startswith("FAIL argv-lpcs-and-disk: ")
    assert lines[3].startswith("  level required, rule lpc-text: An LPC bus is written -s and")
    assert lines[3].endswith(" (seed 433-445)")
    assert lines[4] == '  argv[2]: expected "-lcom1,stdio", got "-l"'
    assert "  - -lcom1,stdio" in lines
    assert "  + -l" in lines
    again = next(line for line in lines if line.startswith("  again: "))
    words = shlex.split(again.removeprefix("  again: "))
    assert words[:4] == ["acrn-conformance", "run", "--select", "argv-lpcs-and-disk"]
    assert tuple(words[5:]) == command


def test_the_results_file_follows_its_schema_and_has_every_verdict(tmp_path: Path) -> None:
    """Suite, golden version and hash, the describe reply, every verdict with expected and got."""
    path = tmp_path / "results.json"
    command = wrong("devices.Block.valid = lambda self: True")
    run = acrn_conformance("run", "--json", str(path), "--", *command)
    assert run.returncode == 1
    results = json.loads(path.read_text("utf-8"))
    schema = (golden.folder() / "schema" / "results.schema.json").read_text("utf-8")
    jsonschema.validate(results, json.loads(schema))
    assert [case["id"] for case in results["cases"]] == [case.id for case in CASES]
    assert results["golden"]["sha256"] == golden.load(golden.folder()).sha256
    assert results["implementation"]["describe"]["protocol"] == 1
    assert not results["passed"]
    failed = [case for case in results["cases"] if case["verdict"] == "fail"]
    assert results["summary"]["fail"] == len(failed) > 0
    assert all(case["expected"] and case["got"]["type"] for case in failed)
    assert [p.name for p in tmp_path.iterdir()] == ["results.json"]


def test_results_can_go_to_a_pipe() -> None:
    """A device or a pipe takes the results as they are."""
    run = acrn_conformance("run", "--select", "limits-*", "--json", "/dev/stderr")
    assert json.loads(run.stderr)["passed"]


def test_the_trace_holds_the_wire(tmp_path: Path) -> None:
    """Each line that went either way is in the trace, and how the process ended."""
    path = tmp_path / "trace.jsonl"
    acrn_conformance("run", "--select", "limits-fixed", "--trace", str(path))
    events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [e["event"] for e in events] == ["sent", "received", "sent", "received", "ended"]
    assert json.loads(events[2]["text"])["method"] == "limits"
    assert events[4]["text"] == "exit status 0"


def test_a_method_that_is_not_claimed_does_not_fail_the_run() -> None:
    """It is a line of its own in the summary, and its cases are not judged."""
    run = acrn_conformance("run", "--", *claiming("limits"))
    assert run.returncode == 0
    assert re.search(r"^not claimed, so not judged: argv \(\d+ cases\), ", run.stdout, re.MULTILINE)
    assert "4 cases judged: 4 passed" in run.stdout


def test_a_method_that_is_required_must_be_claimed() -> None:
    """--require METHOD and --require all make an unclaimed method fail."""
    for required in ("paths", "all"):
        run = acrn_conformance("run", "--require", required, "--", *claiming("limits"))
        assert run.returncode == 1
        assert re.search(r"^required, but not claimed: .*paths \(", run.stdout, re.MULTILINE)
    run = acrn_conformance("run", "--require", "limits", "--", *claiming("limits"))
    assert run.returncode == 0


def test_a_run_that_judges_nothing_does_not_pass() -> None:
    """Nothing claimed is no success."""
    run = acrn_conformance("run", "--select", "argv-*", "--", *claiming())
    assert run.returncode == 1
    assert "0 cases judged" in run.stdout


def test_claimed_but_unsupported_fails() -> None:
    """A method that is claimed and then unknown has the verdict unsupported."""
    line = "told = answers._describe(None); answers._METHODS['describe'] = lambda _: told"
    command = wrong(f"{line}; del answers._METHODS['paths']")
    run = acrn_conformance("run", "--select", "paths-*", "--", *command)
    assert run.returncode == 1
    assert "UNSUPPORTED paths-fixed: " in run.stdout


def known_failures(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "known"
    path.write_text("# a comment\n\n" + "\n".join(lines), "utf-8")
    return str(path)


WRONG_PATHS = wrong("answers.ACRN_DM = '/bin/acrn-dm'")


def test_known_failures_are_excused(tmp_path: Path) -> None:
    """A case on the list may fail, for the reason on record."""
    names = [case.id for case in CASES if case.request.method == "paths"]
    listed = known_failures(tmp_path, *(f"{name} installed elsewhere" for name in names))
    run = acrn_conformance("run", "--known-failures", listed, "--", *WRONG_PATHS)
    assert run.returncode == 0
    assert f"{len(names)} of them known failures" in run.stdout


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("limits-fixed why", "limits-fixed: passes now"),
        ("no-such-case why", "no-such-case: no such case"),
        ("argv-everything why", "argv-everything: its method is not claimed"),
    ],
)
def test_a_list_of_known_failures_that_is_not_true_fails(
    tmp_path: Path, line: str, complaint: str
) -> None:
    """An unexpected pass, an unknown id and a stale entry fail the run."""
    listed = known_failures(tmp_path, line)
    run = acrn_conformance("run", "--known-failures", listed, "--", *claiming("limits"))
    assert run.returncode == 1
    assert f"known failures: {complaint}" in run.stdout


def test_a_known_failure_that_is_not_selected_is_let_be(tmp_path: Path) -> None:
    """A selection does not make the list stale."""
    listed = known_failures(tmp_path, "paths-fixed why")
    run = acrn_conformance("run", "--known-failures", listed, "--select", "limits-*")
    assert run.returncode == 0


def test_fail_fast_stops_at_the_first_failure() -> None:
    """What was not judged is said."""
    run = acrn_conformance("run", "--fail-fast", "--", *WRONG_PATHS)
    assert run.returncode == 1
    assert run.stdout.count("FAIL ") == 1
    assert re.search(r"; \d+ not judged, stopped at the first failure", run.stdout)


def test_levels_choose_cases() -> None:
    """--level judges the cases of that level only."""
    quirks = sum(case.level == "quirk" for case in CASES)
    run = acrn_conformance("run", "--level", "quirk")
    assert f"{quirks} cases judged: {quirks} passed" in run.stdout


def test_a_case_can_be_left_out() -> None:
    """--deselect takes globs like --select."""
    run = acrn_conformance("run", "--select", "limits-*", "--deselect", "*-fixed")
    assert "1 case judged" in run.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "--select", "no-such-*"), "no case matches 'no-such-*'"),
        (("run", "--select", "limits-*", "--deselect", "limits-*"), "no case is left"),
        (("run", "--timeout", "0"), "is not a time above 0"),
        (("run", "--timeout", "nan"), "is not a time above 0"),
        (("run", "--jobs", "0"), "is not a number from 1"),
        (("run", "--level", "must"), "invalid"),
        (("run", "--require", "argw"), "invalid choice: 'argw'"),
        (("run", "--json", "/nonexistent/x"), "--json /nonexistent/x: No such file"),
        (("run", "--trace", "/"), "--trace /: Is a directory"),
        (("run", "--known-failures", "/nonexistent"), "/nonexistent: No such file"),
        (("run", "--", "/nonexistent/adapter"), "cannot execute /nonexistent/adapter: No such"),
        (("run", "--", "false"), "cannot be started: it ended (exit status 1)"),
        (("show", "no-such-case"), "no case has the id 'no-such-case'"),
        (("list", "--select", "no-such-*"), "no case matches"),
        (("judge",), "invalid choice: 'judge'"),
        ((), "required: COMMAND"),
    ],
)
def test_unusable_input_is_said_in_a_line(words: tuple[str, ...], message: str) -> None:
    """Exit status 2, the reason and the remedy on stderr, nothing judged, no traceback."""
    run = acrn_conformance(*words)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("argv-everything\n", ":3: 'argv-everything' has no reason"),
        ("a b\na c\n", ":4: 'a' stands twice"),
    ],
)
def test_a_list_of_known_failures_that_cannot_be_read_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """The line is named."""
    run = acrn_conformance("run", "--known-failures", known_failures(tmp_path, text))
    assert run.returncode == 2
    assert message in run.stderr


def test_list_names_every_case() -> None:
    """A line a case: id, level, title."""
    lines = acrn_conformance("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [case.id for case in CASES]


def test_show_tells_all_of_a_case() -> None:
    """Rule and source, request, every accepted answer."""
    shown = acrn_conformance("show", "argv-nul-in-name").stdout
    assert "level:    quirk" in shown
    assert "or:       a refusal" in shown
    assert "reason:   A NUL" in shown


def test_show_request_is_what_an_adapter_reads() -> None:
    """The line can be piped into an adapter."""
    line = acrn_conformance("show", "limits-fixed", "--request").stdout
    reply = acrn_conformance("serve", stdin=line).stdout
    assert json.loads(reply)["result"]["reserved_slot"] == 2


def readme_block(label: str) -> str:
    text = (REPOSITORY / "README.md").read_text("utf-8")
    match = re.search(rf"<!-- {label} -->\n```\w+\n(.*?)```", text, re.DOTALL)
    assert match
    return match[1]


def test_the_readmes_adapter_passes(tmp_path: Path) -> None:
    """The adapter of the README is complete, some thirty lines long, and right."""
    path = tmp_path / "adapter.py"
    path.write_text(readme_block("adapter"), "utf-8")
    assert len([line for line in path.read_text("utf-8").splitlines() if line]) < 36
    for mode in ("stream", "exec"):
        run = acrn_conformance("run", "--mode", mode, "--", *PYTHON, str(path))
        assert run.returncode == 0, run.stdout
        assert "cases judged" in run.stdout


def test_ci_runs_the_readmes_own_test_command() -> None:
    """What the README tells a newcomer to run is what CI runs."""
    script = (REPOSITORY / ".ci" / "run").read_text("utf-8")
    assert readme_block("test").strip() in script


def test_output_to_a_reader_that_goes_away_is_no_traceback() -> None:
    """``acrn-conformance list | true`` says nothing."""
    line = shlex.join([*COMMAND, "list"]) + " | true"
    run = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    assert run.stderr == ""


def test_an_odd_locale_changes_nothing() -> None:
    """Output and the wire are UTF-8 whatever the locale says."""
    run = subprocess.run(
        [*COMMAND, "run", "--", *SERVE],
        capture_output=True,
        env=os.environ | {"LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"},
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_the_readmes_picture_is_a_real_run(tmp_path: Path) -> None:
    """The run that the README shows is what its adapter gives with the one mistake in it."""
    adapter = readme_block("adapter").replace('{file}"]', '{file.lower()}"]')
    (tmp_path / "adapter.py").write_text(adapter, "utf-8")
    line = readme_block("picture").splitlines()[0].removeprefix("$ acrn-conformance ")
    words = [*COMMAND, *shlex.split(line)]
    run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    shown = readme_block("picture").partition("\n")[2]
    varying = r"\(\w{8}\)|[\d.]+ s$|\d+ not judged|\d+ cases judged|\d+ passed|\(\d+ cases\)"
    assert re.sub(varying, "", run.stdout) == re.sub(varying, "", shown)


CASE = {
    "id": "a",
    "title": "T.",
    "rule": "r\x1b[31m",
    "level": "required",
    "request": {"method": "limits", "params": {}},
    "expect": {"result": {"max_vcpus": 9}},
}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "c.json: "),
        ("", "c.json: "),
        ("[]", "no case, or an id stands twice"),
        (json.dumps([CASE, CASE]), "no case, or an id stands twice"),
        ('[{"id": 1}]', "$[0].id"),
    ],
)
def test_a_case_file_that_cannot_be_used_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """The file is named, what is wrong with it, and the remedy."""
    path = tmp_path / "c.json"
    path.write_text(text, "utf-8")
    run = acrn_conformance("run", "--cases", str(path))
    assert run.returncode == 2
    assert message in run.stderr
    assert "; give" in run.stderr


def test_a_case_file_from_elsewhere_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    """Whatever its texts hold is made visible."""
    path = tmp_path / "c.json"
    path.write_text(json.dumps([CASE]), "utf-8")
    run = acrn_conformance("run", "--cases", str(path))
    assert run.returncode == 1
    assert "\x1b" not in run.stdout
    assert r"rule r\x1b[31m" in run.stdout


@pytest.mark.parametrize(
    "line",
    [
        "{} lint --file - <&-",
        "{} serve <&-",
        "{} list >/dev/full",
        "{} list >&-",
        "{} run --select 'limits-*' 2>&-",
        "{} run -- " + "x" * 5000,
    ],
)
def test_streams_that_are_closed_or_full_are_no_traceback(line: str) -> None:
    """Whatever the shell does to the three streams, there is a status and no traceback."""
    shell = line.format(shlex.join(COMMAND))
    run = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stdout + run.stderr
    assert run.returncode in {0, 2}


def test_the_contract_names_the_longest_line() -> None:
    """The page for implementers says what the harness does."""
    page = (golden.folder() / "README.md").read_text("utf-8")
    assert f"A reply line may be {LONGEST_LINE >> 20} MiB long" in page
