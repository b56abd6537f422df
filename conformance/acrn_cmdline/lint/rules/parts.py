"""Parts of a reading that several rules look at."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from acrn_dm import Console, ConsolePort, Function, Given, Reading

_T = TypeVar("_T")


def devices(reading: Reading, kind: type[_T]) -> list[tuple[Function, _T]]:
    """Return the functions whose arguments are of a kind, with them."""
    functions = reading.by_kind.get(kind)
    if functions is None:  # nearly always
        return []
    return [(each, each.device) for each in functions if isinstance(each.device, kind)]


def ports(reading: Reading) -> Iterator[tuple[int, ConsolePort]]:
    """Yield the ports of all consoles, with the tokens that hold them."""
    for function, console in devices(reading, Console):
        for port in console.ports:
            yield function.token, port


def options(reading: Reading, *names: str) -> Sequence[Given]:
    """Return the options of some names as given, of all where none is named."""
    if len(names) == 1:  # nearly always
        return reading.by_name.get(names[0], ())
    every = reading.command.options
    return [given for given in every if given.name in names] if names else every
