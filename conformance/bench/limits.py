"""The limits: the least that could do the same work, judging nothing."""

import getopt
import os
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from acrn_arch import Block, BlockTable, Config

_READ = 1 << 18
_FIRST = b'{"jsonrpc":"2.0","id":0,"method":"describe","params":{}}\n'
_SHORT = "hAvEYWMTPHGi:m:s:l:k:r:B:U:p:u:"
_LONG = ("cpu_affinity=", "lapic_pt", "rtvm", "vsbl=", "ovmf=", "mac_seed=", "debugexit")

Read = Callable[[], bytes]
"""Reads once what an adapter has written."""


def raw_pipe(command: Sequence[str], lines: bytes, replies: int) -> float:
    """Push requests through an adapter and count its replies; return the seconds it takes."""

    def counted(read: Read) -> None:
        seen = 0
        while seen < replies:
            seen += read().count(b"\n")

    return _pushed(command, lines, counted)


def compared_loop(command: Sequence[str], lines: bytes, expected: Sequence[object]) -> float:
    """Push requests through an adapter, decode each reply and compare; return the seconds."""
    decode = msgspec.json.Decoder().decode

    def compared(read: Read) -> None:
        rest, seen = b"", 0
        while seen < len(expected):
            *replies, rest = (rest + read()).split(b"\n")
            for reply in replies:
                assert decode(reply)["result"] == expected[seen]
                seen += 1

    return _pushed(command, lines, compared)


def _pushed(command: Sequence[str], lines: bytes, hear: Callable[[Read], None]) -> float:
    """Write lines to an adapter that has started, while its replies are heard."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as adapter:
        assert adapter.stdin
        assert adapter.stdout
        stdin, stdout = adapter.stdin.fileno(), adapter.stdout.fileno()
        _write(stdin, _FIRST)
        os.read(stdout, _READ)
        start = time.perf_counter()
        writer = threading.Thread(target=_write, args=(stdin, lines))
        writer.start()
        hear(lambda: os.read(stdout, _READ))
        seconds = time.perf_counter() - start
        writer.join()
        adapter.stdin.close()
    return seconds


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def spawn_loop(command: Sequence[str], times: int, at_once: int) -> None:
    """Start a small program that often, some at once, and read what it says."""

    def spawned(_: int) -> None:
        subprocess.run(command, input=b"{}\n", capture_output=True, check=True)

    with ThreadPoolExecutor(at_once) as workers:
        list(workers.map(spawned, range(times)))


def plain_argv(config: Config) -> tuple[tuple[str, ...], BlockTable]:
    """Return what the reference builds of a guest with a kernel, by the plainest loop."""
    argv: list[str] = []
    if config.uuid:
        argv += ("-U", config.uuid)
    if config.acpi_virt:
        argv.append("-A")
    argv += ("-m", config.memory.size)
    slots, slot = [0] * 9, 0
    for device in config.devices:
        if device.valid():
            if slot == 2:  # noqa: PLR2004  (the reserved one)
                slot = 3
            argv += device.params(slot)
            if isinstance(device, Block):
                slots[device.index] = slot
            slot += 1
    argv += ("-k", config.kernel.path)
    if config.kernel.params:
        argv += ("-B", config.kernel.params)
    if config.name:
        argv.append(config.name)
    return tuple(argv), BlockTable(tuple(slots))


def options_only(argv: Sequence[str], times: int) -> None:
    """Read an argv with the standard library's getopt, that often."""
    for _ in range(times):
        getopt.gnu_getopt(argv, _SHORT, _LONG)
