"""Rescans: acrnctl says nothing of one that fails, so each is judged by the VM that was started."""

from collections.abc import Sequence

import pytest

from acrn_cmdline.capture import RescanFault, Vms
from acrn_cmdline.lint import RECORDING

START = ("-m", "2048M", "-s", "0:0,hostbridge", "-s", "3,virtio-blk,nodisk", "-s", "4,virtio-net,x")
MORE = ("-s", "5,virtio-blk,/d.img", "-s", "7:1,virtio-blk,nodisk", "-s", "31,virtio-blk,b,nodisk")


def vms(name: str = "vm", release: str = "v2.5") -> Vms:
    return Vms(release, RECORDING).after_start((*START, *MORE, "--ovmf", "/o.fd", name))


def found(argv: Sequence[str], before: Vms) -> list[tuple[RescanFault, str]]:
    return [(finding.fault, finding.message) for finding in before.findings(argv)]


@pytest.mark.parametrize("argument", ["3,/dev/vdb", "31,/a,b", " 3,/d", "+3x,relative"])
def test_a_placeholder_of_the_vm_takes_a_disk(argument: str) -> None:
    """The slot is read as acrn-dm reads numbers; the path is all that follows the first comma."""
    assert found(("blkrescan", "vm", argument), vms()) == []


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("5,/d", "slot 5 of vm holds a disk, /d.img"),
        ("4,/d", "slot 4 of vm holds virtio-net"),
        ("6,/d", "slot 6 of vm holds nothing"),
        ("7,/d", "slot 7 of vm holds nothing"),
        ("-3,/d", "slot -3 of vm holds nothing"),
        ("x,/d", "x is no number of a slot"),
        (",/d", " is no number of a slot"),
    ],
)
def test_a_slot_without_a_placeholder_takes_none(argument: str, message: str) -> None:
    """Neither a disk with a file, nor another device, nor a function other than 0."""
    assert found(("blkrescan", "vm", argument), vms()) == [(RescanFault.SLOT, message)]


def test_a_placeholder_takes_one_disk_only() -> None:
    """Until the VM is started anew; a rescan that failed has filled nothing."""
    call = ("blkrescan", "vm", "3,/d")
    after_failure = vms().after_rescan(("blkrescan", "vm", "3,/nodisk"))
    assert found(call, after_failure) == []
    filled = vms().after_rescan(call)
    assert found(call, filled) == [(RescanFault.SLOT, "slot 3 of vm has got its disk before")]
    assert found(("blkrescan", "vm", "31,/d"), filled) == []
    again = filled.after_start((*START, "--ovmf", "/o.fd", "vm"))
    assert found(call, again) == []


def test_the_vm_must_have_been_started() -> None:
    """Under that very name, by a call that this release can read."""
    call = ("blkrescan", "vm", "3,/d")
    missing = [(RescanFault.NO_VM, "no VM named vm was started before")]
    assert found(call, Vms("v2.5", RECORDING)) == missing
    assert found(call, vms("vm2")) == missing
    assert found(call, Vms("v2.5", RECORDING).after_start(("-m", "2048", "vm"))) == missing


@pytest.mark.parametrize("name", ["n" * 73, "a.b", "é" * 37])
def test_some_names_are_never_found(name: str) -> None:
    """More than 72 bytes, or a dot."""
    assert [fault for fault, _ in found(("blkrescan", name, "3,/d"), vms(name))] == [
        RescanFault.NAME
    ]


def test_the_longest_name_and_argument_are_fine() -> None:
    """72 and 255 bytes."""
    name = "sandbox-" + "f" * 64
    assert found(("blkrescan", name, "3,/" + "d" * 252), vms(name)) == []
    cut = found(("blkrescan", name, "3,/" + "d" * 253), vms(name))
    assert cut == [(RescanFault.CUT, "the slot and the path have 256 bytes")]


@pytest.mark.parametrize("argument", ["3,/a/nodisk/b", "3,", "3,nodisk"])
def test_the_path_must_name_a_file(argument: str) -> None:
    """What holds nodisk would be a placeholder again."""
    assert [fault for fault, _ in found(("blkrescan", "vm", argument), vms())] == [RescanFault.PATH]


@pytest.mark.parametrize("words", [(), ("vm",), ("vm", "3"), ("vm", "3,/d", "more")])
def test_a_rescan_has_a_form(words: tuple[str, ...]) -> None:
    """A VM, and a slot and a path with a comma between."""
    assert [fault for fault, _ in found(("blkrescan", *words), vms())] == [RescanFault.FORM]


def test_the_first_release_cannot_rescan() -> None:
    """v1.0 has no such command."""
    before = Vms("v1.0", RECORDING).after_start((*START, "--vsbl", "/o", "vm"))
    assert [fault for fault, _ in found(("blkrescan", "vm", "3,/d"), before)] == [
        RescanFault.RELEASE
    ]
