"""The golden files: frozen, complete, well-formed, and vouched for without syrupy."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import jsonschema
import msgspec
import pytest
from golden_extension import GoldenExtension, changes
from syrupy.assertion import SnapshotAssertion

from acrn_conformance.cases import (
    DIALECTS,
    KATA_1,
    Case,
    Dialect,
    GoldenError,
    Level,
    golden,
    tokens_in,
)
from catalogue import FAMILIES
from catalogue.due import due
from catalogue.freeze import ROOT, as_json, frozen, generated


@cache
def cases() -> tuple[Case, ...]:
    # Not read on import: the test that freezes must run on goldens that are not yet consistent.
    return tuple(golden.load(ROOT).cases())


def recorded() -> tuple[Case, ...]:
    return tuple(case for case in cases() if case.id.startswith("recorded/"))


@pytest.mark.filterwarnings(r"ignore:\s*Can not relate snapshot")
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_frozen(family: str, snapshot: SnapshotAssertion) -> None:
    """The reference's answers are what the golden file of the family says, byte for byte."""
    content = as_json([frozen(entry) for entry in FAMILIES[family]])
    assert content == snapshot(name=family, extension_class=GoldenExtension)


def test_every_generated_file_is_up_to_date() -> None:
    """Manifest, matrix and schemas are what the case files give (python -m catalogue.freeze)."""
    stale = [str(path) for path, data in generated(ROOT).items() if path.read_bytes() != data]
    assert stale == []


def test_no_file_lies_about_that_no_family_owns() -> None:
    """golden/cases holds the catalogue's families and nothing else."""
    assert {path.name for path in (ROOT / "cases").iterdir()} == {
        f"{name}.json" for name in FAMILIES
    }


def test_ids_are_unique_and_kebab_case() -> None:
    """An id names one case."""
    twice = [name for name, times in Counter(case.id for case in cases()).items() if times > 1]
    assert twice == []
    odd = [c.id for c in cases() if not re.fullmatch(r"(recorded/)?[a-z0-9]+(-[a-z0-9]+)*", c.id)]
    assert odd == []


def test_there_are_enough_cases() -> None:
    """At least 350 are written by people, about 500 recorded."""
    assert len(cases()) - len(recorded()) >= 350
    assert 400 <= len(recorded()) <= 1000


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    """A rule without a case would be a promise that nothing keeps."""
    assert {case.rule for case in cases()} == set(golden.rules(ROOT))


def test_every_title_is_a_sentence() -> None:
    """A title says what holds, and ends with a full stop."""
    assert [case.id for case in cases() if not case.title.endswith(".") or "\n" in case.title] == []


def test_a_quirk_says_why_and_nothing_else_accepts_two_answers() -> None:
    """Only a quirk lists further answers, and each has its reason."""
    assert [c.id for c in cases() if (c.level is Level.QUIRK) != bool(c.reason)] == []
    assert [c.id for c in cases() if c.also_accepted and c.level is not Level.QUIRK] == []


def test_every_ledger_entry_that_shows_is_pinned() -> None:
    """What upstream does oddly has cases: that ask for it, or else that accept it as well."""
    every = {case.id: case for case in cases()}
    for entry in golden.ledger(ROOT):
        pinning = [every[name] for name in entry.cases]
        assert not entry.reproduced or pinning, entry.id
        assert entry.reproduced or all(case.also_accepted for case in pinning), entry.id


def test_every_source_of_a_rule_can_be_found() -> None:
    """A rule names lines of the specification, a fact, the wire, or a ledger entry that exists."""
    entries = {entry.id for entry in golden.ledger(ROOT)}
    for rule in golden.rules(ROOT).values():
        kind, _, rest = rule.source.partition(" ")
        assert kind in {"seed", "kata-3", "acrn-dm:", "fact:", "wire:", "ledger:", "recorded:"}, (
            rule
        )
        assert kind != "ledger:" or rest in entries, rule


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("cases", "cases/*.json"),
        ("cases", "recorded/[!p]*.json"),
        ("rules", "rules.json"),
        ("ledger", "ledger.json"),
        ("manifest", "manifest.json"),
    ],
)
def test_every_file_follows_its_schema(name: str, pattern: str) -> None:
    """The JSON Schemas beside the files describe them."""
    schema = json.loads((ROOT / "schema" / f"{name}.schema.json").read_text("utf-8"))
    paths = list(ROOT.glob(pattern))
    assert paths
    for path in paths:
        jsonschema.validate(json.loads(path.read_text("utf-8")), schema)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_every_request_and_result_is_well_formed(dialect: Dialect) -> None:
    """The harness never sends a malformed request, and expects no malformed result."""
    name = "wire" if dialect is KATA_1 else f"wire-{dialect.name}"
    schema = json.loads((ROOT / "schema" / f"{name}.schema.json").read_text("utf-8"))
    request = jsonschema.Draft202012Validator(schema)
    results = {
        method: jsonschema.Draft202012Validator(
            {"$ref": f"#/$defs/{method}_result", "$defs": schema["$defs"]}
        )
        for method in dialect.method_names
    }
    for case in cases():
        if dialect.name in case.dialects:
            line = {"jsonrpc": "2.0", "id": 1, **msgspec.to_builtins(case.request)}
            assert request.is_valid(line), case.id
            if case.request.method != "describe" and not case.expect.refused:
                assert results[case.request.method].is_valid(case.expect.result), case.id


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_every_method_of_a_dialect_has_a_case(dialect: Dialect) -> None:
    """No method goes unasked in any dialect."""
    asked = {case.request.method for case in cases() if dialect.name in case.dialects}
    assert asked == set(dialect.method_names)


def test_a_case_is_of_every_dialect_that_answers_so() -> None:
    """What is common to dialects is written once: no answer of theirs is asked for twice."""
    for case in cases():
        if not case.id.startswith("recorded/"):
            for name in case.dialects:
                expect, quirk = due(DIALECTS[name], case.request)
                assert expect == case.expect, (case.id, name)
                also = quirk.also_accepted if quirk else ()
                assert [each for each in also if each not in case.also_accepted] == [], case.id


def test_integers_beyond_2_53_stand_in_cases_of_their_own() -> None:
    """A case with such an integer is about it, so that it fails alone where it must."""
    for case in cases():
        big = [n for n in _integers(case.request.params) if abs(n) > 1 << 53]
        assert len(set(big)) <= 1, case.id


def _integers(value: object) -> list[int]:
    match value:
        case dict():
            return [n for item in value.values() for n in _integers(item)]
        case list():
            return [n for item in value for n in _integers(item)]
        case int():
            return [value]
        case _:
            return []


def test_a_golden_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    """A case file that is not the manifest's is not judged by."""
    shutil.copytree(ROOT, tmp_path / "golden")
    path = tmp_path / "golden" / "cases" / "paths.json"
    path.write_text(path.read_text("utf-8").replace("/usr/bin/acrn-dm", "/bin/acrn-dm"), "utf-8")
    with pytest.raises(
        GoldenError, match=r"paths\.json: not the file that the manifest vouches for"
    ):
        golden.load(tmp_path / "golden")


@pytest.mark.parametrize(
    ("environment", "words"), [({"CI": "true"}, ()), ({"CI": ""}, ("-n", "2"))], ids=["ci", "xdist"]
)
def test_updating_goldens_unseen_is_refused(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    """Under CI or xdist --snapshot-update is a usage error."""
    command = [sys.executable, "-m", "pytest", __file__, "--snapshot-update", *words]
    run = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, check=False
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "goldens are updated" in run.stderr


def test_an_update_shows_what_it_changes() -> None:
    """Each changed case comes with a token diff."""
    case = next(case for case in cases() if tokens_in(case.expect.result, "argv"))
    result = case.expect.result
    assert isinstance(result, dict)
    argv = list(tokens_in(result, "argv") or [])
    argv[0] = "-X"
    changed = msgspec.structs.replace(
        case, expect=msgspec.structs.replace(case.expect, result={**result, "argv": argv})
    )
    before, after = (msgspec.json.encode((one,)) for one in (case, changed))
    lines = changes(before, after)
    assert lines[0] == f"changed: {case.id}"
    assert "  + -X" in lines
    assert changes(before, b"[]") == [f"removed: {case.id}"]
    assert changes(b"[]", before) == [f"added: {case.id}"]


def test_recorded_answers_name_where_they_come_from() -> None:
    """The provenance names the original, each recording by its hash, and each method once."""
    text = (ROOT / "recorded" / "provenance.json").read_text("utf-8")
    provenance = json.loads(text)
    assert sum(source["chosen"] for source in provenance["sources"]) == len(recorded())
    first, second = provenance["originals"]
    assert "04f29832" in first["original"]
    assert "cdaaf708a1" in second["original"]
    for each in (first, second):
        methods = [method for origin in each["origins"] for method in origin["methods"]]
        mine = {c.request.method for c in recorded() if each["dialect"] in c.dialects}
        assert sorted(methods) == sorted(mine)
