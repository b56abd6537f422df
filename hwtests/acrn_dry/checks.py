"""The dry checks: each shows one thing that the hardware tier takes for granted of an acrn-dm.

A check returns what was seen, or raises AssertionError or NotApplicableError.
"""

import os
import signal
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from acrn_dm import Command
from acrn_dry import bench as b
from acrn_dry import root
from acrn_dry.bench import Bench, NotApplicableError, Wish, to_the_guest
from acrn_dry.running import Run
from acrn_dry.serial import pty_line, ttys0
from acrn_dry.verdict import verdict

_PM1_CONTROL, _S5, _SLEEP = 0x404, 5 << 10, 1 << 13
"""ACPI's power-off: the sleep type of S5 and the enable bit, to PM1a control (acrn_common.h)."""

_RESET_CONTROL, _HARD_RESET = 0xCF9, 0x06


class Check(NamedTuple):
    """A check, its sentence, and what makes it."""

    id: str
    title: str
    show: Callable[[Bench], str]


def argv_is_taken(bench: Bench) -> str:
    """The tier's argv gets to the moment at which a guest would run."""
    with bench.start() as run:
        to_the_guest(run)
        return " ".join(event.name for event in run.events)


def without_a_cpu(bench: Bench) -> str:
    """An argv without a CPU is taken or refused as lint says."""
    argv = bench.argv(Wish())
    return _as_predicted(bench, tuple(word for word in argv if word not in b.CPU))


def missing_kernel(bench: Bench) -> str:
    """A kernel that is not there is refused as lint says."""
    argv = list(bench.argv(Wish()))
    argv[argv.index("-k") + 1] = "no-such-kernel"
    return _as_predicted(bench, tuple(argv))


def slot_clash(bench: Bench) -> str:
    """Two devices on a slot are refused as lint says."""
    argv = bench.argv(Wish())
    slots = [value.split(",")[0] for word, value in pairwise(argv) if word == "-s"]
    return _as_predicted(bench, ("-s", f"{slots[-1]},virtio-rnd", *argv))


def _as_predicted(bench: Bench, argv: tuple[str, ...]) -> str:
    found, predicted = verdict(bench.programs, argv), bench.predicted(argv)
    seen = f"{found.stage}, exit status {found.exit}"
    if isinstance(predicted, Command):
        assert found.stage == "ok", f"{seen}: {found.message}; lint takes it"
        return seen
    expected = f"{seen}: {found.message}; lint says {predicted.stage}: {predicted.message}"
    assert (found.stage, found.exit) == (predicted.stage, predicted.exit), expected
    assert predicted.message in found.message, expected
    return f"{seen}: {predicted.message}"


def consoles_accept(bench: Bench) -> str:
    """The socket of each port accepts a connection."""
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        to_the_guest(run)
        for path in b.sockets(argv):
            b.connected(run, path).close()
        return f"{len(b.sockets(argv))} sockets"


def rescan(bench: Bench) -> str:
    """acrnctl blkrescan has acrn-dm open a file for a placeholder."""
    argv = bench.argv(Wish())
    slot = next(word.split(",")[0] for word in argv if word.endswith(",virtio-blk,nodisk"))
    with bench.start(argv) as run:
        to_the_guest(run)
        path = "/new.img"
        (run.folder / path[1:]).write_bytes(bytes(1 << 20))
        done = b.control(bench, run, "blkrescan", argv[-1], f"{slot},{path}")
        assert done.returncode == 0, f"acrnctl: exit status {done.returncode}: {done.stdout}"
        assert path in b.open_files(run), f"acrn-dm has not opened {path}: {done.stdout}"
        return f"slot {slot}: {path} is open"


def unknown_vm(bench: Bench) -> str:
    """acrnctl fails for a VM that is not there."""
    with bench.start() as run:
        to_the_guest(run)
        done = b.control(bench, run, "blkrescan", "no-such-vm", "4,/x")
        assert done.returncode, "exit status 0"
        return f"exit status {done.returncode}: {done.stdout.strip().split(chr(10))[-1]}"


def power_off(bench: Bench) -> str:
    """ACPI power-off ends acrn-dm with status 0, and leaves nothing but dead sockets."""
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        _power_off(to_the_guest(run))
        return _ended(run, argv, in_order=True)


def huge_pages(bench: Bench) -> str:
    """acrn-dm asks the kernel for the huge pages of its guest."""
    with bench.start() as run:
        pages = to_the_guest(run).folder / root.PAGES_WANTED[1:]
        wanted = int(pages.read_text("ascii"))
        _power_off(run)
        assert run.ended(), b.last_words(run)
        assert wanted, "no huge page was asked for"
        after = int(pages.read_text("ascii"))
        return f"nr_hugepages raised from 0 to {wanted}; {after} after power-off"


def _power_off(run: Run) -> None:
    run.write(_PM1_CONTROL, 2, _S5 | _SLEEP)


def reset(bench: Bench) -> str:
    """After a reset acrn-dm lives, a guest would run again, and consoles accept."""
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        to_the_guest(run).write(_RESET_CONTROL, 1, _HARD_RESET)
        assert run.until("run"), f"no guest again: {b.last_words(run)}"
        for path in b.sockets(argv):
            b.connected(run, path).close()
        return " ".join(event.name for event in run.events[-4:])


def reset_with_a_client(bench: Bench) -> str:
    """So it is with somebody on a console, who is hung up on."""
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        to_the_guest(run)
        with closing(b.served(run, b.sockets(argv)[0])) as console:
            run.write(_RESET_CONTROL, 1, _HARD_RESET)
            assert run.until("run"), f"acrn-dm hangs in its reset: {b.last_words(run)}"
            assert b.hung_up(console), "the client was not hung up on"
            return "hung up on, and a guest would run again"


def signal_int(bench: Bench) -> str:
    """SIGINT ends it as power-off does."""
    return _signalled(bench, signal.SIGINT, in_order=True)


def signal_hup(bench: Bench) -> str:
    """SIGHUP ends it as power-off does."""
    return _signalled(bench, signal.SIGHUP, in_order=True)


def signal_term(bench: Bench) -> str:
    """SIGTERM ends it, whatever it leaves."""
    return _signalled(bench, signal.SIGTERM, in_order=False)


def stop_by_force(bench: Bench) -> str:
    """acrnctl stop -f ends it as power-off does."""
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        to_the_guest(run)
        b.control(bench, run, "stop", "-f", argv[-1])
        return _ended(run, argv, in_order=True)


def _signalled(bench: Bench, number: signal.Signals, *, in_order: bool) -> str:
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        os.kill(to_the_guest(run).pid, number)
        return _ended(run, argv, in_order=in_order)


def _ended(run: Run, argv: tuple[str, ...], *, in_order: bool) -> str:
    """Wait for the end; tell how it was, and what it has left of the VM."""
    assert run.ended(), b.last_words(run)
    left = ", ".join(run.left()) or "nothing"
    how = f"exit status {run.exit}; left: {left}"
    assert not in_order or (run.exit == 0 and left == "nothing"), how
    for path in b.sockets(argv):
        assert b.refuses(run, path), f"somebody listens on {path}"
    files = sum((run.folder / path[1:]).is_socket() for path in b.sockets(argv))
    return f"{how}; dead sockets: {files}"


def tap(bench: Bench) -> str:
    """The tap of the argv is opened."""
    if not Path("/dev/net/tun").exists():
        raise NotApplicableError("this machine has no /dev/net/tun")
    with bench.start(bench.argv(Wish(tap="tap-dry"))) as run:
        table = Path(f"/proc/{to_the_guest(run).pid}/net/dev").read_text("ascii")
        names = [line.partition(":")[0].strip() for line in table.split("\n") if ":" in line]
        assert "tap-dry" in names, f"not among the interfaces: {', '.join(names)}"
        return "tap-dry was made, in a network of its own"


CHECKS: Final = tuple(
    Check(show.__name__.replace("_", "-"), show.__doc__ or "", show)
    for show in (
        *(argv_is_taken, without_a_cpu, missing_kernel, slot_clash),
        *(consoles_accept, ttys0, pty_line, tap, rescan, unknown_vm, huge_pages),
        *(power_off, reset, reset_with_a_client),
        *(signal_int, signal_hup, signal_term, stop_by_force),
    )
)
"""All checks, in the order of a guest's life."""
