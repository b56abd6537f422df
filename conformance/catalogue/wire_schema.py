"""The JSON Schema of the wire, derived from the types of its methods."""

from collections.abc import Mapping
from types import UnionType
from typing import Literal, get_args, get_origin

import msgspec

from acrn_conformance.cases import Dialect, field_types

Schema = dict[str, object]

_TITLE = "The wire, method by method"
_DESCRIPTION = (
    "A request of the harness; the result of METHOD is described by #/$defs/METHOD_result. "
    "In requests every field may be absent or null, and unknown fields are ignored; "
    "results carry every field."
)

_Shared = Mapping[str, tuple[object, bool]]
"""The types that have a definition of their own, by its name, and whether it is a whole one."""

_OPTIONAL_TEXT = str | None
_JSON = {str: "string", bool: "boolean", int: "integer"}


def schema(dialect: Dialect) -> Schema:
    """Return the schema of a request, with one of each method's result among the definitions."""
    names = dialect.method_names
    request = {"jsonrpc": {"const": "2.0"}, "id": {"type": "integer"}, "method": {"enum": names}}
    return {
        "title": _TITLE,
        "description": _DESCRIPTION,
        "type": "object",
        "required": list(request),
        "properties": request,
        "oneOf": [_asking(name) for name in names],
        "$defs": _definitions(dialect),
    }


def _asking(name: str) -> Schema:
    return {"properties": {"method": {"const": name}, "params": {"$ref": f"#/$defs/{name}_params"}}}


def _definitions(dialect: Dialect) -> Schema:
    shared = _shared(dialect)
    request, result = _Writer(shared, whole=False), _Writer(shared, whole=True)
    found: Schema = {
        name: (result if whole else request).defined(kind) for name, (kind, whole) in shared.items()
    }
    for method in dialect.methods:
        found[f"{method.name}_params"] = request.defined(method.params)
        found[f"{method.name}_result"] = result.defined(method.result)
    return found


def _shared(dialect: Dialect) -> _Shared:
    device = dialect.field("device_valid", "device")
    return {
        "config": (dialect.field("argv", "config"), False),
        "device": (device, False),
        "whole_device": (device, True),
        "append_step": (get_args(dialect.field("append_devices", "steps"))[0], False),
        "sandbox_step": (get_args(dialect.field("sandbox_argv", "steps"))[0], False),
    }


class _Writer:
    """Writes types of requests, whose fields may be absent or null, or ``whole`` ones."""

    def __init__(self, shared: _Shared, *, whole: bool) -> None:
        self._shared = shared
        self._whole = whole

    def defined(self, kind: object) -> Schema:
        """Return the schema of a type, written out."""
        of = field_types.bare(kind)
        if of == _OPTIONAL_TEXT:
            return {"type": ["string", "null"]}
        if isinstance(of, UnionType):
            return {"oneOf": [self.defined(one) for one in get_args(of)]}
        if isinstance(of, type) and issubclass(of, msgspec.Struct):
            return self._object(of)
        if get_origin(of) is tuple:
            return self._array(kind)
        if get_origin(of) is Literal:
            return {"enum": list(get_args(of))}
        return _plain(kind)

    def _reference(self, kind: object) -> Schema:
        """Return the schema of a type where another uses it."""
        wanted = (kind, self._whole)
        name = next((name for name, shared in self._shared.items() if shared == wanted), None)
        return {"$ref": f"#/$defs/{name}"} if name else self.defined(kind)

    def _object(self, kind: type[msgspec.Struct]) -> Schema:
        tag = field_types.tag_of(kind)
        fields = msgspec.structs.fields(kind)
        properties = {name: {"const": value} for name, value in tag.items()}
        whole = self._whole and _OPTIONAL_TEXT not in {field.type for field in fields}
        required = [*tag, *(f.name for f in fields if whole or f.required)]
        return {
            "type": "object" if tag or self._whole else ["object", "null"],
            "properties": {**properties, **{field.name: self._field(field) for field in fields}},
            **({"required": required} if required else {}),
        }

    def _field(self, field: msgspec.structs.FieldInfo) -> Schema:
        found = self._reference(field.type)
        if self._whole or field.required:
            return found
        if "enum" in found:
            return {"enum": [*get_args(field.type), None]}
        if isinstance(found.get("type"), str):
            return {**found, "type": [found["type"], "null"]}
        return found

    def _array(self, kind: object) -> Schema:
        of = get_args(field_types.bare(kind))
        size = 2 if kind == field_types.Pair else field_types.length(kind)
        limits = {} if size is None else {"minItems": size, "maxItems": size}
        return {"type": "array", "items": self._reference(of[0]), **limits}


def _plain(kind: object) -> Schema:
    of = field_types.bare(kind)
    if of is not int:
        return {"type": _JSON[of]} if isinstance(of, type) else {}
    limits = field_types.bounds(kind)
    if limits.least == limits.greatest:
        return {"const": limits.least}
    return {"type": "integer", "minimum": limits.least, "maximum": limits.greatest}
