"""An argv's content: the values of acrn-dm's options, before anything is opened."""

from dataclasses import dataclass

from acrn_standin.numerals import MIB
from acrn_standin.release import Release

DEFAULT_UUID = "d2795438-25d6-11e8-864e-cb7a18b34643"
"""acrn-dm's own, where no ``-U`` is given."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A place on the PCI buses; devices come up in this order."""

    bus: int
    slot: int
    function: int

    def __str__(self) -> str:
        return f"{self.slot}:{self.function}"


@dataclass(frozen=True, slots=True)
class Function:
    """One ``-s``: an emulation, and what stands behind its second comma (None: no comma).

    ``boot``: the mark ``b`` stood between them.
    """

    address: Address
    emulation: str
    config: str | None
    boot: bool = False


@dataclass(frozen=True, slots=True)
class Uart:
    """One ``-l``: the port's number, from 1, and its backend (None: none)."""

    number: int
    backend: str | None


@dataclass(frozen=True, slots=True)
class Command:
    """A whole command line that acrn-dm's main() takes.

    ``memory`` in bytes; ``cpus``: ``--cpu_affinity`` names one; ``notices`` are said of what is
    taken and not looked at; of several ``kernels`` each is looked at and the last is used;
    ``unexpressed`` are the options that only the real acrn-dm can carry out.
    """

    release: Release
    name: str = ""
    acpi: bool = False
    uuid: str = DEFAULT_UUID
    memory: int = 256 * MIB
    functions: tuple[Function, ...] = ()
    uarts: tuple[Uart, ...] = ()
    kernels: tuple[str, ...] = ()
    bootargs: str = ""
    cpus: bool = False
    notices: tuple[str, ...] = ()
    unexpressed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A command line that only asks: acrn-dm answers and exits 0."""

    text: str
    on_stderr: bool
