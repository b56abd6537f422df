"""The wire: JSON-RPC 2.0, one object a line. Requests to bytes, reply lines to outcomes.

A reply is decoded strictly: an integer is not written 4.0 or true, and the object carries
``"jsonrpc":"2.0"`` and exactly one of ``result`` and ``error`` (an absent one may be null).
"""

from typing import NamedTuple

import msgspec

from acrn_base.text import excerpt
from acrn_conformance.cases import Request
from acrn_conformance.implementation.outcome import Broken, Outcome, Refused, Result, Unsupported

_SHOWN = 1000
UNSUPPORTED = -32601
FAULTS = frozenset({-32700, -32600, -32602, -32603})
REFUSED = -32000
"""The code with which `serve` refuses; any but those above will do."""


class NotAReplyError(ValueError):
    """A line that is no reply; the text says what is wrong with it."""


class _Error(msgspec.Struct, frozen=True):
    code: int
    message: str = ""


class _Reply(msgspec.Struct, frozen=True):
    jsonrpc: str
    id: int | None
    result: object | msgspec.UnsetType = msgspec.UNSET
    error: _Error | None = None


_decoder = msgspec.json.Decoder(_Reply)
_encoder = msgspec.json.Encoder()


class Prepared(NamedTuple):
    """A request encoded but for its id."""

    method: str
    body: bytes

    def line(self, number: int) -> bytes:
        """Return the whole line, with the id ``number``."""
        return b'{"jsonrpc":"2.0","id":%d,%b' % (number, self.body)


def prepare(request: Request) -> Prepared:
    """Encode a request."""
    method, params = _encoder.encode(request.method), _encoder.encode(request.params)
    return Prepared(request.method, b'"method":%b,"params":%b}\n' % (method, params))


def reply(line: bytes) -> tuple[int, Outcome]:
    """Read a reply line: the id that it answers, and the outcome. Raises NotAReplyError."""
    try:
        # What stands in a field that is not read may be wrong too.
        line.isascii() or line.decode()
        decoded = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAReplyError(_fault(line, error)) from None
    if decoded.jsonrpc != "2.0":
        raise NotAReplyError('a reply must carry "jsonrpc": "2.0"')
    outcome = _failure(decoded, decoded.error) if decoded.error else _result(decoded)
    if decoded.id is None:
        raise NotAReplyError(f"the reply carries no id{_told(decoded.error)}")
    return decoded.id, outcome


def _result(decoded: _Reply) -> Outcome:
    if decoded.result is msgspec.UNSET:
        raise NotAReplyError("the line carries neither a result nor an error")
    return Result(decoded.result)


def _failure(decoded: _Reply, error: _Error) -> Outcome:
    if decoded.result not in (None, msgspec.UNSET):
        raise NotAReplyError("the reply carries a result and an error; send one of them")
    if error.code == UNSUPPORTED:
        return Unsupported(excerpt(error.message, _SHOWN))
    if error.code in FAULTS:
        return Broken(f"the implementation reports a fault{_told(error)}")
    return Refused(error.code, excerpt(error.message, _SHOWN))


def _told(error: _Error | None) -> str:
    return f": {error.code} {excerpt(error.message, _SHOWN)}".rstrip() if error else ""


def _fault(line: bytes, error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return f"not a JSON-RPC reply: {error}"
    if isinstance(error, UnicodeDecodeError):
        return "the line is not UTF-8"
    if isinstance(error, RecursionError):
        return "the line is nested too deeply"
    if "truncated" in str(error) and b"\\u" in line:
        # msgspec says so of a lone surrogate as well.
        return "not JSON: the line is cut short, or a string holds a lone surrogate"
    return f"not JSON: {error}"
