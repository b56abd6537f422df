"""Why a program cannot be started, and what helps."""

import errno
import os
from collections.abc import Sequence

from acrn_base.text import excerpt

_SCARCE = frozenset({errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM})


class StartError(Exception):
    """The program could not be executed; the text names it, the reason and the remedy.

    ``scarce``: this machine lacked processes, files or memory for it at the moment.
    """

    def __init__(self, command: Sequence[str], error: OSError) -> None:
        reason = error.strerror or str(error)
        program = excerpt(command[0]) or "''"
        super().__init__(f"cannot execute {program}: {reason}; {_remedy(command, error)}")
        self.scarce = error.errno in _SCARCE


def _remedy(command: Sequence[str], error: OSError) -> str:
    if not command[0]:
        return "the first word of the command is empty; name a program"
    if os.path.isdir(command[0]):  # noqa: PTH112  (Path.is_dir raises for what it cannot look at)
        return "it is a directory; name a program in it"
    match error.errno:
        case errno.ENAMETOOLONG:
            return "give a shorter name"
        case errno.ENOENT if os.path.lexists(command[0]):
            return "it is there, so the interpreter in its #! line is not; mend that line"
        case errno.ENOENT:
            return "check the path; a program in this directory is ./NAME"
        case errno.EACCES:
            return "make it executable (chmod +x), or name its interpreter first"
        case errno.ENOEXEC:
            return "name its interpreter first, or give it a #! line"
        case _:
            return "run it by hand to see why"
