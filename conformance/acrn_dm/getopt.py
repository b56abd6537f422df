"""GNU getopt_long: permutation, joined values, clusters, ``--``, abbreviated long options."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_PROGRAM = "acrn-dm"


class Entry(NamedTuple):
    """An option by the name it has in the tables; ``argument``: whether it takes a value."""

    name: str
    argument: bool


@dataclass(frozen=True, slots=True)
class Spec:
    """The options of one release: by letter, and by long name in the table's order."""

    short: Mapping[str, Entry]
    long: Mapping[str, Entry]


class Given(NamedTuple):
    """An option as given; ``token`` is the index of the token that holds its value, or it."""

    name: str
    value: str
    token: int


class Operand(NamedTuple):
    """A token that is no option."""

    text: str
    token: int


class Bad(NamedTuple):
    """What getopt itself refuses, in the words of glibc."""

    message: str
    token: int


Event = Given | Operand | Bad


def scan(argv: Sequence[str], spec: Spec) -> Iterator[Event]:
    """Yield what getopt makes of the tokens (program name not included), one by one."""
    index = 0
    while index < len(argv):
        token = argv[index]
        if token == "--":
            for place in range(index + 1, len(argv)):
                yield Operand(argv[place], place)
            return
        if token.startswith("--"):
            event, index = _long(argv, index, spec)
            yield event
        elif token.startswith("-") and token != "-":
            index = yield from _cluster(argv, index, spec)
        else:
            yield Operand(token, index)
            index += 1


def _cluster(argv: Sequence[str], index: int, spec: Spec) -> Generator[Event, None, int]:
    """Yield the options of a token such as ``-AY`` or ``-m512M``; return the next index."""
    token = argv[index]
    for place in range(1, len(token)):
        letter = token[place]
        entry = spec.short.get(letter)
        if entry is None:
            yield Bad(f"{_PROGRAM}: invalid option -- '{letter}'", index)
        elif not entry.argument:
            yield Given(entry.name, "", index)
        elif place + 1 < len(token):
            yield Given(entry.name, token[place + 1 :], index)
            return index + 1
        elif index + 1 < len(argv):
            yield Given(entry.name, argv[index + 1], index + 1)
            return index + 2
        else:
            yield Bad(f"{_PROGRAM}: option requires an argument -- '{letter}'", index)
    return index + 1


def _long(argv: Sequence[str], index: int, spec: Spec) -> tuple[Event, int]:
    """Return what ``--name``, ``--name=value`` or an abbreviation is, and the next index."""
    token = argv[index]
    name, equals, value = token[2:].partition("=")
    entry = spec.long.get(name)
    if entry is None:
        matches = [full for full in spec.long if full.startswith(name)]
        if not matches:
            return Bad(f"{_PROGRAM}: unrecognized option '{token}'", index), index + 1
        if len(matches) > 1:
            listed = " ".join(f"'--{full}'" for full in matches)
            text = f"{_PROGRAM}: option '{token}' is ambiguous; possibilities: {listed}"
            return Bad(text, index), index + 1
        name, entry = matches[0], spec.long[matches[0]]
    if not entry.argument:
        if equals:
            text = f"{_PROGRAM}: option '--{name}' doesn't allow an argument"
            return Bad(text, index), index + 1
        return Given(entry.name, "", index), index + 1
    if equals:
        return Given(entry.name, value, index), index + 1
    if index + 1 < len(argv):
        return Given(entry.name, argv[index + 1], index + 1), index + 2
    return Bad(f"{_PROGRAM}: option '--{name}' requires an argument", index), index + 1
