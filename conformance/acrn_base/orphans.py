"""Orphans: what an implementation starts, and leaves in a session of its own, is ended too."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): orphaned descendants become children of this process instead of init's."""


_MARK = "ACRN_CONFORMANCE_RUN"
"""The variable in the environment of all that is started, by which the keeper knows it."""


@contextmanager
def adopting_orphans(leftovers: Sequence[Path] = ()) -> Iterator[None]:
    """Adopt orphaned descendants for as long as the context lasts, and kill them at its end.

    Children that were there before are let be. Should this process be killed meanwhile, a keeper
    ends them, and removes the ``leftovers``, in the order in which they are given. Signals that ask
    for an end are to be noted outside of it (`noted_signals`).
    """
    with _keeper(leftovers):
        yield from _adopting()


@contextmanager
def _keeper(leftovers: Sequence[Path]) -> Iterator[None]:
    """Have a process that ends what is marked, and removes what is left, when this one is gone."""
    value = f"{os.getpid()}-{time.monotonic_ns()}"
    keeper = subprocess.Popen(
        (
            sys.executable,
            "-I",
            "-S",
            str(Path(__file__).with_name("keeper.py")),
            f"{_MARK}={value}",
            *map(str, leftovers),
        ),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )
    outer = os.environ.get(_MARK)
    os.environ[_MARK] = value
    try:
        yield
    finally:
        if outer is None:
            del os.environ[_MARK]
        else:
            os.environ[_MARK] = outer
        keeper.communicate(b".")


def _adopting() -> Iterator[None]:
    own = set(_children())
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        # An orphan's own children come to us only when it dies: again, until there are none.
        while orphans := set(_children()) - own:
            for pid in orphans:
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
        prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _children() -> Iterator[int]:
    own = b"%d" % os.getpid()
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - as below
        # A path for each process of a machine would cost as much as what is read.
        with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123 - as said
            # The command's name, in parentheses, may hold blanks and parentheses.
            if file.read().rpartition(b")")[2].split(maxsplit=2)[1] == own:
                yield int(name)
