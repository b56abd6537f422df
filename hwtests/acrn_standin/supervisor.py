"""The process that acrn-dm would be: QEMU after QEMU as the guest resets, until the guest ends."""

import asyncio
import signal
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from qemu.qmp import QMPError

from acrn_standin import state
from acrn_standin.control import Control
from acrn_standin.errors import RefusedError
from acrn_standin.host import Host
from acrn_standin.machine import Machine
from acrn_standin.process import SIGNALS, Ending, Qemu, running
from acrn_standin.say import remark, say
from acrn_standin.terminal import lent_to_guest

_POWER_OFF: Final = "guest-shutdown"
_CREATES: Final = 10
_CREATES_AGAIN: Final = 0.5
"""acrn-dm asks the hypervisor ten times for a VM, every half a second (source: vm_create)."""

_RESETS: Final = frozenset({"guest-reset", "subsystem-reset"})


@dataclass(frozen=True, slots=True)
class Finished:
    """How a VM ended: acrn-dm's exit status, and the signal that did it, if one did."""

    status: int
    by_signal: signal.Signals | None = None


async def supervise(vm: state.Vm, machine: Machine, host: Host, folder: Path) -> Finished:
    """Run a VM to its end. Raises StartError, StateFolderError, RefusedError."""
    stop = _stopping()
    for _ in range(_CREATES):
        with state.claimed(folder, vm) as claim:
            if claim:
                return await _lived(vm, machine, host, claim, stop)
        await asyncio.sleep(_CREATES_AGAIN)
    raise RefusedError(1, "vm_create failed")


async def _lived(
    vm: state.Vm,
    machine: Machine,
    host: Host,
    claim: state.Claim,
    stop: "asyncio.Future[signal.Signals]",
) -> Finished:
    """Run a VM that has its slot; what it leaves depends on how it ends."""
    with lent_to_guest() if machine.stdio else nullcontext():
        control = Control(vm, host, partial(_end_of, stop))
        async with control.answering(claim.listener):
            # As acrn-dm on a full reset: the same process, every device anew from the argv.
            while True:
                ending = await _run(machine, control, stop)
                if ending is None or ending.reason not in _RESETS:
                    break
    finished = _stopped_by(stop.result()) if ending is None else _finished(ending)
    if finished.by_signal is None:
        claim.remove()
    return finished


def _finished(ending: Ending) -> Finished:
    if ending.reason == _POWER_OFF:
        return Finished(0)
    say(ending.words or f"qemu ended: {ending.reason or 'no reason given'}")
    return Finished(1)


def _end_of(stop: "asyncio.Future[signal.Signals]") -> None:
    """End as of SIGINT: what acrnctl's stop by force does."""
    if not stop.done():
        stop.set_result(signal.SIGINT)


def _stopping() -> "asyncio.Future[signal.Signals]":
    """Return what the first signal that is to end us will set."""
    loop = asyncio.get_running_loop()
    stop: asyncio.Future[signal.Signals] = loop.create_future()

    def note(number: signal.Signals) -> None:
        if not stop.done():
            stop.set_result(number)

    for number in SIGNALS:
        loop.add_signal_handler(number, note, number)
    return stop


def _stopped_by(number: signal.Signals) -> Finished:
    """acrn-dm handles SIGINT and SIGHUP as a power-off; of SIGTERM it dies, in every release."""
    return Finished(1, number) if number is signal.SIGTERM else Finished(0)


async def _run(
    machine: Machine, control: Control, stop: "asyncio.Future[signal.Signals]"
) -> Ending | None:
    """Return how one QEMU ended, None where a signal ended it."""
    run = asyncio.create_task(_guest(machine, control))

    def cancel(_: "asyncio.Future[signal.Signals]") -> None:
        run.cancel()

    stop.add_done_callback(cancel)
    try:
        return await run
    except asyncio.CancelledError:
        if not stop.done():
            raise
        return None
    finally:
        stop.remove_done_callback(cancel)
        for path in machine.sockets:
            state.leave_dead(path)


async def _guest(machine: Machine, control: Control) -> Ending:
    async with running(machine.argv) as qemu, control.guest(qemu, machine.placeholders):
        # A QEMU that ended at once has a reason, which its ending tells.
        with suppress(QMPError):
            await _prepare(qemu, machine)
        return await qemu.ended()


async def _prepare(qemu: Qemu, machine: Machine) -> None:
    for device in machine.unlinked:
        await qemu.execute("set_link", name=device, up=False)
    if not machine.terminals:
        return
    match await qemu.execute("query-chardev"):
        case [*found]:
            for backend in found:
                _tell_terminal(backend, machine)
        case answer:
            remark(f"query-chardev: {answer}")


def _tell_terminal(backend: object, machine: Machine) -> None:
    match backend:
        case {"label": str(label), "filename": str(name)} if label in machine.terminals:
            say(f"virt-console backend redirected to {name.removeprefix('pty:')}")
