"""Claimed methods that do not exist fail the run, and the one that was meant is named."""

import pytest
from implementations import acrn_conformance, claiming

from acrn_conformance.cases import KATA_1, KATA_3
from acrn_conformance.judging import claims


@pytest.mark.parametrize(
    ("claimed", "meant"),
    [
        ("argvv", "argv"),
        ("arg", "argv"),
        ("Device-Valid", "device_valid"),
        ("deviceValid", "device_valid"),
        ("limit", "limits"),
        ("block_rescam", "block_rescan"),
    ],
)
def test_the_method_that_was_meant_is_named(claimed: str, meant: str) -> None:
    """One letter, the case, or the signs between words."""
    (complaint,) = claims.complaints([claimed], KATA_1)
    assert f"{claimed} (did you mean {meant}?)" in complaint


def test_many_unknown_methods_are_one_complaint() -> None:
    """The first are named, the rest counted."""
    (complaint,) = claims.complaints([f"x{number}" for number in range(50_000)], KATA_1)
    assert "50,000 methods" in complaint.replace("50000", "50,000")
    assert complaint.endswith(" and 49,997 more; correct describe")
    assert len(complaint) < 160


def test_methods_of_another_dialect_exist() -> None:
    """An implementation of several dialects claims the methods of all."""
    assert not claims.complaints(KATA_3.method_names, KATA_1)


def test_a_misspelt_method_fails_the_run() -> None:
    """All that is judged passes, and yet it is no success."""
    run = acrn_conformance("run", "--", *claiming("limits", "pathes"))
    assert run.returncode == 1
    assert (
        "describe claims 1 method that does not exist: pathes (did you mean paths?)" in run.stdout
    )
