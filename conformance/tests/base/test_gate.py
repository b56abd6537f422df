"""Nothing that a command says acts on a terminal, whoever wrote the words: real commands."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unmeasured

CONFORMANCE = (sys.executable, "-m", "acrn_conformance")
ARCH = (sys.executable, "-m", "acrn_arch")
HWTESTS = (sys.executable, "-m", "acrn_hwtests")

HOSTILE = "\x1b[31m\x1b]0;t\x07\r\u202e\u2028\x9b2J\x7f\u200f\x08"
"""ESC with CSI and OSC, BEL, CR, a right-to-left override, U+2028, the C1 form of CSI, DEL."""

VM = {
    "id": "a",
    "uuid": "u",
    "kernel_path": "/k",
    "image_path": "/i",
    "console_path": "/c",
    "max_vcpus": 1,
    "memory_mb": 64,
}
DEVICES = [
    {"append": "network", "endpoint": "veth", "if_name": "HOSTILE", "hard_addr": "HOSTILE"},
    {"append": "block", "file": "HOSTILE", "index": 1},
]
CASE = {
    "id": "a",
    "title": "T.",
    "rule": "r",
    "level": "required",
    "request": {"method": "limits", "params": {}},
    "expect": {"result": {"max_vcpus": 9}},
}
BOARD = {"kind": "local", "release": "v3.3"}
BOARD_TEXTS = ("kind", "release", "dialect", "acrn_dm", "kernel", "console", "tap", "unknown")
SCRIPT = (
    'acrn-dm -A -s 3,virtio-blk,{0} -s 5,virtio-net,{0} -U {0} --{0} -k {0} -B "{0}" $x{0} vm\n'
)


def acting(output: bytes) -> list[str]:
    """Return the characters of an output that are neither printable nor the end of a line."""
    text = output.decode("utf-8", "surrogateescape")
    return [c for c in text if not c.isprintable() and c != "\n"]


def check(*words: str | Path, stdin: bytes = b"") -> None:
    """Run a command, and find nothing in its words that acts."""
    command = [word.encode() if isinstance(word, str) else os.fsencode(word) for word in words]
    run = subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False)
    said = run.stdout + run.stderr
    assert said.strip()
    assert acting(said) == []
    assert b"Traceback" not in said


def documents() -> Iterator[tuple[str, str, str]]:
    """Yield reader, name of the file, and text: one for each text field."""
    for field in VM:
        yield "vm", "vm.json", json.dumps({"sandbox": {**VM, field: HOSTILE}})
    text = json.dumps({"sandbox": {**VM, "steps": DEVICES}})
    yield "vm", "vm.json", text.replace("HOSTILE", json.dumps(HOSTILE)[1:-1])
    yield "vm", "vm.json", json.dumps({"sandbox": {**VM, "id": "\udc80\ud800"}})
    yield "vm", "vm.toml", f'"{HOSTILE}" = 1'
    for field in CASE:
        yield "cases", "cases.json", json.dumps([{**CASE, field: HOSTILE}])
    yield "cases", "cases.json", json.dumps([{**CASE, "request": {"method": HOSTILE}}])
    yield "cases", "cases.json", json.dumps([{**CASE, "expect": {"result": {HOSTILE: HOSTILE}}}])
    yield "cases", "cases.json", json.dumps([{**CASE, HOSTILE: 1}])
    for field in BOARD_TEXTS:
        fields = {**BOARD, field: HOSTILE}
        lines = (f"{name} = {json.dumps(value)}\n" for name, value in fields.items())
        yield "board", "board.toml", "".join(lines).replace("\x7f", "\\u007f")
    yield "known", "known", f"{HOSTILE} reason\n"
    yield "known", "known", f"a{HOSTILE[:4]} {HOSTILE}\n"
    yield "script", "launch.sh", SCRIPT.format(HOSTILE.replace("\r", ""))
    yield "script", "argv.json", json.dumps(["acrn-dm", "-s", f"3,virtio-blk,{HOSTILE}", HOSTILE])


READERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "vm": ((*ARCH, "argv", "--explain"), (*ARCH, "argv", "--json")),
    "cases": ((*CONFORMANCE, "run", "--cases"),),
    "board": ((*HWTESTS, "--preflight", "--board"),),
    "known": ((*CONFORMANCE, "run", "--select", "limits-*", "--known-failures"),),
    "script": (
        (*CONFORMANCE, "lint", "--release", "v2.5", "--file"),
        (*CONFORMANCE, "lint", "--release", "v2.5", "--json", "--file"),
        (*CONFORMANCE, "lint", "--upgrade", "v3.3", "--file"),
        (*CONFORMANCE, "show", "--file"),
        (*CONFORMANCE, "capture", "--read"),
    ),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_text_of_a_document_acts(reader: str, tmp_path: Path) -> None:
    """Each text field of each kind of input carries what a terminal would act upon."""
    for number, (kind, name, text) in enumerate(documents()):
        if kind != reader:
            continue
        file = tmp_path / f"{number}{name}"
        file.write_text(text, encoding="utf-8", newline="")
        for command in READERS[reader]:
            check(*command, file)


@pytest.mark.parametrize(
    "words",
    [
        (*CONFORMANCE, "run", "--cases", "FILE"),
        (*CONFORMANCE, "lint", "--file", "FILE"),
        (*CONFORMANCE, "lint", "--release", "FILE"),
        (*CONFORMANCE, "show", "FILE"),
        (*CONFORMANCE, "run", "--level", "FILE"),
        (*CONFORMANCE, "run", "--", "FILE"),
        (*CONFORMANCE, "FILE"),
        (*CONFORMANCE, "lint", "--set", "FILE=1", "--file", "/dev/null"),
        (*CONFORMANCE, "show", "--svg", "FILE", "--", "acrn-dm"),
        (*ARCH, "argv", "FILE"),
        (*ARCH, "argv", "/dev/null", "FILE"),
        (*HWTESTS, "--board", "FILE"),
        (*HWTESTS, "--select", "FILE", "FILE"),
        (*HWTESTS, "init", "/nonexistent/FILE"),
        (*HWTESTS, "runs", "FILE"),
        (*HWTESTS, "--dry", "--acrn-dm", "FILE"),
        (*HWTESTS, "--dry", "FILE"),
    ],
)
def test_no_word_of_the_command_acts(words: tuple[str, ...]) -> None:
    """Names of files, unknown choices, and what argparse says of them."""
    check(*(word.replace("FILE", f"/nonexistent/{HOSTILE}") for word in words))


def test_on_a_terminal_only_colours_of_our_own_act(tmp_path: Path) -> None:
    """What a document holds comes out as escapes there too."""
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([{**CASE, "title": HOSTILE}]))
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": ""}
    command = [*CONFORMANCE, "run", "--cases", str(file)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        said = b""
        while piece := _piece(ours):
            said += piece
    os.close(ours)
    assert process.returncode == 1
    assert b"\\u202e" in said
    assert "\u202e".encode() not in said
    assert b"\x07" not in said


def _piece(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:  # the other end is closed
        return b""
