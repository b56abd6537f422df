"""The types of the wire are the one source: schema, reference, search and pages agree with them."""

import json
import re
from random import Random
from types import UnionType
from typing import ClassVar, get_args, get_origin, get_type_hints

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import acrn_arch
from acrn_arch import Config, Kernel, Memory, Sandbox, document
from acrn_conformance import oracle
from acrn_conformance.cases import (
    DIALECTS,
    KATA_1,
    Dialect,
    Fields,
    Method,
    Request,
    field_types,
    golden,
    methods,
)
from acrn_conformance.search.drawing import Drawing
from acrn_conformance.search.odd_values import odd_values
from acrn_conformance.search.sample_devices import sample_devices

ROOT = golden.folder()
PAGE = (ROOT / "README.md").read_text("utf-8")
EVERY = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)


def schema(dialect: Dialect) -> dict[str, object]:
    name = "wire" if dialect is KATA_1 else f"wire-{dialect.name}"
    found: dict[str, object] = json.loads(
        (ROOT / "schema" / f"{name}.schema.json").read_text("utf-8")
    )
    return found


SCHEMAS = {name: schema(dialect) for name, dialect in DIALECTS.items()}
REQUESTS = {name: jsonschema.Draft202012Validator(one) for name, one in SCHEMAS.items()}


def union(dialect: Dialect, method: str, name: str) -> object:
    kind = dialect.field(method, name)
    return get_args(kind)[0] if get_origin(kind) is tuple else kind


def by_tag(union: object) -> dict[str, type[msgspec.Struct]]:
    return {next(iter(field_types.tag_of(kind).values())): kind for kind in get_args(union)}


def names_of(kind: type) -> tuple[str, ...]:
    hints = get_type_hints(kind).items()
    return tuple(name for name, of in hints if get_origin(of) is not ClassVar)


@EVERY
def test_the_reference_reads_the_kinds_of_the_wire(dialect: Dialect) -> None:
    """Each kind, and each of its fields, is one of the wire's, in the wire's order."""
    built = acrn_arch.DIALECTS[dialect.name]
    for read, wire in (
        (document.kinds(built), union(dialect, "device_valid", "device")),
        (document.steps(built), union(dialect, "append_devices", "steps")),
        (document.sandbox_steps(built), union(dialect, "sandbox_argv", "steps")),
    ):
        found = {name: names_of(kind) for name, kind in read.items()}
        assert found == {name: kind.__struct_fields__ for name, kind in by_tag(wire).items()}


@EVERY
def test_the_reference_reads_the_fields_of_the_wire(dialect: Dialect) -> None:
    """A description on disk has the fields that a request of the dialect has."""
    absent = acrn_arch.DIALECTS[dialect.name].absent
    config = dialect.field("argv", "config")
    for read, wire in (
        (Config, config),
        (Memory, methods.Memory),
        (Kernel, methods.Kernel),
        (Sandbox, dialect.params("sandbox_argv")),
    ):
        assert isinstance(wire, type)
        assert issubclass(wire, msgspec.Struct)
        names = tuple(name for name in names_of(read) if name not in absent)
        assert names == wire.__struct_fields__


def legal(dialect: Dialect, request: Request) -> bool:
    line = {"jsonrpc": "2.0", "id": 1, **msgspec.to_builtins(request)}
    return REQUESTS[dialect.name].is_valid(line)


def well_formed(dialect: Dialect, request: Request, result: object) -> bool:
    defined = SCHEMAS[dialect.name]["$defs"]
    schema = {"$ref": f"#/$defs/{request.method}_result", "$defs": defined}
    return jsonschema.Draft202012Validator(schema).is_valid(result)


@EVERY
def test_what_is_drawn_follows_the_schema_and_so_does_the_answer(dialect: Dialect) -> None:
    """A search never asks what is not legal, and the reference answers every field."""
    drawing = Drawing(dialect)

    @settings(max_examples=50, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.randoms(use_true_random=False))
    def drawn(random: Random) -> None:
        request = drawing.request(random)
        assert legal(dialect, request)
        answer = oracle.expected(dialect, request)
        assert answer.refused or well_formed(dialect, request, answer.result)

    drawn()


@EVERY
def test_every_odd_value_follows_the_schema(dialect: Dialect) -> None:
    """What is asked first is legal as well; one in seventeen is enough to see it."""
    assert all(legal(dialect, request) for request in list(odd_values(dialect))[::17])


@EVERY
def test_every_field_of_every_method_is_odd_once(dialect: Dialect) -> None:
    """No field of the wire is passed over: each has more than one value."""
    seen: dict[tuple[str, str], set[str]] = {}
    for request in odd_values(dialect):
        for path, value in leaves(request.method, request.params):
            seen.setdefault(path, set()).add(repr(value))
    wanted = {path for method in dialect.methods for path in fields_of(method.name, method.params)}
    assert {path for path, values in seen.items() if len(values) > 1} >= wanted


def leaves(place: str, value: object) -> list[tuple[tuple[str, str], object]]:
    """Return each simple value with the name of its object, which is its kind where it has one."""
    match value:
        case dict():
            inner = str(value.get("kind", value.get("append", place)))
            named = [leaf for name, item in value.items() for leaf in under(inner, name, item)]
            return [leaf for leaf in named if leaf[0][1] not in field_types.TAGS]
        case list():
            return [leaf for item in value for leaf in leaves(place, item)]
        case _:
            return []


def under(place: str, name: str, value: object) -> list[tuple[tuple[str, str], object]]:
    simple = not isinstance(value, dict)
    return [*([((place, name), value)] if simple else []), *leaves(name, value)]


def fields_of(place: str, kind: object) -> list[tuple[str, str]]:
    """Return the same names from the types."""
    if isinstance(kind, UnionType) and kind != str | None:
        return [path for name, one in by_tag(kind).items() for path in fields_of(name, one)]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [p for field in msgspec.structs.fields(kind) for p in field_names(place, field)]
    return [path for item in get_args(field_types.bare(kind)) for path in fields_of(place, item)]


def field_names(place: str, field: msgspec.structs.FieldInfo) -> list[tuple[str, str]]:
    inner = fields_of(field.name, field.type)
    nested = isinstance(field.type, type | UnionType)
    simple = not (nested and inner)
    return [*([(place, field.name)] if simple else []), *inner]


@EVERY
def test_every_kind_has_a_sample(dialect: Dialect) -> None:
    """Enumerations leave out no kind of device."""
    kinds = set(by_tag(union(dialect, "device_valid", "device")))
    assert {device["kind"] for device in sample_devices(dialect)} == kinds


def section(dialect: Dialect) -> str:
    """Return the part of the page that has the methods: the newer dialects' is behind the rest."""
    whole, _, newer = PAGE.partition("## Dialects")
    return whole if dialect is KATA_1 else newer


def told_otherwise(dialect: Dialect) -> list[Method]:
    """Return the methods of which the page has to tell in a dialect."""
    if dialect is KATA_1:
        return list(KATA_1.methods)
    return [method for method in dialect.methods if KATA_1.method(method.name) != method]


@EVERY
def test_the_page_names_the_fields_of_a_method(dialect: Dialect) -> None:
    """The tables for implementers have each field of params and result, in order, and no other."""
    for method in told_otherwise(dialect):
        pattern = rf"^\| `{method.name}` \| (.*) \| (.*) \|$"
        (row,) = re.findall(pattern, section(dialect), re.MULTILINE)
        assert names(row[0]) == flat(method.params), method.name
        if row[1] == "as `argv`":
            assert method.result is methods.Command
        else:
            assert names(row[1]) == flat(method.result), method.name


def names(cell: str) -> list[str]:
    """Return the field names in a cell's code; what stands in brackets is no name."""
    code = re.match("`([^`]*)`", cell)
    return re.findall("[a-z_]+", re.sub(r"\[.*?\]|: \d", "", code[1])) if code else []


def flat(kind: type[msgspec.Struct]) -> list[str]:
    return [name for field in msgspec.structs.fields(kind) for name in (field.name, *nested(field))]


def nested(field: msgspec.structs.FieldInfo) -> list[str]:
    kind = field.type
    return flat(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else []


@EVERY
def test_the_page_names_the_fields_of_devices_and_steps(dialect: Dialect) -> None:
    """Each kind stands there with its fields in braces, in order, and nothing else does."""
    text = " ".join(PAGE.split())
    part = text[text.index("A device has a `kind`") : text.index("Every request stands on its own")]
    if dialect is not KATA_1:
        part += text[text.index("## Dialects") :]
    found = re.findall(r"`([a-z_]+)` `\{([^}]*)\}`", part)
    devices = by_tag(union(dialect, "device_valid", "device"))
    kinds = devices | by_tag(union(dialect, "append_devices", "steps"))
    with_fields = [(n, k.__struct_fields__) for n, k in kinds.items() if k.__struct_fields__]
    told = {(name, tuple(fields.split(", "))) for name, fields in found}
    assert told == {*with_fields, *((n, k.__struct_fields__) for n, k in devices.items())}


@EVERY
def test_a_device_in_full_is_what_its_type_says(dialect: Dialect) -> None:
    """The reference shows a device with all its fields, as the samples are written."""
    samples: list[Fields] = list(sample_devices(dialect))
    asked = {"devices": samples, "steps": []}
    assert oracle.answer(dialect, "append_devices", asked) == {"devices": samples}


def test_a_dialect_has_its_own_methods() -> None:
    """A method that the dialect has not is unknown, and `describe` does not claim it."""
    fewer = msgspec.structs.replace(KATA_1, methods=KATA_1.methods[:2])
    assert oracle.answer(fewer, "describe", {})["methods"] == ["describe", "argv"]
    with pytest.raises(KeyError):
        oracle.answer(fewer, "paths", {})
