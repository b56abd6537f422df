"""Documents that grow: JSON of which each item has a line, so that a part of it is of use."""

import msgspec


def item_a_line(document: msgspec.Struct) -> bytes:
    """Return a document as JSON; its last field is an array, and each item of it has a line."""
    field = document.__struct_fields__[-1]
    head = msgspec.json.encode(msgspec.structs.replace(document, **{field: ()}))
    lines = b",\n".join(map(msgspec.json.encode, getattr(document, field)))
    return head.removesuffix(b"[]}") + b"[\n" + lines + b"\n]}\n"
