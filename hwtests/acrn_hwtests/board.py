"""A board in use: taken, prepared, its guests launched, disks put behind them, and let go again."""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from acrn_arch import block_rescan
from acrn_hwtests import farm, standin
from acrn_hwtests.boardfile import BASE, BoardClass, BoardFile
from acrn_hwtests.ending import Programs
from acrn_hwtests.facts import Facts
from acrn_hwtests.guest import Guest
from acrn_hwtests.hosts.host import Completed, Host, HostError, check, run
from acrn_hwtests.hosts.local import LocalHost
from acrn_hwtests.hosts.ssh import SshHost
from acrn_hwtests.keeper import Keeper
from acrn_hwtests.plan import ID_LENGTH, Claim, Plan, Request, plan, refusals
from acrn_hwtests.stream import Live
from acrn_hwtests.transcript import Folder, Header

_COPY_SECONDS = 300.0


class RefusedError(Exception):
    """An argv that the board's release refuses, by lint; it never reaches the board."""


class Board:
    """A board that is ours: its lock is held, and its keeper runs.

    ``remarks`` are worth telling, such as a lock that a dead run had left.
    """

    def __init__(self, file: BoardFile, host: Host, keeper: Keeper, transcripts: Path) -> None:
        self.file = file
        self.host = host
        self.folder = keeper.folder
        self._keeper = keeper
        self.transcripts = transcripts
        self._programs = programs_of(file).within(keeper.folder)
        self._guests: list[Guest] = []
        self.remarks = [f"ended what a dead run had left here: {who}" for who in keeper.left]
        self.facts = _facts(file, host)

    def plan(self, request: Request, name: str = "") -> Plan:
        """Have the argv of a guest built, with a name that no other guest has, or the one given.

        Raises RefusedError where the live guests have all the UUIDs.
        """
        prefix = self.file.arch.sandbox_prefix
        identity = name.removeprefix(prefix) or secrets.token_hex(ID_LENGTH)[:ID_LENGTH]
        return plan(self.file, self.folder, identity, request, self._claim())

    def _claim(self) -> Claim:
        """Return what the board still has for a guest; a CPU may have to be shared."""
        live = self._live()
        uuids = [uuid for uuid in self.file.uuids if uuid not in {claim.uuid for claim in live}]
        if self.file.uuids and not uuids:
            raise RefusedError(f"{len(live)} guests have all the uuids of the board file; add some")
        taken = Counter(claim.cpu for claim in live)
        cpu = min(self.file.cpus, key=lambda cpu: taken[cpu], default=None)
        return Claim(uuids[0] if uuids else "", cpu)

    def _live(self) -> list[Claim]:
        return [guest.plan.claim for guest in self._guests if guest.status() is None]

    def launch(self, planned: Plan, live: Live, folder: str, *, linted: bool = True) -> Guest:
        """Start a guest on copies of its disks; ``folder`` names its transcripts.

        The argv is linted for the board's release first. Raises RefusedError and HostError.
        """
        if planned.claim.uuid and planned.claim.uuid in {claim.uuid for claim in self._live()}:
            raise RefusedError(f"a live guest has the UUID {planned.claim.uuid}; plan it anew")
        refused = refusals(planned, self.file.release) if linted else []
        if refused:
            raise RefusedError(f"{self.file.release} refuses this argv: {'; '.join(refused)}")
        self._keeper.check()
        self.run("mkdir", "-m", "700", planned.folder)
        try:
            self.run("cp", self.file.image, planned.path("disk.img"), seconds=_COPY_SECONDS)
            said = Folder(self._free(folder), self._header(planned))
            timeouts = self.file.timeouts.scaled()
            guest = Guest(self.host, self._programs, planned, timeouts, said, live)
        except HostError:
            run(self.host, ["rm", "-rf", planned.folder])
            raise
        self._guests.append(guest)
        return guest

    def disk(self, planned: Plan, name: str, mib: int = 4) -> str:
        """Make a disk image without content beside the guest's own; return its path."""
        path = planned.path(name)
        self.run("dd", "if=/dev/zero", f"of={path}", "bs=1048576", f"count={mib}")
        return path

    def rescan(self, guest: Guest, index: int, path: str) -> Completed:
        """Put a disk image behind the placeholder with this index, by ``acrnctl blkrescan``.

        The exit status tells nothing of its success: acrnctl exits 0 all the same (measured).
        Raises acrn_arch.errors.RescanError for an index that the reference refuses.
        """
        words = block_rescan(guest.name, guest.plan.table, index, path)
        return run(self.host, [self.file.acrnctl, *words])

    def run(self, *argv: str, seconds: float = 30) -> str:
        """Run a command on the board that must succeed. Raises HostError."""
        return check(self.host, argv, timeout=seconds)

    def exists(self, path: str) -> bool:
        """Tell whether a path is there, on the board."""
        return run(self.host, ["test", "-e", path]).status == 0

    def _header(self, planned: Plan) -> Header:
        return Header(
            board=self.facts.host,
            board_class=self.facts.board_class,
            release=self.facts.release,
            program=self.file.acrn_dm,
            argv=planned.argv,
            kernel=self.facts.kernel,
            kernel_sha256=self.facts.kernel_sha256,
            image=self.facts.image,
            image_sha256=self.facts.image_sha256,
            started=datetime.now(UTC).isoformat(timespec="milliseconds"),
            remarks=tuple(self.remarks),
        )

    def _free(self, folder: str) -> Path:
        """Return a folder for transcripts that is not there yet: a check may launch several."""
        path, number = self.transcripts / folder, 1
        while path.exists():
            number += 1
            path = self.transcripts / f"{folder}-{number}"
        return path


@contextmanager
def host_of(file: BoardFile) -> Iterator[Host]:
    """Connect to the machine that a board file names; a farm's board is reserved first.

    Raises HostError, and FarmError.
    """
    with ExitStack() as stack:
        found: Host = LocalHost()
        if file.kind == "labgrid":
            farmed = file.labgrid
            service = stack.enter_context(
                farm.acquired(
                    farmed.coordinator, place=farmed.place, tags=farmed.tags, wait=farmed.wait
                )
            )
            given = {"host": service.address, "user": service.username, "port": service.port}
            found = SshHost(msgspec.structs.replace(file.ssh, **given))
        elif file.kind == "ssh":
            found = SshHost(file.ssh)
        stack.callback(found.close)
        found.open()
        yield found


@contextmanager
def taken(file: BoardFile, host: Host, transcripts: Path) -> Iterator[Board]:
    """Take the board for a run, and prepare it. Raises HostError, and acrn_testguest's BuildError.

    On leaving, whatever the run started there and has not ended is ended, and its folder removed.
    Raises HostError, too, where the board has not been ours to the end.
    """
    keeper = Keeper(host, lock_of(file), base_of(file), programs_of(file))
    try:
        ready = standin.prepared(file, keeper.folder) if file.kind == "standin" else file
        yield Board(ready, host, keeper, transcripts)
        keeper.check()
    finally:
        keeper.close()


def lock_of(file: BoardFile) -> str:
    """Return the path of the lock; a stand-in is its user's own, also on a real board."""
    whose = f"-{os.getuid()}" if file.board_class is BoardClass.STANDIN else ""
    return f"{base_of(file)}/acrn-hwtests-{file.board_class}{whose}.lock"


def programs_of(file: BoardFile) -> Programs:
    """Return the programs of a board; the paths of a stand-in's are from the run's folder."""
    if file.kind == "standin":
        return Programs(standin.ACRN_DM, standin.ACRNCTL, standin.FOLDER)
    return Programs(file.acrn_dm, file.acrnctl)


def base_of(file: BoardFile) -> str:
    """Return the folder, on the board, that has the lock and the folders of runs."""
    return file.standin.folder if file.board_class is BoardClass.STANDIN else BASE


def _facts(file: BoardFile, host: Host) -> Facts:
    return Facts(
        board_class=file.board_class,
        kind=file.kind,
        host=host.name,
        release=file.release,
        dialect=file.arch.name,
        version=version(file, host)[1],
        system=check(host, ["uname", "-srm"]),
        kernel=file.kernel,
        kernel_sha256=_sha256(host, file.kernel),
        image=file.image,
        image_sha256=_sha256(host, file.image),
    )


def version(file: BoardFile, host: Host) -> tuple[int, str]:
    """Return the exit status of ``acrn-dm -v``, and its first line. Raises HostError."""
    done = run(host, [file.acrn_dm, "-v"])
    return done.status, (done.text or done.complaint).split("\n")[0]


def _sha256(host: Host, path: str) -> str:
    words = check(host, ["sha256sum", path], timeout=_COPY_SECONDS).split()
    if not words:
        raise HostError(f"{host.name}: sha256sum {path} said nothing")
    return words[0].lstrip("\\")
