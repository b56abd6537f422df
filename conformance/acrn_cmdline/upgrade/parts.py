"""An argv in parts, as getopt takes it apart: options with their values, and operands."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Self

from acrn_cmdline.source import Place
from acrn_dm import FaultKind, Given, Reading

_UNREAD: Final = frozenset(
    {FaultKind.OPTION_UNKNOWN, FaultKind.OPTION_ELSEWHERE, FaultKind.OPTION_ARGUMENT}
)


class Part(NamedTuple):
    """An option as written with its value, or an operand, whose ``option`` and ``flag`` are empty.

    ``option`` is the long name, ``flag`` what is written (``-m``, ``--mac``); ``value`` is None
    where none is given. ``joined``: both are one token. ``group`` is the token that several letters
    share, None for others. ``places`` are those of the tokens, None where one stands nowhere.
    """

    option: str
    flag: str
    value: str | None
    joined: bool = False
    group: int | None = None
    places: tuple[Place | None, ...] = (None, None)

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens, were the option alone in its own."""
        if self.value is None:
            return (self.flag,)
        if not self.option:
            return (self.value,)
        if self.joined:
            return (f"{self.flag}{'=' * self.flag.startswith('--')}{self.value}",)
        return (self.flag, self.value)

    def valued(self, value: str | None) -> Self:
        """Return the option with another value."""
        return self._replace(value=value)


def option(name: str, value: str | None = None) -> Part:
    """Return an option that nobody has written yet."""
    return Part(name, f"--{name}", value)


def parts(reading: Reading, places: Sequence[Place | None]) -> list[Part]:
    """Take an argv apart, as a release reads it; what it cannot read counts as operands."""
    found: list[tuple[int, Part]] = []
    taken: set[int] = set()
    letters: dict[int, int] = {}
    unread = {fault.token for fault in reading.faults if fault.kind in _UNREAD}
    for given in reading.given:
        if given.at in unread:  # of letters that share a token, one is bad
            continue
        letters[given.at] = letters.get(given.at, 0) + 1
        taken |= {given.at, given.token}
        found.append((given.at, _option(reading.argv, given, letters[given.at], places)))
    for index in set(range(len(reading.argv))) - taken:
        operand = Part("", "", reading.argv[index], places=(places[index], None))
        found.append((index, operand))
    return [part for _, part in sorted(found, key=lambda each: each[0])]


def _option(argv: Sequence[str], given: Given, number: int, places: Sequence[Place | None]) -> Part:
    """Return the option that a token names, as the ``number``-th if they are letters."""
    token, apart = argv[given.at], given.at != given.token
    where = (places[given.at], places[given.token] if apart else None)
    if token.startswith("--"):
        flag, joined, _ = token.partition("=")
        value = given.value if joined or apart else None
        return Part(given.name, flag, value, bool(joined), None, where)
    flag = f"-{token[number]}"
    value = given.value if apart or given.value else None
    return Part(given.name, flag, value, not apart and value is not None, given.at, where)


def tokens(written: Iterable[Part]) -> list[tuple[str, Place | None]]:
    """Return the tokens of parts with their places; letters that shared one still do."""
    found: list[tuple[str, Place | None]] = []
    group = None
    for part in written:
        words = part.words
        if part.group is not None and part.group == group:
            text, place = found.pop()
            words = (text + words[0][1:], *words[1:])
        else:
            place = part.places[0]
        found += zip(words, (place, *part.places[1:]), strict=False)
        group = part.group
    return found
