"""The command lint as its user meets it: real processes, every source, output safe to show."""

import os
import re
from pathlib import Path

import pytest
from linted import PLAIN, RECORDING, lint, objects, out

CPU = ("--cpu_affinity", "0")
"""Releases from v3.0 on refuse an argv without."""


GONE = str(2**22 + 1)


def test_an_argv_that_all_take_is_clean() -> None:
    """Exit status 0."""
    run = lint("--release", "v3.0", "v3.3", "--", "acrn-dm", *CPU, *PLAIN)
    assert run.returncode == 0
    assert out(run).endswith("accepted by 2 of 2 releases; no findings\n")


def test_without_a_release_all_are_checked() -> None:
    """And that is said."""
    assert "21 releases (none was named)" in out(lint("--", "acrn-dm", *PLAIN))


def test_a_finding_says_all_that_is_needed() -> None:
    """Severity, rule, releases, the token marked, message, fact, remedy; then the matrix."""
    run = lint(*RECORDING, "--release", "v1.6", "v2.0", "--", "acrn-dm", "-U", "no", *PLAIN)
    assert run.returncode == 1
    shown = out(run).splitlines()
    assert shown[6].startswith("  fact:   -U takes the dashed form, in any case; ")
    assert shown == [
        "the command line: 9 tokens, 2 releases (as asked), profile acrn, host recording",
        "",
        "refused uuid-form (v1.6, v2.0)",
        "  acrn-dm -U no -m 512M -s 0:0,hostbridge -k /vmlinux vm1",
        "             ^^",
        "  vm_create failed",
        shown[6],
        "          device is open.",
        "  remedy: write the UUID as 8-4-4-4-12 hexadecimal digits",
        "",
        "  v1.6, v2.0  refused at vm, exit 1: vm_create failed",
        "accepted by 0 of 2 releases; 1 finding: 1 refused",
    ]


@pytest.mark.parametrize("name", ["vm", 100 * "v", "\u65e5\u672c.", "a\nb."])
def test_the_marks_stand_under_the_token(name: str) -> None:
    """However long or wide the tokens around it are, and on a line of a terminal's width."""
    devices = [word for n in range(20) for word in ("-s", f"{n},virtio-net,tap0,{name}")]
    shown = out(lint("--release", "v3.3", "--", "acrn-dm", *devices, "-s", "x,y", "-A", name))
    lines = shown.splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("refused slot-syntax"))
    tokens, carets = lines[head + 1 : head + 3]
    before = tokens.partition("x,y")[0]
    assert carets.index("^") == len(before) + sum(ord(c) > 0x3000 for c in before)
    assert carets.strip() == "^^^"
    assert len(tokens) <= 100


def test_json_is_one_object_with_verdicts_and_findings() -> None:
    """Tokens are counted without the program's name, as in the argv shown."""
    words = (*RECORDING, "--json", "--release", "v3.0", "v3.3")
    run = lint(*words, "--", "/usr/bin/acrn-dm", "-A", *CPU, *PLAIN)
    assert run.returncode == 0
    ok = {"accepted": True, "stage": "ok", "exit": 0, "message": ""}
    place = {"file": "the command line", "line": None, "column": None}
    finding = {
        "rule": "acpi-option-ignored",
        "page": "lint-rules.html#acpi-option-ignored",
        "severity": "silently-ineffective",
        "token": 0,
        "place": place,
        "message": "-A does nothing",
        "remedy": "leave -A out where only v3.0 and later are meant",
        "releases": ["v3.0", "v3.3"],
    }
    releases = {"v3.0": ok, "v3.3": ok}
    assert objects(run) == [
        {
            "argv": ["-A", *CPU, *PLAIN],
            "place": place,
            "releases": releases,
            "findings": [finding],
            "needs": [],
            "unknown": [],
            "notes": [],
        }
    ]


def test_the_exit_status_is_about_the_releases_asked_for() -> None:
    """A release that refuses does not count where it is not asked for."""
    words = ("--", "acrn-dm", "-W", *PLAIN)
    assert lint("--release", "v2.7", *words).returncode == 0
    assert lint("--release", "v2.7", "--release", "v3.0", *words).returncode == 1


def test_the_profile_kata_adds_its_rules() -> None:
    """A device on slot 2 is a fault of the arch layer, and none of acrn-dm."""
    words = ("--", "acrn-dm", "-s", "2,dummy", *PLAIN)
    assert "kata-reserved-slot" in out(lint("--release", "v2.5", "--profile", "kata", *words))
    assert "no findings" in out(lint("--release", "v2.5", "--profile", "acrn", *words))


def test_the_host_can_be_this_machine(tmp_path: Path) -> None:
    """A kernel that is not there is refused where this machine is looked at."""
    kernel = tmp_path / "vmlinux"
    words = ("--release", "v2.5", "--host", "here", "--", "acrn-dm", "-k", str(kernel), "vm")
    assert "image-missing" in out(lint(*words))
    kernel.write_text("a kernel")
    assert lint(*words).returncode == 0


HOSTILE = "\x1b]0;x\x07\x1b[31m\u202e\u2028\x9b31m\x7f\r"


@pytest.mark.parametrize("place", range(5))
def test_nothing_hostile_reaches_a_terminal(place: int) -> None:
    """Control characters come out as escapes, wherever in an argv they stand."""
    words = [
        ("-s", f"3,{HOSTILE}", "vm"),
        ("-s", f"3,virtio-blk,{HOSTILE}", "-l", HOSTILE, "vm"),
        (f"--{HOSTILE}", f"-{HOSTILE}", "vm"),
        (HOSTILE, HOSTILE),
        ("-s", f"3,virtio-net,{HOSTILE},{HOSTILE}", "-k", "/k", HOSTILE),
    ][place]
    shown = out(lint("--profile", "kata", "--", "acrn-dm", *words))
    assert shown.replace("\n", "").isprintable()
    run = lint("--json", "--", "acrn-dm", *words)
    assert re.fullmatch(r"[ -~]+\n", out(run))
    assert objects(run)[0]["argv"] == list(words)


def test_a_hostile_source_is_shown_safely(tmp_path: Path) -> None:
    """The name of a file, and what a file holds, are escaped in messages too."""
    for words in (
        ("--file", str(tmp_path / "a\x1b[31m")),
        ("--", "sudo", HOSTILE),
    ):
        run = lint(*words)
        assert run.returncode == 2
        assert run.stderr.decode().removesuffix("\n").isprintable()


def test_bytes_that_are_no_utf_8_are_kept() -> None:
    """They are surrogates in JSON, and give the bytes back."""
    run = lint("--json", "--release", "v2.5", "--", "acrn-dm", "-k", "/k", b"\xff\xc3\xa9")
    assert run.returncode == 0
    assert os.fsencode(objects(run)[0]["argv"][2]) == b"\xff\xc3\xa9"
    run = lint("--json", "--file", "-", stdin=b'["-k", "/k", "\xff\xc3\xa9"]')
    assert os.fsencode(objects(run)[0]["argv"][2]) == b"\xff\xc3\xa9"
    assert r"'\xffé'" in out(lint("--", "acrn-dm", "-s", "0", "-k", "/k", b"\xff\xc3\xa9"))


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        ((), b"", "give one argv: behind --, or with --file or --pid"),
        (("--file", "-", "--", "acrn-dm"), b"", "give one argv"),
        (("--pid", GONE), b"", f"pid {GONE}: no such process"),
        (("--pid", "-1"), b"", "is no id of a process; give its number"),
        (("--pid", "x"), b"", "is no id of a process; give its number"),
        (("--file", "/nonexistent/x"), b"", "/nonexistent/x: No such file or directory"),
        (("--file", "/"), b"", "/: Is a directory"),
        (("--file", "-"), b"", "standard input: empty"),
        (("--file", "-"), b"\n \n", "standard input: empty"),
        (("--file", "-"), b"['a']", "standard input: not JSON: Expecting value at line 1"),
        (("--file", "-"), b'["a', "standard input: not JSON: Unterminated string"),
        (("--file", "-"), 100_000 * b"[", "not JSON that can be read"),
        (("--file", "-"), b"[" + 9999 * b"1" + b"]", "not JSON that can be read"),
        (("--file", "-"), b'["a", 1]', "item 1 is int, not a string"),
        (("--file", "-"), b'["a", ["b"]]', "item 1 is list, not a string"),
        (("--file", "-"), b'["a", "\\u0000"]', "word 1 holds a NUL"),
        (("--file", "-"), b"ls\nacrnctl list\n", "standard input: no call of acrn-dm found"),
        (("--", "sudo", "ls"), b"", "no acrn-dm behind 'sudo'"),
        (("--release", "v9.9", "--", "vm"), b"", "invalid choice: 'v9.9'"),
        (("--release", "v1.0", "--all-releases", "--", "vm"), b"", "not allowed with"),
        (("--profile", "qemu", "--", "vm"), b"", "choose from kata, acrn"),
    ],
)
def test_unusable_input_is_said_in_a_line(
    words: tuple[str, ...], stdin: bytes, message: str
) -> None:
    """Exit status 2, the reason and the remedy on stderr, no traceback."""
    run = lint(*words, stdin=stdin)
    assert run.returncode == 2
    assert message in run.stderr.decode()
    assert b"Traceback" not in run.stderr
    assert run.stdout == b""


def test_an_argv_without_tokens_gets_a_verdict() -> None:
    """acrn-dm alone misses its name."""
    run = lint("--", "acrn-dm")
    assert run.returncode == 1
    assert "refused name-count" in out(run)


def test_twenty_thousand_tokens_get_a_verdict() -> None:
    """They are read, and what is left out is said."""
    argv = b"acrn-dm --cpu_affinity 0 -k /k " + 20_000 * b"-A " + b"vm\n"
    run = lint("--release", "v3.3", "--file", "-", stdin=argv)
    assert run.returncode == 0
    assert "and 19995 more of it; --json shows all" in out(run)
    run = lint("--release", "v3.3", "--file", "-", stdin=b"acrn-dm " + 20_000 * b"-z ")
    assert run.returncode == 1
    assert "and 19995 more of it; --json shows all" in out(run)
