"""Reading a command line as a release of acrn-dm does, up to its first fault."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from acrn_dm import getopt
from acrn_dm.host import RECORDING, Host
from acrn_dm.memory import memory
from acrn_dm.option_values import CHECKS
from acrn_dm.problem import Problem
from acrn_dm.release import known
from acrn_dm.slot import Address, Function, function
from acrn_dm.startup import stop
from acrn_dm.tables import NAME_FAULT, NAME_FAULT_MISSING, NAME_LIMIT, OPTION, spec
from acrn_dm.text import size
from acrn_dm.uart import LpcPort, lpc_port
from acrn_dm.values import DEFAULT_MEMORY, Command, Fault, Given, Notice, Stage

_USAGE = Problem("", usage=True)


def parse(argv: Sequence[str], release: str, host: Host = RECORDING) -> Command | Fault:
    """Return the command that an argv is to a release, or the first fault as acrn-dm meets it.

    ``argv`` goes without the program's name; bytes that are no UTF-8 stand as surrogates (PEP
    383). Any list of strings gives a verdict. The host is the one on which the verdicts were
    recorded, unless another is given. Raises UnknownReleaseError.
    """
    draft = _Draft(known(release), host)
    for event in getopt.scan(argv, spec(release)):
        problem = draft.take(event)
        if problem:
            return draft.fault(problem, event.token)
    token, problem = draft.name_problem()
    if problem:
        return draft.fault(problem, token)
    command = draft.command()
    stopped = stop(command, host)
    if stopped is None:
        return command
    problem = stopped.problem
    return Fault(
        stopped.stage,
        problem.message,
        stopped.exit if problem.exit is None else problem.exit,
        stopped.token,
        problem.crash,
        problem.usage,
        command.notices,
        command,
    )


@dataclass(slots=True)
class _Draft:
    """What has been read of an argv so far."""

    release: str
    host: Host
    memory: int = DEFAULT_MEMORY
    options: list[Given] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    functions: dict[Address, Function] = field(default_factory=dict)
    ports: dict[str, LpcPort] = field(default_factory=dict)
    operands: list[getopt.Operand] = field(default_factory=list)

    def take(self, event: getopt.Event) -> Problem | None:
        """Take what getopt found, or return what acrn-dm has against it."""
        match event:
            case getopt.Given():
                return self._option(event)
            case getopt.Operand():
                self.operands.append(event)
                return None
            case getopt.Bad(message=message):
                return Problem(message, usage=True)

    def _option(self, given: getopt.Given) -> Problem | None:
        name, value, token = given
        option = OPTION[name]
        if name in ("help", "version"):
            return Problem("", exit=0, usage=name == "help")
        if self.release not in option.handled:
            return _USAGE
        if self.release in option.obsolete:
            self.notices.append(Notice(token, option.notice))
        problem = None if self.release in option.ignored else self._value(name, value, token)
        if problem is None:
            self.options.append(Given(name, value, token))
        return problem

    def _value(self, name: str, value: str, token: int) -> Problem | None:
        match name:
            case "pci_slot":
                read = function(value, token, self.release, self.host, self.functions)
                if isinstance(read, Problem):
                    return read
                self.functions[read.address] = read
            case "lpc":
                port = lpc_port(value, token, self.release)
                if isinstance(port, Problem):
                    return port
                self.ports[port.name] = port
            case "memsize":
                size_read = memory(value)
                if isinstance(size_read, Problem):
                    return size_read
                self.memory = size_read
            case _:
                check = CHECKS.get(name)
                if check and self.release in OPTION[name].argument:
                    return check(value, self.release, self.host)
        return None

    def name_problem(self) -> tuple[int | None, Problem | None]:
        """Return what is wrong with the name, and the token to blame: exactly one is needed."""
        if len(self.operands) != 1:
            token = self.operands[1].token if self.operands else None
            return token, Problem(NAME_FAULT_MISSING[self.release], usage=True)
        name, token = self.operands[0]
        if size(name) > NAME_LIMIT[self.release]:
            return token, Problem(NAME_FAULT[self.release])
        return token, None

    def fault(self, problem: Problem, token: int | None) -> Fault:
        """Return the fault at the stage argv."""
        return Fault(
            Stage.ARGV,
            problem.message,
            1 if problem.exit is None else problem.exit,
            token,
            problem.crash,
            problem.usage,
            tuple(self.notices),
        )

    def command(self) -> Command:
        """Return the command that has been read."""
        last = {given.name: given.value for given in self.options}
        name, token = self.operands[0]
        return Command(
            release=self.release,
            name=name,
            memory=self.memory,
            functions=tuple(self.functions[place] for place in sorted(self.functions)),
            ports=tuple(self.ports[name] for name in sorted(self.ports)),
            kernel=last.get("kernel"),
            ramdisk=last.get("ramdisk"),
            bootargs=last.get("bootargs"),
            uuid=last.get("uuid"),
            options=tuple(self.options),
            notices=tuple(self.notices),
            name_token=token,
        )
