"""A host behind OpenSSH's client: one connection, over which every command and socket goes."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from acrn_hwtests.boardfile import Ssh
from acrn_hwtests.hosts.host import HostError, check

_CONNECTED_WITHIN = 15
_CLOSED_WITHIN = 5
_LOST = 255
"""ssh's own exit status, and also that of a command: acrnctl ends with it (measured)."""

SUDO = ("sudo", "-n", "--")
"""In front of a command: it is run as root, or fails where a password would be asked for."""

_HAND_OVER = 'chown "$SUDO_UID" "$1" "$(dirname "$1")" "$(dirname "$(dirname "$1")")"'
"""Lets the user, as whom ssh forwards, reach a socket that root has made in a folder of a run."""

_MASTER = """trap '' HUP INT TERM; "$@"; rm -rf "$0" """
"""The connection lasts as long as its remote cat, which ends with its input: with this process,
however that ends. What it leaves here is removed by a shell that outlives it."""

_REMEDIES = (
    ("Host key verification failed", "compare the board's key, then renew it in known_hosts"),
    ("Permission denied", "give the user and identity that the board knows"),
    ("Could not resolve hostname", "name the board's address"),
    ("Connection refused", "see whether sshd runs on the board, and on which port"),
    ("timed out", "see whether the board is on, and reachable"),
    ("No route to host", "see whether the board is on, and reachable"),
    ("ssh: not found", "install OpenSSH's client"),
)


class SshHost:
    """The board's service VM, by a master connection that the other commands share.

    ssh's own configuration counts; it is never asked for a password or whether to trust a key.
    """

    def __init__(self, settings: Ssh) -> None:
        self.name = f"{settings.user}@{settings.host}" if settings.user else settings.host
        self._settings = settings
        self._folder = Path(tempfile.mkdtemp(prefix="acrn-ssh-"))  # 0700; short, for sockets in it
        self._master: subprocess.Popen[bytes] | None = None
        self._sockets: dict[str, Path] = {}

    def open(self) -> None:
        """Connect; raises HostError with what ssh says of it."""
        ssh = [*self._ssh(), "-M", "-T", *self._options(), *self._to, "cat"]
        with tempfile.TemporaryFile() as log:
            self._master = subprocess.Popen(
                ["/bin/sh", "-c", _MASTER, str(self._folder), *ssh],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
            deadline = time.monotonic() + _CONNECTED_WITHIN
            while not self._control.exists():
                if self._master.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    said = log.read().decode("utf-8", "backslashreplace").strip()
                    self.close()
                    raise HostError(self._refusal(said))
                time.sleep(0.02)

    def close(self) -> None:
        """Close the connection, which ends every command that still uses it."""
        if self._master:
            with suppress(subprocess.TimeoutExpired):
                self._master.communicate(timeout=_CLOSED_WITHIN)
            with suppress(ProcessLookupError):
                os.killpg(self._master.pid, signal.SIGKILL)
            self._master.communicate()
            self._master = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def command(self, argv: Sequence[str], *, terminal: bool = False) -> list[str]:
        """Return the ssh command; the board's shell is taken to be one that quotes as POSIX's."""
        words = " ".join(map(shlex.quote, [*self._become, *argv]))
        kind = ("-tt", "-o", "LogLevel=ERROR") if terminal else ("-T",)
        # Without the connection that is shared there is to be none: the keeper ended with it.
        shared = ("-o", "ProxyCommand=false", "-e", "none")
        return [*self._ssh(), *kind, *shared, *self._options(), *self._to, words]

    def socket(self, path: str) -> str:
        """Forward the socket, and return the near end."""
        if self._settings.sudo:
            check(self, ["sh", "-c", _HAND_OVER, "sh", path])
        if path not in self._sockets:
            near = self._folder / f"{len(self._sockets)}.sock"
            where = f"{near}:{path}"
            forward = [*self._ssh(), "-O", "forward", "-L", where, *self._to]
            done = subprocess.run(forward, capture_output=True, check=False, timeout=30)
            if done.returncode:
                said = done.stderr.decode("utf-8", "backslashreplace").strip()
                raise HostError(
                    f"{self.name}: cannot forward {path}: {said}; "
                    "set AllowStreamLocalForwarding yes in its sshd_config"
                )
            self._sockets[path] = near
        return str(self._sockets[path])

    def lost(self, status: int) -> bool:
        """Ask for the connection where ssh may have ended for it."""
        if status != _LOST:
            return False
        ask = [*self._ssh(), "-O", "check", *self._to]
        return subprocess.run(ask, capture_output=True, check=False, timeout=30).returncode != 0

    @property
    def _control(self) -> Path:
        return self._folder / "control"

    @property
    def _become(self) -> list[str]:
        return list(SUDO) if self._settings.sudo else []

    @property
    def _to(self) -> list[str]:
        """The destination, which no option can follow."""
        return ["--", self.name]

    def _ssh(self) -> list[str]:
        return ["ssh", "-S", str(self._control)]

    def _options(self) -> list[str]:
        given = self._settings
        options = ["BatchMode=yes", f"ConnectTimeout={_CONNECTED_WITHIN - 5}", "ControlPersist=no"]
        options += ["ServerAliveInterval=5", "ServerAliveCountMax=3"]
        if given.port:
            options.append(f"Port={given.port}")
        if given.identity:
            options += [f"IdentityFile={_quoted(given.identity)}", "IdentitiesOnly=yes"]
        if given.known_hosts:
            options.append(f"UserKnownHostsFile={_quoted(given.known_hosts)}")
        return [word for option in options for word in ("-o", option)]

    def _refusal(self, said: str) -> str:
        """Say what ssh said, with the remedy."""
        last = said.rpartition("\n")[2].strip() or f"no connection in {_CONNECTED_WITHIN} s"
        remedy = next((r for text, r in _REMEDIES if text in said), "try ssh to it by hand")
        return f"{self.name}: {last}; {remedy}"


def _quoted(path: str) -> str:
    """Return a path as a value of ssh's options, in which blanks and percent signs are special."""
    return '"' + path.replace("%", "%%") + '"'
