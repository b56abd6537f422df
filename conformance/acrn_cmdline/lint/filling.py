"""An argv of which not all is known, filled so that a release finds the least fault with it.

Each token is filled by itself. A token that begins with what is not known, and is the value of
nothing, may be several words or none: it is left out, and what it could bring is taken for given.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import add
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from acrn_cmdline.lint.taste import NAME, Taste
from acrn_cmdline.source import Argv
from acrn_dm import Asked, FaultKind, Host, Need, NeedKind, read

_CANDIDATES: Final = (
    *("tap0", "tap=tap0", "tap0,mac=00:16:3e:00:00:01", "tap=tap0,mac=00:16:3e:00:00:01"),
    *("/hole", "2048M", "2048", "1", "0", "00:16:3e:00:00:01", "02/00/0", "1-2"),
    *("lpc", "virtio-rnd", "virtio-blk,/hole", "d2795438-25d6-11e8-864e-cb7a18b34643", "uart"),
    *("pty,/hole", "com1,stdio", "console,level=4", "64 448 8", "stdio:hole", "on"),
    *("L3,vcpu=all,size=4K", ""),
)
_MOST_HOLES: Final = 24
"""Holes of a token whose fillings are tried; of more, a free slot is taken."""

CURES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        FaultKind.CPUS.value: ("--cpu_affinity", "0"),
        FaultKind.NO_IMAGE.value: ("-k", "/hole"),
        FaultKind.BUSES.value: ("-Y",),
        FaultKind.NOTIFY_CHANNEL.value: ("--pm_by_vuart", "pty,/hole"),
        "boot-flag-unused": (),
        "exit-0-on-failure": (),
        "lapic-without-real-time": ("--rtvm",),
        "lpc-port-unused": ("-s", "31,lpc"),
        "lpc-without-port": ("-l", "com1"),
        "mac-by-slot": ("--mac_seed", "hole"),
        "slot-0-not-hostbridge": ("-s", "0,hostbridge"),
        "vuart-without-channel": ("--pm_notify_channel", "uart"),
        "vuart-without-port": (),
    }
)
"""Rules that find words missing, and words that put it right.

None: other words do, or a path of which only the user knows.
"""

_UNKNOWN: Final = frozenset({FaultKind.OPTION_UNKNOWN, FaultKind.OPTION_ELSEWHERE})
_SLOTS: Final = range(31, 2, -1)


class Stretch(NamedTuple):
    """A part of a token: as filled, and as written."""

    filled: str
    written: str
    known: bool


class Filling(NamedTuple):
    """An argv as a release likes it.

    ``origin`` is the index in the argv as given of each token, None for words that it may hold.
    ``stretches`` are those of each token that has holes, by the index as given.
    """

    tokens: tuple[str, ...]
    origin: tuple[int | None, ...]
    stretches: tuple[tuple[int, tuple[Stretch, ...]], ...]
    open: bool

    def told(self, message: str, token: int | None) -> str:
        """Return a message about a token as given (None: about all) with what is written there."""
        pairs: list[tuple[str, str]] = []
        for index, parts in self.stretches:
            whole = "".join(part.filled for part in parts)
            pairs.append((whole, "".join(part.written for part in parts)))
            pairs += [part[:2] for part in parts if index == token and not part.known]
        for text, written in sorted(pairs, key=lambda pair: -len(pair[0])):
            if len(text) > len(NAME):
                message = message.replace(text, written)
        return message

    def needed(self, need: Need, token: int) -> str | None:
        """Return what is written for what a token with holes needs, None where a hole decides."""
        parts = dict(self.stretches)[token]
        start = "".join(part.filled for part in parts).find(need.name)
        if need.kind is NeedKind.FEATURE:
            return need.name
        if start < 0:
            return " ".join(part.written for part in parts if not part.known)
        found = list(_between(parts, start, start + len(need.name)))
        return None if None in found else "".join(text or "" for text in found)


def _between(parts: Sequence[Stretch], start: int, end: int) -> Iterator[str | None]:
    """Yield what is written for a stretch of the filled text, None for a hole that is more."""
    at = 0
    for part in parts:
        after = at + len(part.filled)
        if at < end and after > start:
            if part.known:
                yield part.written[max(0, start - at) : end - at]
            else:
                yield None if "," in part.filled[: max(0, start - at)] else part.written
        at = after


def filled(argv: Argv, release: Asked, taste: Taste) -> Filling:
    """Return an argv with its holes filled as a release likes it, and all that are alike then."""
    operands = _Operands.of(argv, release, taste)
    slots = iter(_free(argv.tokens))
    tokens: list[str] = []
    origin: list[int | None] = []
    stretches: list[tuple[int, tuple[Stretch, ...]]] = []
    for index, token in enumerate(argv.tokens):
        if index in operands.left_out:
            continue
        text = token
        if index in argv.holes:
            liking = _Liking(release, taste, next(slots, str(_SLOTS[0])))
            parts = _filled_token(argv, index, operands, liking)
            stretches.append((index, parts))
            text = "".join(part.filled for part in parts)
        tokens.append(text)
        origin.append(index)
    if operands.open_at is not None:
        place = sum(each is not None and each < operands.open_at for each in origin)
        cures = [word for rule in taste.rules(tokens)[release] for word in CURES.get(rule, ())]
        tokens[place:place] = cures
        origin[place:place] = [None] * len(cures)
    return Filling(tuple(tokens), tuple(origin), tuple(stretches), operands.open_at is not None)


class _Operands(NamedTuple):
    """The words that are no option and no value of one; ``values`` has the option before others.

    ``name`` is the token that is the VM's name, ``left_out`` are those that may be several words,
    or none, and ``open_at`` the first of them that is behind no ``--``.
    """

    values: Mapping[int, tuple[str, ...]]
    name: int | None
    left_out: frozenset[int]
    open_at: int | None

    @classmethod
    def of(cls, argv: Argv, release: Asked, taste: Taste) -> Self:
        """Tell the operands of an argv apart."""
        positions = dict(_positions(argv.tokens, release, taste.host))
        operands = [index for index, option in positions.items() if option is None]
        unsure = [index for index in operands if argv.begins_unknown(index)]
        # Behind words of which nothing is known a word may be the value of the last of them.
        values = [n for n in operands if n not in unsure and n - 1 in unsure]
        sure = [n for n in operands if n not in unsure]
        spare = frozenset(values[: max(0, len(sure) - 1)])
        name = sure[-1] if sure else unsure[-1] if unsure else None
        left_out = (frozenset(unsure) | spare) - {name}
        end = argv.tokens.index("--") if "--" in argv.tokens else len(argv.tokens)
        opened = [index for index in sorted(left_out) if index < end]
        options = {index: option for index, option in positions.items() if option is not None}
        return cls(options, name, left_out, opened[0] if opened else None)


class _Liking(NamedTuple):
    """Whose liking a token is filled to, and the slot that is free for it."""

    release: Asked
    taste: Taste
    slot: str


def _filled_token(
    argv: Argv, index: int, operands: _Operands, liking: _Liking
) -> tuple[Stretch, ...]:
    """Return the stretches of a token with holes, filled."""
    if index == operands.name and argv.begins_unknown(index):
        return tuple(_stretches(argv, index, [NAME] * len(argv.holes[index])))
    option = operands.values.get(index, ())
    return tuple(_stretches(argv, index, _best(argv, index, option, liking)))


def _positions(
    tokens: Sequence[str], release: Asked, host: Host
) -> Iterator[tuple[int, tuple[str, ...] | None]]:
    """Yield the tokens with the option before each that is the value of one; None: an operand."""
    reading = read(tokens, release, host)
    named = {given.at for given in reading.given}
    values = {given.token: given.at for given in reading.given}
    unknown = {fault.token for fault in reading.faults if fault.kind in _UNKNOWN}
    unknown -= named | values.keys()
    for index in range(len(tokens)):
        if index in values:
            at = values[index]
            yield index, () if at == index else (tokens[at],)
        elif index - 1 in unknown:
            yield index, (tokens[index - 1],)  # the value of what the release knows not
        elif index not in named | unknown and tokens[index] != "--":
            yield index, None


def _free(tokens: Sequence[str]) -> Iterator[str]:
    """Yield slots in which nothing sits."""
    for slot in _SLOTS:
        if not any(token.startswith((f"{slot},", f"{slot}:", f"0:{slot}")) for token in tokens):
            yield str(slot)


def _best(argv: Argv, index: int, option: tuple[str, ...], liking: _Liking) -> list[str]:
    """Return what fills the holes of a token; each is tried while the others stay as they are."""
    release, taste, slot = liking
    known = _known(argv, index)
    chosen = [slot] * len(argv.holes[index])

    def dislike() -> int:
        text = known[0] + "".join(map(add, chosen, known[1:]))
        return taste.dislike((*option, text))[release]

    least = dislike()
    for place in range(min(len(chosen), _MOST_HOLES)):
        for candidate in (*_CANDIDATES, f"{slot},virtio-rnd"):
            if not least:
                break
            before, chosen[place] = chosen[place], candidate
            now = dislike()
            if now < least:
                least = now
            else:
                chosen[place] = before
    return chosen


def _known(argv: Argv, index: int) -> list[str]:
    """Return what is known of a token: in front of its holes, between them, behind them."""
    token, holes = argv.tokens[index], argv.holes[index]
    starts = [0, *(hole.end for hole in holes)]
    ends = [*(hole.start for hole in holes), len(token)]
    return [token[start:end] for start, end in zip(starts, ends, strict=True)]


def _stretches(argv: Argv, index: int, chosen: Sequence[str]) -> Iterator[Stretch]:
    """Yield the stretches of a token whose holes are filled as chosen."""
    token, at = argv.tokens[index], 0
    for hole, filler in zip(argv.holes[index], chosen, strict=True):
        if hole.start > at:
            yield Stretch(token[at : hole.start], token[at : hole.start], known=True)
        yield Stretch(filler, token[hole.start : hole.end], known=False)
        at = hole.end
    if at < len(token):
        yield Stretch(token[at:], token[at:], known=True)
