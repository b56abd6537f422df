"""Freezing: what is generated from the catalogue, the reference and the recorded answers.

``python -m catalogue.freeze`` writes everything but ``golden/cases/``, which the snapshot test
writes, after each of its changed cases has been shown (see CONTRIBUTING.md).
"""

import hashlib
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from acrn_conformance.cases import (
    DIALECTS,
    KATA_1,
    Case,
    Dialect,
    GoldenFile,
    LedgerEntry,
    Level,
    Manifest,
    Request,
    Rule,
    golden,
)
from acrn_conformance.reports import recorded
from acrn_hwtests import report as board_report
from catalogue import FAMILIES, dialects, original_tests, wire_schema
from catalogue.due import answers, due
from catalogue.entry import Entry
from catalogue.releases import Fate, fates, page, refusing

VERSION = "2.0.0"
"""The goldens' version: the first number rises when an answer changes (CONTRIBUTING.md)."""

ROOT = Path(__file__).parents[2] / "golden"


def frozen(entry: Entry) -> Case:
    """Return the case that an entry gives: its expectation is the reference's answer.

    It is a quirk where the original cannot give that answer, whatever its rule; and it is of every
    dialect from its own on that accepts just the same.
    """
    request = Request(entry.method, entry.params)
    expect, quirk = wanted = due(entry.dialect, request)
    since = list(DIALECTS.values()).index(entry.dialect)
    others = [d for d in list(DIALECTS.values())[since + 1 :] if answers(d, request) == wanted]
    reasons = (entry.reason, quirk.reason if quirk else "")
    return Case(
        id=entry.id,
        title=entry.title,
        rule=entry.rule,
        level=Level.QUIRK if quirk else entry.level,
        request=request,
        expect=expect,
        also_accepted=(*entry.also_accepted, *(quirk.also_accepted if quirk else ())),
        reason=" ".join(filter(None, reasons)),
        dialects=tuple(dialect.name for dialect in (entry.dialect, *others)),
    )


def as_json(value: object) -> bytes:
    """Return a file's content: pure ASCII, an array item a line, so that a diff is a token diff."""
    return json.dumps(msgspec.to_builtins(value), indent=1).encode() + b"\n"


def manifest(root: Path) -> Manifest:
    """Describe the case files as they are: the catalogue's families, then the recorded ones."""
    paths = [f"cases/{name}.json" for name in FAMILIES]
    paths += sorted(
        str(path.relative_to(root))
        for path in (root / "recorded").glob("*.json")
        if path.name != "provenance.json"
    )
    files = tuple(_described(root, path) for path in paths)
    total = sum(file.cases for file in files)
    return Manifest(VERSION, total, golden.overall_sha256(files), files)


def _described(root: Path, path: str) -> GoldenFile:
    count = len(golden.read(root / path, tuple[Case, ...]))
    return GoldenFile(path, count, hashlib.sha256((root / path).read_bytes()).hexdigest())


def matrix(rules: Iterable[Rule], cases: Iterable[Case]) -> str:
    """Return the page that shows which cases pin which rule."""
    by_rule: Mapping[str, list[str]] = defaultdict(list)
    for case in cases:
        by_rule[case.rule].append(case.id)
    lines = [
        "# Rules and the cases that pin them",
        "",
        "Generated from `rules.json` and the case files.",
        "",
        "| rule | what it says | source | cases |",
        "|---|---|---|---|",
    ]
    for rule in rules:
        ids = by_rule[rule.id]
        listed = ", ".join(f"`{name}`" for name in ids[:6])
        more = f" and {len(ids) - 6} more" if len(ids) > 6 else ""
        text = rule.text.replace("|", "\\|")
        lines.append(f"| `{rule.id}` | {text} | {rule.source} | {len(ids)}: {listed}{more} |")
    return "\n".join(lines) + "\n"


def schemas() -> dict[str, bytes]:
    """Return the JSON Schemas by name: of our own files, and of the wire."""
    kinds = {
        "cases": tuple[Case, ...],
        "rules": tuple[Rule, ...],
        "ledger": tuple[LedgerEntry, ...],
        "manifest": Manifest,
        "releases": tuple[Fate, ...],
        "results": recorded.Results,
        "hwtests": board_report.Results,
    }
    version = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    found = {name: msgspec.json.schema(kind, schema_hook=_anything) for name, kind in kinds.items()}
    found |= {_wire(dialect): wire_schema.schema(dialect) for dialect in DIALECTS.values()}
    return {f"{name}.schema.json": as_json(version | schema) for name, schema in found.items()}


def _wire(dialect: Dialect) -> str:
    return "wire" if dialect is KATA_1 else f"wire-{dialect.name}"


def _with_releases(entry: LedgerEntry) -> LedgerEntry:
    """Fill in which releases of acrn-dm refuse what an entry's input gives."""
    return msgspec.structs.replace(entry, refused_by=refusing(entry))


def _anything(kind: type) -> dict[str, object]:
    """Describe a value that may be any JSON."""
    if kind is not object:
        raise NotImplementedError  # so a schema hook says that it has no answer
    return {"description": "any JSON value"}


def generated(root: Path) -> dict[Path, bytes]:
    """Return every generated file with its content, as it must be for the cases as they are."""
    fresh = manifest(root)
    cases = [c for file in fresh.files for c in golden.read(root / file.path, tuple[Case, ...])]
    files = {root / "schema" / name: data for name, data in schemas().items()}
    files[root / "manifest.json"] = as_json(fresh)
    ledger = golden.ledger(root)
    files[root / "ledger.json"] = as_json([_with_releases(entry) for entry in ledger])
    found = list(fates(cases))
    files[root / "releases.json"] = as_json(found)
    by_id = {each.id: each for each in found}
    files[root / "releases.md"] = page(cases, by_id).encode()
    files[root / "dialects.md"] = dialects.page(cases).encode()
    files[root / "matrix.md"] = matrix(golden.rules(root).values(), cases).encode()
    files[root / "original-tests.md"] = original_tests.page().encode()
    return files


def main() -> int:
    """Write all generated files, but never in CI, where nobody would review them."""
    if os.environ.get("CI"):
        print("freeze: not under CI; freeze at home and commit what you have reviewed")
        return 2
    for path, data in generated(ROOT).items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
