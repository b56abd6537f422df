"""Judging: which outcome of a case is worth which verdict."""

import pytest

from acrn_conformance.cases import Answer, Case, Level, Request
from acrn_conformance.implementation import Broken, Outcome, Overdue, Refused, Result, Unsupported
from acrn_conformance.judging import Mark, difference, judge
from acrn_conformance.reports import verdict_text

RIGHT = {"argv": ["-s", "0,lpc"], "block_slots": [0, 4]}
REFUSED = Answer(refused=True)


def case(*accepted: Answer, method: str = "argv") -> Case:
    level = Level.QUIRK if accepted[1:] else Level.REQUIRED
    return Case("id", "A title.", "rule", level, Request(method), accepted[0], accepted[1:])


@pytest.mark.parametrize(
    ("accepted", "outcome", "mark"),
    [
        ((Answer(RIGHT),), Result(RIGHT), Mark.PASS),
        ((Answer(RIGHT),), Result({**RIGHT, "more": 1}), Mark.PASS),
        ((Answer(RIGHT),), Result({**RIGHT, "block_slots": [0, 4.0]}), Mark.FAIL),
        ((Answer(RIGHT),), Result({**RIGHT, "block_slots": [False, 4]}), Mark.FAIL),
        ((Answer(RIGHT),), Result({**RIGHT, "block_slots": None}), Mark.FAIL),
        ((Answer(RIGHT),), Result({"argv": RIGHT["argv"]}), Mark.FAIL),
        ((Answer(RIGHT),), Result(None), Mark.FAIL),
        ((Answer(RIGHT),), Result([]), Mark.FAIL),
        ((Answer(RIGHT),), Refused(-32000, "no"), Mark.FAIL),
        ((REFUSED,), Refused(5, "no"), Mark.PASS),
        ((REFUSED,), Result(RIGHT), Mark.FAIL),
        ((REFUSED,), Broken("-32603"), Mark.ERROR),
        ((Answer(RIGHT), REFUSED), Refused(5, "no"), Mark.PASS),
        ((Answer(RIGHT), REFUSED), Result(RIGHT), Mark.PASS),
        ((Answer(RIGHT), REFUSED), Result({}), Mark.FAIL),
        ((Answer(RIGHT),), Unsupported("no"), Mark.UNSUPPORTED),
        ((Answer(RIGHT),), Broken("crash"), Mark.ERROR),
        ((Answer(RIGHT),), Overdue("late"), Mark.TIMEOUT),
    ],
)
def test_each_outcome_has_its_verdict(
    accepted: tuple[Answer, ...], outcome: Outcome, mark: Mark
) -> None:
    """Any accepted answer passes; fields that nobody expects are ignored; null is no array."""
    verdict = judge(case(*accepted), outcome)
    assert verdict.mark is mark
    assert bool(verdict_text.message(verdict)) == (mark is not Mark.PASS)


@pytest.mark.parametrize(
    ("expected", "got", "message"),
    [
        ({"a": [1, 2]}, {"a": [1, 3]}, "a[1]: expected 2, got 3"),
        ({"a": [1]}, {"a": [1, 2]}, "a: expected 1 items, got 2"),
        ({"a": {"b": "x"}}, {"a": {}}, "a.b: missing"),
        ({"a": [["k", "v"]]}, {"a": [["k", None]]}, 'a[0][1]: expected "v", got null'),
        ({"a": True}, {"a": 1}, "a: expected true, got 1"),
        ({"a": 4}, {"a": 4.0}, "a: expected 4, got 4.0"),
        ({}, "x", 'result: expected {}, got "x"'),
        ({"a": "e\u0301"}, {"a": "é"}, 'a: expected "e\u0301", got "é"'),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ""),
    ],
)
def test_a_difference_is_named_with_its_path(expected: object, got: object, message: str) -> None:
    """The message says where in the result it is wrong."""
    found = difference(expected, got)
    assert (verdict_text.told(found) if found else "") == message


@pytest.mark.parametrize(
    ("says", "mark"),
    [
        ({"name": "n", "version": "1", "language": "C", "protocol": 1, "methods": []}, Mark.PASS),
        ({"name": "n", "version": "1", "language": "C", "protocol": 2, "methods": []}, Mark.FAIL),
        ({"name": "n", "version": 1, "language": "C", "protocol": 1, "methods": []}, Mark.FAIL),
        ({"name": "n", "version": "1", "language": "C", "protocol": 1}, Mark.FAIL),
        ({"protocol": 1}, Mark.FAIL),
    ],
)
def test_a_description_must_be_whole(says: object, mark: Mark) -> None:
    """Of describe the protocol is compared, and all else must be there."""
    assert judge(case(Answer({"protocol": 1}), method="describe"), Result(says)).mark is mark
