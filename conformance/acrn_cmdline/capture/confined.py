"""A command in namespaces of its own: a process that holds them, and the first one in them.

The kernel ends all processes of a PID namespace with its first one, and its mounts with the last
process: whatever kills the capture, nothing is left. Each process dies with its parent.
"""

import os
import select
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NoReturn

from acrn_base import namespaces
from acrn_base.starting import StartError
from acrn_cmdline.capture.programs import CaptureError
from acrn_cmdline.capture.running import ASKS_EVERY, Arrived, run, settle
from acrn_cmdline.capture.world import World, build

_READY, _GO, _ENDED, _CANNOT_START = b"ready", b"go", b"ended", b"cannot start"
_LONGEST = 1 << 16
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class ConfinedError(Exception):
    """There are no such namespaces here; the text says which step failed, and why."""


def run_confined(
    world: World,
    command: Sequence[str],
    environment: Mapping[str, str],
    arrived: Arrived,
    announce: Callable[[], None],
) -> str:
    """Run a command in a world of its own until all in it is at rest; return how it ended.

    ``announce`` is called when the world stands and nothing of the command has run. Raises
    ConfinedError before that; CaptureError where the command cannot be started, in no world.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    parent = os.getpid()
    holder = os.fork()
    if holder == 0:
        ours.close()
        _leave_with(lambda: _hold(world, command, environment, theirs, parent))
    theirs.close()
    with ours:
        try:
            kind, text = _answer(ours, arrived)
            if kind == _CANNOT_START:
                raise CaptureError(text)
            if kind != _READY:
                raise ConfinedError(text)
            announce()
            ours.send(_GO)
            kind, text = _answer(ours, arrived)
        finally:
            ours.close()
            os.waitpid(holder, 0)
    if kind == _CANNOT_START:
        raise CaptureError(text)
    return text


def _answer(ours: socket.socket, arrived: Arrived) -> tuple[bytes, str]:
    """Return the next message; meanwhile pass on the signals that arrive."""
    passed_on = 0
    while not select.select([ours], [], [], ASKS_EVERY)[0]:
        signals = arrived()
        for number in signals[passed_on:]:
            with suppress(BrokenPipeError):  # it has ended: the next look tells
                ours.send(bytes([number]))
        passed_on = len(signals)
    kind, _, text = ours.recv(_LONGEST).partition(b"\0")
    return kind, text.decode() or "killed from outside, with all that it had started"


def _leave_with(work: Callable[[], None]) -> NoReturn:
    """Do what a forked process is for, and end it without touching what its parent has open."""
    try:
        work()
    finally:
        os._exit(0)


def _hold(
    world: World,
    command: Sequence[str],
    environment: Mapping[str, str],
    theirs: socket.socket,
    parent: int,
) -> None:
    """Make the namespaces, start the first process in them, and wait for it."""
    for number in _SIGNALS:
        signal.signal(number, lambda *_: None)  # the capture passes them on
    namespaces.die_with_parent()
    if os.getppid() != parent:
        return
    try:
        namespaces.enter(world.flags)
    except OSError as error:
        _send(theirs, b"failed", f"namespaces: {error.strerror}")
        return
    namespaces.die_with_parent()
    first = os.fork()
    if first == 0:
        _leave_with(lambda: _live(world, command, environment, theirs))
    theirs.close()
    os.waitpid(first, 0)


def _live(
    world: World, command: Sequence[str], environment: Mapping[str, str], theirs: socket.socket
) -> None:
    """Build the world, run the command in it when told to, and tell how it ended."""
    _close_all_but(world.record, theirs.fileno(), *([] if world.lock is None else [world.lock]))
    try:
        build(world)
        namespaces.die_with_parent()
    except OSError as error:
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        _send(theirs, b"failed", f"{where}{error.strerror}")
        return
    except CaptureError as error:
        _send(theirs, _CANNOT_START, str(error))
        return
    _send(theirs, _READY, "")
    inbox = _Inbox(theirs)
    if not inbox.told_to_go():
        return
    try:
        ending = run(command, environment, inbox.signals, session=world.harmless)
    except StartError as error:
        _send(theirs, _CANNOT_START, str(error))
        return
    settle(world.cover.places, world.record, inbox.signals)
    _send(theirs, _ENDED, ending)


class _Inbox:
    """The capture's words to the first process: to go, then signals."""

    def __init__(self, theirs: socket.socket) -> None:
        self._theirs = theirs
        self._arrived: list[int] = []

    def told_to_go(self) -> bool:
        """Wait for it; False where the capture is gone. Signals may come before."""
        while (message := self._theirs.recv(_LONGEST)) != _GO:
            if not message:
                return False
            self._arrived += message
        return True

    def signals(self) -> Sequence[int]:
        """Return those that have arrived so far."""
        while select.select([self._theirs], [], [], 0)[0]:
            message = self._theirs.recv(_LONGEST)
            if not message:
                break
            self._arrived += message
        return self._arrived


def _send(theirs: socket.socket, kind: bytes, text: str) -> None:
    theirs.send(kind + b"\0" + text.encode("utf-8", "backslashreplace"))


def _close_all_but(*kept: int) -> None:
    """Close what else the capture has open: a folder among it would lead out of the world."""
    lowest = 3
    for number in sorted({*kept, os.sysconf("SC_OPEN_MAX")}):
        os.closerange(lowest, number)
        lowest = number + 1
