"""An adapter that keeps up: every answer prepared, so that the harness is what is measured.

``python canned.py`` knows the golden cases, ``python canned.py N`` the first N lists of devices.
"""

import os
import sys
from collections.abc import Iterable

from acrn_conformance.cases import KATA_1, Request, golden
from acrn_conformance.implementation import wire
from acrn_conformance.oracle import replying
from acrn_conformance.search import exhaustive


def requests(arguments: list[str]) -> Iterable[Request]:
    """Return what will be asked."""
    if arguments:
        lists = exhaustive.Lists(KATA_1)
        return map(lists.request, range(int(arguments[0])))
    cases = golden.load(golden.folder()).cases()
    return (case.request for case in cases if KATA_1.name in case.dialects)


def main() -> None:
    """Prepare the answers, then answer until the end of input."""
    answers, reply = {}, replying(KATA_1)
    for request in (*requests(sys.argv[1:]), Request("describe")):
        prepared = wire.prepare(request)
        whole = reply(prepared.line(0))
        answers[prepared.body] = whole.removeprefix(b'{"jsonrpc":"2.0","id":0')
    rest = b""
    while data := os.read(0, 1 << 18):
        *lines, rest = (rest + data).split(b"\n")
        out = []
        for line in lines:
            head, _, body = line.partition(b",")[2].partition(b",")
            out.append(b'{"jsonrpc":"2.0",' + head + answers[body + b"\n"])
        view = memoryview(b"".join(out))
        while view:
            view = view[os.write(1, view) :]


if __name__ == "__main__":
    main()
