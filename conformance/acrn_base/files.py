"""Files that appear whole, or not at all, and JSON whose changes a person can see."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears whole when the context ends well, or not at all. Raises OSError."""
    if path.exists() and not path.is_file():
        # A pipe or a device cannot be replaced.
        with path.open("wb") as file:
            yield file
        return
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            os.fchmod(file.fileno(), 0o666 & ~_umask())
            yield file.file
            file.flush()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink()
            raise


def item_a_line(document: msgspec.Struct) -> bytes:
    """Return a document as JSON; its last field is an array, and each item of it has a line."""
    field = document.__struct_fields__[-1]
    head = msgspec.json.encode(msgspec.structs.replace(document, **{field: ()}))
    lines = b",\n".join(map(msgspec.json.encode, getattr(document, field)))
    return head.removesuffix(b"[]}") + b"[\n" + lines + b"\n]}\n"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
