"""Keys that an object of a reply has twice: readers differ in which of the two they take."""

import msgspec

_encoder = msgspec.json.Encoder()


def repeated_key(line: bytes, result: object, members: int) -> str | None:
    """Return a key that an object in a line of JSON has twice, None where there is none.

    ``result`` is what was read of it, beside so many ``members``. Nearly always counting tells: as
    many colons in the line as in what was read, none of them escaped, and no member is lost.
    """
    read = _encoder.encode(result).count(b":") + members
    if line.count(b":") == read and b"\\u003" not in line:
        return None
    return _looked_for(line)


def _looked_for(line: bytes) -> str | None:
    import json

    found: list[str] = []

    def noted(pairs: list[tuple[str, object]]) -> None:
        seen = set()
        for key, _ in pairs:
            if key in seen:
                found.append(key)
            seen.add(key)

    # Numbers stay text: there are some that Python would rather not read.
    json.loads(line, object_pairs_hook=noted, parse_int=str, parse_float=str)
    return found[0] if found else None
