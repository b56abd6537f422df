"""Reading a command line as a release of acrn-dm does: to its first fault, or past all of them."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from acrn_dm import getopt, startup
from acrn_dm.alike import Asked
from acrn_dm.getopt import Given
from acrn_dm.host import Host, NeedKind
from acrn_dm.machine import Machine
from acrn_dm.memory import memory
from acrn_dm.option_table import OPTION, Spec, habit
from acrn_dm.option_values import CHECKS
from acrn_dm.problem import FaultKind, Problem
from acrn_dm.release import stands_for
from acrn_dm.slot import Address, Function, function
from acrn_dm.tables import COMPILER_CHECKED, NAME_FAULT, NAME_FAULT_MISSING, NAME_LIMIT
from acrn_dm.text import size
from acrn_dm.uart import LpcPort, lpc_port
from acrn_dm.values import DEFAULT_MEMORY, Command, Fault, Notice, Reading, Stage, fault

_IMAGES: Final = frozenset({"kernel", "elf_file", "ovmf", "vsbl"})


def parse(argv: Sequence[str], release: str, host: Host) -> Command | Fault:
    """Return the command that an argv is to a release, or the first fault as acrn-dm meets it.

    ``argv`` goes without the program's name; bytes that are no UTF-8 stand as surrogates (PEP
    383). Any list of strings gives a verdict. Raises UnknownReleaseError.
    """
    draft = _Draft(argv, Machine(_asked(release), host))
    return next(draft.faults(), None) or draft.command


def read(argv: Sequence[str], release: str, host: Host) -> Reading:
    """Return all that a release reads in an argv, and all its faults. Raises UnknownReleaseError.

    What is at fault is left out, and reading goes on: who repairs a fault meets the next. Of a
    release that is :class:`Asked` the reading is that of all that are alike then.
    """
    machine = Machine(_asked(release), host)
    draft = _Draft(argv, machine)
    faults = tuple(draft.faults())
    blamed = frozenset(each.token for each in faults)
    by_name: dict[str, list[Given]] = {}
    for given in draft.command.options:
        by_name.setdefault(given.name, []).append(given)
    by_kind: dict[type[object], list[Function]] = {}
    for each in draft.command.functions:
        by_kind.setdefault(type(each.device), []).append(each)
    return Reading(
        machine.release,
        argv,
        host,
        faults,
        draft.command,
        tuple(draft.given),
        blamed,
        tuple(machine.needs.items()),
        by_name,
        by_kind,
    )


def _asked(release: str) -> str:
    return release if isinstance(release, Asked) else stands_for(release)


class _Draft:
    """An argv as far as it has been read."""

    def __init__(self, argv: Sequence[str], machine: Machine) -> None:
        self._argv = argv
        self._machine = machine
        self._release = machine.release
        self._memory = DEFAULT_MEMORY
        self._options: list[Given] = []
        self._notices: list[Notice] = []
        self._functions: dict[Address, Function] = {}
        self._ports: dict[str, LpcPort] = {}
        self._operands: list[getopt.Operand] = []
        self.given: list[Given] = []

    def faults(self) -> Iterator[Fault]:
        """Yield the faults as they are met; asked for no more, nothing behind is looked at."""
        consequences: set[FaultKind] = set()
        for each in self._argv_faults():
            if each.option in _IMAGES:
                consequences.add(FaultKind.NO_IMAGE)
            if each.kind is FaultKind.NAME_LENGTH:
                consequences.add(FaultKind.NAME_SOCKET)
            if each.option == "cpu_affinity":
                consequences.add(FaultKind.CPUS)
            yield each
        for each in startup.faults(self.command, self._machine):
            if each.kind not in consequences:
                yield each

    def _argv_faults(self) -> Iterator[Fault]:
        bad: set[int] = set()
        for event in getopt.scan(self._argv, Spec(self._release)):
            match event:
                case getopt.Operand():
                    self._operands.append(event)
                case getopt.Bad(kind=kind, message=message, token=token, option=name):
                    bad.add(token)
                    yield fault(Problem(kind, message, usage=True), Stage.ARGV, token, option=name)
                case Given() as given:
                    self.given.append(given)
                    self._machine.token = given.token
                    problem = self._option(given)
                    if problem and given.at not in bad:  # else a consequence of the bad letter
                        yield fault(problem, Stage.ARGV, given.token, option=given.name)
        yield from self._compiler_faults()
        yield from self._name_faults()

    def _compiler_faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the compiler that ``--iasl`` names, if it does."""
        named = [given for given in self._options if given.name == "iasl" and given.value]
        if named and self._release in COMPILER_CHECKED:
            self._machine.token = named[-1].token
            if not self._machine.has(NeedKind.COMPILER, named[-1].value):
                problem = Problem(FaultKind.COMPILER, "Please install iasl tool with version")
                yield fault(problem, Stage.ARGV, named[-1].token)

    def _option(self, given: Given) -> Problem | None:
        name = given.name
        if name in ("help", "version"):
            return Problem(FaultKind.HELP, exit=0, usage=name == "help")
        does = habit(name)[self._release]
        if not does.handled:
            return Problem(FaultKind.OPTION_ELSEWHERE, usage=True)
        if does.obsolete:
            self._notices.append(Notice(given.token, OPTION[name].notice))
        problem = None if does.ignored else self._value(given)
        if problem is None:
            self._options.append(given)
        return problem

    def _value(self, given: Given) -> Problem | None:
        name, value, token = given.name, given.value, given.token
        match name:
            case "pci_slot":
                read = function(value, token, self._machine, self._functions)
                if isinstance(read, Problem):
                    return read
                self._functions[read.address] = read
            case "lpc":
                port = lpc_port(value, token, self._release)
                if isinstance(port, Problem):
                    return port
                self._ports[port.name] = port
            case "memsize":
                size_read = memory(value)
                if isinstance(size_read, Problem):
                    return size_read
                self._memory = size_read
            case _:
                check = CHECKS.get(name)
                if check and self._release in OPTION[name].argument:
                    return check(value, self._machine)
        return None

    def _name_faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the name, and with its number: exactly one is needed."""
        release, operands = self._release, self._operands
        if len(operands) != 1:
            problem = Problem(FaultKind.NAME_COUNT, NAME_FAULT_MISSING[release], usage=True)
            yield fault(problem, Stage.ARGV, operands[1].token if operands else None)
        length = size(operands[0].text) if operands else 0
        if NAME_LIMIT.passes(release, lambda limit: length > limit):
            problem = Problem(FaultKind.NAME_LENGTH, NAME_FAULT[release])
            yield fault(problem, Stage.ARGV, operands[0].token)

    @cached_property
    def command(self) -> Command:
        """The command that has been read, when all tokens have been."""
        last = {given.name: given.value for given in self._options}
        name, token = self._operands[0] if self._operands else ("", None)
        return Command(
            release=self._release,
            name=name,
            memory=self._memory,
            functions=tuple(self._functions[place] for place in sorted(self._functions)),
            ports=tuple(self._ports[name] for name in sorted(self._ports)),
            kernel=last.get("kernel"),
            ramdisk=last.get("ramdisk"),
            bootargs=last.get("bootargs"),
            uuid=last.get("uuid"),
            options=tuple(self._options),
            notices=tuple(self._notices),
            name_token=token,
        )
