"""Faults of the adapter itself: what it remembers, and how it writes."""

import json
import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import count

from acrn_conformance.cases import Request, config, given_devices, text
from acrn_conformance.invariants import block_slots, tokens
from miniatures.miniature import Garbled, Miniature, Result, Stateful, StatefulChange, Writing

_BUFFER = 1 << 16


# What it remembers.


def _counting(wrong: Callable[[int, Request, Result], Result]) -> StatefulChange:
    """Change results by their number, from 1; refusals stay."""
    numbers = count(1)

    def change(request: Request, result: Result | None) -> Result | None:
        return wrong(next(numbers), request, result) if result else result

    return change


def _shortened(result: Result) -> Result:
    """Lose an argv's last token."""
    return {**result, "argv": tokens(result)[:-1]} if "argv" in result else result


def _every(period: int) -> Callable[[], StatefulChange]:
    return lambda: _counting(lambda n, _, result: result if n % period else _shortened(result))


def _after(number: int) -> Callable[[], StatefulChange]:
    return lambda: _counting(lambda n, _, result: result if n <= number else _shortened(result))


def _by_chance() -> StatefulChange:
    chance = random.Random(0)  # noqa: S311  (chance, not secrecy)
    return _counting(lambda _n, _r, a: a if chance.randrange(20) else _shortened(a))


def _shuffled() -> StatefulChange:
    """Give slots in an order of its own to devices, as a hash table does."""
    chance = random.Random(0)  # noqa: S311  (chance, not secrecy)

    def change(_number: int, _request: Request, result: Result) -> Result:
        argv = tokens(result)
        places = [n + 1 for n, token in enumerate(argv[:-1]) if token == "-s"]
        shuffled = chance.sample(places, len(places))
        moved = dict(zip(places, shuffled, strict=True))
        return {**result, "argv": [argv[moved.get(n, n)] for n in range(len(argv))]} if (
            "argv" in result
        ) else result  # fmt: skip

    return _counting(change)


def _remembered(key: Callable[[Request], object]) -> Callable[[], StatefulChange]:
    """Answer as it did to the first request with the same key."""

    def begin() -> StatefulChange:
        first: dict[object, Result | None] = {}
        return lambda request, result: first.setdefault(key(request), result)

    return begin


def _as_json(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _leaking() -> StatefulChange:
    """Keep one table for all guests, as upstream does."""
    slots = [0] * 9

    def change(_: Request, result: Result | None) -> Result | None:
        if not result or "block_slots" not in result:
            return result
        slots[:] = [new or old for old, new in zip(slots, block_slots(result), strict=True)]
        return {**result, "block_slots": list(slots)}

    return change


def _after_a_refusal() -> StatefulChange:
    """Refuse what follows a refusal."""
    refused = False

    def change(_: Request, result: Result | None) -> Result | None:
        nonlocal refused
        before, refused = refused, result is None
        return None if before else result

    return change


def _previous(
    condition: Callable[[Request, Result], bool],
) -> Callable[[], StatefulChange]:
    """Answer short after a request on a condition."""

    def begin() -> StatefulChange:
        met = False

        def change(request: Request, result: Result | None) -> Result | None:
            nonlocal met
            before, met = met, result is not None and condition(request, result)
            return _shortened(result) if before and result else result

        return change

    return begin


def _name_stays() -> StatefulChange:
    """Give a guest without a name the one of the guest before."""
    name = ""

    def change(request: Request, result: Result | None) -> Result | None:
        nonlocal name
        if request.method != "argv" or result is None:
            return result
        given = text(config(request), "name")
        before, name = name, given or name
        return result if given or not before else {**result, "argv": [*tokens(result), before]}

    return change


def _aliased() -> StatefulChange:
    """Let a second list of kernel parameters overwrite the end of the first, as upstream does."""
    kept: dict[str, Result | None] = {}

    def change(request: Request, result: Result | None) -> Result | None:
        if request.method != "kernel_parameters":
            return result
        return kept.setdefault(str(bool(request.params.get("image_path"))), result)

    return change


def _twice() -> StatefulChange:
    """Answer otherwise when asked the same twice in a row."""
    last = Request("")

    def change(request: Request, result: Result | None) -> Result | None:
        nonlocal last
        before, last = last, request
        return _shortened(result) if result and request == before else result

    return change


# How it writes.


def _line(change: Callable[[bytes], bytes]) -> Writing:
    """Change each reply line."""
    return lambda asked, reply: change(reply(asked))


def _values(change: Callable[[object], object]) -> Writing:
    """Change each value in a result, the inner ones first."""

    def changed(value: object) -> object:
        if isinstance(value, dict):
            return change({key: changed(item) for key, item in value.items()})
        if isinstance(value, list):
            return change([changed(item) for item in value])
        return change(value)

    def write(line: bytes) -> bytes:
        message = json.loads(line)
        if "result" in message:
            message["result"] = changed(message["result"])
        return json.dumps(message).encode() + b"\n"

    return _line(write)


def _without(field: str) -> Writing:
    return _values(
        lambda value: (
            {key: item for key, item in value.items() if key != field}
            if isinstance(value, dict)
            else value
        )
    )


def _text(encoding: str) -> Writing:
    return _line(lambda line: line.decode().encode(encoding, "replace"))


def _at_separators(asked: bytes, reply: Callable[[bytes], bytes]) -> bytes:
    """Take any line separator in a request for the end of a line."""
    return b"".join(reply(line.encode()) for line in asked.decode().splitlines())


def _cut(asked: bytes, reply: Callable[[bytes], bytes]) -> bytes:
    """Cut the reply to a line that is longer than many readers' buffers."""
    return reply(asked) if len(asked) <= _BUFFER else reply(asked)[:100] + b"\n"


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_STATEFUL = (
    Stateful("table-leaks", "Entries of the block table stay from one guest to the next.",
             _leaking),
    Stateful("memo-by-devices", "Guests with the same devices get the same argv.",
             _remembered(lambda r: _as_json(
                 given_devices(r) or [r.method, r.params]))),
    Stateful("memo-without-case", "Requests that differ in case alone get one answer.",
             _remembered(lambda r: (r.method, _as_json(r.params).lower()))),
    Stateful("every-50th-short", "Every 50th argv lacks its last token.", _every(50)),
    Stateful("short-after-1000", "From the thousandth answer on an argv lacks its last token.",
             _after(1000)),
    Stateful("short-after-3000", "From the 3,000th answer on an argv lacks its last token.",
             _after(3000)),
    Stateful("short-by-chance", "One argv in twenty lacks its last token.", _by_chance),
    Stateful("order-by-chance", "Devices come in any order.", _shuffled),
    Stateful("refusals-last", "What follows a refusal is refused too.", _after_a_refusal),
    Stateful("name-stays", "A guest without a name has that of the one before.", _name_stays),
    Stateful("short-behind-full-table", "After a guest with a full table an argv is too short.",
             _previous(
                 lambda _, result: block_slots(result)[1:].count(0) == 0 and "argv" in result)),
    Stateful("short-behind-a-rescan", "After a rescan an argv is too short.",
             _previous(lambda r, _: r.method == "block_rescan")),
    Stateful("kernel-parameters-shared", "Kernel parameters stay as they were asked for first.",
             _aliased),
    Stateful("twice-is-short", "The same argv asked for twice in a row lacks its last token.",
             _twice),
)  # fmt: skip

_GARBLED = (
    Garbled("written-in-latin-1", "Replies are written in Latin-1.", _text("latin-1")),
    Garbled("written-in-nfc", "Replies are normalised to NFC.",
            _line(lambda line: unicodedata.normalize("NFC", line.decode()).encode())),
    Garbled("written-with-surrogates", "Characters beyond U+FFFF are two of three bytes each.",
            _line(lambda line: re.sub(
                "[\U00010000-\U0010ffff]",
                lambda m: m[0].encode("utf-16-be").decode("utf-16-be", "replace") and
                "".join(chr(int(h, 16)) for h in re.findall(
                    "....", m[0].encode("utf-16-be").hex())),
                line.decode()).encode("utf-8", "surrogatepass"))),
    Garbled("integers-as-floats", "Integers are written as 4.0.",
            _values(lambda v: float(str(v)) if _is_integer(v) else v)),
    Garbled("booleans-as-numbers", "Booleans are written as 0 and 1.",
            _values(lambda v: int(v) if isinstance(v, bool) else v)),
    Garbled("empty-arrays-as-null", "Empty arrays are written as null.",
            _values(lambda v: None if v == [] else v)),
    Garbled("empty-values-left-out", "Fields that are empty, false or 0 are left out.",
            _values(lambda v: {k: i for k, i in v.items() if i} if isinstance(v, dict) else v)),
    Garbled("argv-as-text", "An argv is written as one text.",
            _values(lambda v: {**v, "argv": " ".join(v["argv"])} if isinstance(v, dict)
                    and "argv" in v else v)),
    Garbled("table-missing", "The block table is missing.", _without("block_slots")),
    Garbled("reply-twice", "Every reply is written twice.", _line(lambda line: line + line)),
    Garbled("refusals-as-faults", "A refusal has the code of a fault.",
            _line(lambda line: line.replace(b'"code":-32000', b'"code":-32603'))),
    Garbled("refusals-as-results", "A refusal is a result without anything.",
            _line(lambda line: re.sub(rb'"error":.*', b'"result":{}}', line))),
    Garbled("lines-end-at-separators", "A line separator in a text ends a request.",
            _at_separators),
    Garbled("long-lines-cut", "The reply to a line beyond 64 KiB is cut short.",
            _cut),
)  # fmt: skip

BEHAVIOURS: Sequence[Miniature] = (*_STATEFUL, *_GARBLED)
