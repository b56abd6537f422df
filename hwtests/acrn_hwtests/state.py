"""Where a guest is between its start and its end, and the ways in which that goes wrong."""

from enum import StrEnum


class State(StrEnum):
    """The state of a guest, or the reason why nothing more is to be expected of it."""

    SPAWNED = "spawned"
    BOOTING = "booting"
    PROMPT = "prompt"
    COMMAND = "command"
    POWER_OFF = "power-off"
    ENDED = "ended"
    DM_ERROR = "device-model error"
    PANIC = "panic"
    REBOOTED = "rebooted"
    SILENT = "silent"
    LOST = "lost"


class GuestError(Exception):
    """A guest that does not do what is expected of it.

    ``reason`` is one line; ``tail`` are the last lines that were seen, safe to show;
    ``transcript`` is the folder in which all of it stands. Of a ``final`` one nothing more is to
    be had from the guest.
    """

    state = State.LOST
    final = True

    def __init__(self, reason: str, tail: str, transcript: str) -> None:
        lines = "".join(f"\n  | {line}" for line in tail.split("\n") if line)
        super().__init__(f"{self.state}: {reason}{lines}\n  transcript: {transcript}")
        self.reason = reason


class DeviceModelError(GuestError):
    """acrn-dm ended by itself with an error."""

    state = State.DM_ERROR


class PanicError(GuestError):
    """The guest's kernel panicked."""

    state = State.PANIC


class RebootedError(GuestError):
    """The guest started anew, which nobody asked for."""

    state = State.REBOOTED


class SilentError(GuestError):
    """The guest lives, but no prompt came in the time that a boot may take."""

    state = State.SILENT
    final = False


class CommandTimeoutError(GuestError):
    """A command in the guest did not end in its time."""

    state = State.COMMAND
    final = False


class PowerOffError(GuestError):
    """The guest was told to power off, and did not, or its device model stayed."""

    state = State.POWER_OFF


class EndedError(GuestError):
    """The device model ended without an error, which nobody asked for."""

    state = State.ENDED


class LostError(GuestError):
    """The device model was killed, or the connection to the board or the console broke."""

    state = State.LOST
