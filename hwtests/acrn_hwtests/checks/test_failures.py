"""The failure tier: each thing that can go wrong is recognised for what it is, in its time."""

import signal
import time
from dataclasses import replace

import pytest

from acrn_hwtests.board import Board
from acrn_hwtests.fixtures import Launch
from acrn_hwtests.plan import Request, refusals
from acrn_hwtests.state import (
    DeviceModelError,
    LostError,
    PanicError,
    RebootedError,
    SilentError,
)
from acrn_hwtests.tier import Tier

_EMPTY_DISK = "root=/dev/vdb"
_NO_DISK = "root=/dev/nosuchdisk"


def test_bad_root_is_a_panic(launch: Launch, tier: Tier) -> None:
    """A root that cannot be mounted is a panic, told by the kernel's line, not a restart."""
    guest = launch(Request(kernel_params=(_EMPTY_DISK,)))
    with pytest.raises(PanicError, match="Kernel panic - not syncing"):
        tier.boot(guest)


def test_panic_that_halts(launch: Launch, tier: Tier) -> None:
    """A panic after which the guest stays is told at once, while acrn-dm runs on."""
    guest = launch(Request(kernel_params=(_EMPTY_DISK, "panic=0")))
    with pytest.raises(PanicError):
        tier.boot(guest)
    assert guest.status() is None


def test_missing_kernel(launch: Launch, tier: Tier) -> None:
    """A kernel that is not there is an error of the device model, told in its own words."""
    guest = launch(Request(kernel="/nonexistent/vmlinuz"))
    with pytest.raises(DeviceModelError, match="exit status 10"):
        tier.boot(guest)


def test_slot_clash(launch: Launch, tier: Tier, board: Board) -> None:
    """Two devices on a slot: lint refuses the argv, and so does acrn-dm, naming the slot."""
    planned = board.plan(Request())
    clash = tuple(
        f"3{token[1:]}" if token.startswith("4,virtio-blk") else token for token in planned.argv
    )
    clashing = replace(planned, argv=clash)
    assert refusals(clashing, board.file.release)
    guest = launch(clashing, linted=False)
    with pytest.raises(DeviceModelError, match="slot 3:0 already occupied"):
        tier.boot(guest)


@pytest.mark.usefixtures("guest")  # by which the time of a boot is known
def test_silent_guest(launch: Launch, tier: Tier) -> None:
    """A guest that waits for a disk for ever is silent, after twice the time of a boot."""
    guest = launch(Request(kernel_params=(_NO_DISK,)))
    seconds = 2 * tier.slowest_boot
    started = time.monotonic()
    with pytest.raises(SilentError):
        guest.attach().boot(seconds)
    assert time.monotonic() - started < seconds + guest.timeouts.socket
    assert guest.status() is None


def test_guest_panic(launch: Launch, tier: Tier) -> None:
    """A guest that panics during a command is told by the kernel's line."""
    console = tier.boot(launch(Request()))
    with pytest.raises(PanicError, match="sysrq"):
        console.run("echo c >/proc/sysrq-trigger")


def test_guest_restart(launch: Launch, tier: Tier) -> None:
    """A guest that restarts is told, while acrn-dm runs on."""
    guest = launch(Request())
    console = tier.boot(guest)
    with pytest.raises(RebootedError):
        console.run("reboot -f")
    assert guest.status() is None


def test_killed_device_model(launch: Launch, tier: Tier) -> None:
    """A device model that is killed is lost, and the signal is named."""
    guest = launch(Request())
    console = tier.boot(guest)
    guest.kill(signal.SIGKILL)
    with pytest.raises(LostError, match="SIGKILL"):
        console.run("sleep 5")
