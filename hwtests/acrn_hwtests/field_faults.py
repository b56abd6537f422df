"""What is wrong with a field, told to who wrote the file: its path first, the remedy last."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

import msgspec

_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")


def told(error: msgspec.ValidationError, document: type[msgspec.Struct]) -> str:
    """Return the fault of a document of this type: ``timeouts.boot: Expected ...; mend it``."""
    what, _, place = str(error).partition(" - at `$")
    place = place.removeprefix(".").removesuffix("`")
    prefix = f"{place}." if place else ""
    if unknown := _UNKNOWN.fullmatch(what):
        paths = dict(_paths(document))
        near = get_close_matches(unknown[1], paths, 1)
        remedy = f"near is {paths[near[0]]}" if near else f"there are {', '.join(_names(document))}"
        return f"{prefix}{unknown[1]}: there is no such field; {remedy}"
    if missing := _MISSING.fullmatch(what):
        return f"{prefix}{missing[1]}: missing; give it"
    return f"{place}: {what}; mend the field" if place else f"{what}; mend the file"


def _paths(document: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    """Yield each field's own name and its path; one at the top goes before its like below."""
    fields = msgspec.structs.fields(document)
    for field in fields:
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            for name, path in _paths(field.type):
                yield name, f"{field.name}.{path}"
    yield from ((field.name, field.name) for field in fields)


def _names(document: type[msgspec.Struct]) -> tuple[str, ...]:
    return document.__struct_fields__
