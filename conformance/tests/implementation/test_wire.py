"""The wire: what a reply line is, and what it means."""

import json

import pytest

from acrn_conformance.cases import Request
from acrn_conformance.implementation import (
    Broken,
    NotAReplyError,
    Outcome,
    Refused,
    Result,
    Unsupported,
    wire,
)


def test_a_request_is_one_line_of_json_rpc() -> None:
    """A newline in a string is escaped; the line is UTF-8."""
    line = wire.prepare(Request("argv", {"a": "x\ny\0\u2028é"})).line(7)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert json.loads(line) == {
        "jsonrpc": "2.0",
        "id": 7,
        "method": "argv",
        "params": {"a": "x\ny\0\u2028é"},
    }


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ('"result": {"a": 1}', Result({"a": 1})),
        ('"result": {}, "error": null', Result({})),
        ('"result": null', Result(None)),
        ('"result": 1, "more": 2', Result(1)),
        ('"result": {"a": {"b": ":"}, "b": "\\u003a"}', Result({"a": {"b": ":"}, "b": ":"})),
        (f'"result": 1, "more": [{"1" * 5000}, 1.5]', Result(1)),
        ('"error": {"code": -32601, "message": "no"}', Unsupported("no")),
        ('"error": {"code": 1, "message": "no"}', Refused(1, "no")),
        ('"error": {"code": -32000, "message": "no", "data": []}', Refused(-32000, "no")),
        ('"result": null, "error": {"code": 7}', Refused(7, "")),
    ],
)
def test_a_reply_is_a_result_or_an_error(fields: str, outcome: Outcome) -> None:
    """-32601 means unsupported, an error of one's own means refused."""
    assert wire.reply(f'{{"jsonrpc": "2.0", "id": 3, {fields}}}\r'.encode()) == (3, outcome)


@pytest.mark.parametrize("code", [-32700, -32600, -32602, -32603])
def test_json_rpc_faults_are_errors(code: int) -> None:
    """The codes that speak of a fault are no refusal."""
    line = b'{"jsonrpc":"2.0","id":1,"error":{"code":%d,"message":"m"}}' % code
    _, outcome = wire.reply(line)
    assert outcome == Broken(f"the implementation reports a fault: {code} m")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"", "not JSON"),
        (b"ready", "not JSON"),
        (b'{"jsonrpc":"2.0","id":1', "not JSON"),
        (b'[{"jsonrpc":"2.0","id":1,"result":1}]', "not a JSON-RPC reply"),
        (b'{"id":1,"result":1}', "jsonrpc"),
        (b'{"jsonrpc":"1.0","id":1,"result":1}', 'must carry "jsonrpc": "2.0"'),
        (b'{"jsonrpc":"2.0","id":"1","result":1}', r"\$\.id"),
        (b'{"jsonrpc":"2.0","id":1.5,"result":1}', r"\$\.id"),
        (b'{"jsonrpc":"2.0","id":true,"result":1}', r"\$\.id"),
        (b'{"jsonrpc":"2.0","id":null,"result":1}', "carries no id"),
        (b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"bad"}}', "-32700 bad"),
        (b'{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1}}', "a result and an error"),
        (b'{"jsonrpc":"2.0","id":1,"error":{"code":"1"}}', r"\$\.error\.code"),
        (b'{"jsonrpc":"2.0","id":1,"error":{"message":"m"}}', "code"),
        (b'{"jsonrpc":"2.0","id":1,"error":"no"}', r"\$\.error"),
        (b'{"jsonrpc":"2.0","id":1,"result":NaN}', "not JSON"),
        (b'{"jsonrpc":"2.0","id":1,"result":1e999}', "out of range"),
        (b'{"jsonrpc":"2.0","id":1,"result":"\\ud800"}', "lone surrogate"),
        (b'{"jsonrpc":"2.0","id":1,"result":"\xff"}', "not UTF-8"),
        (b'{"jsonrpc":"2.0","id":1,"result":' + b"[" * 100_000, "nested too deeply"),
        (b'{"jsonrpc":"2.0","id":1,"result":1,"result":1}', "has the key result twice"),
        (b'{"jsonrpc":"2.0","id":1,"id":1,"result":1}', "has the key id twice"),
        (b'{"jsonrpc":"2.0","id":1,"result":{"a":[{"b":1,"b":2}]}}', "has the key b twice"),
        (b'{"jsonrpc":"2.0","id":1,"result":{"a":1,"\\u0061":"\\u003a"}}', "has the key a twice"),
        (b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"code":1}}', "has the key code twice"),
        (b'{"jsonrpc":"2.0","id":1,"id":1,"error":{"code":1,"message":"m"}}', "the key id twice"),
        (b'{"jsonrpc":"2.0","id":1,"more":{"c":1,"c":1},"result":1}', "has the key c twice"),
        (b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"result":1}', "not JSON"),
    ],
)
def test_anything_else_is_no_reply(line: bytes, message: str) -> None:
    """What is wrong with a line is said."""
    with pytest.raises(NotAReplyError, match=message):
        wire.reply(line)
