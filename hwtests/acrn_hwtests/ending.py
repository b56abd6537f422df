"""The end of a guest on its board: the order in which it is asked, and what is then removed."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Final

from acrn_hwtests.hosts.host import Completed, Host, run

FUNCTIONS: Final = files("acrn_hwtests").joinpath("end_guest.sh").read_text("utf-8")
"""Shell functions that the guest and the keeper share."""

_END = """
acrnctl=$3 run=$4
end_guest "$1" "$2"
"""


@dataclass(frozen=True, slots=True)
class Programs:
    """acrn-dm and acrnctl on a board, and the folder in which they keep their files."""

    acrn_dm: str
    acrnctl: str
    run: str = "/run"

    def within(self, folder: str) -> "Programs":
        """Return them with those of their paths that are not absolute taken from a folder."""
        paths = (self.acrn_dm, self.acrnctl, self.run)
        return Programs(*(str(PurePosixPath(folder, path)) for path in paths))


def end(host: Host, programs: Programs, folder: str, pid: str, seconds: float) -> Completed:
    """End the guest of a folder: INT, ``acrnctl stop -f``, KILL; then nothing of it is left.

    ``pid`` counts where the folder does not have it any more. Raises HostError.
    """
    words = [folder, pid, programs.acrnctl, programs.run]
    return run(host, ["sh", "-c", FUNCTIONS + _END, "sh", *words], timeout=seconds)
