"""A part of a device's text that is missing at the end as a whole: ``,mac=`` and the address."""

import re
from collections.abc import Iterator

from acrn_conformance.cases import Request, devices_of, steps_of

_PART = re.compile(r",([\w-]+=)?(.*)", re.DOTALL)


def lost_part(request: Request, expected: str, got: str) -> str:
    """Return what a missing last part begins with, as ``,mac=`` or ``,``; nothing if none is.

    What is missing is a whole text of the request, with the words before it that only the arch
    layer writes. A text that is cut off is none, also where that is at a comma of its own.
    """
    if not expected.startswith(got):
        return ""
    part = _PART.fullmatch(expected, len(got))
    texts = set(texts_of(request))
    if not part or part[2] not in texts or any(part[0] in text for text in texts):
        return ""
    return f",{part[1] or ''}"


def texts_of(request: Request) -> Iterator[str]:
    """Yield the texts that a request gives: those of its devices and steps, and its own."""
    for fields in (*devices_of(request), *steps_of(request)):
        yield from (
            v for k, v in fields.items() if isinstance(v, str) and k not in ("kind", "append")
        )
    yield from (v for v in request.params.values() if isinstance(v, str))
