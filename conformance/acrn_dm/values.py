"""A command line as acrn-dm takes it: a command, or faults, and all that can be read of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from acrn_dm.getopt import Given
from acrn_dm.host import Host, Need
from acrn_dm.problem import FaultKind, Problem
from acrn_dm.slot import Function
from acrn_dm.uart import LpcPort

DEFAULT_MEMORY: Final = 256 << 20


class Stage(StrEnum):
    """Where acrn-dm meets a fault, in the order in which it gets there."""

    ARGV = "argv"
    VM = "vm"
    DEVICE = "device"
    LOAD = "load"


class Notice(NamedTuple):
    """A remark of acrn-dm on an option that it takes all the same."""

    token: int
    message: str


class Command(NamedTuple):
    """A command line with all its values typed; memory in bytes.

    ``functions`` are in the order of the bus, in which the devices start. ``options`` holds every
    option as given, in order, also those whose values have a field of their own; what is given
    twice counts as given last.
    """

    release: str
    name: str
    memory: int = DEFAULT_MEMORY
    functions: tuple[Function, ...] = ()
    ports: tuple[LpcPort, ...] = ()
    kernel: str | None = None
    ramdisk: str | None = None
    bootargs: str | None = None
    uuid: str | None = None
    options: tuple[Given, ...] = ()
    notices: tuple[Notice, ...] = ()
    name_token: int | None = None

    @property
    def accepted(self) -> bool:
        """True: acrn-dm takes the command line."""
        return True

    def port(self, name: str) -> LpcPort | None:
        """Return a port of the LPC bus (``com1``) as ``-l`` gives it last, or None."""
        return next((port for port in self.ports if port.name == name), None)

    def option(self, name: str) -> Given | None:
        """Return an option by its long name, as given last, or None."""
        for given in reversed(self.options):
            if given.name == name:
                return given
        return None


class Fault(NamedTuple):
    """A fault that acrn-dm meets.

    ``message`` is its own text where the recordings or facts tell it, without what it prints
    besides; ``usage``: it prints its usage text. ``exit`` is the status, a negative one the
    signal of a ``crash``. ``token`` is the index of the token to blame, None where there is none;
    ``option`` the long name of the option at fault at the stage argv, where there is one.
    """

    stage: Stage
    kind: FaultKind
    message: str
    exit: int
    token: int | None = None
    option: str | None = None
    crash: bool = False
    usage: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the argv itself is taken: only the guest image is missing (stage load)."""
        return self.stage is Stage.LOAD and not self.crash


def fault(
    problem: Problem, stage: Stage, token: int | None, status: int = 1, option: str | None = None
) -> Fault:
    """Return what a problem is at a stage; ``status`` is the usual one there."""
    return Fault(
        stage,
        problem.kind,
        problem.message,
        status if problem.exit is None else problem.exit,
        token if problem.token is None else problem.token,
        option,
        problem.crash,
        problem.usage,
    )


class Reading(NamedTuple):
    """All that a release reads in an argv, beyond the fault at which acrn-dm stops.

    ``faults`` are in the order in which acrn-dm would meet them, were each before put right.
    ``command`` is what the argv says but for what is at fault; its name is empty, and without a
    token, where there is none. ``given`` are all options as getopt finds them, those that are
    refused among them. ``blamed`` are the tokens at fault; ``needs`` is what an assumed
    host had to have, with the token that names it. Tokens are those of ``argv``.

    ``by_name`` has the options of the command by their names, ``by_kind`` its functions by the
    types of their devices: some fifty rules look for one or two each.
    """

    release: str
    argv: Sequence[str]
    host: Host
    faults: tuple[Fault, ...]
    command: Command
    given: tuple[Given, ...]
    blamed: frozenset[int | None]
    needs: tuple[tuple[Need, int | None], ...]
    by_name: Mapping[str, Sequence[Given]]
    by_kind: Mapping[type[object], Sequence[Function]]

    @property
    def verdict(self) -> Command | Fault:
        """The verdict of acrn-dm: the command, or the first fault."""
        return self.faults[0] if self.faults else self.command
