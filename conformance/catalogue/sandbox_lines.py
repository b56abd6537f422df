"""Cases of `sandbox_argv` on the kernel line and on memory."""

from collections.abc import Iterator, Mapping
from itertools import product

from catalogue.entry import Entry
from catalogue.sandbox_base import WHOLE, case


def _wholes() -> Iterator[Entry]:
    for debug, params, steps in product((False, True), repeat=3):
        words = (
            f"{'With' if debug else 'Without'} debug",
            f"{'with' if params else 'without'} kernel parameters",
            f"{'with' if steps else 'without'} agent and network",
        )
        yield case(
            f"whole-{'debug' if debug else 'quiet'}-{'params' if params else 'no-params'}"
            f"-{'steps' if steps else 'no-steps'}",
            f"{', '.join(words)}, the sandbox is composed in the one order.",
            "sandbox-composition",
            debug=debug,
            kernel_params=WHOLE["kernel_params"] if params else [],
            steps=WHOLE["steps"] if steps else [],
        )


_LINES: Mapping[str, tuple[str, list[list[str]]]] = {
    "key-only": ("A parameter without a value is its key alone", [["nokaslr", ""]]),
    "value-only": ("A parameter without a key is its value alone", [["", "single"]]),
    "both-empty": ("A parameter without key and value leaves no blank", [["", ""]]),
    "both-empty-between": (
        "A parameter without key and value leaves no blank between others",
        [["a", "1"], ["", ""], ["", ""], ["b", "2"]],
    ),
    "mixed-empties": (
        "Keys alone, values alone and pairs stand in order",
        [["a", ""], ["", "b"], ["c", "d"], ["", ""], ["", "e"]],
    ),
    "blank-key": ("A blank is a key like any other", [[" ", ""], ["", " "], [" ", " "]]),
    "blanks-within": ("Blanks in key and value are kept", [["a b", " c d "]]),
    "equals-in-value": ("An equals sign in a value is kept", [["root", "UUID=1=2"]]),
    "equals-in-key": ("An equals sign in a key is kept", [["a=", "b"], ["=", ""], ["=", "="]]),
    "repeated": ("A parameter given twice stands twice", [["a", "1"], ["a", "1"], ["a", "2"]]),
    "unsorted": ("Parameters are not sorted", [["z", "1"], ["a", "2"], ["m", "3"]]),
    "quiet": ("The user's quiet stands last, beside the default", [["quiet", ""]]),
    "panic": ("The user's panic stands last, beside the default", [["panic", "5"]]),
    "maxcpus": ("The user's maxcpus stands last, beside the default", [["maxcpus", "2"]]),
    "root": ("The user's root stands last, beside the default", [["root", "/dev/vdb1"]]),
    "same-as-default": ("The user's copy of a default is kept", [["tsc", "reliable"]]),
    "many": ("Forty parameters are all kept", [[f"k{n}", str(n)] for n in range(40)]),
}


def _lines() -> Iterator[Entry]:
    for name, (words, params) in _LINES.items():
        defaults = {"quiet", "panic", "maxcpus", "root", "same-as-default"}
        rule = "sandbox-user-params-last" if name in defaults else "params-joined"
        yield case(f"params-{name}", f"{words}.", rule, kernel_params=params)
    for name in ("quiet", "mixed-empties", "same-as-default"):
        words, params = _LINES[name]
        yield case(
            f"params-{name}-debug",
            f"{words}, with debug too.",
            "sandbox-user-params-last",
            debug=True,
            kernel_params=[*params, ["systemd.show_status", "false"], ["debug", ""]],
        )


def _numbers() -> Iterator[Entry]:
    yield case(
        "max-vcpus-0",
        "With 0 vCPUs, the kernel line holds maxcpus=0, or 240, or the sandbox is refused.",
        "sandbox-filled-in",
        max_vcpus=0,
    )
    for count in (1, 9, 2**32 - 1):
        yield case(
            f"max-vcpus-{count}",
            f"With {count} vCPUs, the kernel line holds maxcpus={count}.",
            "sandbox-kernel-line",
            max_vcpus=count,
        )
    yield case(
        "memory-0",
        "Memory of 0 MiB is written as 0M, or 2048M, or the sandbox is refused.",
        "sandbox-filled-in",
        memory_mb=0,
    )
    for size in (1, 1024, 2**32 - 1):
        yield case(
            f"memory-{size}",
            f"Memory of {size} MiB is written as {size}M.",
            "memory-in-megabytes",
            memory_mb=size,
        )
    for size in (2**32, 2**53 + 1, 2**64 - 1):
        yield case(
            f"memory-{size}",
            f"Memory of {size} MiB is written as {size}M, or the sandbox is refused.",
            "sandbox-unchecked",
            memory_mb=size,
        )


_SPECIAL = (
    *(
        case(
            f"unit-params-{'debug' if debug else 'quiet'}",
            f"The user's two parameters stand behind maxcpus, debug {'on' if debug else 'off'}.",
            "sandbox-kernel-line",
            debug=debug,
            kernel_params=[["foo", "foo"], ["bar", "bar"]],
        )
        for debug in (True, False)
    ),
    case(
        "unit-memory",
        "Memory of 1000 MiB is written as 1000M.",
        "memory-in-megabytes",
        memory_mb=1000,
    ),
)

ENTRIES = (*_wholes(), *_lines(), *_numbers(), *_SPECIAL)
