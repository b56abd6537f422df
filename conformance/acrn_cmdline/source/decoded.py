"""JSON, as far as it holds argvs: arrays, objects with an argv, the record of a capture, logs."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Final

from acrn_cmdline.source.argv import Argv, Place, SourceError
from acrn_cmdline.source.lists import unquoted
from acrn_cmdline.source.words import CONTROL, PROGRAM, base, from_words

_DEEPEST: Final = 20
_ARGUMENTS: Final = ("argv", "args", "Args", "arguments", "cmdline", "cmd", "command", "Params")
_PROGRAMS: Final = ("program", "Path", "path", "exe", "comm")


def parsed(content: bytes) -> object:
    """Return what JSON holds. Raises ValueError and RecursionError."""
    return json.loads(content.decode("utf-8", "surrogateescape"))


def value(content: bytes, name: str) -> object:
    """Return what JSON holds. Raises SourceError with ``name`` for the place."""
    try:
        return parsed(content)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SourceError(f"{name}: not JSON: {error.msg} at {where}; give an array") from None
    except (ValueError, RecursionError):
        raise SourceError(f"{name}: not JSON that can be read; give an array of strings") from None


def argvs(found: object, where: Place) -> Iterator[Argv]:
    """Yield the argvs that a value holds. Raises SourceError where it can hold none."""
    match found:
        case [list() | dict(), *_]:
            for each in found:
                yield from argvs(each, where)
        case list():
            yield from_words(_strings(found, where), where)
        case dict():
            inner = list(_in_object(found, where, 0))
            if not inner and not _other_program(found):
                raise SourceError(
                    f"{where}: JSON, but dict and no array; give an array of strings, or an object "
                    "with argv"
                )
            yield from inner
        case _:
            kind = type(found).__name__
            raise SourceError(f"{where}: JSON, but {kind} and no array; give an array of strings")


def _strings(found: list[object], where: Place) -> list[str]:
    for index, item in enumerate(found):
        if not isinstance(item, str):
            kind = type(item).__name__
            raise SourceError(f"{where}: item {index} is {kind}, not a string; put it in quotes")
    return [item for item in found if isinstance(item, str)]


def _in_object(found: Mapping[str, object], where: Place, depth: int) -> Iterator[Argv]:
    """Yield the argv of an object, or those of the objects in it."""
    if _other_program(found) or depth == _DEEPEST:
        return
    words = _words(found, where)
    if words is not None:
        yield _argv(found, words, where)
        return
    for inner in found.values():
        for each in inner if isinstance(inner, list) else [inner]:
            if isinstance(each, dict):
                yield from _in_object(each, where, depth + 1)


def _words(found: Mapping[str, object], where: Place) -> list[str] | None:
    if isinstance(encoded := found.get("argv_base64"), list):
        return [_bytes_of(each, where) for each in encoded]
    named = any(base(str(found.get(key, ""))) == PROGRAM for key in _PROGRAMS)
    for key in _ARGUMENTS:
        match found.get(key):
            case list() as items if all(isinstance(item, str) for item in items):
                words = [item for item in items if isinstance(item, str)]
                if named or key == "argv" or any(base(word) == PROGRAM for word in words):
                    return words
            case str(text) if named or PROGRAM in text:
                return unquoted(text.strip("[]"))
    return None


def _bytes_of(encoded: object, where: Place) -> str:
    """Return a word that is no UTF-8. Raises SourceError."""
    try:
        return b64decode(str(encoded), validate=True).decode("utf-8", "surrogateescape")
    except ValueError as error:
        raise SourceError(f"{where}: argv_base64: {error}; give words in base 64") from None


def _argv(found: Mapping[str, object], words: list[str], where: Place) -> Argv:
    if found.get("program") == CONTROL:
        return Argv.known(where, words, CONTROL)
    return from_words(words, where)


def _other_program(found: Mapping[str, object]) -> bool:
    program = found.get("program")
    return isinstance(program, str) and base(program) not in {PROGRAM, CONTROL}
