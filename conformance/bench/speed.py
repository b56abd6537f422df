"""Speed against limits measured in the same run; machines differ and are shared, ratios less so.

``python conformance/bench/speed.py`` prints a table; a ratio of 1.0 is the limit itself.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

import msgspec

from acrn_cmdline import lint
from acrn_conformance import oracle
from acrn_conformance.cases import KATA_1, Case, golden
from acrn_conformance.implementation import Mode, Pool, Settings, wire
from acrn_conformance.judging import Demands, Mark, folded, run
from acrn_conformance.search import exhaustive
from acrn_dm import RECORDING, RELEASES, parse

CANNED = (sys.executable, str(Path(__file__).with_name("canned.py")))
SERVE = (sys.executable, "-m", "acrn_conformance", "serve")
LISTS = "3"
LINTED = 100
KATA = (
    *("-A", "-m", "2048M", "-s", "0:0,hostbridge", "-s", "1:0,lpc", "-lcom1,stdio"),
    *("-s", "3,virtio-console,@socket:console0=/run/vc/vm/1/console.sock", "-s", "4,virtio-blk,/i"),
    *(word for slot in range(5, 13) for word in ("-s", f"{slot},virtio-blk,nodisk")),
    *("-s", "13,virtio-net,tap0_kata,mac=02:42:ac:11:00:02", "-k", "/vmlinuz", "-B", "quiet"),
    "sandbox-1",
)
TRUE = ("/bin/sh", "-c", 'read -r line; echo \'{"jsonrpc":"2.0","id":100001,"result":{}}\'')


def seconds(work: Callable[[], object]) -> float:
    """Return the best of three times: the one that other work on the machine disturbed least."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def judged(cases: Sequence[Case], settings: Settings) -> int:
    """Judge the cases and return how many pass."""
    judging = folded(cases, settings, run(cases, settings, Demands()))
    return sum(verdict.mark is Mark.PASS for verdict in judging.verdicts)


def raw_pipe(lines: bytes, replies: int) -> None:
    """Push all requests through the same adapter and read its replies, judging nothing."""
    with subprocess.Popen(CANNED, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as adapter:
        assert adapter.stdin
        assert adapter.stdout

        writer = threading.Thread(target=_write, args=(adapter.stdin.fileno(), lines))
        writer.start()
        seen = 0
        while seen < replies:
            seen += os.read(adapter.stdout.fileno(), 1 << 18).count(b"\n")
        writer.join()
        adapter.stdin.close()


def compared_loop(words: Sequence[str], lines: bytes, expected: Sequence[object]) -> None:
    """Push prepared requests through the same adapter, decode each reply and compare it."""
    decode = msgspec.json.Decoder().decode
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as adapter:
        assert adapter.stdin
        assert adapter.stdout
        writer = threading.Thread(target=_write, args=(adapter.stdin.fileno(), lines))
        writer.start()
        rest, seen = b"", 0
        while seen < len(expected):
            *replies, rest = (rest + os.read(adapter.stdout.fileno(), 1 << 18)).split(b"\n")
            for reply in replies:
                assert decode(reply)["result"] == expected[seen]
                seen += 1
        writer.join()
        adapter.stdin.close()


def exhausted(words: Sequence[str]) -> None:
    """Judge every list of up to three devices."""
    with Pool[exhaustive.Key](Settings(tuple(words))) as pool:
        lists = exhaustive.Lists(KATA_1)
        found = exhaustive.judged(pool, lists, lists.shard(int(LISTS), 1, 1), lambda: None)
    assert not found.failing


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def spawn_loop(times: int) -> None:
    """Start the same small program that often, and read what it says."""
    for _ in range(times):
        subprocess.run(TRUE, input=b"{}\n", capture_output=True, check=True)


def main() -> None:
    """Measure and print."""
    every = golden.load(golden.folder()).cases()
    mine = [case for case in every if KATA_1.name in case.dialects]
    cases = list(islice(cycle(mine), 40_000))
    lines = b"".join(
        wire.prepare(case.request).line(number) for number, case in enumerate(cases, 1)
    )
    start_up = seconds(lambda: judged(cases[:1], Settings(CANNED)))
    stream = seconds(lambda: judged(cases, Settings(CANNED))) - start_up
    pipe = seconds(lambda: raw_pipe(lines, len(cases))) - start_up
    spawns = 300
    serial = seconds(lambda: judged(cases[:spawns], Settings(TRUE, Mode.EXEC, 1)))
    loop = seconds(lambda: spawn_loop(spawns))
    command = (sys.executable, "-m", "acrn_conformance")
    bare = seconds(lambda: subprocess.run((sys.executable, "-c", "pass"), check=True))
    version = seconds(
        lambda: subprocess.run((*command, "--version"), check=True, stdout=subprocess.DEVNULL)
    )
    default = seconds(
        lambda: subprocess.run((*command, "run"), check=True, stdout=subprocess.DEVNULL)
    )
    lists = exhaustive.Lists(KATA_1)
    asked = [lists.request(number) for number in lists.shard(int(LISTS), 1, 1)]
    prepared = b"".join(wire.prepare(r).line(number) for number, r in enumerate(asked, 1))
    due = [oracle.answer(KATA_1, r.method, r.params) for r in asked]
    enumerated = []
    for what, words in (("reference", SERVE), ("canned", (*CANNED, LISTS))):
        ready = seconds(lambda words=words: compared_loop(words, b"", []))
        every = seconds(lambda words=words: exhausted(words)) - ready
        loops = seconds(lambda words=words: compared_loop(words, prepared, due)) - ready
        enumerated.append(
            (f"exhaustive, {what}", len(asked) / every, len(asked) / loops, loops / every)
        )
    linted = seconds(lambda: [lint.judge(KATA, RECORDING) for _ in range(LINTED)]) / LINTED
    parsed = (
        seconds(lambda: [parse(KATA, r, RECORDING) for _ in range(LINTED) for r in RELEASES])
        / LINTED
    )
    rate, limit = len(cases) / stream, len(cases) / pipe
    row("stream mode, cases/s", rate, "raw pipe", limit, rate / limit)
    row("exec mode, cases/s", spawns / serial, "spawn loop", spawns / loop, loop / serial)
    for what, every, loops, ratio in enumerated:
        row(what, every, "compared loop", loops, ratio)
    row("lint, argvs/s", 1 / linted, "parse alone", 1 / parsed, parsed / linted)
    row("start (--version), ms", 1000 * version, "bare Python", 1000 * bare, version / bare)
    row("default run, ms", 1000 * default, "bare Python", 1000 * bare, default / bare)


def row(what: str, figure: float, limit_name: str, limit: float, ratio: float) -> None:
    """Print a line of the table."""
    print(f"{what:<24}{figure:10,.0f}   {limit_name:<12}{limit:10,.0f}   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
