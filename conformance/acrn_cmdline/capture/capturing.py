"""Capturing: a command is run where acrn-dm and acrnctl are stand-ins that record their calls."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO, NamedTuple

from acrn_base.orphans import adopting_orphans
from acrn_base.starting import StartError
from acrn_cmdline.capture import programs
from acrn_cmdline.capture.confined import ConfinedError, run_confined
from acrn_cmdline.capture.covering import Cover, cover
from acrn_cmdline.capture.harmless import SCRATCH, bound_sockets
from acrn_cmdline.capture.programs import PROGRAMS, CaptureError
from acrn_cmdline.capture.running import Arrived, kill_standins, run, settle
from acrn_cmdline.capture.world import World

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_OWN = 0o700
_CALLS, _LOCK = "calls.jsonl", "lock"
_REMEDY = (
    "run it as root, or name a folder with --stand-ins DIR: what is there can be called by name, "
    "or by that path"
)


class Wish(NamedTuple):
    """A command to run, and how.

    ``out``: the record, else a file without a name. ``stand_ins``: a folder of the user's that
    gets stand-ins too, which processes that run already can call. ``stay``: the stand-in for
    acrn-dm runs until SIGINT or SIGTERM, or the command's end. ``harmless``: nothing else that
    the command does has an effect.
    """

    command: Sequence[str]
    out: Path | None = None
    stand_ins: Path | None = None
    stay: bool = False
    harmless: bool = False


class Reach(NamedTuple):
    """Where calls are caught: folders and files, by absolute path too; ``forbidden``: why not."""

    cover: Cover
    forbidden: str = ""


class Captured(NamedTuple):
    """How the command ended, the signal that ended it all (or None), the record, and the reach."""

    ending: str
    interrupted: int | None
    record: IO[bytes]
    reach: Reach


def capture(wish: Wish, announce: Callable[[Reach], None]) -> Captured:
    """Run a command, and record every call of a stand-in; ``announce`` comes before it starts.

    Nothing is left: no process, no mount, no file but the record that the user named. Raises
    CaptureError.
    """
    with _noting_signals() as arrived, ExitStack() as stack:
        folder, made = _folder(wish.stand_ins, stack)
        record = _record(wish.out, folder, stack)
        lock = _lock(folder, stack) if wish.stay else None
        if folder:
            _install(folder, wish.out, lock, stack)
        stack.enter_context(adopting_orphans(_leftovers(folder, made=made)))

        def begin(reach: Reach) -> None:
            record.truncate(0)
            announce(reach)

        ending, reach = _Job(wish, folder, record, lock, lambda: arrived, begin).run()
        if folder:
            settle(_places(folder), record.fileno(), lambda: arrived)
        kept = os.fdopen(os.dup(record.fileno()), "rb")
        kept.seek(0)
        return Captured(ending, arrived[0] if arrived else None, kept, reach)


class _Job(NamedTuple):
    """A wish, and what has been made for it."""

    wish: Wish
    folder: Path | None
    record: IO[bytes]
    lock: IO[bytes] | None
    arrived: Arrived
    announce: Callable[[Reach], None]

    def run(self) -> tuple[str, Reach]:
        """Run the command in a world of its own; where there is none and it may do harm, here."""
        path = os.environ.get("PATH", os.defpath)
        if self.folder:
            path = f"{self.folder}{os.pathsep}{path}"
        reach = Reach(cover(path))
        environment = os.environ | {"PATH": _reaching(reach.cover, path)}
        if self.wish.harmless:
            environment["TMPDIR"] = SCRATCH[0]
        try:
            ending = run_confined(
                self._world(reach.cover),
                self.wish.command,
                environment,
                self.arrived,
                lambda: self.announce(reach),
            )
        except ConfinedError as error:
            if self.wish.harmless or not self.folder:
                raise CaptureError(_forbidden(str(error), harmless=self.wish.harmless)) from None
            reach = Reach(Cover((), _places(self.folder)), str(error))
            ending = self._run_here(reach, environment)
        return ending, reach

    def _world(self, found: Cover) -> World:
        return World(
            found,
            self.record.fileno(),
            self.lock.fileno() if self.lock else None,
            bound_sockets() if self.wish.harmless else None,
        )

    def _run_here(self, reach: Reach, environment: Mapping[str, str]) -> str:
        self.announce(reach)
        try:
            return run(self.wish.command, environment, self.arrived, session=False)
        except StartError as error:
            raise CaptureError(str(error)) from None


def _forbidden(reason: str, *, harmless: bool) -> str:
    if harmless:
        return f"no world without harm can be made here ({reason}); run it as root, or elsewhere"
    return f"no stand-ins can lie over the programs' own places here ({reason}); {_REMEDY}"


def _reaching(found: Cover, path: str) -> str:
    """Return a PATH by which the stand-ins are found; nearly every one does so as it is."""
    folders = {place.parent for place in found.places}
    if any(Path(entry or os.curdir).resolve() in folders for entry in path.split(os.pathsep)):
        return path
    return os.pathsep.join((path, *map(str, found.folders)))


@contextmanager
def _noting_signals() -> Iterator[list[int]]:
    """Note the signals that would end this process: cleaning up is not to be cut short by one."""
    arrived: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield arrived
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _folder(path: Path | None, stack: ExitStack) -> tuple[Path | None, bool]:
    """Let the user's folder be there, and empty; return it resolved, and whether it is new.

    Raises CaptureError.
    """
    if path is None:
        return None, False
    try:
        made = not path.exists()
        if made:
            path.mkdir(mode=_OWN)
            stack.callback(_remove, path)
        if any(path.iterdir()):
            raise CaptureError(f"--stand-ins {path}: not empty; name a new folder, or an empty one")
        folder = path.resolve()
        unfit = os.statvfs(folder).f_flag & os.ST_NOEXEC or os.pathsep in str(folder)
    except OSError as error:
        raise CaptureError(f"--stand-ins {path}: {error.strerror}; name a new folder") from None
    if unfit:
        reason = "its file system runs no programs, or its name cannot stand in PATH"
        raise CaptureError(f"--stand-ins {path}: {reason}; name another folder")
    return folder, made


def _remove_empty(record: Path) -> None:
    """Remove a record that we have made, and that nothing has been written to."""
    with suppress(OSError):
        if record.stat().st_size == 0:
            record.unlink()


def _remove(folder: Path) -> None:
    """Remove a folder that we have made, unless somebody else has put something there."""
    with suppress(OSError):
        folder.rmdir()


def _record(out: Path | None, folder: Path | None, stack: ExitStack) -> IO[bytes]:
    """Open a record to read what others write; it is emptied later. Raises CaptureError.

    One that we have made goes again where nothing comes of the capture.
    """
    if out is None:
        return _own_file(folder, _CALLS, stack)
    try:
        there = out.exists()
        if there and not out.is_file():
            raise CaptureError(f"--out {out}: not a regular file; name a file to write")
        file = stack.enter_context(out.open("a+b"))
    except OSError as error:
        raise CaptureError(f"--out {out}: {error.strerror}; name a file to write") from None
    if not there:
        made = out.resolve()
        stack.push(lambda failed, *_: _remove_empty(made) if failed else None)
    return file


def _lock(folder: Path | None, stack: ExitStack) -> IO[bytes]:
    """Hold the lock that stand-ins look for: were this process killed, they would know."""
    file = _own_file(folder, _LOCK, stack)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _own_file(folder: Path | None, name: str, stack: ExitStack) -> IO[bytes]:
    """Open a file that is gone at the end; where nobody outside calls it has no name at all."""
    if folder is None:
        return stack.enter_context(os.fdopen(os.memfd_create(name), "w+b"))
    stack.callback((folder / name).unlink, missing_ok=True)
    return stack.enter_context((folder / name).open("x+b"))


def _install(folder: Path, out: Path | None, lock: IO[bytes] | None, stack: ExitStack) -> None:
    """Write stand-ins that record by the names of the files; at the end none is left or runs."""
    record = out.absolute() if out else folder / _CALLS
    texts = programs.texts(str(record), str(folder / _LOCK) if lock else None)
    for place in _places(folder):
        stack.callback(place.unlink, missing_ok=True)
    stack.callback(kill_standins, _places(folder))
    programs.write(texts, folder, _OWN)


def _leftovers(folder: Path | None, *, made: bool) -> Sequence[Path]:
    """Return what is ours in a folder of the user's, and the folder where we have made it."""
    if folder is None:
        return ()
    files = (*_places(folder), folder / _CALLS, folder / _LOCK)
    return (*files, folder) if made else files


def _places(folder: Path) -> tuple[Path, ...]:
    return tuple(folder / program for program in PROGRAMS)
