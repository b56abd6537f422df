"""An implementation whose every third reply breaks the contract: ``every_third.py FAULT``."""

import sys
from collections.abc import Callable

from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying

NESTED = b"[" * 980 + b"]" * 980

FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "id-unknown": lambda reply: reply.replace(b'"id":1', b'"id":71'),
    "id-type": lambda reply: reply.replace(b'"id":', b'"id":"').replace(
        b',"result"', b'","result"'
    ),
    "id-missing": lambda reply: reply.replace(b'"id"', b'"no"'),
    "answered-twice": lambda reply: reply + reply,
    "unasked": lambda reply: reply + reply.replace(b'"id":1', b'"id":71'),
    "nul": lambda reply: b"\0" + reply,
    "nan": lambda reply: reply.replace(b'"result":', b'"further":NaN,"result":'),
    "not-utf-8": lambda reply: reply.replace(b'"result":', b'"further":"\xff","result":'),
    "not-json": lambda reply: b"INFO answering\n" + reply,
    "neither": lambda reply: reply.replace(b'"result"', b'"no"'),
    "key-twice": lambda reply: reply.replace(b'"result"', b'"result":{},"result"'),
    "both": lambda reply: reply.replace(b'"result"', b'"error":{"code":1},"result"'),
    "version": lambda reply: reply.replace(b'"2.0"', b'"1.0"'),
    "too-deep": lambda reply: reply.replace(b'"result"', b'"no":%b,"result"' % NESTED),
}

if __name__ == "__main__":
    answer = replying(KATA_1)
    for number, line in enumerate(sys.stdin.buffer, 1):
        right = answer(line)
        sys.stdout.buffer.write(right if number % 3 else FAULTS[sys.argv[1]](right))
        sys.stdout.buffer.flush()
