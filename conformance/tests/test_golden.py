"""The golden files: frozen, complete, and vouched for without syrupy."""

import pytest
from catalogue import FAMILIES
from catalogue.freeze import as_json, frozen
from golden_extension import GoldenExtension
from syrupy.assertion import SnapshotAssertion


@pytest.mark.filterwarnings(r"ignore:\s*Can not relate snapshot")
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_frozen(family: str, snapshot: SnapshotAssertion) -> None:
    """The reference's answers are what the golden file of the family says, byte for byte."""
    content = as_json([frozen(entry) for entry in FAMILIES[family]])
    assert content == snapshot(name=family, extension_class=GoldenExtension)
