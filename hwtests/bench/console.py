"""The console driver's cost: a command by the driver, beside the same bytes on a bare socket.

Run as ``python hwtests/bench/console.py BOARD_FILE``; the guest is the same for both.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from acrn_hwtests import boardfile, live
from acrn_hwtests.board import host_of, taken
from acrn_hwtests.console import Console
from acrn_hwtests.guest import Guest
from acrn_hwtests.plan import Request

_COMMANDS = 200


def main() -> None:
    """Boot a guest, measure, and print the two beside each other."""
    file = boardfile.read(Path(sys.argv[1]))
    with (
        tempfile.TemporaryDirectory() as folder,
        host_of(file) as host,
        taken(file, host, Path(folder)) as board,
        board.launch(board.plan(Request()), live.silent, "bench") as guest,
    ):
        started = time.perf_counter()
        console = guest.attach()
        console.boot()
        print(f"boot to the prompt, s      {time.perf_counter() - started:8.1f}")
        driver = _median(lambda: console.run("true"))
        bare = _bare(guest, console)
    print(
        f"command by the driver, ms  {driver:8.1f}   bare socket {bare:8.1f}"
        f"   overhead {driver - bare:6.1f}   ratio {bare / driver:.2f}"
    )


def _bare(guest: Guest, console: Console) -> float:
    """Measure the same line on a socket that nothing but this reads."""
    console.stream.close()
    connection = guest.connect(guest.plan.console_path)

    def ask() -> None:
        connection.sendall(b"echo a''begin; sh -c true; echo a''end $?\n")
        seen = b""
        while b"aend 0" not in seen:
            seen += connection.recv(4096)

    with connection:
        return _median(ask)


def _median(action: Callable[[], object]) -> float:
    """Return the median of many runs, in milliseconds."""
    seconds = []
    for _ in range(_COMMANDS):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000


if __name__ == "__main__":
    main()
