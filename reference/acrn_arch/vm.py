"""VM descriptions on disk: TOML or JSON with a ``config`` or a ``sandbox`` table."""

import errno
import json
import os
import re
import select
import sys
import tomllib
from collections import Counter
from io import FileIO

from acrn_arch import document
from acrn_arch.config import Config
from acrn_arch.dialect import KATA_1, Dialect
from acrn_arch.document import Fields
from acrn_arch.errors import DocumentError

LONGEST = 1 << 20
"""Bytes of a description: some ten thousand devices."""

SILENCE = 5.0
"""Seconds that a pipe may give nothing."""

_TEXTS = re.compile(
    r"""\"{3}(?:\\.|[^\\])*?\"{3} | '{3}.*?'{3} | "(?:\\.|[^"\\\n])*" | '[^'\n]*' | \#[^\n]*""",
    re.DOTALL | re.VERBOSE,
)
"""Texts and comments, in which dots part nothing."""

_DEEP_KEY = re.compile(r"(?:\.[^.\n=]*){100}")


def read(name: str, dialect: Dialect = KATA_1) -> Config:
    """Read a VM description from a file, or from standard input for ``-``.

    Raises DocumentError with the path to the fault.
    """
    try:
        text = _raw(name).decode("utf-8")
    except OSError as error:
        raise DocumentError(
            name, f"{error.strerror}; name a readable .toml or .json file"
        ) from None
    except UnicodeDecodeError:
        raise DocumentError(name, "not UTF-8; save it as UTF-8") from None
    except ValueError:
        raise DocumentError(name, "a path cannot hold a NUL; name a file") from None
    if len(text) > LONGEST:
        raise DocumentError(name, f"over {LONGEST >> 20} MiB; no guest needs so much, give less")
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


def _raw(name: str) -> bytes:
    """Return what can be read, and no more of it than shows that it is too long."""
    if name == "-":
        return sys.stdin.buffer.read(LONGEST + 1)
    with FileIO(os.open(name, os.O_RDONLY | os.O_NONBLOCK)) as file:
        content = b""
        # A pipe that nobody writes to would be waited for without an end.
        while len(content) <= LONGEST and select.select([file], [], [], SILENCE)[0]:
            if not (piece := file.read(LONGEST + 1)):
                return content
            content += piece
        if len(content) > LONGEST:
            return content
    raise OSError(errno.ETIMEDOUT, "a pipe that gives nothing")


def _check_depth(text: str) -> None:
    """Refuse keys of very many parts, for which the parser's time grows with their square."""
    if _DEEP_KEY.search(_TEXTS.sub("''", text)):
        raise ValueError("a key with over 100 dots; no field is that deep")


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
        _check_depth(text)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError(name, f"not valid TOML: {error}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise DocumentError(twice, "the field is given twice; keep one")
    return fields
