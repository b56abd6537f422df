"""The wire: JSON-RPC 2.0, one object a line. Requests to bytes, reply lines to outcomes.

A reply is decoded strictly: an integer is not written 4.0 or true, and the object carries
``"jsonrpc":"2.0"`` and exactly one of ``result`` and ``error`` (an absent one may be null). No
object has a key twice. It is nested no deeper than DEEPEST, so that whoever walks an answer may do
so by recursion.
"""

import re
from collections.abc import Sequence

import msgspec

from acrn_base.text import excerpt
from acrn_conformance.cases import Request, codes
from acrn_conformance.implementation.outcome import Broken, Outcome, Refused, Result, Unsupported
from acrn_conformance.implementation.repeated import repeated_key

_SHOWN = 1000
DEEPEST = 64
"""Arrays and objects within each other in a reply; of what is asked the deepest has six."""

_MEMBERS = 3
"""Of a reply: the id, the version, and a result or an error."""

_TOO_DEEP = f"the line is nested too deeply, beyond {DEEPEST}"
LOGS = "standard output is for replies alone: write logs, banners and debug prints to stderr"
"""The remedy in the text of a fault whose line is no JSON at all."""

_LINE = b'{"jsonrpc":"2.0","id":%d,%b'

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_NOT_FINITE = re.compile(rb"\b(?:NaN|Infinity)\b")


class NotAReplyError(ValueError):
    """A line that is no reply; the text says what is wrong with it.

    ``kind``: the kind of fault, a stable word. ``example``: the line in short, once it is known.
    """

    def __init__(self, kind: str, message: str, example: str = "") -> None:
        """Keep all three."""
        super().__init__(message)
        self.kind = kind
        self.example = example


class _Error(msgspec.Struct, frozen=True, omit_defaults=True):
    code: int
    message: str = ""


class _Reply(msgspec.Struct, frozen=True):
    jsonrpc: str
    id: int | None
    result: object | msgspec.UnsetType = msgspec.UNSET
    error: _Error | None = None


_decoder = msgspec.json.Decoder(_Reply)
_encoder = msgspec.json.Encoder()
_canonical = msgspec.json.Encoder(order="sorted")


class Foreseen(msgspec.Struct):
    """The result that will do, as an outcome and as JSON without spaces.

    ``encoded`` changes: once the implementation has been seen to write that very result otherwise,
    it is as it was written, so that whoever is asked again is not decoded again.
    """

    outcome: Result
    encoded: bytes

    def is_in(self, outcome: Outcome) -> bool:
        """Tell whether an outcome is the one that is foreseen, in whichever order its keys are."""
        if not isinstance(outcome, Result):
            return False
        return _canonical.encode(outcome.value) == _canonical.encode(self.outcome.value)


class Prepared(msgspec.Struct, frozen=True):
    """A request encoded but for its id, and the answer that is foreseen for it, if one is."""

    method: str
    body: bytes
    foreseen: Foreseen | None = None

    def line(self, number: int) -> bytes:
        """Return the whole line, with the id ``number``."""
        return _LINE % (number, self.body)


def lines(first: int, requests: Sequence[Prepared]) -> bytes:
    """Return the lines of requests, with ids from ``first`` on: in one go, since it is quicker."""
    words: list[int | bytes] = [0] * (2 * len(requests))
    words[::2] = range(first, first + len(requests))
    words[1::2] = [request.body for request in requests]
    return (_LINE * len(requests)) % tuple(words)


def prepare(request: Request, answer: object = msgspec.UNSET) -> Prepared:
    """Encode a request, and the result ``answer``, if one is foreseen, in the order of its fields.

    Where a reply comes byte by byte as foreseen, that very object is its outcome.
    """
    body = _encoder.encode(request).removeprefix(b"{") + b"\n"
    if answer is msgspec.UNSET:
        return Prepared(request.method, body)
    return Prepared(request.method, body, Foreseen(Result(answer), _encoder.encode(answer)))


def reply(line: bytes) -> tuple[int, Outcome]:
    """Read a reply line: the id that it answers, and the outcome. Raises NotAReplyError."""
    try:
        # What stands in a field that is not read may be wrong too.
        line.isascii() or line.decode()
        decoded = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _fault(line, error) from None
    if line.count(b"[") + line.count(b"{") > DEEPEST and _too_deep(line):
        raise NotAReplyError("too-deep", _TOO_DEEP)
    key = repeated_key(line, decoded.error or _or_none(decoded.result), _MEMBERS)
    if key is not None:
        raise NotAReplyError("key-twice", f"an object in the line has the key {excerpt(key)} twice")
    if decoded.jsonrpc != "2.0":
        raise NotAReplyError("version", 'a reply must carry "jsonrpc": "2.0"')
    outcome = _failure(decoded, decoded.error) if decoded.error else _result(decoded)
    if decoded.id is None:
        raise NotAReplyError("id-missing", f"the reply carries no id{_told(decoded.error)}")
    return decoded.id, outcome


def _or_none(value: object | msgspec.UnsetType) -> object:
    return None if value is msgspec.UNSET else value


def _result(decoded: _Reply) -> Outcome:
    if decoded.result is msgspec.UNSET:
        raise NotAReplyError("neither", "the line carries neither a result nor an error")
    return Result(decoded.result)


def _failure(decoded: _Reply, error: _Error) -> Outcome:
    if decoded.result not in (None, msgspec.UNSET):
        raise NotAReplyError("both", "the reply carries a result and an error; send one of them")
    if error.code == codes.UNSUPPORTED:
        return Unsupported(excerpt(error.message, _SHOWN))
    if error.code in codes.FAULTS:
        return Broken(f"the implementation reports a fault{_told(error)}")
    return Refused(error.code, excerpt(error.message, _SHOWN))


def _told(error: _Error | None) -> str:
    return f": {error.code} {excerpt(error.message, _SHOWN)}".rstrip() if error else ""


def _too_deep(line: bytes) -> bool:
    """Tell whether a line of JSON is nested too deeply: each round takes its innermost away."""
    brackets = _STRING.sub(b"", line).translate(None, _NO_BRACKETS)
    for _ in range(DEEPEST):
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


def _fault(line: bytes, error: Exception) -> NotAReplyError:
    if isinstance(error, msgspec.ValidationError):
        return NotAReplyError(_misshapen(str(error)), f"not a JSON-RPC reply: {error}")
    if isinstance(error, UnicodeDecodeError):
        return NotAReplyError("not-utf-8", "the line is not UTF-8")
    if isinstance(error, RecursionError):
        return NotAReplyError("too-deep", _TOO_DEEP)
    if b"\0" in line:
        return NotAReplyError("nul", f"not JSON: the line holds a NUL ({error})")
    if not line.lstrip().startswith((b"{", b"[")):
        return NotAReplyError("not-json", f"not JSON: {error}; {LOGS}")
    if "truncated" in str(error) and b"\\u" in line:
        # msgspec says so of a lone surrogate as well.
        broken = "not JSON: the line is cut short, or a string holds a lone surrogate"
        return NotAReplyError("not-json", broken)
    kind = "nan" if _NOT_FINITE.search(_STRING.sub(b"", line)) else "not-json"
    return NotAReplyError(kind, f"not JSON: {error}")


def _misshapen(message: str) -> str:
    """Return the kind of a reply that is JSON and has another form."""
    if "field `id`" in message:
        return "id-missing"
    if "`$.id`" in message:
        return "id-type"
    return "version" if "jsonrpc" in message else "form"
