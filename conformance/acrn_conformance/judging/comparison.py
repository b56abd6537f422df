"""Judging: a case and what came of it make a verdict. Pure, and never asks the reference."""

import msgspec

from acrn_base.diff import around_difference
from acrn_base.text import excerpt
from acrn_conformance.cases import Case
from acrn_conformance.implementation import (
    Broken,
    Description,
    Outcome,
    Overdue,
    Refused,
    Result,
    Unclaimed,
    Unsupported,
)
from acrn_conformance.judging.verdict import Mark, Verdict

_SHOWN = 80
"""Characters of a value that a message shows; the token diff shows more."""

_canonical = msgspec.json.Encoder(order="sorted")


def judge(case: Case, outcome: Outcome) -> Verdict:
    """Return the verdict on an outcome; its message says what is wrong, and where."""
    match outcome:
        case Result(value=value):
            message = _of_result(case, value)
            return Verdict(case, Mark.FAIL if message else Mark.PASS, outcome, message)
        case Refused(code=code, message=said):
            if any(answer.refused for answer in case.accepted):
                return Verdict(case, Mark.PASS, outcome)
            message = f"expected a result, got a refusal: {code} {excerpt(said)}"
            return Verdict(case, Mark.FAIL, outcome, message)
        case Unsupported():
            message = "the method is claimed, but the answer is that it is unsupported"
            return Verdict(case, Mark.UNSUPPORTED, outcome, message)
        case Unclaimed():
            message = "the method is not claimed"
            return Verdict(case, Mark.UNSUPPORTED, outcome, message, excused=True)
        case Broken(message=said):
            return Verdict(case, Mark.ERROR, outcome, said)
        case Overdue(message=said):
            return Verdict(case, Mark.TIMEOUT, outcome, said)


def description(outcome: Outcome) -> Description:
    """Read the answer to ``describe``; raises ValueError that says what is wrong with it."""
    match outcome:
        case Result(value=value):
            return msgspec.convert(value, Description)
        case Unclaimed():
            raise ValueError("it is not claimed")
        case _:
            raise ValueError(excerpt(outcome.message, 400))


def _of_result(case: Case, value: object) -> str:
    """Return what is wrong with a result, or nothing."""
    results = [answer.result for answer in case.accepted if isinstance(answer.result, dict)]
    if not results:
        return f"expected a refusal, got {_json(value)}"
    if case.request.method == "describe":
        try:
            msgspec.convert(value, Description)
        except msgspec.ValidationError as error:
            return f"describe: {error}"
    messages = [difference(result, value) for result in results]
    return messages[0] if all(messages) else ""


def difference(expected: object, got: object) -> str:
    """Return the first difference with its path, or nothing where ``got`` agrees.

    Numbers agree as JSON text: 4 is not 4.0, 1 not true. Fields that nobody expects are ignored.
    """
    if _canonical.encode(expected) == _canonical.encode(got):
        return ""
    return _difference(msgspec.to_builtins(expected), got, "")


def _difference(expected: object, got: object, path: str) -> str:
    if isinstance(expected, dict) and isinstance(got, dict):
        return _in_object(expected, got, path)
    if isinstance(expected, list) and isinstance(got, list):
        return _in_array(expected, got, path)
    if type(expected) is type(got) and expected == got:
        return ""
    if isinstance(expected, str) and isinstance(got, str):
        expected, got = around_difference(expected, got)
    return f"{path or 'result'}: expected {_json(expected)}, got {_json(got)}"


def _in_object(expected: dict[str, object], got: dict[str, object], path: str) -> str:
    for name, value in expected.items():
        at = f"{path}.{name}" if path else name
        if name not in got:
            return f"{at}: missing"
        if message := _difference(value, got[name], at):
            return message
    return ""


def _in_array(expected: list[object], got: list[object], path: str) -> str:
    for position, (wanted, actual) in enumerate(zip(expected, got, strict=False)):
        if message := _difference(wanted, actual, f"{path}[{position}]"):
            return message
    if len(expected) == len(got):
        return ""
    return f"{path}: expected {len(expected)} items, got {len(got)}"


def _json(value: object) -> str:
    return excerpt(msgspec.json.encode(value).decode(), _SHOWN)
