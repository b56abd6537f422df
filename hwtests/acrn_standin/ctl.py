"""acrnctl: ``python -m acrn_standin.ctl ARGS...``: list, stop by force, blkrescan."""

import os
import sys
from collections.abc import Sequence

from acrn_standin import state

_FAILED = 255
"""What a shell sees of acrnctl's -1."""

_LONGEST_ARGUMENT = 255
_LONGEST_NAME = 72
_USAGE = "Usage: acrnctl list | stop -f VM_NAME | blkrescan VM_NAME slot,newpath"


def main(argv: Sequence[str]) -> int:
    """Do what acrnctl does with these arguments; return its exit status."""
    match argv:
        case [] | ["help"]:
            print(_USAGE)
            return 0
        case ["list"]:
            return _list()
        case ["stop", "-f" | "--force", name] | ["stop", name, "-f" | "--force"]:
            return _stop(name)
        case ["blkrescan", name, argument]:
            return _blkrescan(name, argument)
        case ["blkrescan", *_]:
            print("acrnctl blkrescan VM_NAME slot,newpath")
        case ["list", *_]:
            print("acrnctl list")
        case ["stop", *_]:
            _say("stand-in: cannot express a stop without -f")
        case [command, *_]:
            _say(f"Unknown command: {command}\n{_USAGE}")
    return _FAILED


def _list() -> int:
    """Tell of every monitor's socket, whether a VM is behind it or not."""
    names = sorted({monitor.name for monitor in state.monitors(state.folder())})
    for name in names:
        _say(f"{name}\t\tstarted")
    if not names:
        print("There are no VMs")
    return 0


def _stop(name: str) -> int:
    return _FAILED if _asked(name, {"command": "stop"}) is None else 0


def _blkrescan(name: str, argument: str) -> int:
    """Return 0 for a rescan that failed, too, as acrnctl does."""
    cut = os.fsdecode(os.fsencode(argument)[:_LONGEST_ARGUMENT])
    if cut != argument:
        _remark(f"the argument is cut to {_LONGEST_ARGUMENT} bytes: {cut}")
    answer = _asked(name, {"command": "blkrescan", "argument": cut})
    if answer is None:
        return _FAILED
    if error := answer.get("error"):
        print(f"Unable to rescan virtio-blk device in vm. errno({error})")
        _remark(str(answer.get("why")))
    return 0


def _asked(name: str, request: state.Message) -> state.Message | None:
    """Return the answer of the first VM whose name the given one begins with, as acrnctl does.

    There must be one of the very name; None where there is not, or nobody answers.
    """
    found = state.monitors(state.folder())
    if name not in {monitor.name for monitor in found} or len(os.fsencode(name)) > _LONGEST_NAME:
        _say(f"can't find {name}")
        return None
    first = next(monitor for monitor in found if name.startswith(monitor.name))
    answer = state.ask(first.path, request)
    if answer is None:
        _say(f"Unable to open vm {name} socket. It may have been shutdown")
    return answer


def _say(text: str) -> None:
    print(_printable(text))


def _printable(text: str) -> str:
    """Return a text whose bytes need not be UTF-8 as one that can be written."""
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def _remark(text: str) -> None:
    print(f"acrnctl (stand-in): {_printable(text)}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
