"""The guest sees all that its argv gives it."""

import pytest

from acrn_arch import Block, Console, Net, placed
from acrn_hwtests.board import Board
from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.checks import parts
from acrn_hwtests.console import Console as GuestConsole
from acrn_hwtests.guest import Guest
from acrn_hwtests.plan import MEMORY_MB

_EMULATIONS = {Block: "virtio-blk", Console: "virtio-console", Net: "virtio-net"}
_FIRMWARE_MIB = 4
"""The memory that a machine may keep for itself."""


def test_boots_to_a_prompt(console: GuestConsole) -> None:
    """A sandbox boots to a prompt, and a command's output and exit status come back."""
    output = console.run("echo up; exit 7")
    assert (output.text, output.status) == ("up", 7)


def test_argv_arrives(guest: Guest) -> None:
    """The argv that acrn-dm has on the board is byte for byte the one the reference built."""
    planned = guest.plan.argv
    assert guest.arguments()[-len(planned) :] == planned


def test_runs_on_the_board(console: GuestConsole, board: Board) -> None:
    """The guest says what it runs on: the stand-in by its DMI, ACRN by the CPU's signature."""
    if board.file.board_class is BoardClass.STANDIN:
        assert console.run("cat /sys/class/dmi/id/product_name").text == "stand-in"
    else:
        assert "ACRN" in console.run("dmesg | grep 'Hypervisor detected'").text


def test_memory(console: GuestConsole) -> None:
    """The guest has the memory of -m, but for what firmware keeps."""
    ranges = console.run("grep 'System RAM' /proc/iomem").checked().split("\n")
    pairs = [line.split(" : ")[0].split("-") for line in ranges]
    mib = sum(int(last, 16) - int(first, 16) + 1 for first, last in pairs) / 2**20
    assert MEMORY_MB - _FIRMWARE_MIB <= mib <= MEMORY_MB


def test_kernel_command_line(console: GuestConsole, guest: Guest) -> None:
    """The guest's kernel has the parameters of -B, token for token."""
    given = guest.plan.config.kernel.params.split()
    assert console.run("cat /proc/cmdline").checked().split() == given


def test_uuid(console: GuestConsole, guest: Guest, board: Board) -> None:
    """The guest sees the UUID of -U in its DMI on a stand-in, and nowhere on a board."""
    given = guest.plan.config.uuid
    if not given:
        pytest.skip(f"{board.file.release} takes no -U")
    seen = console.run("cat /sys/class/dmi/id/product_uuid 2>/dev/null").text.lower()
    assert (seen == given) is (board.file.board_class is BoardClass.STANDIN)


def test_pci_slots(console: GuestConsole, guest: Guest) -> None:
    """The guest's PCI devices sit in exactly the slots of the argv, from 2 up."""
    planned = {
        (0, slot, 0): next(word for kind, word in _EMULATIONS.items() if isinstance(device, kind))
        for slot, device in placed(guest.plan.config.devices)
        if slot > 1
    }
    assert parts.pci(console) == planned


def test_slot_2_is_free(console: GuestConsole) -> None:
    """Nothing sits on slot 2, which is GVT-g's."""
    assert not [place for place in parts.pci(console) if place[:2] == (0, 2)]


def test_root_disk_is_index_0(console: GuestConsole, guest: Guest) -> None:
    """The guest's root is the first partition of the disk with index 0."""
    disk = parts.disks(console)[guest.plan.table.slots[0]].name
    mounts = console.run("cat /proc/self/mountinfo").checked().split("\n")
    root = [line.split()[2] for line in mounts if line.split()[4] == "/"][-1]
    assert console.run(f"cat /sys/block/{disk}/{disk}1/dev").checked() == root


def test_placeholders(console: GuestConsole, guest: Guest) -> None:
    """Eight placeholders of size 0 sit on the slots of the indices 1 to 8."""
    root, *placeholders = guest.plan.table.slots
    sizes = {slot: disk.sectors for slot, disk in parts.disks(console).items() if slot != root}
    assert sizes == dict.fromkeys(placeholders, 0)
    assert len(sizes) == 8
