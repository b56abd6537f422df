"""Parts of a reading that several rules look at."""

from collections.abc import Iterator
from typing import TypeVar

from acrn_dm import Console, ConsolePort, Function, Given, Reading

_T = TypeVar("_T")


def devices(reading: Reading, kind: type[_T]) -> Iterator[tuple[Function, _T]]:
    """Yield the functions whose arguments are of a kind, with them."""
    for function in reading.command.functions:
        if isinstance(function.device, kind):
            yield function, function.device


def ports(reading: Reading) -> Iterator[tuple[int, ConsolePort]]:
    """Yield the ports of all consoles, with the tokens that hold them."""
    for function, console in devices(reading, Console):
        for port in console.ports:
            yield function.token, port


def options(reading: Reading, *names: str) -> Iterator[Given]:
    """Yield the options of some names as given, of all where none is named."""
    for given in reading.command.options:
        if not names or given.name in names:
            yield given
