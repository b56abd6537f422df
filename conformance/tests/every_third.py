"""An implementation whose every third reply breaks the contract: ``every_third.py FAULT``."""

import os
import signal
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

ENDS: dict[str, Callable[[bytes], bytes]] = {
    "ended": lambda _: os._exit(3),
    "hung": lambda _: hang(),
    "output-closed": lambda _: hang(closed=(1,)),
}
"""What comes in place of a reply, where none does."""

RECYCLED = "recycled"
"""No fault: an end with status 0, behind a reply and in the place of the next."""


def hang(closed: tuple[int, ...] = ()) -> bytes:
    for pipe in closed:
        os.close(pipe)
    while True:
        signal.pause()


ANSWERS: dict[str, Callable[[bytes], bytes]] = {**FAULTS, **ENDS, RECYCLED: lambda _: os._exit(0)}

if __name__ == "__main__":
    answer = replying(KATA_1)
    for number, line in enumerate(sys.stdin.buffer, 1):
        right = answer(line)
        sys.stdout.buffer.write(right if number % 3 else ANSWERS[sys.argv[1]](right))
        sys.stdout.buffer.flush()
