"""Findings as annotations, read as GitHub's runner reads the log of a step."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acrn_cmdline.lint import RECORDING, judge
from acrn_cmdline.source import Argv, Place
from acrn_conformance.reports import github
from acrn_conformance.reports.for_ci import level

PLAIN = ("-s", "0:0,hostbridge", "-k", "/vmlinux", "--cpu_affinity", "0", "vm1")
COMMANDS = frozenset({"add-mask", "error", "notice", "set-output", "stop-commands", "warning"})


class Command(NamedTuple):
    """A workflow command as the runner has it."""

    name: str
    properties: dict[str, str]
    data: str


def unescaped(text: str, codes: str) -> str:
    for code in (*codes.split(), "25"):
        text = text.replace(f"%{code}", chr(int(code, 16)))
    return text


def parsed(line: str, known: frozenset[str]) -> Command | None:
    """Return the command of a line: ``::name k=v,..::data`` in front, ``##[name]data`` anywhere."""
    if found := re.match(r"\s*::(.*?)::(.*)\Z", line, re.DOTALL):
        name, _, rest = found[1].partition(" ")
        if name in known:
            pairs = (pair.split("=", 1) for pair in rest.split(",") if "=" in pair)
            properties = {key: unescaped(value, "0D 0A 3A 2C") for key, value in pairs}
            return Command(name, properties, unescaped(found[2], "0D 0A"))
    if (found := re.search(r"##\[([^ \]]*)[^\]]*\](.*)", line)) and found[1] in known:
        return Command(found[1], {}, found[2])
    return None


def obeyed(log: str) -> list[Command]:
    """Return what the runner obeys of a log; a stop token is a command while it stops."""
    commands, stopped = [], ""
    for line in re.split(r"[\r\n]+", log):
        command = parsed(line, COMMANDS | {stopped})
        if command is None or (stopped and command.name != stopped):
            continue
        if command.name == stopped:
            stopped = ""
        elif command.name == "stop-commands":
            stopped = command.data
        else:
            commands.append(command)
    assert not stopped
    return commands


def annotated(
    capsys: pytest.CaptureFixture[str], argvs: Sequence[Argv], *in_files: str, said: str = ""
) -> list[Command]:
    """Return the annotations of argvs, with something else said in between."""
    with github.annotating(in_files) as hear:
        print(said)
        for argv in argvs:
            hear(argv, judge(argv.tokens, RECORDING, ["v3.3"]))
    return obeyed(capsys.readouterr().out)


def called(*tokens: str, file: str = "launch.sh", line: int | None = 5) -> Argv:
    """Return an argv whose n-th token, from 0, stands in column n + 1."""
    places = [Place(file, line, line and index + 1) for index in range(len(tokens))]
    return Argv(Place(file, line), tokens, tuple(places))


def test_an_annotation_names_file_line_and_column(capsys: pytest.CaptureFixture[str]) -> None:
    """Its title is severity, rule and releases, its text message, fact and remedy."""
    (command,) = annotated(capsys, [called("-k", "/k", "-A", *PLAIN[:2], *PLAIN[4:])], "launch.sh")
    assert command == Command(
        "warning",
        {
            "file": "launch.sh",
            "line": "5",
            "col": "3",
            "title": "silently-ineffective acpi-option-ignored (v3.3)",
        },
        "-A does nothing\n"
        "fact: From v3.0 on -A is obsolete and ignored: there are always ACPI tables.\n"
        "remedy: leave -A out where only v3.0 and later are meant",
    )


def test_each_severity_has_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    """What a release refuses is an error, style a notice, all else a warning."""
    commands = annotated(capsys, [called("-A", "-s", "2,bogus", "-k", "/k", "a.b")], "launch.sh")
    kinds = {(command.name, command.properties["title"].split()[0]) for command in commands}
    assert kinds == {
        ("error", "refused"),
        ("warning", "silently-ineffective"),
        ("warning", "risky"),
        ("notice", "style"),
    }


@pytest.mark.parametrize("name", ["the command line", "standard input", "pid 7"])
def test_what_is_in_no_file_is_annotated_without(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """GitHub shows it with the run as a whole."""
    (command,) = annotated(capsys, [called("-A", *PLAIN, file=name)], "launch.sh")
    assert set(command.properties) == {"title"}


def test_no_line_is_named_where_none_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that holds a bare argv has but its name to show."""
    (command,) = annotated(capsys, [called("-A", *PLAIN, line=None)], "launch.sh")
    assert set(command.properties) == {"file", "title"}


def test_files_are_named_from_the_top_of_the_repository(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever below it lint runs; a file elsewhere is named in full."""
    (tmp_path / "vms").mkdir()
    monkeypatch.chdir(tmp_path / "vms")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    argvs = [called("-A", *PLAIN, file=file) for file in ("a,b:c%.sh", "/etc/x.sh")]
    commands = annotated(capsys, argvs, "a,b:c%.sh", "/etc/x.sh")
    assert [each.properties["file"] for each in commands] == ["vms/a,b:c%.sh", "/etc/x.sh"]


def test_no_more_are_printed_than_github_shows(capsys: pytest.CaptureFixture[str]) -> None:
    """Of ten thousand of a kind the tenth says how many more there are; of ten all are shown."""
    many = called(*10_000 * ("-A",), *PLAIN)
    commands = annotated(capsys, [many], "launch.sh")
    assert Counter(command.name for command in commands) == {"warning": 10}
    assert (
        commands[-1].data == "and 9991 warnings more than GitHub shows; --sarif FILE has them all"
    )
    ten = annotated(capsys, [called(*10 * ("-A",), *PLAIN)], "launch.sh")
    assert [command.properties.get("col") for command in ten] == [str(n) for n in range(1, 11)]


def test_a_report_gives_github_no_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed meanwhile is text, of both forms that the runner knows."""
    said = "::error::x\n  ::set-output name=a::b\nx ##[set-output name=a]b\n::stop-commands::x"
    assert len(obeyed(said.removesuffix("::stop-commands::x"))) == 3
    assert annotated(capsys, [], said=said) == []


def test_commands_are_obeyed_again_when_lint_gives_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever ends the report, the steps' other commands work, and what was found is shown."""
    source = called("-A", *PLAIN)

    def interrupted() -> None:
        with github.annotating(["launch.sh"]) as hear:
            hear(source, judge(source.tokens, RECORDING, ["v3.3"]))
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        interrupted()
    assert len(obeyed(capsys.readouterr().out)) == 1


HOSTILE = st.text(st.characters(exclude_characters="\0", categories=None), max_size=12)
INJECTED = st.sampled_from(["\n::error::x", "\r##[add-mask]x", "%0A::error::x", ",line=1,", "::"])


@given(st.lists(st.one_of(HOSTILE, INJECTED), min_size=1, max_size=4), st.one_of(HOSTILE, INJECTED))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_an_argv_holds_each_finding_is_one_annotation(
    capsys: pytest.CaptureFixture[str], tokens: list[str], file: str
) -> None:
    """Nothing in it ends a property, a line or a command; nothing acts on who reads the log."""
    argv = called(*tokens, "-s", f"2,{tokens[0]}", file="/" + file)
    commands = annotated(capsys, [argv], argv.where.file)
    findings = judge(argv.tokens, RECORDING, ["v3.3"]).findings
    numbers = Counter(level(finding.severity) for finding in findings)
    assert len(commands) == sum(min(10, number) for number in numbers.values())
    for command in commands:
        assert set(command.properties) - {"col"} == {"file", "line", "title"}
        assert command.properties["line"] == "5"
        assert command.properties["file"].isprintable()
        assert command.data.replace("\n", "").isprintable()
