"""Orphans: what an implementation starts, and leaves in a session of its own, is ended too."""

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
"""prctl(2): orphaned descendants become children of this process instead of init's."""


@contextmanager
def adopting_orphans() -> Iterator[None]:
    """Adopt orphaned descendants for as long as the context lasts, and kill them at its end.

    Children that were there before are let be.
    """
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
    own = os.getpid()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                # The command's name, in parentheses, may hold blanks and parentheses.
                parent = (
                    (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1]
                )
                if int(parent) == own:
                    yield int(folder.name)
