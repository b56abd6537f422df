"""Cases of `sandbox_argv` on the fields of a sandbox: texts, empty, absent and unknown ones."""

from collections.abc import Iterator, Mapping

from acrn_conformance.cases import NUL
from catalogue.build import (
    CONSOLE_SOCKET,
    IMAGE,
    KERNEL,
    LONG_LINE_RULE,
    MAC,
    UUID,
    drive_step,
    entry,
    network_step,
    socket_step,
)
from catalogue.entry import Entry
from catalogue.sandbox_base import WHOLE, case
from catalogue.texts import SHARP, chosen

_EMPTY: Mapping[str, tuple[str, str]] = {
    "id": ("An empty id leaves the name sandbox- as it is", "sandbox-name"),
    "uuid": ("An empty UUID leaves out -U and not -A, or is refused", "sandbox-unchecked"),
    "console_path": (
        "An empty console path leaves no gap where the console's slot was, or is refused",
        "sandbox-unchecked",
    ),
    "kernel_path": (
        "An empty kernel path leaves out -k and -B, or is refused",
        "sandbox-unchecked",
    ),
    "image_path": ("Without an image path, the sandbox is refused", "sandbox-needs-image"),
}


def _empties() -> Iterator[Entry]:
    for field, (title, rule) in _EMPTY.items():
        tail = field.replace("_", "-")
        yield case(f"empty-{tail}", f"{title}.", rule, WHOLE, **{field: ""})
        yield case(
            f"null-{tail}", f"{title}; null is empty.", "absent-field", WHOLE, **{field: None}
        )
    yield case(
        "empty-console-debug",
        "Without a console path, debug changes only the kernel line, or the sandbox is refused.",
        "sandbox-unchecked",
        WHOLE,
        console_path="",
        debug=True,
    )
    yield case(
        "empty-all-but-image",
        "With an image alone, the sandbox has fixed devices, ACPI, memory and name, or is refused.",
        "sandbox-unchecked",
        id="",
        uuid="",
        memory_mb=0,
        max_vcpus=0,
        kernel_path="",
        console_path="",
    )


def _texts() -> Iterator[Entry]:
    for name, text in chosen(*SHARP, "control", "known-option", "equals", "at"):
        value = text.value
        long = name == "long"
        yield case(
            f"texts-{name}",
            f"{text.holds} stays as it is in every text of a sandbox that can hold it.",
            LONG_LINE_RULE if long else "text-unchanged",
            id="guest" if long else value,
            uuid=value,
            kernel_path=value,
            image_path=value,
            console_path=CONSOLE_SOCKET if long else value,
            kernel_params=[[value, value], [value, ""], ["", value], [value, value]],
            steps=[
                socket_step(value, value),
                network_step("veth", "none", value, value),
                network_step("macvtap", "none", value, MAC),
                socket_step(value, value),
                drive_step(value, 8),
            ],
        )


_SPECIAL = (
    case(
        "image-not-looked-at",
        "Whether the image exists is not looked at.",
        "sandbox-image-unseen",
        image_path="/nonexistent/kata.img",
    ),
    case(
        "image-nodisk",
        "An image called nodisk is an image.",
        "sandbox-image-unseen",
        image_path="nodisk",
    ),
    case(
        "id-of-64",
        "An id of 64 digits, as a container engine gives it, is kept whole in the name.",
        "sandbox-name",
        id="0123456789abcdef" * 4,
    ),
    case(
        "id-of-83",
        "An id of 83 characters, the longest to fit a console's path, is kept whole in the name.",
        "sandbox-name",
        id="0123456789" * 8 + "abc",
    ),
    case(
        "id-of-84",
        "An id of 84 characters is kept whole in the name, or refused.",
        "sandbox-unchecked",
        id="0123456789" * 8 + "abcd",
    ),
    case(
        "id-of-many",
        "An id of 200 characters is kept whole in the name, or refused.",
        "sandbox-unchecked",
        id="0123456789" * 20,
    ),
    case(
        "console-path-of-107",
        "A console path of 107 bytes, the longest of a socket, is kept whole.",
        "sandbox-composition",
        console_path="/run/" + "é" * 51,
    ),
    case(
        "console-path-of-108",
        "A console path of 108 bytes in 57 characters is kept whole, or refused.",
        "sandbox-unchecked",
        console_path="/run/x" + "é" * 51,
    ),
    case(
        "unit-sandbox",
        "A sandbox with the values of the original's own unit test is composed.",
        "sandbox-composition",
        id="testSandbox",
        uuid="f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ),
    case(
        "id-with-prefix",
        "An id that begins with sandbox- gets the prefix all the same.",
        "sandbox-name",
        id="sandbox-1",
    ),
    case(
        "uuid-upper-case",
        "A UUID in upper case is not changed.",
        "text-unchanged",
        uuid=UUID.upper(),
    ),
    case(
        "macvtap-without-console",
        "Without a console, a macvtap sits where its turn is, or the sandbox is refused.",
        "sandbox-unchecked",
        console_path="",
        steps=[network_step("macvtap", "none"), drive_step("/dev/vdb", 1)],
    ),
    case(
        "image-missing-and-negative",
        "Without an image and with a negative index, the sandbox is refused.",
        "sandbox-needs-image",
        image_path="",
        steps=[drive_step("/dev/vdb", -1)],
    ),
    entry(
        "sandbox_argv", "no-params", "Without any field, a sandbox is refused.", "absent-field", {}
    ),
    entry(
        "sandbox_argv",
        "image-only",
        "With no field but the image, the others are empty, zero and off, or it is refused.",
        "absent-field",
        {"image_path": IMAGE},
    ),
    entry(
        "sandbox_argv",
        "image-and-kernel",
        "With image and kernel alone, the kernel line holds maxcpus=0, or the sandbox is refused.",
        "absent-field",
        {"image_path": IMAGE, "kernel_path": KERNEL},
    ),
    case(
        "null-flags-and-lists",
        "Null flags and lists are off and empty.",
        "absent-field",
        debug=None,
        kernel_params=None,
        steps=None,
    ),
    case(
        "null-rest",
        "Null numbers, flags and lists are zero, off and empty; or filled in or refused, if zero.",
        "absent-field",
        memory_mb=None,
        debug=None,
        max_vcpus=None,
        kernel_params=None,
        steps=None,
    ),
    case(
        "unknown-fields",
        "Unknown fields in a sandbox and its steps change nothing.",
        "unknown-field",
        WHOLE,
        name="other",
        devices=[{"kind": "lpc", "emul": "lpc"}],
        memory={"size": "1M"},
        steps=[
            {**socket_step(), "path": "/p", "index": 3},
            {**network_step(), "file": "/f", "slot": 2},
            {**drive_step(), "name": "n", "model": "macvtap"},
        ],
    ),
    case(
        "other-case",
        "Fields with names in other cases are others, and change nothing.",
        "field-name-case",
        WHOLE,
        ID="other",
        Uuid="",
        Debug=True,
        Kernel_Params=[["a", "b"]],
        steps=[{**socket_step(), "NAME": "n"}, {**network_step(), "Model": "macvtap"}],
    ),
    case("nul-in-id", "A NUL in the id is passed on, or refused.", NUL.rule, id="a\0b"),
)

ENTRIES = (*_empties(), *_texts(), *_SPECIAL)
