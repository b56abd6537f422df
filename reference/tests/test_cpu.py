"""The CPU of the next guest, as kata-containers 3.9.0 was seen to choose it."""

import pytest

from acrn_arch import next_apic_id, release_apic_id
from acrn_arch.document import Fields
from acrn_arch.errors import CpuIndexError, DocumentError

LEAST, GREATEST = str(-(1 << 63)), str((1 << 63) - 1)

NEXT = [
    # No file: the first one. Else the one behind the index, and behind the last the first again.
    (None, ("0", "0")),
    ("0", ("2", "1")),
    ("1", ("4", "2")),
    ("2", ("0", "0")),
    ("3", ("0", "0")),
    ("-1", ("0", "0")),
    ("+0", ("2", "1")),
    ("-0", ("2", "1")),
    ("00", ("2", "1")),
    (GREATEST, ("0", "0")),
    ("0" * 4300, ("2", "1")),
]


@pytest.mark.parametrize(("stored", "given"), NEXT)
def test_the_next_cpu_follows_the_stored_one(stored: str | None, given: tuple[str, str]) -> None:
    """Its id is given, and its index stored."""
    assert next_apic_id(["0", "2", "4"], stored) == given


NO_NUMBERS = ["", " ", " 1", "1 ", "1\n", "0x1", "1.0", "1_0", "one", "--1", "+", "\u0661"]
BEYOND = [str(1 << 63), str((1 << 63) + 1), str(-(1 << 63) - 1), "9" * 4301]


@pytest.mark.parametrize("stored", [*NO_NUMBERS, *BEYOND])
def test_a_text_that_is_no_index_is_refused(stored: str) -> None:
    """Both when a guest starts and when one ends."""
    with pytest.raises(CpuIndexError, match="store a decimal number"):
        next_apic_id(["0"], stored)
    with pytest.raises(CpuIndexError, match="store a decimal number"):
        release_apic_id(stored)


def test_a_text_that_is_no_index_is_shown_in_part() -> None:
    """Forty characters tell which it is."""
    with pytest.raises(CpuIndexError, match=r"^'x{40}' is"):
        release_apic_id("x" * 41)


@pytest.mark.parametrize(
    ("apic_ids", "stored", "named"),
    [
        (["0", "2"], "-2", "index -1 names none of 2"),
        (["0", "2"], LEAST, "names none of 2"),
        ([], None, "index 0 names none of 0"),
        ([], "-1", "index 0 names none of 0"),
    ],
)
def test_an_index_that_names_no_cpu_is_refused(
    apic_ids: list[str], stored: str | None, named: str
) -> None:
    """Upstream panics there; the remedy is said."""
    with pytest.raises(CpuIndexError, match=f"{named} CPUs; remove the file$"):
        next_apic_id(apic_ids, stored)


@pytest.mark.parametrize(
    ("stored", "left"),
    [
        *(("2", "1"), ("1", "0"), ("0", "-1"), ("-1", "-2"), ("+1", "0"), ("00", "-1")),
        *((LEAST, GREATEST), (str(1 - (1 << 63)), LEAST), (GREATEST, str((1 << 63) - 2))),
    ],
)
def test_a_guest_that_ends_takes_the_index_one_down(stored: str, left: str) -> None:
    """Below zero as well, and from the least integer to the greatest."""
    assert release_apic_id(stored) == left


def test_an_id_that_is_no_text_is_refused_with_its_place() -> None:
    """Ids are texts, as /proc/cpuinfo has them."""
    assert Fields({"apic_ids": ["0", "2"]}).texts("apic_ids") == ("0", "2")
    with pytest.raises(DocumentError, match=r"^apic_ids\[1\]: expected a string, found 2$"):
        Fields({"apic_ids": ["0", 2]}).texts("apic_ids")
