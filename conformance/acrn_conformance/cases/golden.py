"""Reading the golden files: the manifest names them, and vouches for each by its hash.

What needs time to load is loaded when a file is read: the built-in reference reads none, and its
start is waited for.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from acrn_base import reading
from acrn_base.lasting import lasting
from acrn_base.text import LONG, visible
from acrn_conformance.cases.case import Case, Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_T = TypeVar("_T")

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
"""An id in a case file: neither an option nor a glob, and one word in a list of known failures."""


class GoldenError(ValueError):
    """The golden files cannot be used; the text says which, why, and the remedy."""


class GoldenFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One family's file: its path below the folder, its number of cases, its SHA-256."""

    path: str
    cases: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of a version of the goldens; ``sha256`` is over the files' own hashes."""

    version: str
    cases: int
    sha256: str
    files: tuple[GoldenFile, ...]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that cases pin, with its source: a line of the seed, a fact, a ledger entry."""

    id: str
    text: str
    source: str


class LedgerEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where upstream is odd: input, what it does, why that matters, the cases that pin it.

    ``dialect``: the one that does so. ``evidence`` is ``run`` (observed) or ``read`` (derived);
    ``reproduced`` is false where an argv does not show the fault, and the reference does without
    it. ``refused_by``: the releases of acrn-dm that refuse what the input gives.
    """

    id: str
    where: str
    input: Request | None
    upstream: str
    why: str
    evidence: str
    reproduced: bool
    cases: tuple[str, ...]
    refused_by: tuple[str, ...] = ()
    dialect: str = "kata-1"


class Family(msgspec.Struct, frozen=True):
    """The cases of one file; the name is its path without folder ``cases`` and suffix."""

    name: str
    cases: tuple[Case, ...]


class Golden(msgspec.Struct, frozen=True):
    """A version of the goldens, whole."""

    version: str
    sha256: str
    families: tuple[Family, ...]

    def cases(self) -> Iterator[Case]:
        """Yield every case in the manifest's order."""
        for family in self.families:
            yield from family.cases


def folder() -> Path:
    """Return the folder of the goldens: inside the installed package, else of the checkout."""
    from pathlib import Path

    package = Path(__file__).parents[1]
    packaged = package / "golden_files"
    return packaged if packaged.is_dir() else package.parents[1] / "golden"


def load(root: Path) -> Golden:
    """Read and verify all golden files. Raises GoldenError."""
    manifest = read(root / "manifest.json", Manifest)
    with lasting():
        families = tuple(_family(root, file) for file in manifest.files)
    return Golden(manifest.version, manifest.sha256, families)


def load_cases(path: Path) -> Golden:
    """Read a file of cases, as a search writes them. Raises GoldenError."""
    data = _bytes(path)
    cases = _decode(path, data.removeprefix(b"\xef\xbb\xbf"), tuple[Case, ...])
    fault = _twice(data) or _wrong_ids(cases)
    if fault:
        raise GoldenError(visible(f"{path}: {fault}"))
    name = os.fsencode(path.stem).decode("utf-8", "backslashreplace")
    return Golden("file", _sha256(data), (Family(name, cases),))


def rules(root: Path) -> dict[str, Rule]:
    """Read all rules by id. Raises GoldenError."""
    return {rule.id: rule for rule in read(root / "rules.json", tuple[Rule, ...])}


def ledger(root: Path) -> tuple[LedgerEntry, ...]:
    """Read the ledger. Raises GoldenError."""
    return read(root / "ledger.json", tuple[LedgerEntry, ...])


def read(path: Path, kind: type[_T]) -> _T:
    """Read one JSON file as ``kind``. Raises GoldenError with the path to the fault."""
    return _decode(path, _bytes(path), kind)


def family_name(path: str) -> str:
    """Return the name of the family in a file, e.g. ``argv`` or ``recorded/upstream``."""
    return path.removeprefix("cases/").removesuffix(".json")


def overall_sha256(files: tuple[GoldenFile, ...]) -> str:
    """Return the hash over all files' names and hashes: it stands for the goldens as a whole."""
    lines = "".join(f"{file.sha256}  {file.path}\n" for file in files)
    return _sha256(lines.encode())


def _sha256(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest()


def _family(root: Path, file: GoldenFile) -> Family:
    path = root / file.path
    data = _bytes(path)
    if _sha256(data) != file.sha256:
        raise GoldenError(
            f"{visible(str(path))}: not the file that the manifest vouches for; "
            "reinstall, or restore golden/"
        )
    return Family(family_name(file.path), _decode(path, data, tuple[Case, ...]))


def _twice(data: bytes) -> str:
    """Return what is said of a field that stands twice, "" without one."""
    from acrn_base.fields_twice import field_twice

    try:
        where = field_twice(data)
    except RecursionError:
        return "nested too deeply; no request is nested so"
    except ValueError as error:
        return f"{error}; give it as golden/schema describes it"
    return f"{where}: the field stands twice; keep one" if where else ""


def _wrong_ids(cases: Sequence[Case]) -> str:
    """Return what is said of the first id that cannot name its case alone, "" without one."""
    places: dict[str, int] = {}
    for place, case in enumerate(cases):
        if not _ID.fullmatch(case.id):
            return (
                f"$[{place}].id: {case.id[:LONG]!r} names no case on a command line; "
                "use letters, digits and - . _ /, a letter or digit first"
            )
        if (first := places.setdefault(case.id, place)) != place:
            return f"$[{place}].id: {case.id!r} is the id of $[{first}] too; give it its own"
    return "" if cases else "there is no case in it; give some"


def _bytes(path: Path) -> bytes:
    try:
        return reading.whole(path)
    except reading.ReadingError as error:
        raise GoldenError(visible(str(error))) from None


def _decode(path: Path, data: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise GoldenError(
            f"{visible(str(path))}: {reading.placed(error, data)}; "
            "give it as golden/schema describes it"
        ) from None
