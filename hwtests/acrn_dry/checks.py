"""The dry checks: each shows one thing that the hardware tier takes for granted of an acrn-dm."""

import os
import signal
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from acrn_dm import Command
from acrn_dry import bench as b
from acrn_dry import root
from acrn_dry.bench import SECONDS, Bench, NotApplicableError, Wish, to_the_guest
from acrn_dry.running import Run
from acrn_dry.serial import pty_line, ttys0
from acrn_dry.verdict import verdict

_PM1_CONTROL, _S5, _SLEEP = 0x404, 5 << 10, 1 << 13
"""ACPI's power-off: the sleep type of S5 and the enable bit, to PM1a control (acrn_common.h)."""

_RESET_CONTROL, _HARD_RESET = 0xCF9, 0x06


@dataclass(frozen=True, slots=True)
class Check:
    """A check; ``show`` returns what was seen, or raises AssertionError or NotApplicableError."""

    id: str
    title: str
    show: Callable[[Bench], str]


def version(bench: Bench) -> str:
    with bench.start(("-v",)) as run:
        assert run.ended(SECONDS), "-v does not end"
        assert run.exit == 0, b.last_words(run)
        return run.output.strip().replace("\n", " | ")


def argv_is_taken(bench: Bench) -> str:
    with bench.start() as run:
        to_the_guest(run)
        return " ".join(event.name for event in run.events)


def _as_predicted(bench: Bench, argv: tuple[str, ...]) -> str:
    found, predicted = verdict(bench.programs, argv), bench.predicted(argv)
    expected = ("ok", 0) if isinstance(predicted, Command) else (predicted.stage, predicted.exit)
    seen = f"{found.stage}, exit status {found.exit}"
    assert (found.stage, found.exit) == expected, f"{seen}, where lint says {expected[0]}"
    if not isinstance(predicted, Command):
        assert predicted.message in found.message, f"{seen}: {found.message}"
        seen += f": {predicted.message}"
    return seen


def without_a_cpu(bench: Bench) -> str:
    argv = list(bench.argv(Wish()))
    if "--cpu_affinity" in argv:
        place = argv.index("--cpu_affinity")
        del argv[place : place + 2]
    return _as_predicted(bench, tuple(argv))


def missing_kernel(bench: Bench) -> str:
    argv = list(bench.argv(Wish()))
    argv[argv.index("-k") + 1] = "no-such-kernel"
    return _as_predicted(bench, tuple(argv))


def slot_clash(bench: Bench) -> str:
    argv = bench.argv(Wish())
    slots = [value for word, value in zip(argv, argv[1:], strict=False) if word == "-s"]
    return _as_predicted(bench, ("-s", f"{slots[-1].split(',')[0]},virtio-rnd", *argv))


def consoles_accept(bench: Bench) -> str:
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        to_the_guest(run)
        for path in b.sockets(argv):
            b.connected(run, path).close()
        return f"{len(b.sockets(argv))} sockets"


def rescan(bench: Bench) -> str:
    argv = bench.argv(Wish())
    slot = next(word.split(",")[0] for word in argv if word.endswith(",virtio-blk,nodisk"))
    with bench.start(argv) as run:
        to_the_guest(run)
        disk = run.folder / "acrn-dry/new.img"
        disk.write_bytes(bytes(1 << 20))
        path = f"/{disk.relative_to(run.folder)}"
        done = b.control(bench, run, "blkrescan", argv[-1], f"{slot},{path}")
        assert done.returncode == 0, f"acrnctl: exit status {done.returncode}: {done.stdout}"
        assert path in b.open_files(run), f"acrn-dm has not opened {path}: {done.stdout}"
        return f"slot {slot}, the new file is open"


def unknown_vm(bench: Bench) -> str:
    with bench.start() as run:
        to_the_guest(run)
        done = b.control(bench, run, "blkrescan", "no-such-vm", "4,/x")
        assert done.returncode not in {0, 1}, "acrnctl does not tell an unknown VM"
        return f"exit status {done.returncode}: {done.stdout.strip().split(chr(10))[-1]}"


def stop_by_force(bench: Bench) -> str:
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        to_the_guest(run)
        done = b.control(bench, run, "stop", "-f", argv[-1])
        assert run.ended(SECONDS), f"acrn-dm runs on; acrnctl: {done.stdout.strip()}"
        return _told_end(run, argv, clean=True)


def _told_end(run: Run, argv: tuple[str, ...], *, clean: bool) -> str:
    """Tell how a run ended and what it has left. Raises AssertionError where ``clean`` is not."""
    left = run.left()
    assert not clean or (run.exit == 0 and not left), f"exit {run.exit}, left: {', '.join(left)}"
    served = [path for path in b.sockets(argv) if not b.refuses(run, path)]
    assert not served, f"somebody listens on {served[0]}"
    files = sum(os.path.lexists(run.folder / path[1:]) for path in b.sockets(argv))
    kept = f"socket files kept: {files}; left besides: {', '.join(left) or 'nothing'}"
    return f"exit status {run.exit}; {kept}"


def power_off(bench: Bench) -> str:
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        to_the_guest(run).write(_PM1_CONTROL, 2, _S5 | _SLEEP)
        assert run.ended(SECONDS), b.last_words(run)
        return _told_end(run, argv, clean=True)


def reset(bench: Bench) -> str:
    argv = bench.argv(Wish())
    with bench.start(argv) as run:
        to_the_guest(run)
        with closing(b.served(run, b.sockets(argv)[0])) as console:
            run.write(_RESET_CONTROL, 1, _HARD_RESET)
            assert run.until("run"), b.last_words(run)
            assert b.hung_up(console), "the console's client was not hung up on"
        b.connected(run, b.sockets(argv)[0]).close()
        return "the process lives, its guest would run again, the console accepts anew"


def _signalled(number: signal.Signals, *, clean: bool) -> Callable[[Bench], str]:
    def show(bench: Bench) -> str:
        argv = bench.argv(Wish())
        with bench.start(argv) as run:
            os.kill(to_the_guest(run).pid, number)
            assert run.ended(SECONDS), b.last_words(run)
            return _told_end(run, argv, clean=clean)

    return show


def huge_pages(bench: Bench) -> str:
    with bench.start() as run:
        to_the_guest(run)
        pages = run.folder / root.PAGES_WANTED[1:]
        wanted = int(pages.read_text())
        run.write(_PM1_CONTROL, 2, _S5 | _SLEEP)
        assert run.ended(SECONDS), b.last_words(run)
        assert wanted, "no huge page was asked for"
        after = int(pages.read_text())
        return f"nr_hugepages raised from 0 to {wanted}, and {after} after power-off"


def tap_is_opened(bench: Bench) -> str:
    if not os.path.exists("/dev/net/tun"):
        raise NotApplicableError("this machine has no /dev/net/tun")
    with bench.start(bench.argv(Wish(tap="tap-dry"))) as run:
        to_the_guest(run)
        with open(f"/proc/{run.pid}/net/dev", encoding="ascii") as table:
            names = [line.partition(":")[0].strip() for line in table if ":" in line]
        assert "tap-dry" in names, f"no tap: interfaces are {', '.join(names)}"
        return "tap-dry was made, in a network of its own"


CHECKS: Final = (
    Check("version", "acrn-dm tells its version.", version),
    Check("argv-is-taken", "The tier's argv gets to the moment of a guest.", argv_is_taken),
    Check("without-a-cpu", "Without a CPU it ends as lint says.", without_a_cpu),
    Check("missing-kernel", "A missing kernel ends it as lint says.", missing_kernel),
    Check("slot-clash", "Two devices on a slot end it as lint says.", slot_clash),
    Check("consoles-accept", "Each console's socket accepts a connection.", consoles_accept),
    Check("ttys0", "ttyS0 carries data both ways, on a terminal.", ttys0),
    Check("pty-line", "acrn-dm names the terminal of a pty port at once.", pty_line),
    Check("rescan", "acrnctl exchanges a placeholder's disk.", rescan),
    Check("unknown-vm", "acrnctl tells a VM that is not there by its status.", unknown_vm),
    Check("power-off", "ACPI power-off ends it with status 0, and all is given back.", power_off),
    Check("reset", "A reset hangs up on consoles, and acrn-dm lives.", reset),
    Check("signal-int", "SIGINT ends it in order.", _signalled(signal.SIGINT, clean=True)),
    Check("signal-hup", "SIGHUP ends it in order.", _signalled(signal.SIGHUP, clean=True)),
    Check("signal-term", "SIGTERM ends it.", _signalled(signal.SIGTERM, clean=False)),
    Check("stop-by-force", "acrnctl stop -f ends it in order.", stop_by_force),
    Check("huge-pages", "acrn-dm asks for huge pages.", huge_pages),
    Check("tap", "The tap of the argv is opened.", tap_is_opened),
)
