"""The first difference between what is expected and what came, as data."""

import msgspec

_canonical = msgspec.json.Encoder(order="sorted")

Absent = msgspec.UnsetType


class Difference(msgspec.Struct, frozen=True):
    """Where an answer departs from what is expected.

    ``path`` leads to it (``argv[3]``), and is empty for the whole result. ``got`` is unset where
    there is nothing. ``counts``: the two are numbers of items of an array.
    """

    path: str
    expected: object
    got: object | Absent = msgspec.UNSET
    counts: bool = False


def difference(expected: object, got: object) -> Difference | None:
    """Return the first difference, or None where ``got`` agrees.

    Numbers agree as JSON text: 4 is not 4.0, 1 not true. Fields that nobody expects are ignored.
    """
    if _canonical.encode(expected) == _canonical.encode(got):
        return None
    return _difference(msgspec.to_builtins(expected), got, "")


def _difference(expected: object, got: object, path: str) -> Difference | None:
    if isinstance(expected, dict) and isinstance(got, dict):
        return _in_object(expected, got, path)
    if isinstance(expected, list) and isinstance(got, list):
        return _in_array(expected, got, path)
    if type(expected) is type(got) and expected == got:
        return None
    return Difference(path, expected, got)


def _in_object(expected: dict[str, object], got: dict[str, object], path: str) -> Difference | None:
    for name, value in expected.items():
        at = f"{path}.{name}" if path else name
        if name not in got:
            return Difference(at, value)
        if found := _difference(value, got[name], at):
            return found
    return None


def _in_array(expected: list[object], got: list[object], path: str) -> Difference | None:
    for position, (wanted, actual) in enumerate(zip(expected, got, strict=False)):
        if found := _difference(wanted, actual, f"{path}[{position}]"):
            return found
    if len(expected) == len(got):
        return None
    return Difference(path, len(expected), len(got), counts=True)
