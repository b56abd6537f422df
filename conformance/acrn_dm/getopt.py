"""GNU getopt_long: permutation, joined values, clusters, ``--``, abbreviated long options."""

from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple, Protocol

from acrn_dm.problem import FaultKind

_PROGRAM = "acrn-dm"


class Entry(NamedTuple):
    """An option by the name it has in the tables; ``argument``: whether it takes a value."""

    name: str
    argument: bool


class Spec(Protocol):
    """The options of one release."""

    def letter(self, letter: str) -> Entry | None:
        """Return the option of a letter."""

    def long(self, name: str) -> Entry | None:
        """Return the option of a long name."""

    def beginning(self, text: str) -> Sequence[Entry]:
        """Return the options whose long names begin with a text, in the order of the table."""

    def elsewhere(self, written: str) -> Entry | None:
        """Return the option of any release that is written so: ``-c``, ``--ncpus``."""


class Given(NamedTuple):
    """An option as given: its long name, and its value ("" for a flag).

    ``token`` is the index of the token that holds the value, ``at`` of the one that names it.
    """

    name: str
    value: str
    token: int
    at: int


class Operand(NamedTuple):
    """A token that is no option."""

    text: str
    token: int


class Bad(NamedTuple):
    """A refusal of getopt itself, in the words of glibc; ``option`` as far as one can be told."""

    kind: FaultKind
    message: str
    token: int
    option: str | None = None


Event = Given | Operand | Bad


def scan(argv: Sequence[str], spec: Spec) -> Iterator[Event]:
    """Yield what getopt makes of the tokens (program name not included), one by one.

    acrn-dm stops at the first that is bad. Behind it, the value of an option that only other
    releases know goes with the option; of a cluster but the first bad letter is told.
    """
    index = 0
    while index < len(argv):
        token = argv[index]
        if token == "--":
            for place in range(index + 1, len(argv)):
                yield Operand(argv[place], place)
            return
        alone = spec.letter(token[1:]) if token[:1] == "-" else None
        if alone and alone.argument and index + 1 < len(argv):  # -s VALUE, as nearly always
            yield Given(alone.name, argv[index + 1], index + 1, index)
            index += 2
        elif token.startswith("--"):
            event, index = _long(argv, index, spec)
            yield event
        elif token.startswith("-") and token != "-":
            index = yield from _cluster(argv, index, spec)
        else:
            yield Operand(token, index)
            index += 1


def _cluster(argv: Sequence[str], index: int, spec: Spec) -> Generator[Event, None, int]:
    """Yield the options of a token such as ``-AY`` or ``-m512M``; return the next index."""
    token, told = argv[index], False
    for place in range(1, len(token)):
        letter = token[place]
        entry = spec.letter(letter)
        joined = place + 1 < len(token)
        if entry is None:
            elsewhere = spec.elsewhere(f"-{letter}")
            message = f"{_PROGRAM}: invalid option -- '{letter}'"
            event, after = _unknown(argv, index, elsewhere, message)
            if not told:
                yield event
            told = True
            if elsewhere and elsewhere.argument:
                return index + 1 if joined else after
        elif not entry.argument:
            yield Given(entry.name, "", index, index)
        elif joined:
            yield Given(entry.name, token[place + 1 :], index, index)
            return index + 1
        elif index + 1 < len(argv):
            yield Given(entry.name, argv[index + 1], index + 1, index)
            return index + 2
        else:
            text = f"{_PROGRAM}: option requires an argument -- '{letter}'"
            yield Bad(FaultKind.OPTION_ARGUMENT, text, index, entry.name)
    return index + 1


def _long(argv: Sequence[str], index: int, spec: Spec) -> tuple[Event, int]:
    """Return what ``--name``, ``--name=value`` or an abbreviation is, and the next index."""
    token = argv[index]
    name, equals, value = token[2:].partition("=")
    entry = spec.long(name)
    if entry is None:
        matches = spec.beginning(name)
        if not matches:
            message = f"{_PROGRAM}: unrecognized option '{token}'"
            event, after = _unknown(argv, index, spec.elsewhere(f"--{name}"), message)
            return event, index + 1 if equals else after
        if len(matches) > 1:
            listed = " ".join(f"'--{each.name}'" for each in matches)
            text = f"{_PROGRAM}: option '{token}' is ambiguous; possibilities: {listed}"
            return Bad(FaultKind.OPTION_AMBIGUOUS, text, index), index + 1
        entry = matches[0]
        name = entry.name
    if not entry.argument:
        if equals:
            text = f"{_PROGRAM}: option '--{name}' doesn't allow an argument"
            return Bad(FaultKind.OPTION_ARGUMENT, text, index, entry.name), index + 1
        return Given(entry.name, "", index, index), index + 1
    if equals:
        return Given(entry.name, value, index, index), index + 1
    if index + 1 < len(argv):
        return Given(entry.name, argv[index + 1], index + 1, index), index + 2
    text = f"{_PROGRAM}: option '--{name}' requires an argument"
    return Bad(FaultKind.OPTION_ARGUMENT, text, index, entry.name), index + 1


def _unknown(
    argv: Sequence[str], index: int, elsewhere: Entry | None, message: str
) -> tuple[Bad, int]:
    """Return what is bad about an option unknown here, and the index behind its value."""
    if elsewhere is None:
        return Bad(FaultKind.OPTION_UNKNOWN, message, index), index + 1
    after = index + 1
    due = elsewhere.argument and after < len(argv) and not argv[after].startswith("-")
    return Bad(FaultKind.OPTION_ELSEWHERE, message, index, elsewhere.name), after + due
