"""acrnctl: ``python -m acrn_standin.ctl ARGS...``, its list and its blkrescan."""

import os
import sys
from collections.abc import Sequence

from acrn_standin import state

_FAILED = 255
"""What a shell sees of acrnctl's -1."""

_LONGEST_ARGUMENT = 255
_LONGEST_NAME = 72
_USAGE = "Usage: acrnctl list | blkrescan VM_NAME slot,newpath"


def main(argv: Sequence[str]) -> int:
    """Do what acrnctl does with these arguments; return its exit status."""
    match argv:
        case [] | ["help"]:
            print(_USAGE)
            return 0
        case ["list"]:
            return _list()
        case ["blkrescan", name, argument]:
            return _blkrescan(name, argument)
        case ["blkrescan", *_]:
            print("acrnctl blkrescan VM_NAME slot,newpath")
        case ["list", *_]:
            print("acrnctl list")
        case [command, *_]:
            _say(f"Unknown command: {command}\n{_USAGE}")
    return _FAILED


def _list() -> int:
    answers = [state.ask(path, {"command": "list"}) for path in state.folder().glob("*.sock")]
    for name in sorted(str(answer["name"]) for answer in answers if answer and "name" in answer):
        _say(f"{name}\tstarted")
    return 0


def _blkrescan(name: str, argument: str) -> int:
    """Return 0 for a rescan that failed, too, as acrnctl does."""
    cut = os.fsdecode(os.fsencode(argument)[:_LONGEST_ARGUMENT])
    if cut != argument:
        _remark(f"the argument is cut to {_LONGEST_ARGUMENT} bytes: {cut}")
    request = {"command": "blkrescan", "argument": cut}
    path = state.control_socket(state.folder(), name)
    answer = state.ask(path, request) if _can_be_found(name) else None
    if answer is None:
        _say(f"can't find {name}")
        return _FAILED
    if error := answer.get("error"):
        print(f"Unable to rescan virtio-blk device in vm. errno({error})")
        _remark(str(answer.get("why")))
    return 0


def _can_be_found(name: str) -> bool:
    """Return whether acrnctl finds a name: it reads them off sockets, and not past a dot."""
    return "." not in name and len(os.fsencode(name)) <= _LONGEST_NAME


def _say(text: str) -> None:
    print(_printable(text))


def _printable(text: str) -> str:
    """Return a text whose bytes need not be UTF-8 as one that can be written."""
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def _remark(text: str) -> None:
    print(f"acrnctl (stand-in): {_printable(text)}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
