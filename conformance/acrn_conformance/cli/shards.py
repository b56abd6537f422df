"""The option that divides long work among machines."""

import argparse
import re
from typing import NamedTuple


class Shard(NamedTuple):
    """The ``part``-th of ``parts``, counted from 1."""

    part: int
    parts: int

    def __str__(self) -> str:
        """Return it as the option has it."""
        return f"{self.part}/{self.parts}"


def shard(text: str) -> Shard:
    """Read ``I/K``. Raises ArgumentTypeError."""
    match = re.fullmatch(r"([1-9]\d{0,8})/([1-9]\d{0,8})", text)
    if not match or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!a} is not I/K with I from 1 to K")
    return Shard(int(match[1]), int(match[2]))
