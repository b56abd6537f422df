"""The tier under pytest: launches guests for checks, says a line a check, keeps the verdicts."""

import fnmatch
import time
from collections.abc import Generator, Iterator, Sequence
from typing import NoReturn

import msgspec
import pytest

from acrn_base.text import printable
from acrn_hwtests import live, report
from acrn_hwtests.board import Board, RefusedError
from acrn_hwtests.boardfile import BoardClass
from acrn_hwtests.catalog import check_id
from acrn_hwtests.console import Console
from acrn_hwtests.guest import Guest
from acrn_hwtests.hosts.host import HostError
from acrn_hwtests.plan import Plan, Request
from acrn_hwtests.record import Record
from acrn_hwtests.report import BAD, CheckResult, Verdict
from acrn_hwtests.state import GuestError

_UNUSABLE = 2
_STANDIN_PRODUCT = "stand-in"
_ACRN = "Hypervisor detected: ACRN"
_TOLD = (GuestError, HostError, RefusedError, OSError)
"""Errors that say all there is to say; of the last kind is a full disk under the transcripts."""

_WORDS = {"passed": Verdict.PASS, "failed": Verdict.FAIL, "skipped": Verdict.NOT_APPLICABLE}


class Tier:
    """A plugin object: the board of this run; ``record`` is told what becomes of the checks.

    ``slowest_boot`` in seconds; ``soak`` boots are made in the place of the checks, if any.
    """

    def __init__(
        self,
        board: Board,
        record: Record,
        *,
        select: Sequence[str],
        show_console: bool,
        soak: int,
    ) -> None:
        self.board = board
        self.record = record
        self.slowest_boot = 0.0
        self._select = select
        self._show_console = show_console
        self.soak = soak
        self._identified = False
        self._folders: list[str] = []
        self._causes: dict[str, str] = {}
        self._seconds = 0.0

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the tier known to the fixtures."""
        config.stash[TIER] = self

    @property
    def board_class(self) -> BoardClass:
        """The class of the board."""
        return self.board.file.board_class

    def launch(self, wanted: Request | Plan, folder: str, *, linted: bool = True) -> Guest:
        """Start a guest; ``folder`` names its transcripts. Raises RefusedError and HostError."""
        planned = self.board.plan(wanted) if isinstance(wanted, Request) else wanted
        show = live.shown(planned.name) if self._show_console else live.silent
        guest = self.board.launch(planned, show, folder, linted=linted)
        self._folders.append(guest.folder.path.name)
        return guest

    def boot(self, guest: Guest) -> Console:
        """Bring a guest to the prompt of the board's console. Raises GuestError.

        A stand-in is never taken for a board: see `identify`.
        """
        started = time.monotonic()
        hvc = guest.attach()
        console = hvc if self.board.file.console == "hvc0" else guest.serial
        console.boot()
        self.slowest_boot = max(self.slowest_boot, time.monotonic() - started)
        self.identify(console)
        return console

    def identify(self, console: Console) -> None:
        """Ask a run's first guest what it runs on; if that is not the board, give the run up."""
        if self._identified:
            return
        product = console.run("cat /sys/class/dmi/id/product_name 2>/dev/null").text
        if self.board_class is BoardClass.STANDIN:
            if product != _STANDIN_PRODUCT:
                self._refuse(f"the guest does not say that it is the stand-in, but {product!r}")
        elif product == _STANDIN_PRODUCT:
            kind = self.board.file.kind
            self._refuse(f'the guest says it is the stand-in; a board of kind "{kind}" is none')
        elif console.run(f"dmesg | grep -q '{_ACRN}'").status:
            self._refuse(f"the guest's kernel does not say {_ACRN!r}: this is not ACRN")
        self._identified = True

    def _refuse(self, why: str) -> NoReturn:
        self.give_up(f"{why}; nothing that it does would count")

    def give_up(self, why: str) -> NoReturn:
        """End the run: no verdict of it is to be had. Raises pytest's Exit, with status 2."""
        self.record.given_up = why
        pytest.exit(why, _UNUSABLE)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Have the soak boot as often as it is told."""
        if "boot_number" in metafunc.fixturenames:
            metafunc.parametrize("boot_number", range(1, self.soak + 1))

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the checks that are asked for."""
        ids = [check_id(item.nodeid) for item in items]
        if unmatched := [p for p in self._select if not fnmatch.filter(ids, p)]:
            self.give_up(f"no check matches {', '.join(unmatched)}; see hwtests/README.md")
        if self._select:
            chosen = [any(fnmatch.fnmatchcase(i, p) for p in self._select) for i in ids]
            config.hook.pytest_deselected(
                items=[item for item, keep in zip(items, chosen, strict=True) if not keep]
            )
            items[:] = [item for item, keep in zip(items, chosen, strict=True) if keep]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keep the verdict of a check, with its docstring and the transcripts of its guests."""
        found = yield
        self._seconds = found.duration + (0 if found.when == "setup" else self._seconds)
        if found.when == "call" or found.outcome != "passed":
            causes = list(_causes(call.excinfo.value)) if call.excinfo else []
            if causes and all(isinstance(cause, _TOLD) for cause in causes):
                told = "; ".join(dict.fromkeys(map(str, causes)))
            else:
                told = _message(found)
            self._keep(found, _title(item), told)
        return found

    def _keep(self, found: pytest.TestReport, title: str, told: str) -> None:
        verdict = _WORDS[found.outcome]
        if verdict is Verdict.FAIL and found.when != "call":
            verdict = Verdict.ERROR
        check = CheckResult(
            id=check_id(found.nodeid),
            title=title,
            verdict=verdict,
            seconds=round(self._seconds, 3),
            message=told,
            transcripts=tuple(self._folders),
        )
        self._folders.clear()
        self.record.keep(check)
        shown = self._shown(check)
        print(printable(report.line(shown, self.board_class)), flush=True)
        if verdict in BAD:
            for line in shown.message.split("\n")[1:]:
                print(f"       {printable(line)}", flush=True)

    def _shown(self, check: CheckResult) -> CheckResult:
        """Return what is printed of a check: a cause that hit another one before is told there."""
        if check.verdict not in BAD:
            return check
        first = self._causes.setdefault(check.message, check.id)
        return check if first == check.id else msgspec.structs.replace(check, message=f"as {first}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what went wrong: where several guests are ended, each may bring trouble of its own."""
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for each in error.exceptions:
        yield from _causes(each)


def _title(item: pytest.Item) -> str:
    doc = getattr(getattr(item, "obj", None), "__doc__", None) or item.name
    return " ".join(str(doc).split("\n\n")[0].split())


def _message(found: pytest.TestReport) -> str:
    if isinstance(found.longrepr, tuple):  # a skip: file, line, reason
        return found.longrepr[2].removeprefix("Skipped: ")
    crash = getattr(found.longrepr, "reprcrash", None)
    if crash is None:
        return found.longreprtext
    return f"{crash.message}\n  at {crash.path}:{crash.lineno}"


TIER = pytest.StashKey[Tier]()
