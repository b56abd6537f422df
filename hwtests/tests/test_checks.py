"""The table of checks is true: each row is a check, each check a row, and each can fail."""

import ast
import json
import re
from pathlib import Path

import jsonschema
import msgspec
import pytest
from board_results import results

from acrn_hwtests import catalog, checks, report
from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.report import CheckResult, Results, Verdict

_README = Path(__file__).parents[1] / "README.md"
_SCHEMA = Path(__file__).parents[2] / "golden" / "schema" / "hwtests.schema.json"


def _functions() -> list[ast.FunctionDef]:
    folder = Path(checks.__path__[0])
    return [
        node
        for path in sorted(folder.glob("test_*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def test_every_check_is_a_row_of_the_table() -> None:
    """The table has each check once, with its docstring, and an expected result for each class."""
    rows = re.findall(
        r"(?m)^\| `([a-z0-9-]+)` \| (.+) \| ([^|]+) \| ([^|]+) \|$", _README.read_text()
    )
    told = {row[0]: row[1] for row in rows}
    found = catalog.checks()
    assert told == dict(found)
    assert len(rows) == len(found)


@pytest.mark.parametrize("function", _functions(), ids=lambda function: function.name)
def test_every_check_can_fail(function: ast.FunctionDef) -> None:
    """A check asserts something, or expects an error."""
    asserting = any(isinstance(node, ast.Assert) for node in ast.walk(function))
    calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    assert asserting or {"pytest.raises", "_both_ways"} & set(calls)


def _result(verdict: Verdict) -> CheckResult:
    return CheckResult("a-check", "It holds.", verdict, 0.5, "why\nmore", ("a-check",))


@pytest.mark.parametrize(
    ("verdicts", "passed"),
    [
        ([Verdict.PASS], True),
        ([Verdict.PASS, Verdict.NOT_APPLICABLE], True),
        ([Verdict.PASS, Verdict.FAIL], False),
        ([Verdict.PASS, Verdict.ERROR], False),
        ([Verdict.PASS, Verdict.NOT_RUN], False),
        ([Verdict.NOT_APPLICABLE], False),
        ([], False),
    ],
)
def test_only_what_passed_counts(verdicts: list[Verdict], *, passed: bool) -> None:
    """A run in which nothing passed has not passed, whatever else was not applicable."""
    assert report.passed([_result(verdict) for verdict in verdicts]) is passed


@pytest.mark.parametrize("board_class", list(BoardClass))
@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_line_names_the_class_of_the_board(board_class: BoardClass, verdict: Verdict) -> None:
    """No line can be taken for one of the other class."""
    line = report.line(_result(verdict), board_class)
    assert f"  {board_class}  a-check" in line
    assert "\n" not in line


def test_the_results_follow_their_schema() -> None:
    """The file is what its schema says, one check a line, and is read back as it was."""
    whole = results(*(_result(verdict) for verdict in Verdict))
    data = report.encoded(whole)
    jsonschema.validate(json.loads(data), json.loads(_SCHEMA.read_text("utf-8")))
    assert msgspec.json.decode(data, type=Results) == whole
    assert len(data.split(b"\n")) == len(Verdict) + 3
