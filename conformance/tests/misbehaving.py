"""An implementation that misbehaves in one way: ``misbehaving.py BEHAVIOUR [TRIGGER]``.

It answers as the reference does, but for what BEHAVIOUR, a name in one of the tables at the end,
says. The answers of the first table are given to requests whose line contains TRIGGER (by default
all), the programs of the second do as they like with the whole of the wire.
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from subprocess import DEVNULL
from typing import NoReturn

from acrn_conformance.cases import KATA_1
from acrn_conformance.oracle import replying

reply = replying(KATA_1)

MIB = 1 << 20

Answer = Callable[[bytes], bytes]
"""From a request line to what is written instead of the right reply."""

Program = Callable[[bytes], None]
"""What is run instead of the usual loop, with the trigger."""


# What all of them use.


def batches() -> Iterator[list[bytes]]:
    """Yield the request lines of each read, so of each burst, until the end of the input."""
    rest = b""
    while data := os.read(0, MIB):
        *lines, rest = (rest + data).split(b"\n")
        yield lines
    if rest:
        yield [rest]


def requests() -> Iterator[bytes]:
    return chain.from_iterable(batches())


def say(data: bytes, to: int = 1) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(to, view) :]


def say_for_ever(data: bytes, to: int = 1) -> NoReturn:
    while True:
        say(data, to)


def hang() -> NoReturn:
    while True:
        signal.pause()


def die(number: signal.Signals) -> NoReturn:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number not in {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    hang()


def serve(answer: Answer = reply, trigger: bytes = b"") -> None:
    for line in requests():
        say(answer(line) if trigger in line else reply(line))


def id_of(line: bytes) -> int:
    return int(json.loads(line)["id"])


def with_fields(line: bytes, **fields: object) -> bytes:
    """Return the right reply with some of its fields replaced, those given as None left out."""
    right = json.loads(reply(line)) | fields
    kept = {name: value for name, value in right.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False).encode() + b"\n"


def with_text(line: bytes, result: bytes) -> bytes:
    """Return a reply whose result is the given text, JSON or not."""
    return b'{"jsonrpc":"2.0","id":%d,"result":%b}\n' % (id_of(line), result)


def with_error(code: object, message: object = "cannot") -> Answer:
    return lambda line: with_fields(line, result=None, error={"code": code, "message": message})


def with_result(text: bytes) -> Answer:
    return lambda line: with_text(line, text)


def with_padding(size: int) -> Answer:
    """Return the right result with another field in it that makes it long."""
    return lambda line: reply(line).replace(
        b'"result":{', b'"result":{"padding":"%b",' % (b"x" * size), 1
    )


def describing(**fields: object) -> Answer:
    """Return the right description with some of its fields replaced."""

    def answer(line: bytes) -> bytes:
        if b'"method":"describe"' not in line:
            return reply(line)
        result = json.loads(reply(line))["result"] | fields
        return with_fields(line, result={k: v for k, v in result.items() if v is not None})

    return answer


# Answers: the end of the program.


def exits(line: bytes) -> bytes:
    del line
    say(b"fatal: cannot go on\n", to=2)
    os._exit(7)


def exits_half_way(line: bytes) -> bytes:
    say(reply(line)[:20])
    os._exit(7)


def exits_after(line: bytes) -> bytes:
    say(reply(line))
    os._exit(0)


def killed_by(number: signal.Signals) -> Answer:
    return lambda _: die(number)


def exits_behind_a_child(line: bytes) -> bytes:
    """Leave a child that holds all the pipes, then end without a reply."""
    if os.fork() == 0:
        hang()
    return exits(line)


# Answers: silence.


def silent(line: bytes) -> bytes:
    del line
    return b""


def hangs(line: bytes) -> bytes:
    del line
    hang()


def hangs_and_ignores_term(line: bytes) -> bytes:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return hangs(line)


def hangs_half_way(line: bytes) -> bytes:
    say(reply(line)[:20])
    hang()


def hangs_with_a_daemon(line: bytes) -> bytes:
    """Leave a grandchild in a session of its own, holding all the pipes."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            hang()
        os._exit(0)
    return hangs(line)


def closes_stdout(line: bytes) -> bytes:
    os.close(1)
    return hangs(line)


def drips_for_ever(line: bytes) -> bytes:
    say(reply(line)[:20])
    while True:
        say(b" ")
        time.sleep(0.01)


# Answers: garbage.


def nested(depth: int, inside: bytes = b"%b") -> Answer:
    return with_result(inside % (b"[" * depth + b"]" * depth))


def long_line(line: bytes) -> bytes:
    return with_text(line, b'"' + b"x" * (20 * MIB) + b'"')


def endless_line(line: bytes) -> bytes:
    say(reply(line)[:-1])
    say_for_ever(b" " * MIB)


def endless_replies(line: bytes) -> bytes:
    del line
    say_for_ever(b'{"jsonrpc":"2.0","id":987654321,"result":{}}\n' * 1000)


def endless_duplicates(line: bytes) -> bytes:
    say_for_ever(reply(line) * 1000)


def without_newline(line: bytes) -> bytes:
    return reply(line)[:-1]


# Answers: right, in an odd way.


def drips(line: bytes) -> bytes:
    for byte in reply(line):
        say(bytes([byte]))
        time.sleep(0.001)
    return b""


def floods_stderr(line: bytes) -> bytes:
    for _ in range(50):
        say(b"\x1b[31mwarning\x1b[0m " * (MIB // 16), to=2)
    return reply(line)


def closes(pipe: int) -> Answer:
    def answer(line: bytes) -> bytes:
        os.close(pipe)
        return reply(line)

    return answer


def words_of(line: bytes, name: str) -> bytes:
    """Repeat one token a million times in the field of that name."""
    return with_text(line, b'{"%b":[%b"-s"]}' % (name.encode(), b'"-s",' * (MIB // 6)))


# Programs.


def dies_at_start(_: bytes) -> None:
    sys.exit("no licence file")


def dies_every_tenth(_: bytes) -> None:
    for number, line in enumerate(requests(), start=1):
        if number == 10:
            os._exit(7)
        say(reply(line))


def hangs_after_three(_: bytes) -> None:
    for number, line in enumerate(requests(), start=1):
        if number > 3:
            hang()
        say(reply(line))


def hangs_at_start(_: bytes) -> None:
    hang()


def banner(_: bytes) -> None:
    say(b"Welcome to \x1b[1madapter\x1b[0m 0.1\n")
    serve()


def reversed_batches(_: bytes) -> None:
    for lines in batches():
        say(b"".join(map(reply, reversed(lines))))


def shuffled_batches(_: bytes) -> None:
    order = random.Random(0)  # noqa: S311  (no secret)
    for lines in batches():
        say(b"".join(order.sample([reply(line) for line in lines], len(lines))))


def holds_one_back(trigger: bytes) -> None:
    """Answer the triggering request only when all others of its burst have been."""
    for lines in batches():
        say(b"".join(map(reply, sorted(lines, key=lambda line: trigger in line))))


def answers_at_the_end(_: bytes) -> None:
    """Keep all replies in a buffer, as programs do that never flush their output."""
    say(b"".join([reply(line) for line in requests()]))


def previous_id(trigger: bytes) -> None:
    """Answer the triggering request with the id of the one before."""
    previous = 0
    for line in requests():
        number = id_of(line)
        say(with_fields(line, id=previous) if trigger in line else reply(line))
        previous = number


def duplicate_later(trigger: bytes) -> None:
    """Answer the triggering request once more, after the request that follows."""
    again = b""
    for line in requests():
        say(reply(line) + again)
        again = reply(line) if trigger in line else b""
    say(again)


def answers_before_asked(_: bytes) -> None:
    for number in range(1, 4):
        say(b'{"jsonrpc":"2.0","id":%d,"result":{}}\n' % number)
    serve()


def garbage_when_idle(trigger: bytes) -> None:
    """Write a line of garbage a moment after the reply to the triggering request."""
    for line in requests():
        say(reply(line))
        if trigger in line:
            time.sleep(0.05)
            say(b"bye\n")


def two_threads(_: bytes) -> None:
    lock = threading.Lock()

    def answer(line: bytes) -> None:
        time.sleep(0.002 * (id_of(line) % 3))
        with lock:
            say(reply(line))

    for line in requests():
        threading.Thread(target=answer, args=(line,)).start()


def never_reads(_: bytes) -> None:
    os.close(0)
    hang()


def ignores_the_end(_: bytes) -> None:
    serve()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang()


def lingers(_: bytes) -> None:
    """Answer, and end only when told to by a signal."""
    serve()
    hang()


def exits_3_at_the_end(_: bytes) -> None:
    serve()
    sys.exit(3)


def slow_start(_: bytes) -> None:
    time.sleep(1)
    serve()


def leaves_a_child(_: bytes) -> None:
    """Leave a child that holds all the pipes, in the same process group."""
    if os.fork() == 0:
        hang()
    serve()


def leaves_a_daemon(_: bytes) -> None:
    """Leave a grandchild that holds all the pipes, in a session of its own."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            hang()
        os._exit(0)
    os.wait()
    serve()


def serves_from_a_child(_: bytes) -> None:
    """Fork, let the parent exit, and answer from the child."""
    if os.fork():
        os._exit(0)
    serve()


def serves_from_another_group(_: bytes) -> None:
    """Answer from a child in a process group of its own, and wait for it."""
    if child := os.fork():
        os.waitpid(child, 0)
        return
    os.setpgid(0, 0)
    serve()
    hang()


def removes_itself(trigger: bytes) -> None:
    """Remove the file of the program that was started, then exit on the triggering request."""
    os.unlink(os.environ["MISBEHAVING_PROGRAM"])  # noqa: PTH108
    serve(exits, trigger)


def stands_still(line: bytes) -> bytes:
    """Stop, and with it the judge, for two seconds: as on a machine that has no time for either."""
    time.sleep(0.2)  # the judge waits by then
    both = f"{os.getppid()} {os.getpid()}"
    later = ["/bin/sh", "-c", f"sleep 2; kill -CONT {both}"]
    subprocess.Popen(later, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True)
    subprocess.run(["/bin/sh", "-c", f"kill -STOP {both}"], check=False)
    return reply(line)


ANSWERS: Mapping[str, Answer] = {
    "right": reply,
    "stands-still": stands_still,
    "exits": exits,
    "exits-half-way": exits_half_way,
    "exits-after": exits_after,
    "exits-behind-a-child": exits_behind_a_child,
    "sigkill": killed_by(signal.SIGKILL),
    "sigsegv": killed_by(signal.SIGSEGV),
    "sigpipe": killed_by(signal.SIGPIPE),
    "sigstop": killed_by(signal.SIGSTOP),
    "real-time-signal": killed_by(signal.SIGRTMIN),
    "silent": silent,
    "hangs": hangs,
    "hangs-and-ignores-term": hangs_and_ignores_term,
    "hangs-half-way": hangs_half_way,
    "hangs-with-a-daemon": hangs_with_a_daemon,
    "closes-stdout": closes_stdout,
    "drips-for-ever": drips_for_ever,
    "garbage": lambda _: b"panic: \x1b[31mruntime\x1b[0m error\n",
    "garbage-before": lambda line: b"computing...\n" + reply(line),
    "garbage-after": lambda line: reply(line) + b"done\n",
    "blank-line": lambda line: b"\n" + reply(line),
    "invalid-utf-8": with_result(b'{"size":"\xff\xfe"}'),
    "invalid-utf-8-aside": lambda line: reply(line).replace(b"{", b'{"note":"\xff",', 1),
    "nul": lambda line: b"\0" + reply(line),
    "form-feed": lambda line: b"\f\n" + reply(line),
    "byte-order-mark": lambda line: b"\xef\xbb\xbf" + reply(line),
    "two-on-a-line": lambda line: reply(line)[:-1] + reply(line),
    "batch": lambda line: b"[" + reply(line)[:-1] + b"]\n",
    "notification": lambda _: b'{"jsonrpc":"2.0","method":"log","params":{}}\n',
    "echo": lambda line: line + b"\n",
    "without-newline": without_newline,
    "crlf": lambda line: without_newline(line) + b"\r\n",
    "blanks-around": lambda line: b" \t" + without_newline(line) + b" \t\n",
    "duplicate-keys": lambda line: reply(line).replace(b"{", b'{"jsonrpc":"2.0",', 1),
    "unknown-fields": lambda line: with_fields(line, trace_id="x", extra=[None]),
    "wrong-id": lambda line: with_fields(line, id=987654321),
    "next-id": lambda line: with_fields(line, id=id_of(line) + 1),
    "string-id": lambda line: with_fields(line, id=str(id_of(line))),
    "float-id": lambda line: with_fields(line, id=float(id_of(line))),
    "huge-id": lambda line: with_fields(line, id=10**60),
    "null-id": lambda line: reply(line).replace(b'"id":%d' % id_of(line), b'"id":null', 1),
    "no-id": lambda line: with_fields(line, id=None),
    "twice": lambda line: reply(line) * 2,
    "no-version": lambda line: with_fields(line, jsonrpc=None),
    "version-1": lambda line: with_fields(line, jsonrpc="1.0"),
    "result-and-error": lambda line: with_fields(line, error={"code": 1, "message": "no"}),
    "neither": lambda line: with_fields(line, result=None),
    "error-null": lambda line: reply(line).replace(b"{", b'{"error":null,', 1),
    "error-text": lambda line: with_fields(line, result=None, error="no"),
    "error-code-text": with_error("-32000"),
    "error-message-null": with_error(-32000, None),
    "error-message-long": with_error(-32000, "x" * (MIB * 7 // 8)),
    "error-message-escapes": with_error(-32000, "\x1b[2J\x07\x9b31m\u202ered"),
    "error-5": with_error(5),
    "error-32000": with_error(-32000),
    "error-32600": with_error(-32600),
    "error-32601": with_error(-32601),
    "error-32602": with_error(-32602),
    "error-32603": with_error(-32603),
    "error-32603-long": with_error(-32603, "x" * (MIB * 7 // 8)),
    "error-32603-escapes": with_error(-32603, "\x1b[2J\x07\x9b31m\u202ered"),
    "error-32700": with_error(-32700),
    "result-array": with_result(b"[]"),
    "result-text": with_result(b'"4M"'),
    "result-number": with_result(b"4"),
    "result-huge-number": with_result(b'{"size":%b}' % (b"9" * 4200)),
    "result-endless-number": with_result(b'{"size":%b}' % (b"9" * 100_000)),
    "result-true": with_result(b"true"),
    "result-null": with_result(b"null"),
    "result-nan": with_result(b'{"size":NaN}'),
    "result-infinity": with_result(b'{"size":-Infinity}'),
    "result-1e999": with_result(b'{"size":1e999}'),
    "result-escapes": with_result('{"size":"\\u001b[2J\\u0007\x9b31m\u202ered"}'.encode()),
    "result-lone-surrogate": with_result(b'{"size":"\\ud800"}'),
    "result-not-ascii": with_result('{"size":"4 \u2603"}'.encode()),
    "result-nul": with_result(b'{"size":"4\\u0000M"}'),
    "result-many-tokens": lambda line: words_of(line, "argv"),
    "result-padded": with_padding(MIB * 7 // 8),
    "result-padded-little": with_padding(20_000),
    "result-many-lists": with_result(b"[" + b"[]," * (MIB // 4) + b"[]]"),
    "nested-100000": nested(100_000),
    "long-line": long_line,
    "endless-line": endless_line,
    "endless-replies": endless_replies,
    "endless-duplicates": endless_duplicates,
    "drips": drips,
    "floods-stderr": floods_stderr,
    "closes-stderr": closes(2),
    "closes-stdin": closes(0),
    "describe-without-methods": describing(methods=None),
    "describe-methods-null": lambda line: describing(methods=0)(line).replace(b": 0}", b": null}"),
    "describe-claims-nothing": describing(methods=[]),
    "describe-claims-unknown": describing(methods=["limits", "frobnicate", "\x1b[2J"]),
    "describe-name-escapes": describing(name="\x1b[2J\x07\x9b31m\u202ered\n"),
    "describe-name-long": describing(name="x" * MIB),
    "describe-protocol-2": describing(protocol=2),
}

PROGRAMS: Mapping[str, Program] = {
    "dies-at-start": dies_at_start,
    "dies-every-tenth": dies_every_tenth,
    "hangs-at-start": hangs_at_start,
    "hangs-after-three": hangs_after_three,
    "banner": banner,
    "reversed-batches": reversed_batches,
    "shuffled-batches": shuffled_batches,
    "holds-one-back": holds_one_back,
    "answers-at-the-end": answers_at_the_end,
    "previous-id": previous_id,
    "duplicate-later": duplicate_later,
    "answers-before-asked": answers_before_asked,
    "garbage-when-idle": garbage_when_idle,
    "two-threads": two_threads,
    "never-reads": never_reads,
    "ignores-the-end": ignores_the_end,
    "lingers": lingers,
    "exits-3-at-the-end": exits_3_at_the_end,
    "slow-start": slow_start,
    "leaves-a-child": leaves_a_child,
    "leaves-a-daemon": leaves_a_daemon,
    "serves-from-a-child": serves_from_a_child,
    "serves-from-another-group": serves_from_another_group,
    "removes-itself": removes_itself,
}


def main(behaviour: str, trigger: str = "") -> None:
    if behaviour in PROGRAMS:
        PROGRAMS[behaviour](os.fsencode(trigger))
    elif behaviour in ANSWERS:
        serve(ANSWERS[behaviour], os.fsencode(trigger))
    else:
        sys.exit(f"no behaviour {behaviour}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
