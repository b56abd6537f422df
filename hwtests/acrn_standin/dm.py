"""acrn-dm: ``python -m acrn_standin.dm ARGS...``."""

import os
import signal
import sys
from collections.abc import Sequence

from acrn_standin import state
from acrn_standin.command import Answer, Command
from acrn_standin.errors import (
    INEXPRESSIBLE,
    InexpressibleError,
    RefusedError,
    StartError,
    StateFolderError,
)
from acrn_standin.host import ThisHost
from acrn_standin.parse import parse
from acrn_standin.qemu import machine
from acrn_standin.release import RELEASES, VARIABLE, Release
from acrn_standin.say import flush, remark, say

ACCELERATOR = "ACRN_STANDIN_ACCEL"
"""The environment variable that says how QEMU runs the guest: tcg or kvm."""


def main(argv: Sequence[str]) -> int:
    """Do what acrn-dm does with these arguments; return its exit status."""
    try:
        return _ended(argv)
    finally:
        flush()


def _ended(argv: Sequence[str]) -> int:
    try:
        found = parse(argv, _release())
        if isinstance(found, Answer):
            say(found.text, on_stderr=found.on_stderr)
            return 0
        return _run(found)
    except RefusedError as error:
        for notice in error.notices:
            say(notice)
        if text := str(error):
            say(text, on_stderr=error.on_stderr)
        return error.status
    except InexpressibleError as error:
        say(str(error))
        return INEXPRESSIBLE
    except (StartError, StateFolderError, OSError) as error:
        say(f"stand-in: {error}")
        return 1


def _run(command: Command) -> int:
    host = ThisHost()
    for notice in command.notices:
        say(notice)
    whole = machine(command, host, _accelerator())
    for line in whole.remarks:
        remark(line)
    vm = state.Vm(command.name, command.uuid, command.release)
    # Most of the time until here would be these imports: a refusal does without.
    import asyncio  # noqa: PLC0415  (as above)

    from acrn_standin.supervisor import supervise  # noqa: PLC0415  (as above)

    finished = asyncio.run(supervise(vm, whole, host, state.folder()))
    if finished.by_signal:
        signal.signal(finished.by_signal, signal.SIG_DFL)
        os.kill(os.getpid(), finished.by_signal)
    return finished.status


def _release() -> Release:
    chosen = os.environ.get(VARIABLE) or "v2.5"
    if chosen not in RELEASES:
        raise StartError(f"{VARIABLE} is '{chosen}'; set it to one of {', '.join(RELEASES)}")
    return RELEASES[chosen]


def _accelerator() -> str:
    chosen = os.environ.get(ACCELERATOR) or "tcg"
    if chosen not in {"tcg", "kvm"}:
        raise StartError(f"{ACCELERATOR} is '{chosen}'; set it to tcg or kvm")
    return chosen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
