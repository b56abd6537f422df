"""Lines written about a call: by a runtime, sudo, strace, audit, a launch script."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Final

from acrn_cmdline.source import decoded
from acrn_cmdline.source.argv import Argv, Place, SourceError
from acrn_cmdline.source.lists import argv
from acrn_cmdline.source.words import PROGRAM, base, from_words

_PARAMETERS: Final = re.compile(
    r'\b[Pp]arams=(?:"\[(?P<quoted>(?:\\.|[^"\\])*)\]"|\[(?P<bare>[^]]*)\])'
)
_PATH: Final = re.compile(r'\b[Pp]ath="?(?P<path>[^\s"]+)')
_SLICE: Final = re.compile(r"\[(?P<program>[^\s\[\]\"']*acrn-dm) (?P<rest>-[^\]]*)\]")
_SUDO: Final = re.compile(r"\bCOMMAND=(?P<program>\S*acrn-dm) (?P<rest>-.*)\Z")
_KEYED: Final = re.compile(
    r"\A(?:[^=]*\s)?(?:time|ts|level|lvl|msg)="
    r'.*?\s\w+="[^\s"]*acrn-dm (?P<rest>-(?:\\.|[^"\\])*)"'
)
_TOLD: Final = re.compile(
    r"\b(?:parameters|params|arguments|args)\s*: (?P<rest>-[-\w].*)\Z", re.IGNORECASE
)
_STARTED: Final = re.compile(r'\bexecve\("[^"]*acrn-dm", (?P<words>\[.*)')
_AUDIT: Final = re.compile(r'\ba\d+=(?:"([^"]*)"|([0-9A-F]+))')


def logged(lines: list[str], name: str) -> Iterator[Argv]:
    """Yield the argvs that lines of a log tell of."""
    for number, line in enumerate(lines, start=1):
        for form in _FORMS:
            found = form(line, Place(name, number))
            if found is not None:
                yield found
                break


def _runtime(line: str, place: Place) -> Argv | None:
    """Read ``Params="[-A -m ...]" Path=/usr/bin/acrn-dm``, as Go writes a list."""
    found = _PARAMETERS.search(line)
    if found is None:
        return None
    path = _PATH.search(line)
    if path and base(path["path"]) != PROGRAM:
        return None
    which = "bare" if found["quoted"] is None else "quoted"
    return _unescaped(found, which, place)


def _keyed(line: str, place: Place) -> Argv | None:
    """Read ``level=info cmd="acrn-dm -m ..."``, whatever the key."""
    found = _KEYED.search(line) if PROGRAM in line else None
    return found and _unescaped(found, "rest", place)


def _unescaped(found: re.Match[str], group: str, place: Place) -> Argv:
    text = re.sub(r"\\(.)", r"\1", found[group])
    return argv(text, place._replace(column=found.start(group) + 1), found.start(group))


def _object(line: str, place: Place) -> Argv | None:
    if PROGRAM not in line or not line.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(line)
        return next(decoded.argvs(value, place), None) if isinstance(value, dict) else None
    except (ValueError, RecursionError, SourceError):
        return None


def _named(pattern: re.Pattern[str]) -> Callable[[str, Place], Argv | None]:
    def read(line: str, place: Place) -> Argv | None:
        found = pattern.search(line)
        if found is None or ("$" in line and pattern is _TOLD):
            return None
        start = found.start("rest")
        return argv(found["rest"], place._replace(column=start + 1), start)

    return read


def _traced(line: str, place: Place) -> Argv | None:
    """Read a line of strace, which writes C's strings: those of JSON, near enough."""
    found = _STARTED.search(line)
    if found is None:
        return None
    text = re.sub(r"\\([0-7]{1,3})", lambda octal: f"\\u{int(octal[1], 8):04x}", found["words"])
    try:
        words, _ = json.JSONDecoder().raw_decode(text)
        return from_words(words, place._replace(column=found.start() + 1))
    except (ValueError, TypeError):
        return None


def _audited(line: str, place: Place) -> Argv | None:
    if "type=EXECVE" not in line or PROGRAM not in line:
        return None
    words = [
        quoted or bytes.fromhex(coded).decode("utf-8", "surrogateescape")
        for quoted, coded in _AUDIT.findall(line)
        if quoted or len(coded) % 2 == 0
    ]
    return from_words(words, place) if words and base(words[0]) == PROGRAM else None


_FORMS: Final = (_runtime, _object, _keyed, _traced, _audited, *map(_named, (_SLICE, _SUDO, _TOLD)))
