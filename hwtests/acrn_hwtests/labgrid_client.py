"""labgrid-client runs beside this process, and what it takes is given back whatever happens.

labgrid is an optional extra and is never imported here. What is taken is kept by a small shell in
a session of its own, which gives it back as soon as its input ends; a SIGKILL of this process is
such an end. Only a shell that dies together with this process leaves a place acquired.
"""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, cast

from acrn_base.text import printable

_PATIENCE = 60
"""Seconds for one labgrid-client; it gives up on a dead coordinator after some 20 by itself."""

_OF_OTHER_USES = frozenset({"LG_ENV", "LG_STATE", "STATE", "LG_INITIAL_STATE"})
"""Variables by which labgrid-client would take other places than the one it is asked for."""

_KEPT = "kept\n"

_KEEPER = """\
trap '' HUP INT PIPE TERM
said=$({take} </dev/null 2>&1) || {{ printf '%s\\n' "$said"; exit 0; }}
printf '%s\\nkept\\n' "$said"
exec >&-
read -r end
{give_back} </dev/null >&2
"""
"""It ignores SIGPIPE too: who reads what it says may be dead by then."""


class FarmError(Exception):
    """A place cannot be had, or not be given back; the text is one line with the remedy."""

    def __init__(self, text: str) -> None:
        super().__init__(printable(text))


@dataclass(frozen=True, slots=True)
class Client:
    """labgrid-client on one coordinator (HOST or HOST:PORT). Raises FarmError without labgrid."""

    coordinator: str

    def __post_init__(self) -> None:
        if importlib.util.find_spec("labgrid") is None:
            raise FarmError("labgrid is not installed: pip install 'acrn-conformance[labgrid]'")

    def _command(self, words: tuple[str, ...]) -> list[str]:
        # -P: what lies in the working directory is no part of labgrid.
        program = (sys.executable, "-P", "-m", "labgrid.remote.client")
        return [*program, f"--coordinator={self.coordinator}", *words]

    def by_hand(self, *words: str) -> str:
        """Return the command as a person types it."""
        return shlex.join(("labgrid-client", "-x", self.coordinator, *words))

    def in_shell(self, *words: str) -> str:
        """Return the command for a shell, bounded in time."""
        return shlex.join(("timeout", "-s", "KILL", str(_PATIENCE), *self._command(words)))

    def output(self, *words: str, within: float = _PATIENCE) -> str:
        """Run it and return what it says.

        Raises FarmError, and subprocess.TimeoutExpired after ``within`` seconds.
        """
        done = subprocess.run(
            self._command(words),
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environment(),
            encoding="utf-8",
            errors="replace",
            timeout=within,
        )
        if done.returncode:
            raise self.failure(done.stderr, *words)
        return done.stdout

    def failure(self, said: str, *words: str) -> FarmError:
        """Return the error that labgrid-client's last words amount to."""
        if "Could not connect to coordinator" in said:
            grpc = re.search(r"is unavailable: (?:.*: )?(.*)", said)
            reason = grpc[1].rstrip("]") if grpc else "what answers there is none"
            return FarmError(
                f"labgrid coordinator {self.coordinator} cannot be reached: {reason};"
                " check the address, and that labgrid-coordinator runs there"
            )
        return FarmError(f"labgrid: {_last_words(said)}; by hand: {self.by_hand(*words)}")

    @contextmanager
    def kept(self, *take: str, give_back: str, what: str, remedy: str) -> Iterator[str]:
        """Take something by labgrid-client, yield what it says, and give back at the end.

        ``give_back`` is a shell command; it may use what was said as ``$said``. The keeper does
        both, so that at no moment something is taken that nobody will give back. ``what`` and
        ``remedy`` are for the line that says that it could not. Raises FarmError.
        """
        with subprocess.Popen(
            ("/bin/sh", "-c", _KEEPER.format(take=self.in_shell(*take), give_back=give_back)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        ) as keeper:
            try:
                yield self._taken(keeper, take)
            except BaseException as error:
                if trouble := _trouble(keeper):
                    error.add_note(f"{what} could not be given back: {trouble}; {remedy}")
                raise
            if trouble := _trouble(keeper):
                raise FarmError(f"{what} could not be given back: {trouble}; {remedy}")

    def _taken(self, keeper: subprocess.Popen[str], take: tuple[str, ...]) -> str:
        said = cast("IO[str]", keeper.stdout).read()
        if not said.endswith(_KEPT):
            raise self.failure(said, *take)
        return said.removesuffix(_KEPT)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _OF_OTHER_USES}


def _trouble(keeper: subprocess.Popen[str]) -> str:
    """Let the keeper give back and end; return what went wrong."""
    _, said = keeper.communicate()
    return _last_words(said) if keeper.returncode else ""


def _last_words(said: str) -> str:
    return (said.strip() or "it was killed").splitlines()[-1].rpartition("Error: ")[2]
