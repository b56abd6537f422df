"""Dry runs, on a small device model that uses the hypervisor's device as acrn-dm does."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dry_support import FAMILIES, small_dm

from acrn_dry.bench import connected, refuses
from acrn_dry.building import DryError
from acrn_dry.running import Programs, started
from acrn_dry.verdict import verdict

pytestmark = pytest.mark.board

_POWER_OFF = (0x404, 2, 0x3400)
_RESET = (0xCF9, 1, 6)


@pytest.fixture(scope="module", params=FAMILIES)
def programs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Programs:
    return small_dm(tmp_path_factory.mktemp("dry"), request.param)


def test_a_run_gets_to_the_moment_of_its_guest_and_powers_off(programs: Programs) -> None:
    """The device is asked in order; a port write ends the guest, and the device model with 0."""
    with started(programs, ("vm1",)) as run:
        assert run.until("run")
        run.write(*_POWER_OFF)
        assert run.ended()
        names = [event.name for event in run.events if "mount" not in event.name]
        assert (run.exit, run.left()) == (0, [])
    assert names[:5] == ["start", "open", "create", "memory", "unknown"]
    assert names[5:] == ["loaded", "run", "done", "destroy", "end"]


def test_what_the_device_is_asked_beyond_its_numbers_is_told(programs: Programs) -> None:
    """An ioctl that the shim does not know fails, and its number is in the events."""
    with started(programs, ("vm1",)) as run:
        assert run.until("run")
        assert [event.detail for event in run.events if event.name == "unknown"] == ["7f"]


def test_a_port_is_read_as_a_guest_would(programs: Programs) -> None:
    """The value that the device model serves comes back."""
    with started(programs, ("vm1",)) as run:
        assert run.until("run")
        run.device.read(0x3F8, 1)
        assert run.until("done")
        assert run.events[-1].detail == "5a"


def test_after_a_reset_a_guest_would_run_again(programs: Programs) -> None:
    """A reset is no end: the device is paused, cleared and reset, and the guest started anew."""
    with started(programs, ("vm1",)) as run:
        assert run.until("run")
        before = len(run.events)
        run.write(*_RESET)
        assert run.until("run")
        names = [event.name for event in run.events[before:]]
        assert names == ["pause", "clear", "reset", "loaded", "run"]
        assert run.exit is None


def test_the_memory_of_a_guest_costs_none(programs: Programs) -> None:
    """The guest has 64 GiB of huge pages, cleared; what of them nobody wrote to is not there."""
    with started(programs, ("vm1",)) as run:
        assert run.until("run")
        status = Path(f"/proc/{run.pid}/status").read_text("ascii")
        resident = next(line.split()[1] for line in status.split("\n") if "VmRSS" in line)
        assert int(resident) < 100_000


def test_what_a_signal_leaves_is_seen(programs: Programs) -> None:
    """SIGINT is handled and leaves nothing; SIGTERM is not, and leaves node and mount, if any."""
    with started(programs, ("vm1",)) as run:
        assert run.until("run")
        os.kill(run.pid, signal.SIGINT)
        assert run.ended()
        assert (run.exit, run.left()) == (0, [])
    with started(programs, ("vm1",)) as run:
        assert run.until("run")
        mounts = any(event.name == "mount" for event in run.events)
        place = "/run/hugepage/acrn/huge_lv1"
        os.kill(run.pid, signal.SIGTERM)
        assert run.ended()
        assert run.exit == -signal.SIGTERM
        assert run.left() == ([f"{place}/node", f"mount {place}"] if mounts else [])


def test_a_socket_of_a_run_can_be_connected_to(programs: Programs) -> None:
    """It accepts while the device model lives, and refuses when it has gone."""
    with started(programs, ("-s", "/run/deep/enough.sock", "vm1")) as run:
        assert run.until("run")
        connected(run, "/run/deep/enough.sock").close()
        run.write(*_POWER_OFF)
        assert run.ended()
        assert refuses(run, "/run/deep/enough.sock")


@pytest.mark.parametrize("stage", ["argv", "vm", "device", "load"])
def test_a_failing_run_is_told_with_its_stage(programs: Programs, stage: str) -> None:
    """The stage is how far the device had been asked; status and words are the program's."""
    found = verdict(programs, ("-f", stage, "vm1"))
    assert (found.stage, found.exit) == (stage, 7)
    assert found.message.endswith(" failed")


def test_a_run_that_would_have_a_guest_is_ok(programs: Programs) -> None:
    """Nothing is waited for beyond that moment."""
    found = verdict(programs, ("vm1",))
    assert (found.stage, found.exit, found.message) == ("ok", 0, "")


def test_a_crash_is_told_by_its_signal(programs: Programs) -> None:
    """As in the recordings, with the number negative."""
    found = verdict(programs, ("-f", "crash", "vm1"))
    assert (found.stage, found.exit) == ("crash", -signal.SIGABRT)


def test_a_run_has_a_world_of_its_own(programs: Programs) -> None:
    """Its network has the loopback alone, its processes start anew, and its root is a folder."""
    with started(programs, ("vm1",)) as run:
        assert run.until("run")
        interfaces = Path(f"/proc/{run.pid}/net/dev").read_text("ascii").split("\n")[2:]
        assert [line.split(":")[0].strip() for line in interfaces if line] == ["lo"]
        assert Path(f"/proc/{run.pid}/root").readlink() == run.folder
        for name in ("pid", "mnt", "ipc", "net"):
            theirs, ours = (Path(f"/proc/{pid}/ns/{name}") for pid in (run.pid, "self"))
            assert theirs.readlink() != ours.readlink()
        folder = run.folder.parent
    assert not folder.exists()


def test_nothing_is_left_of_a_harness_that_is_killed(programs: Programs, tmp_path: Path) -> None:
    """The kernel ends the device model with the process that holds its world."""
    told = tmp_path / "pid"
    code = (
        "import sys, time; from pathlib import Path; from acrn_dry.running import *\n"
        "with started(Programs(Path(sys.argv[1]), Path(sys.argv[2])), ('vm1',)) as run:\n"
        "    run.until('run'); Path(sys.argv[3]).write_text(str(run.pid)); time.sleep(60)\n"
    )
    words = [sys.executable, "-c", code, str(programs.acrn_dm), str(programs.shim), str(told)]
    environment = os.environ | {"TMPDIR": str(tmp_path)}  # the folder of its run stays
    with subprocess.Popen(words, env=environment) as harness:
        pid = _read_in_time(told)
        harness.kill()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def _read_in_time(path: Path) -> str:
    deadline = time.monotonic() + 10
    while not (path.exists() and path.read_text("ascii")) and time.monotonic() < deadline:
        time.sleep(0.05)
    return path.read_text("ascii")


def test_a_program_that_cannot_be_run_is_one_line(programs: Programs, tmp_path: Path) -> None:
    """What is no program for this machine is refused by the kernel, which is told."""
    broken = tmp_path / "acrn-dm"
    broken.write_bytes(b"\x7fELF, and nothing else")
    broken.chmod(0o755)
    with pytest.raises(DryError, match="Exec format error"):
        verdict(programs._replace(acrn_dm=broken), ("vm1",))
