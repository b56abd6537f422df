"""The board file: one TOML document that says which board it is, and what is on it."""

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from acrn_arch import DIALECTS, Dialect
from acrn_base import reading
from acrn_base.text import printable
from acrn_hwtests import field_faults
from acrn_hwtests.releases import LIVE_GUESTS, RELEASE, SANDBOXED, VmKey, opens_tap


class BoardFileError(ValueError):
    """A board file that cannot be used; the text has the file, the path in it, and the remedy."""


class BoardClass(StrEnum):
    """The ground of a result: a real board, or the stand-in under QEMU. Never mixed up."""

    HARDWARE = "hardware"
    STANDIN = "stand-in"


_WEEK = 7 * 24 * 3600.0

Kind = Literal["local", "ssh", "labgrid", "standin"]
KINDS: tuple[Kind, ...] = ("local", "ssh", "labgrid", "standin")
CONSOLES = ("hvc0", "ttyS0")
"""The consoles that the checks can talk on."""


class Timeouts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds that each state may take on this board, before ``factor``.

    The defaults served on a stand-in under TCG, where a boot takes five to seven seconds.
    """

    socket: float = 10
    boot: float = 60
    command: float = 10
    power_off: float = 15
    factor: float = 1

    def scaled(self) -> "Timeouts":
        """Return the timeouts with the factor worked in."""
        return Timeouts(
            self.socket * self.factor,
            self.boot * self.factor,
            self.command * self.factor,
            self.power_off * self.factor,
        )


class Ssh(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How OpenSSH's client reaches the board; what is not given, its own configuration decides.

    ``sudo``: the user is not root there, and becomes it by sudo, which must not ask for a password.
    """

    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    user: str = ""
    identity: str = ""
    known_hosts: str = ""
    sudo: bool = False


class Labgrid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A board of a labgrid farm: one ``place``, or any that has all ``tags``; ``wait`` seconds."""

    coordinator: str = "127.0.0.1:20408"
    place: str = ""
    tags: dict[str, str] = {}
    wait: Annotated[float, msgspec.Meta(ge=0, le=_WEEK)] = 600


BASE = "/var/tmp"  # noqa: S108 - outlives a reboot, as the lock's note must; names are random
"""Where a run's folder and the lock are, on the board."""


class Standin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stand-in board; ``kvm`` is used only after a probe boot has worked.

    ``folder`` has its lock and its runs: stand-ins in different folders are different boards.
    """

    kvm: bool = False
    folder: str = BASE


class BoardFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A board, as its file describes it; all paths are paths on the board.

    ``dialect`` is the arch layer that builds the guests, by default the one that fits the release.
    ``cpus`` are those that guests run on, by the ids that the release takes; ``uuids`` those that
    guests may have, where the release finds a VM's slot by them. ``console`` is the one that the
    checks talk on. ``kernel_params`` come after those of the arch layer, so that they win in the
    guest.
    """

    kind: str
    release: str
    dialect: str = ""
    acrn_dm: str = "/usr/bin/acrn-dm"
    acrnctl: str = "/usr/bin/acrnctl"
    kernel: str = ""
    image: str = ""
    cpus: tuple[Annotated[int, msgspec.Meta(ge=0)], ...] = ()
    uuids: tuple[str, ...] = ()
    console: str = "hvc0"
    tap: str = ""
    macvtap: str = ""
    kernel_params: tuple[str, ...] = ()
    timeouts: Timeouts = Timeouts()
    ssh: Ssh = Ssh()
    labgrid: Labgrid = Labgrid()
    standin: Standin = Standin()

    @property
    def board_class(self) -> BoardClass:
        """The class of the board, which every report names."""
        return BoardClass.STANDIN if self.kind == "standin" else BoardClass.HARDWARE

    @property
    def arch(self) -> Dialect:
        """The dialect of the arch layer that builds the guests."""
        return DIALECTS[self.dialect] if self.dialect else RELEASE[self.release].dialect

    @property
    def interface(self) -> str:
        """The tap or macvtap that is the guests', or an empty text."""
        return self.tap or self.macvtap


_LONGEST = 16 << 10
"""Bytes of a board file; the parser's time grows with the square of a dotted key's length."""


def read(path: Path) -> BoardFile:
    """Read a board file. Raises BoardFileError."""
    try:
        found = msgspec.toml.decode(reading.whole(path, _LONGEST), type=BoardFile)
        _check(found)
    except reading.ReadingError as error:
        raise BoardFileError(str(error)) from None
    except RecursionError:
        raise BoardFileError(f"{path}: nested too deeply; give it flat") from None
    except msgspec.ValidationError as error:
        text = f"{path}: {field_faults.told(error, BoardFile)}"
        raise BoardFileError(printable(text)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BoardFileError(f"{path}: not valid TOML: {error}; mend the line") from None
    except BoardFileError as error:
        raise BoardFileError(f"{path}: {error}") from None
    return found


STANDIN_RELEASES = ("v2.5", "v2.7", "v3.3")
"""The releases that take a sandbox: v1.0 knows no ``nodisk`` (measured)."""

_INTERFACE = re.compile(r"[A-Za-z0-9_.-]{0,15}")


def _check(board: BoardFile) -> None:
    """Insist on what the types do not say. Raises BoardFileError."""
    if board.kind not in KINDS:
        raise BoardFileError(f"kind: {board.kind!r} is no kind of board; use {', '.join(KINDS)}")
    releases = STANDIN_RELEASES if board.kind == "standin" else SANDBOXED
    if board.release not in releases:
        known = ", ".join(releases)
        raise BoardFileError(f"release: {board.release!r} cannot be had; use one of {known}")
    if board.dialect and board.dialect not in DIALECTS:
        known = ", ".join(DIALECTS)
        raise BoardFileError(f"dialect: {board.dialect!r} is none; use one of {known}")
    if board.console not in CONSOLES:
        known = ", ".join(CONSOLES)
        raise BoardFileError(f"console: {board.console!r} is none to talk on; use one of {known}")
    _check_paths(board)
    _check_texts(board)
    _check_timeouts(board.timeouts)
    if board.tap and board.macvtap:
        raise BoardFileError("macvtap: a tap is given as well; keep one of them")
    if board.interface and not opens_tap(board.release, board.arch, board.interface):
        raise BoardFileError(
            f"{'tap' if board.tap else 'macvtap'}: {board.release} opens no interface of the name "
            f"{board.interface!r}, and does not say so; name one that begins with tap"
        )
    if board.kind == "ssh" and not board.ssh.host:
        raise BoardFileError("ssh.host: missing; name the board's address or its name in ssh's")
    if board.kind == "labgrid" and bool(board.labgrid.place) == bool(board.labgrid.tags):
        raise BoardFileError("labgrid: give a place or tags, one of the two")
    _check_vms(board)


_LONGEST_FOLDER = 107 - len("/acrn-hwtests.XXXXXX/sandbox-1234567/console.sock")
"""Bytes that the path of a Unix socket has for the folder of the stand-in's runs."""


def _check_paths(board: BoardFile) -> None:
    for name in ("acrn_dm", "acrnctl", "kernel", "image"):
        value: str = getattr(board, name)
        if value or board.kind != "standin":
            _check_path(name, value)
    _check_path("standin.folder", board.standin.folder)
    if (length := len(os.fsencode(board.standin.folder))) > _LONGEST_FOLDER:
        raise BoardFileError(
            f"standin.folder: {length} bytes, and the path of a guest's socket would be too long; "
            f"name a folder of {_LONGEST_FOLDER} bytes at most"
        )


def _check_path(name: str, value: str) -> None:
    if not value.startswith("/"):
        raise BoardFileError(f"{name}: {value!r} is no absolute path; give one on the board")
    if "\0" in value:
        raise BoardFileError(f"{name}: it holds a NUL; give a path that can exist")


def _check_texts(board: BoardFile) -> None:
    for name in ("tap", "macvtap"):
        value: str = getattr(board, name)
        if not _INTERFACE.fullmatch(value):
            raise BoardFileError(f"{name}: {value!r} is no name of an interface; give one")
    for number, param in enumerate(board.kernel_params):
        if not param.isprintable() or len(param.split()) != 1:
            raise BoardFileError(
                f"kernel_params[{number}]: {param!r} is not one parameter; give each by itself"
            )
    for name in board.ssh.__struct_fields__:
        text = str(getattr(board.ssh, name))
        if not text.isprintable() or '"' in text:
            raise BoardFileError(f"ssh.{name}: {text!r} cannot be given to ssh; use another")


def _check_vms(board: BoardFile) -> None:
    """Insist on what each guest needs of its own; the stand-in brings it along."""
    facts = RELEASE[board.release]
    for name, needed in (
        ("cpus", facts.cpu_ids is not None),
        ("uuids", facts.vm_key is VmKey.UUID),
    ):
        given: tuple[object, ...] = getattr(board, name)
        if given and not needed:
            raise BoardFileError(f"{name}: {board.release} takes none; leave the field out")
        if needed and not given and board.kind != "standin":
            raise BoardFileError(f"{name}: missing; {_HOW[name]}")
    for number, uuid in enumerate(board.uuids):
        if not _UUID.fullmatch(uuid):
            raise BoardFileError(f"uuids[{number}]: {uuid!r} is no UUID; write it with its dashes")
    if len(set(board.cpus)) < len(board.cpus):
        raise BoardFileError(
            "cpus: one stands twice; name each once, they are shared by themselves"
        )
    if len(set(map(str.lower, board.uuids))) < len(board.uuids):
        raise BoardFileError("uuids: one stands twice; no two guests can have it")
    if board.uuids and len(board.uuids) < LIVE_GUESTS:
        raise BoardFileError(f"uuids: one alone; the checks have {LIVE_GUESTS} guests at once")


_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HOW = {
    "cpus": "name the CPUs for guests; acrn-hwtests init finds which there are",
    "uuids": f"name {LIVE_GUESTS} or more of the scenario's that no other VM has",
}


def _check_timeouts(timeouts: Timeouts) -> None:
    for name in timeouts.__struct_fields__:
        if not 0 < getattr(timeouts, name) < float("inf"):
            raise BoardFileError(f"timeouts.{name}: not above 0; give seconds")
        if getattr(timeouts.scaled(), name) > _WEEK:
            raise BoardFileError(f"timeouts.{name}: more than a week, with the factor; give less")
