"""The reference as an implementation under test: the wire on standard input and output."""

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from acrn_arch.errors import ArchError, DocumentError
from acrn_conformance.cases import Dialect, codes
from acrn_conformance.oracle import answers

_CHUNK = 1 << 16

Answering = Callable[[str, Mapping[str, object]], answers.Result]
"""Answers a method with params, as `answers.answer` does for a dialect."""


class _Request(msgspec.Struct, frozen=True):
    id: int
    method: str
    params: dict[str, object] | None = None


_decoder = msgspec.json.Decoder(_Request)
_encoder = msgspec.json.Encoder()


def reply(line: bytes, answer: Answering) -> bytes:
    """Return the reply line to a request line; ``answer`` knows what is due."""
    try:
        request = _decoder.decode(line)
    except (msgspec.ValidationError, RecursionError) as error:
        return _failure(None, -32600, str(error))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _failure(None, -32700, str(error))
    try:
        result = answer(request.method, request.params or {})
    except KeyError:
        return _failure(request.id, codes.UNSUPPORTED, f"no method {request.method!a}")
    except DocumentError as error:
        return _failure(request.id, -32602, str(error))
    except ArchError as error:
        return _failure(request.id, codes.REFUSED, str(error))
    return _line({"jsonrpc": "2.0", "id": request.id, "result": result})


def replying(dialect: Dialect) -> Callable[[bytes], bytes]:
    """Return a function from a request line to the reference's reply line."""
    return partial(reply, answer=partial(answers.answer, dialect))


def serve(reply: Callable[[bytes], bytes]) -> None:
    """Answer requests until the end of standard input."""
    rest = b""
    while data := os.read(sys.stdin.fileno(), _CHUNK):
        *lines, rest = (rest + data).split(b"\n")
        _send(b"".join(map(reply, lines)))
    if rest:
        _send(reply(rest))


def _failure(number: int | None, code: int, message: str) -> bytes:
    return _line({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}})


def _line(reply: dict[str, object]) -> bytes:
    return _encoder.encode(reply) + b"\n"


def _send(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(sys.stdout.fileno(), view) :]
