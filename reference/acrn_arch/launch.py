"""Starting acrn-dm: no shell, the argv to the letter, what it prints kept, nothing leaked.

What starts processes is loaded when one is started: most use of the arch layer builds argvs alone.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from acrn_arch.config import Config, command
from acrn_arch.dialect import KATA_1, Dialect
from acrn_arch.errors import ArgumentError, EarlyExitError, StartError
from acrn_arch.table import BlockTable

if TYPE_CHECKING:
    import subprocess

PROGRAM = "acrn-dm"
"""The name looked up in PATH where no path is given (seed: LaunchCustomAcrn)."""

_TERM_SECONDS = 5.0


class Guest:
    """A running acrn-dm; as a context manager it ends it on leaving.

    Ends with the interpreter or with the last reference at the latest, by KILL.
    """

    def __init__(self, program: str, argv: Sequence[str]) -> None:
        """Start ``program``; raises StartError, and ArgumentError for an impossible token."""
        import subprocess
        import tempfile
        import weakref

        encoded = [encode_argument(n, token) for n, token in enumerate((program, *argv))]
        # A file, not a pipe: nobody has to read along, and a chatty guest never blocks.
        self._output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (lives with the guest)
        weakref.finalize(self, self._output.close)
        with _interrupts_held():
            try:
                self._process = subprocess.Popen(
                    encoded,
                    stdin=subprocess.DEVNULL,
                    stdout=self._output,
                    stderr=subprocess.STDOUT,
                )
            except OSError as error:
                self._output.close()
                raise StartError(program, error.strerror or str(error)) from None
            self._end = weakref.finalize(self, _kill, self._process)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def output(self) -> bytes:
        """Return what it has printed on stdout and stderr (acrn-dm reports faults on stdout)."""
        return os.pread(self._output.fileno(), os.fstat(self._output.fileno()).st_size, 0)

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for its end; return the status (negative: a signal), or None if it still runs."""
        import subprocess

        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> int:
        """End it: TERM, five seconds of grace, KILL; return the status. Output stays readable."""
        if self._process.poll() is None:
            self._process.terminate()
            self.wait(_TERM_SECONDS)
        self._end()
        return self._process.wait()

    def __enter__(self) -> Self:
        """Return the guest itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.stop()


def launch(
    config: Config, grace: float = 0.0, dialect: Dialect = KATA_1
) -> tuple[Guest, BlockTable]:
    """Start the guest and return it with its block table.

    ``grace`` seconds are waited for an early exit. Raises NegativeIndexError, ArgumentError,
    StartError, and EarlyExitError with what acrn-dm printed.
    """
    built = command(config, dialect)
    program = config.path or PROGRAM
    guest = Guest(program, built.argv)
    try:
        status = guest.wait(grace) if grace > 0 else None
    except BaseException:
        guest.stop()
        raise
    if status is not None:
        raise EarlyExitError(program, status, guest.output())
    return guest, built.block_table


def encode_argument(position: int, token: str) -> bytes:
    """Return a token as UTF-8; raises ArgumentError for a NUL or a lone surrogate."""
    try:
        encoded = token.encode()
    except UnicodeEncodeError:
        raise ArgumentError(position, token) from None
    if b"\0" in encoded:
        raise ArgumentError(position, token)
    return encoded


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold a Ctrl-C back while a process has started that nobody would end yet.

    Only the main thread is ever interrupted, and only if it does not ignore that. The process
    itself has the disposition that it would have had.
    """
    import signal
    import threading

    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            signal.raise_signal(signal.SIGINT)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
