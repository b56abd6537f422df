"""The keeper's near end: the lock on a board, the run's folder there, and the watchdog in one."""

import getpass
import os
import socket
import subprocess
import threading
from datetime import UTC, datetime
from importlib.resources import files

from acrn_hwtests.ending import FUNCTIONS, Programs
from acrn_hwtests.hosts.host import Host, HostError

_SCRIPT = "keeper.sh"
_ANSWERS_WITHIN = 30.0
_ENDS_WITHIN = 40.0


class Keeper:
    """The keeper of a board, from taking it to letting go of it.

    ``folder`` is the run's own on the board, mode 0700; ``left`` says who died and left the lock.
    The keeper has a session of its own, so that a Ctrl-C does not reach it, and outlives whoever
    started it by just the time that cleaning takes.
    """

    def __init__(self, host: Host, lock: str, base: str, programs: Programs) -> None:
        """Take the board. Raises HostError, also where another run has it.

        Paths of programs that are not absolute are taken from the run's folder.
        """
        script = FUNCTIONS + files("acrn_hwtests").joinpath(_SCRIPT).read_text("utf-8")
        words = (lock, base, _owner(), programs.acrnctl, programs.run)
        self._host = host
        self._process = subprocess.Popen(
            host.command(["sh", "-c", script, "keeper", *words]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.left: list[str] = []
        self.folder = ""
        silent = threading.Timer(_ANSWERS_WITHIN, self._process.kill)
        silent.start()
        try:
            self.folder = self._ready(lock)
        except BaseException:
            self._process.kill()
            self._process.communicate()
            raise
        finally:
            silent.cancel()

    def _ready(self, lock: str) -> str:
        pipe = self._process.stdout
        while line := (pipe.readline() if pipe else b"").decode("utf-8", "backslashreplace"):
            word, _, rest = line.rstrip("\n").partition(" ")
            match word:
                case "left":
                    self.left.append(rest)
                case "ready":
                    return rest
                case "locked":
                    who = rest or "somebody who has not said who"
                    raise HostError(
                        f"{self._host.name}: in use by {who}; wait, or end that run (lock: {lock})"
                    )
                case "error":
                    raise HostError(f"{self._host.name}: {rest}")
        said = self._process.stderr.read() if self._process.stderr else b""
        last = said.decode("utf-8", "backslashreplace").strip().rpartition("\n")[2]
        told = last or f"no answer in {_ANSWERS_WITHIN:g} s"
        raise HostError(f"{self._host.name}: no shell there: {told}; try a command on it by hand")

    def check(self) -> None:
        """Raise HostError where the keeper has ended: the board is not ours any more."""
        status = self._process.poll()
        if status is not None:
            raise HostError(
                f"{self._host.name}: the keeper has ended (status {status}), and the lock with it; "
                f"the next run ends what is left in {self.folder}"
            )

    def close(self) -> None:
        """Let go of the board: what is left of the guests is ended, the folder is removed.

        Raises HostError if that does not come to an end.
        """
        try:
            self._process.communicate(timeout=_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise HostError(
                f"{self._host.name}: {self.folder} is not cleaned after {_ENDS_WITHIN:g} s; "
                "see there what hangs"
            ) from None


def _owner() -> str:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return f"{getpass.getuser()}@{socket.gethostname()}, process {os.getpid()}, since {now}"
