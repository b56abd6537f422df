"""The corpus of each reader: inputs that are worth a beginning, and those that were findings.

A file a reader, an input a line: a JSON string that has a character for each byte.
"""

import json
from pathlib import Path

_FOLDER = Path(__file__).with_name("corpus")


def inputs(reader: str) -> list[bytes]:
    """Return the inputs for a reader."""
    lines = (_FOLDER / f"{reader}.jsonl").read_text("ascii").splitlines()
    return [str(json.loads(line)).encode("latin-1") for line in lines]


def written(content: bytes) -> str:
    """Return the line of an input."""
    return json.dumps(content.decode("latin-1"))
