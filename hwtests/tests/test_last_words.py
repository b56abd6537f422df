"""The reason of an early end: the line of acrn-dm's that says it, not the one it ends with."""

import gzip
import json
from pathlib import Path

import pytest
from scripted import scripted

from acrn_dm import RECORDING, Fault, parse
from acrn_hwtests.last_words import reason
from acrn_hwtests.state import DeviceModelError

_REPOSITORY = Path(__file__).parents[2]
_CUT = 600
"""Characters after which a recorded message is cut off."""

_RELEASES = ("v2.5", "v2.7", "v3.3")


def _lines(text: str) -> list[str]:
    return text.split(" | ")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            "pci slot 3:0 already occupied! | No correct pm notify channel given | rmdir failed",
            "pci slot 3:0 already occupied!",
        ),
        (
            "basl_fwrite_madt,Err: Invalid guest_pcpu_bitmask. | pci deinit lpc | Stop polling 9",
            "basl_fwrite_madt,Err: Invalid guest_pcpu_bitmask.",
        ),
        (
            (
                'Invalid device option "x" | Could not open backing filepci virtio-blk init failed'
                " | Unable to init vdev (25)"
            ),
            'Invalid device option "x"',
        ),
        (
            "Could not open backing filepci virtio-blk init failed | Unable to init vdev (25)",
            "Could not open backing filepci virtio-blk init failed",
        ),
        ("Listening 33... | polling 33...", "polling 33..."),
        ("", ""),
    ],
)
def test_the_line_that_says_it_is_the_reason(said: str, why: str) -> None:
    """What acrn-dm prints always, or while it cleans up, is none, unless there is nothing else."""
    assert reason(_lines(said)) == why


def test_an_early_end_is_told_by_it(tmp_path: Path) -> None:
    """The error has the line that says it, also where others come after it."""
    script = "echo 'vm_create failed'; echo 'No correct pm notify channel given'; exit 1"
    with (
        scripted(tmp_path, script) as guest,
        pytest.raises(DeviceModelError, match="exit status 1: vm_create failed"),
    ):
        guest.serial.boot()


def test_recorded_ends_are_told_by_their_reasons() -> None:
    """Of the recorded ends of three releases, nine in ten whose words were kept whole are."""
    found = sorted(_REPOSITORY.parent.glob("*/vectors/dm-acceptance-2.jsonl.gz"))
    if not found:
        pytest.skip("held against acrn-dm's full recordings, which are no part of the project")
    told = []
    with gzip.open(found[0], "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            for release in _RELEASES:
                verdict = parse(row["argv"], release, RECORDING)
                said = row["dm"][release]["message"].replace("[usage]", "Usage: acrn-dm [-h]")
                whole = len(said) < _CUT
                if (
                    whole
                    and isinstance(verdict, Fault)
                    and verdict.message
                    and verdict.message in said
                ):
                    told.append(verdict.message in reason(_lines(said)))
    assert len(told) > 1000
    assert sum(told) / len(told) > 0.9
