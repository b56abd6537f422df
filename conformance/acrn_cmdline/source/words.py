"""Words that are a command: the program's name is found, and taken off."""

import os
import re
from collections.abc import Sequence
from typing import Final

from acrn_cmdline.source.argv import CONTROL, PROGRAM, Argv, Place, SourceError

__all__ = ["CONTROL", "PROGRAM", "SEARCHES", "STARTERS", "base", "from_words"]

STARTERS: Final = frozenset(
    (
        *("cgexec", "chroot", "chrt", "doas", "docker", "env", "exec", "flock", "gdb"),
        *("ionice", "ip", "ltrace", "nice", "nohup", "nsenter", "numactl", "perf", "podman"),
        *("prlimit", "runuser", "setarch", "setpriv", "setsid", "stdbuf", "strace", "sudo"),
        *("systemd-run", "taskset", "time", "timeout", "unbuffer", "unshare", "valgrind", "xargs"),
    )
)
"""Commands that start the one which their words name."""

SEARCHES: Final = frozenset(
    (
        *(
            "apt",
            "apt-get",
            "cat",
            "chmod",
            "chown",
            "command",
            "cp",
            "dnf",
            "egrep",
            "file",
            "grep",
        ),
        *("install", "kill", "killall", "ldd", "ls", "make", "mv", "pgrep", "pidof", "pkill", "rm"),
        *("systemctl", "tee", "type", "whereis", "which"),
    )
)
"""Commands to which the name of a program is but a word."""

_ASSIGNMENT: Final = r"[A-Za-z_][A-Za-z0-9_]*="


def base(word: str) -> str:
    """Return the name of a program, without its folder."""
    return os.path.basename(word)  # noqa: PTH119 - a word need be no path


def from_words(words: Sequence[str], where: Place) -> Argv:
    """Take the program's name off, where it is there.

    It is the first word, if that is called acrn-dm; behind sudo, env, an assignment and the like,
    the first word so called. Other words are all taken for arguments. Raises SourceError.
    """
    for index, word in enumerate(words):
        if "\0" in word:
            raise SourceError(f"{where}: word {index} holds a NUL, which no argv can; remove it")
    first = base(words[0]) if words else ""
    if first == PROGRAM:
        return Argv.known(where, words[1:])
    if first in STARTERS or (words and re.match(_ASSIGNMENT, words[0])):
        for index, word in enumerate(words):
            if base(word) == PROGRAM:
                return Argv.known(where, words[index + 1 :])
        raise SourceError(f"{where}: no acrn-dm behind {first!a}; give the command line of acrn-dm")
    return Argv.known(where, words)
