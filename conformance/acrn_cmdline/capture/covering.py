"""Where calls by an absolute path are caught: the stand-ins lie over the programs' own places.

All mounts are in a namespace of the command's own. A program that is there gets a stand-in bound
over its file. Into a folder that lacks one an overlay puts it, since nothing may be made on the
machine itself; such a folder cannot be written while the command runs.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from acrn_base import namespaces
from acrn_cmdline.capture.programs import PROGRAMS

_USUAL = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""Where scripts look for the programs by an absolute path, whatever PATH says."""


class Cover(NamedTuple):
    """Folders that get all stand-ins, and files that each get one over them."""

    folders: tuple[Path, ...]
    files: tuple[Path, ...]

    @property
    def places(self) -> frozenset[Path]:
        """The paths at which a stand-in is found."""
        inside = (folder / program for folder in self.folders for program in PROGRAMS)
        return frozenset((*inside, *self.files))


def cover(path: str) -> Cover:
    """Return what is to be covered for a PATH: the usual folders, and what is there on PATH."""
    entries = [Path(entry or os.curdir) for entry in path.split(os.pathsep)]
    usual = _resolved(map(Path, _USUAL))
    folders: dict[Path, None] = {}
    files: dict[Path, None] = {}
    for folder in dict.fromkeys((*_resolved(entries), *usual)):
        there = [folder / program for program in PROGRAMS if os.path.lexists(folder / program)]
        own = [file for file in there if file.resolve().name == file.name and file.is_file()]
        files |= dict.fromkeys(file.resolve() for file in own)
        # A link to a program of another name is never followed: it may be everybody's.
        if len(own) < len(there) or (folder in usual and len(there) < len(PROGRAMS)):
            folders[folder] = None
    return Cover(tuple(folders), tuple(files))


def put(found: Cover, stand_ins: Path) -> None:
    """Mount the stand-ins that lie in a folder over their places. Raises OSError."""
    for file in found.files:
        namespaces.mount(str(stand_ins / file.name), str(file), flags=namespaces.BIND)
    flags = namespaces.READ_ONLY | namespaces.NO_DEVICES
    for folder in found.folders:
        lower = f"lowerdir={stand_ins}:{escaped(folder)}"
        namespaces.mount("overlay", str(folder), "overlay", flags, lower)


def escaped(folder: Path) -> str:
    """Return a path as overlayfs takes it in its options."""
    return re.sub(r"([\\:,])", r"\\\1", str(folder))


def _resolved(folders: Iterable[Path]) -> list[Path]:
    # Path.is_dir raises for what may not be looked at.
    return [folder.resolve() for folder in folders if os.path.isdir(folder)]  # noqa: PTH112 - as above
