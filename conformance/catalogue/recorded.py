"""Choosing recorded answers for ``golden/recorded/``: few that show much.

``python -m catalogue.recorded FOLDER`` reads the recordings ``*.jsonl.gz`` there, one
``{"method", "params", "result"}`` (or ``"error": true``) a line; `catalogue.provenance` says how
they were made.
"""

import gzip
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from acrn_conformance import oracle
from acrn_conformance.cases import (
    KATA_1,
    KATA_3,
    Answer,
    Case,
    Dialect,
    Level,
    Quirk,
    Request,
    given_devices,
    integer,
    text,
)
from catalogue.entry import REFUSED
from catalogue.freeze import ROOT, as_json
from catalogue.provenance import COMPOSED, KATA_3_ORIGINAL, KATA_3_ORIGINS, ORIGINAL, ORIGINS

RECORDINGS: Mapping[str, Dialect] = {
    "upstream": KATA_1,
    "upstream-hard": KATA_1,
    "kata-3.9": KATA_3,
}
"""Each recording with its dialect."""

_PER_METHOD = {
    "argv": 120,
    "sandbox_argv": 40,
    "device_params": 35,
    "append_devices": 30,
    "device_valid": 20,
    "block_rescan": 15,
    "memory_topology": 10,
    "kernel_parameters": 4,
    "capabilities": 1,
    "paths": 1,
    "limits": 1,
    "next_apic_id": 20,
    "release_apic_id": 12,
}
_LONGEST = 12_000
_PORTABLE = 1 << 53

_PANICS = {
    "argv": "block-index-negative",
    "sandbox_argv": "block-index-negative",
    "block_rescan": "rescan-index-negative",
    "next_apic_id": "kata-3-cpu-index-broken",
}
_PANIC = "The original panics on a negative index, which a refusal stands for."


class Recorded(msgspec.Struct, frozen=True):
    """One recorded answer."""

    method: str
    params: dict[str, object]
    result: dict[str, object] | None = None
    error: bool = False


def read(path: Path) -> list[Recorded]:
    """Read a recording."""
    with gzip.open(path) as file:
        return [msgspec.json.decode(line, type=Recorded) for line in file]


def as_case(name: str, number: int, row: Recorded) -> Case:
    """Return a recorded answer as a case of its dialect; its id comes from its request.

    A newer dialect's own name is in the id, since its answer to the same request may differ.
    """
    dialect = RECORDINGS[name]
    own = "" if dialect is KATA_1 else f"{dialect.name}-"
    body = msgspec.json.encode([row.method, row.params], order="sorted")
    digest = hashlib.sha256(body).hexdigest()[:10]
    request = Request(row.method, row.params)
    expect = REFUSED if row.result is None else Answer(row.result)
    quirk = oracle.quirk(dialect, request, expect)
    if quirk is None and row.error and _is_negative(row):
        quirk = Quirk(_PANICS[row.method], _PANIC, ())
    return Case(
        id=f"recorded/{own}{row.method.replace('_', '-')}-{digest}",
        title=_title(row.method, f"line {number} of {name}"),
        rule=quirk.rule if quirk else _rule(dialect, row.method),
        level=Level.QUIRK if quirk else Level.REQUIRED,
        request=request,
        expect=expect,
        also_accepted=quirk.also_accepted if quirk else (),
        reason=quirk.reason if quirk else "",
        dialects=(dialect.name,),
    )


def _rule(dialect: Dialect, method: str) -> str:
    if dialect is KATA_1:
        return "recorded-composed" if method in COMPOSED else "recorded-original"
    return f"recorded-{dialect.name}"


def _title(method: str, source: str) -> str:
    if method in COMPOSED:
        return f"Composed as the original does it, this answers the {method} request ({source})."
    return f"The original answered this {method} request so ({source})."


def _is_negative(row: Recorded) -> bool:
    """Tell whether an index is negative, of which the original panics."""
    if text(row.params, "stored").startswith("-"):
        return row.method == "next_apic_id"
    devices = given_devices(Request(row.method, row.params))
    return any(integer(fields, "index") < 0 for fields in (row.params, *devices))


def choose(rows: Sequence[Recorded]) -> list[int]:
    """Return the positions of the rows to take: of each method those that show the most traits.

    Each next one shows the most that is new, of equals the shorter; when nothing is new any more,
    all traits count as new again.
    """
    sizes = [len(msgspec.json.encode(row)) for row in rows]
    chosen: list[int] = []
    for method, limit in _PER_METHOD.items():
        left = {
            n: frozenset(_traits(row))
            for n, row in enumerate(rows)
            if row.method == method and sizes[n] <= _LONGEST and not _unportable(row.params)
        }
        shown: set[str] = set()
        for _ in range(min(limit, len(left))):
            if all(traits <= shown for traits in left.values()):
                shown = set()
            best = max(left, key=lambda n: (len(left[n] - shown), -sizes[n], -n))
            shown |= left.pop(best)
            chosen.append(best)
    return sorted(chosen)


def _traits(row: Recorded) -> Iterator[str]:
    """Yield what a row shows: kinds in pairs, options together, indices, odd characters."""
    yield f"{row.method} {row.error}"
    config = row.params.get("config")
    fields = config if isinstance(config, dict) else row.params
    yield f"{row.method} {sorted(name for name, value in fields.items() if value)}"
    devices = [d for d in _list(fields.get("devices")) if isinstance(d, dict)]
    yield f"{row.method} {min(len(devices), 40)} devices"
    kinds = [_kind(device) for device in devices]
    yield from (f"{first} then {second}" for first, second in pairwise(kinds))
    yield from (f"{row.method} {kind}" for kind in kinds)
    device = row.params.get("device")
    if isinstance(device, dict):
        yield f"{row.method} {_kind(device)} on {row.params.get('slot')}"
    for step in _list(row.params.get("steps")):
        if isinstance(step, dict):
            said = [step.get(name) for name in ("append", "endpoint", "model")]
            yield f"{row.method} {said} {[(name, bool(value)) for name, value in step.items()]}"
    yield from (f"{row.method} {c!a}" for c in set(str(row.params)) if not c.isalnum())


def _kind(device: dict[str, object]) -> str:
    """Return what makes a device differ from others of its kind, texts only as filled or empty."""
    telling = ("backend", "port_type", "net_type", "index", "function")
    rest = [(name, bool(value)) for name, value in device.items() if name not in telling]
    return f"{device.get('kind')} {[device.get(name) for name in telling]} {rest}"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _unportable(value: object) -> bool:
    """Tell whether a number beyond 2^53 is in it: those stand in cases of their own."""
    match value:
        case dict():
            return any(map(_unportable, value.values()))
        case list():
            return any(map(_unportable, value))
        case int():
            return abs(value) > _PORTABLE
        case _:
            return False


def main(folder: Path) -> None:
    """Write the chosen cases, and where they come from."""
    sources = []
    ids: set[str] = set()
    (ROOT / "recorded").mkdir(exist_ok=True)
    for name, dialect in RECORDINGS.items():
        path = folder / f"{name}.jsonl.gz"
        rows = read(path)
        chosen = choose(rows)
        every = {case.id: case for case in (as_case(name, n + 1, rows[n]) for n in chosen)}
        cases = [case for case in every.values() if case.id not in ids]
        ids.update(every)
        (ROOT / "recorded" / f"{name}.json").write_bytes(as_json(cases))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        sources.append(
            {
                "recording": path.name,
                "dialect": dialect.name,
                "sha256": digest,
                "answers": len(rows),
                "chosen": len(cases),
            }
        )
    originals = [
        {"dialect": KATA_1.name, "original": ORIGINAL, "origins": ORIGINS},
        {"dialect": KATA_3.name, "original": KATA_3_ORIGINAL, "origins": KATA_3_ORIGINS},
    ]
    provenance = {"originals": originals, "sources": sources}
    (ROOT / "recorded" / "provenance.json").write_bytes(as_json(provenance))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
