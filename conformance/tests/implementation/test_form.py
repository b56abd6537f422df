"""A reply that comes as foreseen is not decoded; whatever is not wholly so is read with care."""

from pathlib import Path

import pytest
from implementations import CASES, PYTHON
from judged import COMMAND, FAIL, PASS, judge

from acrn_conformance.implementation import Settings
from acrn_conformance.implementation.form import Form
from acrn_conformance.judging import Demands, Judged, Mark, run

RESULT = b'{"a":1}'

CHANGING = """\
import sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
answer = replying(KATA_1)
for number, line in enumerate(sys.stdin.buffer, 1):
    reply = answer(line)
    if number == 30:
        reply = reply.replace(OLD, NEW)
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()
"""


@pytest.mark.parametrize(
    ("line", "form"),
    [
        (b'{"jsonrpc":"2.0","id":7,"result":{"a":1}}',
         (b'{"jsonrpc":"2.0","id":', b',"result":', b"}\n")),
        (b'{"id": 7, "jsonrpc": "2.0", "result": {"a":1} }\r',
         (b'{"id": ', b', "jsonrpc": "2.0", "result": ', b" }\r\n")),
    ],
)  # fmt: skip
def test_the_form_of_a_reply_is_what_stands_around_id_and_result(
    line: bytes, form: tuple[bytes, bytes, bytes]
) -> None:
    """Most implementations write all their replies alike."""
    assert Form.of(line, RESULT) == form


@pytest.mark.parametrize(
    "line",
    [
        b'{"jsonrpc":"2.0","id":7,"result":{"a":2}}',
        b'{"jsonrpc":"2.0","result":{"a":1},"id":7}',
        b'{"jsonrpc":"2.0","id":7,"result":{"a":1},"took":3}',
        b'{"took":3,"jsonrpc":"2.0","id":7,"result":{"a":1}}',
        b'{"jsonrpc":"2.0","id":7,"error":{"code":1}}',
    ],
)
def test_a_reply_that_holds_more_or_other_has_no_form(line: bytes) -> None:
    """What may differ from reply to reply is not foreseen."""
    assert Form.of(line, RESULT) is None


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (b'{"id": 7, "result": {"b":2,"a":1}}\r', b'{"b":2,"a":1}'),
        (b'{"id": 7, "result": {"a":1}, "took":3}\r', b'{"a":1}, "took":3'),
        (b'{"id": 8, "result": {"a":1}}\r', None),
        (b'{"id": 7, "result": {"a":1}}', None),
        (b'{"id":7, "result": {"a":1}}\r', None),
    ],
)
def test_a_result_that_is_written_otherwise_can_be_foreseen_too(
    line: bytes, written: bytes | None
) -> None:
    """Whatever stands between the id and the end, once that line has been read with care."""
    form = Form(b'{"id": ', b', "result": ', b"}\r\n")
    assert form.result(line, 7) == written


@pytest.mark.parametrize(
    ("old", "new", "marks", "broken"),
    [
        (b'"result":{', b'"result":{"more":1,', {PASS}, ""),
        (b'"block_slots":[0', b'"block_slots":[9', {FAIL, PASS}, ""),
        (b'"result":{', b'"result":{},"result":{', {PASS}, "key-twice"),
        (b'"id":1', b'"id":7', {PASS}, "id-unknown"),
        (b"}\n", b"}}\n", {PASS}, "not-json"),
    ],
)
def test_one_reply_that_is_not_as_foreseen_is_judged_as_ever(
    old: bytes, new: bytes, marks: set[str], broken: str, tmp_path: Path, marker: str
) -> None:
    """Amid replies that are taken byte by byte for what they must be."""
    program = tmp_path / "changing.py"
    program.write_text(CHANGING.replace("OLD", repr(old)).replace("NEW", repr(new)))
    words = ("--select", "argv-*", "--json", str(tmp_path / "results.json"))
    found = judge(tmp_path, marker, *COMMAND, *words, "--", *PYTHON, str(program))
    assert set(found.marks.values()) == marks
    assert bool(found.broken) == bool(broken)
    assert not broken or f": {broken} (" in found.broken[0]


def test_wrong_answers_are_found_however_alike_they_are(tmp_path: Path, marker: str) -> None:
    """An implementation that gives every reply the first one's result passes but the first."""
    echo = """\
import sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
answer, first = replying(KATA_1), None
for line in sys.stdin.buffer:
    reply = answer(line)
    if b'"describe"' not in line:
        head, _, result = reply.partition(b',"result":')
        first = first or result
        reply = head + b',"result":' + first
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()
"""
    words = ("--select", "argv-slot-*", "--json", str(tmp_path / "results.json"))
    found = judge(tmp_path, marker, *COMMAND, *words, "--", *PYTHON, "-c", echo)
    assert list(found.marks.values()).count(PASS) == 1 < len(found.marks)


def test_a_case_that_is_asked_again_is_judged_anew(tmp_path: Path) -> None:
    """Its answer is foreseen as it was written before, and yet another is told from it."""
    program = tmp_path / "changing.py"
    program.write_text(SORTED_THEN_WRONG, "utf-8")
    (case,) = (case for case in CASES if case.id == "device-params-console-slot-1")
    settings = Settings((*PYTHON, str(program)))
    events = run([case] * 200, settings, Demands())
    marks = [event.verdict.mark for event in events if isinstance(event, Judged)]
    assert marks == ([Mark.PASS] * 99 + [Mark.FAIL]) * 2


SORTED_THEN_WRONG = """\
import json, sys
from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying
answer = replying(KATA_1)
for number, line in enumerate(sys.stdin.buffer):
    reply = json.dumps(json.loads(answer(line)), sort_keys=True, separators=(",", ":"))
    if number and number % 100 == 0:
        reply = reply.replace('"-s"', '"-S"')
    print(reply, flush=True)
"""
