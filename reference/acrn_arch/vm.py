"""VM descriptions on disk: TOML or JSON with a ``config`` or a ``sandbox`` table."""

import json
import sys
import tomllib
from pathlib import Path

from acrn_arch import document
from acrn_arch.config import Config
from acrn_arch.dialect import KATA_1, Dialect
from acrn_arch.document import Fields
from acrn_arch.errors import DocumentError


def read(name: str, dialect: Dialect = KATA_1) -> Config:
    """Read a VM description from a file, or from standard input for ``-``.

    Raises DocumentError with the path to the fault.
    """
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise DocumentError(
            name, f"{error.strerror}; name a readable .toml or .json file"
        ) from None
    except ValueError:
        raise DocumentError(name, "not UTF-8; save it as UTF-8") from None
    as_json = name.endswith(".json") or (name == "-" and text.lstrip().startswith("{"))
    values = _json(text, name) if as_json else _toml(text, name)
    return config(Fields(values, strict=True, dialect=dialect))


def config(fields: Fields) -> Config:
    """Return the configuration that a whole description gives. Raises ArchError."""
    fields.only("config", "sandbox")
    if len(fields.values) != 1:
        raise DocumentError("", "give exactly one table, config or sandbox")
    if "config" in fields.values:
        return document.config(fields.inner("config"))
    return document.sandbox(fields.inner("sandbox")).config(fields.dialect)


def _json(text: str, name: str) -> dict[str, object]:
    try:
        fields = json.loads(text, object_pairs_hook=_unique)
    except DocumentError:
        raise
    except (ValueError, RecursionError) as error:
        raise DocumentError(name, f"not valid JSON: {error}") from None
    if not isinstance(fields, dict):
        raise DocumentError(name, "expected an object with a config or a sandbox table")
    return fields


def _toml(text: str, name: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError(name, f"not valid TOML: {error}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise DocumentError(twice, "the field is given twice; keep one")
    return fields
