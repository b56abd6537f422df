"""The options that say how to run the implementation under test, shared by run and fuzz."""

import argparse
import os
import shlex
import sys

from acrn_conformance.cli import dialects
from acrn_conformance.cli.parser import Parser, one_of
from acrn_conformance.implementation import Mode, Settings

_MOST_JOBS = 256
_LONGEST = 86_400.0

_REFERENCE = (sys.executable, "-m", "acrn_conformance", "serve")


def add_options(parser: Parser) -> None:
    """Add ``--mode``, ``--jobs``, ``--timeout``, ``--dialect`` and the command itself."""
    parser.begins = bool  # any word: the options of acrn-conformance stand in front of it
    add = parser.add_argument
    mode = "stream: a long-lived process (default); exec: a process for each request"
    add("--mode", type=one_of(Mode), choices=list(Mode), default=Mode.STREAM, help=mode)
    jobs = "processes at a time (default: 1 in stream mode, one a core in exec mode)"
    add("--jobs", type=_jobs, metavar="N", help=jobs)
    timeout = "for each reply, the first gets longer (default: 2)"
    add("--timeout", type=seconds, default=2.0, metavar="SECONDS", help=timeout)
    memory = "address space of each of its processes: 512M, 2G"
    add("--memory-limit", type=_size, metavar="SIZE", help=memory)
    cpu = "processor time of each of its processes"
    add("--cpu-limit", type=_cpu, metavar="SECONDS", help=cpu)
    tolerate = "tell of what breaks the contract of the wire, and do not fail for it"
    add("--tolerate-protocol-faults", action="store_true", help=tolerate)
    dialects.add_option(parser, "judge it in this dialect; default: the one that it names")
    command = "the implementation under test (default: the built-in reference)"
    add("command", nargs="*", metavar="CMD ARGS", help=command)


def settings(options: argparse.Namespace) -> Settings:
    """Return how to run it."""
    cores = len(os.sched_getaffinity(0))
    jobs = options.jobs or (cores if options.mode is Mode.EXEC else 1)
    reference = (*_REFERENCE, *_dialect(options))
    command = tuple(options.command) or reference
    limits = options.memory_limit, options.cpu_limit
    return Settings(command, options.mode, jobs, options.timeout, *limits)


def again(options: argparse.Namespace, *words: str) -> str:
    """Return a ``run`` command with the same implementation, for a shell."""
    words = ("acrn-conformance", "run", *words)
    words += _dialect(options)
    words += ("--mode", "exec") if options.mode is Mode.EXEC else ()
    words += ("--", *options.command) if options.command else ()
    return shlex.join(words)


def number(text: str, least: int, most: int) -> int:
    """Read a number within bounds. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or not least <= int(text[:20]) <= most:
        raise argparse.ArgumentTypeError(f"{text!a} is not a number from {least} to {most}")
    return int(text)


def seconds(text: str) -> float:
    """Read a time. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!a} is not a time above 0 and up to {_LONGEST:.0f}")
    return value


def _dialect(options: argparse.Namespace) -> tuple[str, ...]:
    return ("--dialect", options.dialect) if options.dialect else ()


def _size(text: str) -> int:
    """Read a size in bytes: a number of MiB, or of GiB. Raises ArgumentTypeError."""
    unit = {"M": 20, "G": 30}.get(text[-1:])
    if unit is None:
        raise argparse.ArgumentTypeError(f"{text!a} is no size; write it as 512M or 2G")
    return number(text[:-1], 1, 1 << 20) << unit


def _cpu(text: str) -> int:
    return number(text, 1, int(_LONGEST))


def _jobs(text: str) -> int:
    return number(text, 1, _MOST_JOBS)
