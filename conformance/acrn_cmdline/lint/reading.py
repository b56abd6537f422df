"""An argv as one release reads it, past its first fault: each is put right, and reading goes on.

acrn-dm stops at the first fault, and who repairs that meets the next. So what is at fault is taken
out of the argv (a name is replaced), and the model reads what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from acrn_dm import Command, Fault, Function, Given, Host, Stage, parse
from acrn_dm.getopt import Bad, Event, Operand, scan
from acrn_dm.getopt import Given as Option
from acrn_dm.tables import OPTION, OPTIONS, spec

_MOST_FAULTS: Final = 12
_MOST_TOKENS: Final = 50_000
"""Tokens read again for the sake of further faults; of an argv longer than that, only the first."""

_NAME: Final = "vm"
"""Takes the place of a name at fault: every release and every socket takes it."""

_MADE_UP: Final = -1

_IMAGES: Final = frozenset({"kernel", "elf_file", "ovmf", "vsbl"})


@dataclass(frozen=True, slots=True)
class Blame:
    """A fault and what it is about.

    ``token`` is the index in the argv as given. ``option`` is the long name of the option at
    fault, also of one that only another release knows; ``value`` its value, or the operand.
    ``bad``: getopt itself refused. ``function`` is the device that does not start.
    """

    release: str
    fault: Fault
    token: int | None
    option: str | None
    value: str
    bad: bool
    function: Function | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one release makes of an argv; the tokens of ``command`` are those of ``argv``.

    ``verdict`` is that on the whole argv. ``command`` is what the argv says but for faults of the
    stage argv, None where there was no end to them. ``checked`` are all releases asked for.
    """

    release: str
    argv: Sequence[str]
    host: Host
    verdict: Command | Fault
    faults: tuple[Blame, ...]
    command: Command | None
    complete: bool
    checked: Sequence[str]

    def blamed(self, token: int) -> bool:
        """Tell whether a token is refused already."""
        return any(blame.token == token for blame in self.faults)

    def owner(self, given: Given) -> int:
        """Return the token that holds the name of an option: its value's, or the one before."""
        return given.token - (self.argv[given.token] == given.value)


def read(argv: Sequence[str], release: str, host: Host, checked: Sequence[str] = ()) -> Reading:
    """Read an argv (without the program's name) as a release does."""
    tokens, places = list(argv), list(range(len(argv)))
    most = max(1, min(_MOST_FAULTS, _MOST_TOKENS // (len(argv) + 1)))
    verdict = first = parse(tokens, release, host)
    command: Command | None = None
    faults: list[Blame] = []
    while True:
        whole = verdict if isinstance(verdict, Command) else verdict.command
        if command is None and whole is not None:
            command = _placed(whole, argv, places) if faults else whole
        if isinstance(verdict, Command):
            break
        if verdict.stage is Stage.LOAD and any(blame.option in _IMAGES for blame in faults):
            break  # it only follows from an image that was taken out
        event = _event(verdict, tokens, release)
        faults.append(_blame(verdict, event, places, release))
        if verdict.stage is Stage.LOAD or len(faults) == most:
            break
        if not _repair(tokens, places, event, verdict):
            break
        verdict = parse(tokens, release, host)
    ended = isinstance(verdict, Command) or verdict.stage is Stage.LOAD
    return Reading(release, argv, host, first, tuple(faults), command, ended, checked or (release,))


def _event(fault: Fault, tokens: Sequence[str], release: str) -> Event | None:
    """Return what getopt made of the token at fault; of a cluster, the option at fault."""
    if fault.token is None:
        return None
    found: Event | None = None
    for event in scan(tokens, spec(release)):
        if event.token > fault.token:
            break
        if event.token == fault.token:
            if isinstance(event, Bad):
                if event.message == fault.message:
                    return event
                continue
            found = event
            if isinstance(event, Option) and _stops(event, release):
                return event
    return found


def _stops(event: Option, release: str) -> bool:
    return event.name in {"help", "version"} or release not in OPTION[event.name].handled


def _blame(fault: Fault, event: Event | None, places: Sequence[int], release: str) -> Blame:
    token = None if fault.token is None else places[fault.token]
    option, value = None, ""
    match event:
        case Option(name=name, value=text):
            option, value = name, text
        case Operand(text=text):
            value = text
        case Bad():
            option = _known(event)
    functions = fault.command.functions if fault.command else ()
    function = next((each for each in functions if each.token == fault.token), None)
    token = None if token == _MADE_UP else token
    return Blame(release, fault, token, option, value, isinstance(event, Bad), function)


def _known(bad: Bad) -> str | None:
    """Return the option that getopt does not take here, as some release knows it, or None."""
    message = bad.message
    quoted = message.partition("'")[2].rpartition("'")[0]
    if message.startswith("acrn-dm: unrecognized option"):
        written = quoted.removeprefix("--").partition("=")[0]
    elif message.startswith("acrn-dm: invalid option"):
        written = next((o.name for o in OPTIONS if o.letter == quoted), "")
    else:
        return None
    return written if written in OPTION else None


def _repair(tokens: list[str], places: list[int], event: Event | None, fault: Fault) -> bool:
    """Take out what is at fault; return False where there is nothing to take out."""
    match event:
        case None if fault.token is None and fault.usage:
            tokens.append(_NAME)
            places.append(_MADE_UP)
            return True
        case None:
            return False
        case Operand(token=token) if not fault.usage:
            done = tokens[token] == _NAME
            tokens[token] = _NAME
            return not done
        case Option(value=value, token=token):
            start, end = token - (tokens[token] == value), token + 1
        case Bad(token=token):
            start, end = token, token + 1
            name = _known(event)
            value_due = name and OPTION[name].argument and "=" not in tokens[token]
            if value_due and end < len(tokens) and not tokens[end].startswith("-"):
                end += 1
        case _:
            start, end = event.token, event.token + 1
    del tokens[start:end], places[start:end]
    return True


def _placed(command: Command, argv: Sequence[str], places: Sequence[int]) -> Command:
    """Return the command with the places that its tokens have in the argv as given."""

    def given(each: Given) -> Given:
        return replace(each, token=places[each.token])

    name_token = places[command.name_token]
    return replace(
        command,
        name=command.name if name_token == _MADE_UP else argv[name_token],
        name_token=name_token,
        functions=tuple(replace(f, token=places[f.token]) for f in command.functions),
        ports=tuple(replace(port, token=places[port.token]) for port in command.ports),
        options=tuple(map(given, command.options)),
        notices=tuple(replace(n, token=places[n.token]) for n in command.notices),
    )
