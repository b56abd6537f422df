"""The form in which an implementation writes its replies, so that a reply foreseen is not decoded.

Most write every reply alike but for the id and the result. Once one of them has been read with all
strictness, another is foreseen byte by byte: if it comes like that it is right, and whatever else
comes is read as strictly as the first.
"""

import re
from typing import NamedTuple, Self

_VERSION = rb'"jsonrpc"\s*:\s*"2\.0"\s*,\s*'
_HEAD = re.compile(
    rb'(\s*\{\s*(?:%b)?"id"\s*:\s*)(\d+)(\s*,\s*(?:%b)?"result"\s*:\s*)' % (_VERSION, _VERSION)
)
_TAIL = re.compile(rb"\s*\}\s*")


class Form(NamedTuple):
    """The bytes of a reply line before its id, between id and result, and behind, with its end."""

    head: bytes
    middle: bytes
    tail: bytes

    @classmethod
    def of(cls, line: bytes, result: bytes) -> Self | None:
        """Return the form of a line that answers with a result, None where it holds more or less.

        The line is known to be a reply whose result ``result`` encodes.
        """
        head = _HEAD.match(line)
        if head is None or not line.startswith(result, head.end()):
            return None
        tail = line[head.end() + len(result) :]
        return cls(head[1], head[3], tail + b"\n") if _TAIL.fullmatch(tail) else None

    def result(self, line: bytes, number: int) -> bytes | None:
        """Return what stands for the result in a line of this form, None where it has another."""
        start, end = b"%b%d%b" % (self.head, number, self.middle), self.tail[:-1]
        if not (line.startswith(start) and line.endswith(end)):
            return None
        return line[len(start) : len(line) - len(end)]
