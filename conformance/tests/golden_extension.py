"""Where syrupy keeps the goldens: one JSON file a family, and a word on each case it changes."""

import sys
from pathlib import Path

import msgspec
from syrupy.data import SnapshotCollection
from syrupy.extensions.single_file import SingleFileSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from acrn_base.diff import diff
from acrn_conformance.cases import Case, tokens_in
from catalogue.freeze import ROOT


class GoldenExtension(SingleFileSnapshotExtension):
    """Keeps the snapshot named FAMILY in ``golden/cases/FAMILY.json``."""

    file_extension = "json"
    folder = ROOT / "cases"

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        del test_location
        return str(cls.folder)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        del test_location
        return str(index)

    @classmethod
    def get_file_basename(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        del test_location
        return str(index)

    @classmethod
    def write_snapshot_collection(
        cls,
        *,
        snapshot_collection: SnapshotCollection,
        name_order: dict[str, int] | None = None,
    ) -> None:
        path = Path(snapshot_collection.location)
        new = next(iter(snapshot_collection)).data
        assert isinstance(new, bytes)
        old = path.read_bytes() if path.exists() else b"[]"
        sys.stderr.write("".join(f"{line}\n" for line in changes(old, new)))
        super().write_snapshot_collection(
            snapshot_collection=snapshot_collection, name_order=name_order
        )


def changes(old: bytes, new: bytes) -> list[str]:
    """Say which cases an update adds, removes and changes, these with a token diff."""
    before, after = (
        {case.id: case for case in msgspec.json.decode(data, type=tuple[Case, ...])}
        for data in (old, new)
    )
    lines = [f"removed: {name}" for name in before if name not in after]
    lines += [f"added: {name}" for name in after if name not in before]
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            lines.append(f"changed: {name}")
            shown = diff(_shown(before[name]), _shown(after[name]))
            lines += [f"  {line.sign} {line.text}" for line in shown]
    return lines


def _shown(case: Case) -> list[str]:
    """Return the argv of a case where it has one, else its whole expectation, as tokens."""
    argv = tokens_in(case.expect.result, "argv")
    return argv or msgspec.json.format(msgspec.json.encode(case)).decode().split("\n")
