"""A case file that does not say what it seems to say is refused: what, where, and the remedy."""

import json
from pathlib import Path

import pytest

from acrn_conformance.cases import GoldenError, golden

CASE = {
    "id": "a",
    "title": "T.",
    "rule": "r",
    "level": "required",
    "request": {"method": "limits", "params": {}},
    "expect": {"result": {"max_vcpus": 9}},
}
TEXT = json.dumps([CASE])


def refusal(tmp_path: Path, content: str | bytes) -> str:
    file = tmp_path / "c.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(GoldenError) as raised:
        golden.load_cases(file)
    assert str(raised.value).startswith(f"{file}: ")
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (TEXT.replace('"id"', '"id": "b", "id"'), "$[0].id"),
        (TEXT.replace('"params"', '"params": {}, "params"'), "$[0].request.params"),
        (
            TEXT.replace('"max_vcpus"', '"max_vcpus": 1, "max_vcpus"'),
            "$[0].expect.result.max_vcpus",
        ),
    ],
)
def test_a_field_that_stands_twice_is_no_case(tmp_path: Path, text: str, where: str) -> None:
    """At whatever depth, and also where nobody but the implementation reads it."""
    assert f"{where}: the field stands twice; keep one" in refusal(tmp_path, text)


@pytest.mark.parametrize("name", ["", " ", "a b", "a\nb", "-a", "--all", "a*", "[a]", "a?", "k:a"])
def test_an_id_is_one_word_that_names_its_case_alone(tmp_path: Path, name: str) -> None:
    """It stands on command lines, in globs, and in lists of known failures."""
    assert "$[1].id: " in refusal(tmp_path, json.dumps([CASE, {**CASE, "id": name}]))


def test_an_id_of_two_cases_is_told_with_both_places(tmp_path: Path) -> None:
    """Which two is the first question."""
    said = refusal(tmp_path, json.dumps([CASE, {**CASE, "id": "b"}, CASE]))
    assert "$[2].id: 'a' is the id of $[0] too; give it its own" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (json.dumps([{**CASE, "extra": 1}]), "unknown field `extra` - at `$[0]`"),
        (json.dumps([{**CASE, "title": 1}]), "Expected `str`, got `int` - at `$[0].title`"),
        (json.dumps([{**CASE, "level": "must"}]), "Invalid enum value 'must' - at `$[0].level`"),
        (b"[\r\n{\r\n!", "at line 3, column 1"),
        (TEXT.encode("utf-16"), "JSON is malformed"),
        (TEXT.replace("T.", "\udc80").encode("utf-8", "surrogateescape"), "utf-8"),
        (TEXT.replace("{}", '{"a": ' + "[" * 200_000), "recursion"),
        (TEXT.replace("{}", '{"a": ' + "[" * 900 + "]" * 900 + "}"), "deep"),
        (TEXT.replace("{}", '{"a": ' + "9" * 10_000 + "}"), "out of range"),
        (json.dumps([{**CASE, "expect": {}}]), "give either a result or refused: true"),
    ],
)
def test_a_fault_in_a_case_file_has_its_place(
    tmp_path: Path, content: str | bytes, says: str
) -> None:
    """A path into the document, or a line."""
    assert says in refusal(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [TEXT.encode("utf-8-sig"), json.dumps([CASE], indent=1).replace("\n", "\r\n").encode()],
)
def test_editors_of_other_systems_may_have_saved_it(tmp_path: Path, content: bytes) -> None:
    """A byte order mark and CRLF say nothing of a case."""
    file = tmp_path / "c.json"
    file.write_bytes(content)
    assert [case.id for case in golden.load_cases(file).cases()] == ["a"]


def test_every_id_of_the_goldens_could_stand_in_a_case_file(tmp_path: Path) -> None:
    """What is exported can be judged again."""
    file = tmp_path / "c.json"
    cases = list(golden.load(golden.folder()).cases())
    file.write_text(json.dumps([{**CASE, "id": case.id} for case in cases]))
    assert len(list(golden.load_cases(file).cases())) == len(cases)
