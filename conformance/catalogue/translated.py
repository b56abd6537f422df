"""Entries of kata-1 said again for a newer dialect, where its answer is another.

A dialect has a CPU in place of the UUID, and a shorter name; all else of a request stays.
"""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from acrn_conformance.cases import ACRN_3, Dialect, Fields, Level, Request, mapping
from catalogue.build import UUID
from catalogue.due import answers, due
from catalogue.entry import Entry, Params

CPU = "2"
"""A local APIC id, in place of the usual UUID."""

_NAME = 15
"""Bytes of the longest name of a sandbox."""

_RULES = {
    "kernel-parameters-image": "kata-3-parameters",
    "kernel-parameters-no-image": "kata-3-parameters",
    "limits": "kata-3-limits",
    "sandbox-composition": "kata-3-sandbox",
    "sandbox-unchecked": "kata-3-sandbox-unchecked",
}
"""Rules that say something else of newer dialects."""

_ACRN_3_RULES = {**_RULES, "sandbox-composition": "acrn-3-sandbox", "net-text": "acrn-3-tap"}
"""And those of acrn-3."""

_UNTRUE = ("UUID", "sandbox-", " id of ", " in uuid", "the order is", "Without devices, the kernel")
"""What a title says that is not so there."""


def translated(
    entries: Iterable[Entry], dialect: Dialect, *untrue: str, level: Level = Level.REQUIRED
) -> Iterator[Entry]:
    """Yield the entries that a dialect answers otherwise, but for those whose title is not true."""
    rules = _ACRN_3_RULES if dialect is ACRN_3 else _RULES
    for entry in entries:
        if _differs(entry, dialect) and not _says(entry, (*_UNTRUE, *untrue)):
            yield msgspec.structs.replace(
                entry,
                id=f"{dialect.name}-{entry.id}",
                rule=rules.get(entry.rule, entry.rule),
                params=_params(entry, dialect),
                level=level if entry.level is Level.REQUIRED else entry.level,
                dialect=dialect,
            )


def _differs(entry: Entry, dialect: Dialect) -> bool:
    request = Request(entry.method, entry.params)
    return answers(dialect, request) != due(entry.dialect, request)


def _says(entry: Entry, words: Collection[str]) -> bool:
    return any(word in entry.title for word in words)


def _params(entry: Entry, dialect: Dialect) -> Params:
    if entry.method == "argv":
        return {**entry.params, "config": _with_cpu(mapping(entry.params.get("config")))}
    if entry.method != "sandbox_argv":
        return entry.params
    params = _with_cpu(entry.params)
    if isinstance(name := params.get("id"), str):
        room = _NAME - len(dialect.sandbox_prefix)
        params["id"] = name.encode()[:room].decode(errors="ignore")
    return params


def _with_cpu(fields: Fields) -> Params:
    """Return fields with a CPU where the UUID was, the usual one or the same text."""
    return {
        "apic_id" if name == "uuid" else name: CPU if value == UUID else value
        for name, value in fields.items()
    }
