"""The types of the wire are the one source: schema, reference, search and pages agree with them."""

import json
import re
from types import UnionType
from typing import get_args

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acrn_arch import Config, Kernel, Memory, Sandbox, document
from acrn_conformance import oracle
from acrn_conformance.cases import (
    KATA_1,
    Fields,
    Method,
    Request,
    device_types,
    field_types,
    golden,
    methods,
    step_types,
)
from acrn_conformance.search.odd_values import odd_values
from acrn_conformance.search.sample_devices import DEVICES
from acrn_conformance.search.strategies import by_method

ROOT = golden.folder()
SCHEMA = json.loads((ROOT / "schema" / "wire.schema.json").read_text("utf-8"))
PAGE = (ROOT / "README.md").read_text("utf-8")
REQUEST = jsonschema.Draft202012Validator(SCHEMA)


def by_tag(union: object) -> dict[str, type[msgspec.Struct]]:
    return {next(iter(field_types.tag_of(kind).values())): kind for kind in get_args(union)}


KINDS = [
    (document.DEVICES, device_types.Device),
    (document.STEPS, step_types.Step),
    (document.SANDBOX_STEPS, step_types.SandboxStep),
]


@pytest.mark.parametrize(("read", "union"), KINDS, ids=["devices", "steps", "sandbox-steps"])
def test_the_reference_reads_the_kinds_of_the_wire(read: dict[str, type], union: UnionType) -> None:
    """Each kind, and each of its fields, is one of the wire's, in the wire's order."""
    found = {name: tuple(kind.__annotations__) for name, kind in read.items()}
    assert found == {name: kind.__struct_fields__ for name, kind in by_tag(union).items()}


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (Config, methods.Config),
        (Memory, methods.Memory),
        (Kernel, methods.Kernel),
        (Sandbox, methods.SandboxArgvParams),
    ],
)
def test_the_reference_reads_the_fields_of_the_wire(read: type, kind: type[msgspec.Struct]) -> None:
    """A description on disk has the fields that a request has."""
    assert tuple(read.__annotations__) == kind.__struct_fields__


def legal(request: Request) -> bool:
    return REQUEST.is_valid({"jsonrpc": "2.0", "id": 1, **msgspec.to_builtins(request)})


def well_formed(request: Request, result: object) -> bool:
    schema = {"$ref": f"#/$defs/{request.method}_result", "$defs": SCHEMA["$defs"]}
    return jsonschema.Draft202012Validator(schema).is_valid(result)


@settings(max_examples=50, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.one_of(*by_method(KATA_1).values()))
def test_what_is_drawn_follows_the_schema_and_so_does_the_answer(request: Request) -> None:
    """A search never asks what is not legal, and the reference answers every field."""
    assert legal(request)
    answer = oracle.expected(KATA_1, request)
    assert answer.refused or well_formed(request, answer.result)


def test_every_odd_value_follows_the_schema() -> None:
    """What is asked first is legal as well; one in seventeen is enough to see it."""
    assert all(legal(request) for request in list(odd_values())[::17])


def test_every_field_of_every_method_is_odd_once() -> None:
    """No field of the wire is passed over: each has more than one value."""
    seen: dict[tuple[str, str], set[str]] = {}
    for request in odd_values():
        for path, value in leaves(request.method, request.params):
            seen.setdefault(path, set()).add(repr(value))
    wanted = {path for method in KATA_1.methods for path in fields_of(method.name, method.params)}
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
    if isinstance(kind, UnionType):
        return [path for name, one in by_tag(kind).items() for path in fields_of(name, one)]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [p for field in msgspec.structs.fields(kind) for p in field_names(place, field)]
    return [path for item in get_args(field_types.bare(kind)) for path in fields_of(place, item)]


def field_names(place: str, field: msgspec.structs.FieldInfo) -> list[tuple[str, str]]:
    inner = fields_of(field.name, field.type)
    nested = isinstance(field.type, type | UnionType)
    simple = not (nested and inner)
    return [*([(place, field.name)] if simple else []), *inner]


def test_every_kind_has_a_sample() -> None:
    """Enumerations leave out no kind of device."""
    assert {device["kind"] for device in DEVICES} == set(by_tag(device_types.Device))


@pytest.mark.parametrize("method", KATA_1.methods, ids=lambda method: method.name)
def test_the_page_names_the_fields_of_a_method(method: Method) -> None:
    """The table for implementers has each field of params and result, in order, and no other."""
    (row,) = re.findall(rf"^\| `{method.name}` \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
    assert names(row[0]) == flat(method.params)
    if row[1] == "as `argv`":
        assert method.result is methods.Command
    else:
        assert names(row[1]) == flat(method.result)


def names(cell: str) -> list[str]:
    """Return the field names in a cell's code; what stands in brackets is no name."""
    code = re.match("`([^`]*)`", cell)
    return re.findall("[a-z_]+", re.sub(r"\[.*?\]|: \d", "", code[1])) if code else []


def flat(kind: type[msgspec.Struct]) -> list[str]:
    return [name for field in msgspec.structs.fields(kind) for name in (field.name, *nested(field))]


def nested(field: msgspec.structs.FieldInfo) -> list[str]:
    kind = field.type
    return flat(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else []


def test_the_page_names_the_fields_of_devices_and_steps() -> None:
    """Each kind stands there with its fields in braces, in order, and nothing else does."""
    text = " ".join(PAGE.split())
    part = text[text.index("A device has a `kind`") : text.index("Every request stands on its own")]
    found = re.findall(r"`([a-z_]+)` `\{([^}]*)\}`", part)
    kinds = by_tag(device_types.Device) | by_tag(step_types.Step)
    with_fields = [(n, k.__struct_fields__) for n, k in kinds.items() if k.__struct_fields__]
    told = {(name, tuple(fields.split(", "))) for name, fields in found}
    devices = {(n, k.__struct_fields__) for n, k in by_tag(device_types.Device).items()}
    assert told == {*with_fields, *devices}


def sample(kind: str) -> Fields:
    return next(device for device in DEVICES if device["kind"] == kind)


def test_a_device_in_full_is_what_its_type_says() -> None:
    """The reference shows a device with all its fields, as the samples are written."""
    asked = {"devices": [sample(kind) for kind in by_tag(device_types.Device)], "steps": []}
    assert oracle.answer(KATA_1, "append_devices", asked) == {"devices": asked["devices"]}


def test_a_dialect_has_its_own_methods() -> None:
    """A method that the dialect has not is unknown, and `describe` does not claim it."""
    fewer = msgspec.structs.replace(KATA_1, methods=KATA_1.methods[:2])
    assert oracle.answer(fewer, "describe", {})["methods"] == ["describe", "argv"]
    with pytest.raises(KeyError):
        oracle.answer(fewer, "paths", {})
