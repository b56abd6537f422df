"""The command ``acrn-arch argv`` as its user meets it."""

import json
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from acrn_arch import vm
from acrn_arch.errors import DocumentError

SANDBOX = """
[sandbox]
id = "1"
uuid = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"
memory_mb = 2048
max_vcpus = 8
kernel_path = "/kernel"
image_path = "/image"
console_path = "/run/console.sock"
kernel_params = [["agent.log", "debug"], ["ro", ""]]
steps = [
  {append = "socket", name = "agent", host_path = "/run/kata.sock"},
  {append = "network", endpoint = "veth", if_name = "tap0", hard_addr = "02:00:00:00:00:01"},
  {append = "block_device", file = "/data", index = 9},
]
"""


def acrn_arch(*words: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    command = [sys.executable, "-m", "acrn_arch", "argv", *words]
    return subprocess.run(command, input=data, capture_output=True, check=False)


def tokens(stdin: str) -> list[str]:
    run = acrn_arch("--json", "-", stdin=stdin)
    assert run.returncode == 0, run.stderr
    words: list[str] = json.loads(run.stdout)
    return words


def fault(stdin: str | bytes, *words: str) -> str:
    run = acrn_arch(*(words or ("-",)), stdin=stdin)
    text = run.stderr.decode()
    assert run.returncode == 2
    assert run.stdout == b""
    assert text.startswith("acrn-arch: ")
    assert text.count("\n") == 1
    return text.removeprefix("acrn-arch: ").rstrip("\n")


def test_a_sandbox_gives_the_whole_command_line() -> None:
    """The program comes first, then the sandbox as the runtime composes it."""
    line = tokens(SANDBOX)
    assert line[:6] == [
        "/usr/bin/acrn-dm",
        "-U",
        "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f",
        "-A",
        "-m",
        "2048M",
    ]
    assert line[-3:-1] == ["-B", line[-2]]
    assert line[-2].endswith("panic=1 maxcpus=8 agent.log=debug ro")
    assert line[-1] == "sandbox-1"


def test_a_config_names_its_own_program() -> None:
    """The path of a config is the program; without one it is acrn-dm."""
    assert tokens('{"config": {"path": "/opt/acrn-dm", "name": "vm"}}') == ["/opt/acrn-dm", "vm"]
    assert tokens('{"config": null}') == ["acrn-dm"]


def test_the_default_form_is_for_a_shell() -> None:
    """A shell reads the line back as the same tokens."""
    vm = '[config]\nname = "it\'s a \\"vm\\" $HOME\\n"'
    assert shlex.split(acrn_arch("-", stdin=vm).stdout.decode()) == tokens(vm)


def test_the_null_form_ends_each_token_with_a_nul() -> None:
    """Programs that read NUL-separated words, as xargs -0, can read it."""
    assert acrn_arch("--null", "-", stdin='[config]\nname="a\\nb"').stdout == b"acrn-dm\0a\nb\0"


def test_explain_shows_each_token_with_slot_and_meaning() -> None:
    """Every token has a line; devices name their slot; control characters are escaped."""
    lines = acrn_arch("--explain", "-", stdin=SANDBOX).stdout.decode().splitlines()
    assert len(lines) == 1 + len(tokens(SANDBOX))
    assert any(line.startswith("   3  -s") for line in lines)
    assert any("beyond the pool" in line for line in lines)
    shown = acrn_arch("--explain", "-", stdin='[config]\nname = "\\u001b[31m"').stdout
    assert b"\x1b" not in shown
    assert rb"\x1b[31m" in shown


def test_diagnostics_go_to_stderr() -> None:
    """Diagnostics of the arch layer are shown, and do not disturb the output."""
    run = acrn_arch("-", stdin=SANDBOX)
    assert run.returncode == 0
    assert b"block index 9 is beyond the pool" in run.stderr


def test_files_are_read_by_their_suffix(tmp_path: Path) -> None:
    """A .json file is JSON, anything else TOML."""
    (tmp_path / "vm.json").write_text('{"config": {"name": "j"}}', "utf-8")
    (tmp_path / "vm.toml").write_text('config = {name = "t"}', "utf-8")
    assert acrn_arch(str(tmp_path / "vm.json")).stdout == b"acrn-dm j\n"
    assert acrn_arch(str(tmp_path / "vm.toml")).stdout == b"acrn-dm t\n"


DEVICE = '{{"config": {{"devices": [{{"kind": "block", "file_path": "/a"}}, {}]}}}}'


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            DEVICE.format('{"kind": "console", "port_type": "vga"}'),
            "config.devices[1].port_type: 'vga' is no port type",
        ),
        (
            DEVICE.format('{"kind": "disk"}'),
            "config.devices[1].kind: 'disk' is no device; use console",
        ),
        (
            DEVICE.format('{"kind": "block", "path": "/a"}'),
            "config.devices[1].path: unknown field; known here: kind",
        ),
        (
            DEVICE.format('{"kind": "block", "file_path": "/a", "index": -1}'),
            "config.devices[1].index: -1 is negative",
        ),
        (
            DEVICE.format('{"kind": "block", "index": 9223372036854775808}'),
            "config.devices[1].index: 9223372036854775808 is out of range",
        ),
        (
            DEVICE.format('{"kind": "block", "index": true}'),
            "config.devices[1].index: expected an integer, found a boolean",
        ),
        (
            DEVICE.format('{"kind": "block", "index": 1.0}'),
            "config.devices[1].index: expected an integer, found 1.0",
        ),
        (DEVICE.format("[]"), "config.devices[1]: expected an object, found an array"),
        ('{"config": {"devices": {}}}', "config.devices: expected an array, found an object"),
        ('{"config": {"name": 5}}', "config.name: expected a string, found 5"),
        (
            '{"config": {"acpi_virt": "yes"}}',
            "config.acpi_virt: expected true or false, found 'yes'",
        ),
        ('{"config": {"memory": {"mb": 1}}}', "config.memory.mb: unknown field"),
        ('{"config": {"kernel": {"x\\u001b": 1}}}', "config.kernel.x"),
        ('{"config": {"name": "a", "name": "b"}}', "name: the field is given twice"),
        ('{"config": {}, "sandbox": {}}', "give exactly one table"),
        ("{}", "give exactly one table"),
        ('{"vm": {}}', "vm: unknown field; known here: config, sandbox"),
        ('{"sandbox": {"memory_mb": -1}}', "sandbox.memory_mb: -1 is out of range"),
        (
            '{"sandbox": {"kernel_params": [["a"]]}}',
            "sandbox.kernel_params[0]: expected a [key, value] pair",
        ),
        (
            '{"sandbox": {"steps": [{"append": "lpc"}]}}',
            "sandbox.steps[0].append: 'lpc' is no step",
        ),
        ('{"sandbox": {"image_path": ""}}', "guest image '' does not exist"),
        ("{", "-: not valid JSON"),
        ('{"config": []}', "config: expected an object, found an array"),
        ("[" * 100_000, "-: not valid"),
        ('{"config": ' + "[" * 100_000, "-: not valid JSON"),
        ("name", "-: not valid TOML"),
        (b"\xff", "-: not UTF-8"),
        ('{"config": {"name": "a\\u0000"}}', "argument 1 ('a\\x00') holds a NUL"),
        (
            '{"config": {"name": "a\\ud800"}}',
            "argument 1 ('a\\ud800') holds a NUL or a lone surrogate",
        ),
    ],
)
def test_bad_input_is_one_line_with_the_path_to_the_fault(
    document: str | bytes, expected: str
) -> None:
    """Exit status 2, nothing on standard output, no traceback."""
    assert fault(document).startswith(expected)


def test_a_file_that_cannot_be_read_is_one_line() -> None:
    """A missing file is named."""
    assert fault("", "/nonexistent/vm.toml").startswith("/nonexistent/vm.toml: No such file")
    assert fault("", "/").startswith("/: Is a directory")


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    """``acrn-arch argv VM | true`` says nothing."""
    line = f"{shlex.quote(sys.executable)} -m acrn_arch argv --json - | true"
    big = '{"config": {"name": "' + "x" * 200_000 + '"}}'
    run = subprocess.run(
        ["/bin/sh", "-c", line], input=big, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""


def test_a_json_document_must_be_an_object(tmp_path: Path) -> None:
    """A file whose JSON is something else is named."""
    (tmp_path / "vm.json").write_text("[1]", "utf-8")
    message = "expected an object with a config or a sandbox table"
    assert fault("", str(tmp_path / "vm.json")).endswith(message)


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", "<&-"])
def test_streams_that_are_closed_or_full_are_no_traceback(redirection: str) -> None:
    """One line says what cannot be read or written."""
    line = (
        f"echo 'config = {{}}' | ({shlex.quote(sys.executable)} -m acrn_arch argv - {redirection})"
    )
    run = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.startswith("acrn-arch: cannot read or write: ")
    assert run.stderr.count("\n") == 1


def test_an_endless_number_is_no_traceback() -> None:
    """Python refuses to read it, and so does the command."""
    assert "not valid JSON" in fault('{"config": {"devices": [' + "9" * 5000 + "]}}")


def test_on_a_terminal_a_token_acts_on_nothing_and_a_shell_reads_it_back() -> None:
    """What is not printable comes out in quotes of bash, as escapes; all else as ever."""
    name = "\x1b[2J'\\\u202e\u00e9"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "acrn_arch", "argv", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=theirs) as process:
        os.close(theirs)
        assert process.stdin
        process.stdin.write(f"[config]\nname = {json.dumps(name)}\nuuid = 'a b'\n".encode())
        process.stdin.close()
        said = os.read(ours, 1 << 16)
    os.close(ours)
    assert b"\x1b" not in said
    assert "\u202e".encode() not in said
    script = b"printf '%s\\0' " + said.strip()
    read_back = subprocess.run(["/bin/bash", "-c", script], capture_output=True, check=True).stdout
    assert read_back.decode().endswith(f"\0-U\0a b\0{name}\0")


def test_a_description_that_no_guest_needs_is_refused() -> None:
    """A mebibyte is enough for any guest; more is not even parsed."""
    assert "over 1 MiB" in fault("#" * ((1 << 20) + 1))


def test_a_name_that_no_file_can_have_is_a_fault_of_the_document() -> None:
    """A caller from Python may give a NUL; a command's word cannot hold one."""
    with pytest.raises(DocumentError, match="a path cannot hold a NUL; name a file"):
        vm.read("a\0.toml")
