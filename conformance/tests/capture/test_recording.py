"""Recording: every call of a program is written down exactly, whoever makes it and however."""

import json
import os
import shlex
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from captures import COMMAND, argvs, capture, nothing_left, recorded, runtime


def test_a_call_is_recorded_with_all_there_is_to_know(tmp_path: Path) -> None:
    """Program, argv, working directory, time, pid, parent and its name; the order is kept."""
    command = runtime("cd /", "acrn-dm -A '' 'a b' \"$(printf 'x\\n\"')\" é; acrnctl list")
    run = capture("--out", "calls", "--", *command)
    assert run.returncode == 0, run.stderr
    first, second = recorded(tmp_path / "calls")
    assert first["program"] == "acrn-dm"
    assert first["argv"] == ["-A", "", "a b", 'x\n"', "é"]
    assert first["cwd"] == "/"
    assert first["parent_command"] == "sh"
    assert first["parent_pid"] == second["parent_pid"]
    assert first["pid"] != second["pid"]
    assert str(first["time"]) <= str(second["time"])
    assert str(second["time"]).endswith("+00:00")
    assert second["program"] == "acrnctl"
    assert second["argv"] == ["list"]
    assert nothing_left(tmp_path)


def test_however_it_is_called_it_is_the_stand_in(tmp_path: Path) -> None:
    """A look-up in PATH, an absolute path, no environment, a link, an orphan: one call each."""
    ways = (
        "acrn-dm 1",
        "/usr/bin/acrn-dm 2",
        "env acrn-dm 3",
        "(exec acrn-dm 4)",
        '"$(command -v acrn-dm)" 5',
        '(cd "$(dirname "$(command -v acrn-dm)")"; PATH=/none; ./acrn-dm 6)',
        "env -i acrn-dm 7",
        'ln -s "$(command -v acrn-dm)" vmm; ./vmm 8',
        '(PATH="$PATH:/opt/none" LC_ALL=C PYTHONHOME=/x PYTHONPATH=/y acrn-dm 9)',
        "(acrn-dm 10 &)",
    )
    run = capture("--out", "calls", "--", *runtime(*ways))
    assert run.returncode == 0, run.stderr
    assert sorted(argvs(tmp_path / "calls"), key=str) == sorted([[str(n)] for n in range(1, 11)])


def test_the_command_may_be_acrn_dm_itself(tmp_path: Path) -> None:
    """What is captured is looked up in the new PATH too."""
    run = capture("--out", "calls", "--", "acrn-dm", "-A", "vm")
    assert run.returncode == 0
    assert recorded(tmp_path / "calls")[0]["argv"] == ["-A", "vm"]


def test_a_stand_in_is_silent_and_successful(tmp_path: Path) -> None:
    """It prints nothing, reads nothing, and ends at once with status 0."""
    command = runtime(
        "acrn-dm vm >out 2>&1; echo $? >status",
        "acrnctl list >>out 2>&1; echo $? >>status",
        "echo input | { acrn-dm vm; cat >read; }",
    )
    assert capture("--", *command).returncode == 0
    assert (tmp_path / "out").read_bytes() == b""
    assert (tmp_path / "status").read_text("ascii") == "0\n0\n"
    assert (tmp_path / "read").read_text("ascii") == "input\n"


def test_two_hundred_at_once_lose_and_mix_nothing(tmp_path: Path) -> None:
    """Each of 200 concurrent calls, every tenth of 100 kB, is one whole line."""
    command = runtime(
        "long=$(head -c 100000 /dev/zero | tr '\\0' x)",
        "n=0; while [ $n -lt 200 ]; do n=$((n + 1))",
        'case $n in *0) acrn-dm "$n" "$long" & ;; *) acrn-dm "$n" & ;; esac',
        "done; wait",
    )
    run = capture("--out", "calls", "--", *command)
    assert run.returncode == 0, run.stderr
    assert "200 calls captured: 200 of acrn-dm" in run.stdout
    calls = recorded(tmp_path / "calls")
    argvs = [
        [str(word) for word in call["argv"]] for call in calls if isinstance(call["argv"], list)
    ]
    assert sorted(int(argv[0]) for argv in argvs) == list(range(1, 201))
    assert all(argv[1:] == ["x" * 100_000] * argv[0].endswith("0") for argv in argvs)
    assert len({call["pid"] for call in calls}) == 200


def test_calls_that_nobody_waits_for_are_recorded(tmp_path: Path) -> None:
    """The command may be gone before its children have come to calling."""
    command = runtime("for n in 1 2 3 4 5 6 7 8; do (sleep 0.2; exec acrn-dm $n) & done")
    capture("--out", "calls", "--", *command)
    assert sorted(str(call["argv"]) for call in recorded(tmp_path / "calls")) == [
        f"['{n}']" for n in range(1, 9)
    ]


def test_a_megabyte_of_arguments_is_recorded(tmp_path: Path) -> None:
    """As much as the kernel lets a command line have."""
    words = [f"{number:0100}" for number in range(10_000)]
    (tmp_path / "words").write_text("\n".join(words), "ascii")
    run = capture("--out", "calls", "--", *runtime("acrn-dm $(cat words)"))
    assert run.returncode == 0, run.stderr
    assert recorded(tmp_path / "calls")[0]["argv"] == words


def test_bytes_that_are_no_utf_8_are_recorded(tmp_path: Path) -> None:
    """In base64 then, all tokens of the argv; and what is shown of them is escaped."""
    script = rb"""mkdir "$(printf 'd\377')"; cd "$(printf 'd\377')"
    acrn-dm plain "$(printf 'a\377\355\240\200\033[31m')" vm"""
    (tmp_path / "runtime").write_bytes(script)
    run = capture("--out", "calls", "--", "sh", "runtime")
    assert run.returncode == 0, run.stderr
    (call,) = recorded(tmp_path / "calls")
    encoded = call["argv_base64"]
    assert isinstance(encoded, list)
    words = [b64decode(word) for word in encoded]
    assert words == [b"plain", b"a\xff\xed\xa0\x80\x1b[31m", b"vm"]
    assert "argv" not in call
    assert b64decode(str(call["cwd_base64"])).endswith(b"/d\xff")
    assert r"a\xff\xed\xa0\x80\x1b[31m" in run.stdout
    again = capture("--read", "calls")
    assert again.stdout in run.stdout


def test_a_python_with_a_blank_in_its_path_will_do(tmp_path: Path) -> None:
    """What a #! line cannot say, a shell can."""
    link = tmp_path / "my 'python'"
    link.symlink_to(Path(sys.executable).resolve())
    words = [str(link), *COMMAND[1:], "--out", "calls", "--", "acrn-dm", "-A", "", "a b"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 2
    assert "quotes in it" in run.stderr
    link = link.rename(tmp_path / "my python")
    words[0] = str(link)
    run = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 0, run.stderr
    assert recorded(tmp_path / "calls")[0]["argv"] == ["-A", "", "a b"]


def test_a_call_that_cannot_be_recorded_is_not_silent(tmp_path: Path) -> None:
    """The stand-in says so and fails, where it would be silent otherwise."""
    command = runtime("acrn-dm one; ulimit -f 0; trap '' XFSZ; acrn-dm vm; echo status $?")
    run = capture("--out", "calls", "--", *command)
    assert "status 1\n" in run.stdout
    assert "acrn-dm (stand-in): cannot record the call: " in run.stderr
    assert argvs(tmp_path / "calls") == [["one"]]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a disk that is as small")
def test_a_disk_that_is_full_loses_a_call_and_it_is_told(tmp_path: Path) -> None:
    """What fits is recorded, judged and summed up; then a line, and exit status 2, also later."""
    (disk := tmp_path / "disk").mkdir()
    calls = "acrn-dm -A one; acrn-dm $(printf %05000d 1); acrn-dm -A two"
    read = shlex.join([*COMMAND, "--read", "disk/calls"])
    runs = shlex.join([*COMMAND, "--out", "disk/calls", "--", *runtime(calls)])
    script = f"mount -t tmpfs -o size=4k none {disk}; {runs}; echo first $?; {read}; echo second $?"
    run = subprocess.run(
        ["/usr/bin/unshare", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.count("\n2 calls captured: 2 of acrn-dm\n") == 2
    assert "first 2\n" in run.stdout
    assert "second 2\n" in run.stdout
    lost = "acrn-conformance: 1 call could not be recorded; make room, and capture anew\n"
    assert run.stderr.count(lost) == 2


def test_a_record_that_the_command_removes_is_still_read() -> None:
    """The stand-ins write into the file that the capture has open, whatever its name is."""
    run = capture("--out", "calls", "--", *runtime("rm calls; acrn-dm vm"))
    assert "1 call captured" in run.stdout


def test_a_line_cut_short_costs_no_other(tmp_path: Path) -> None:
    """A stand-in killed while it writes loses its own call, and the record says so."""
    command = runtime("printf '{\"progr' >>calls; acrn-dm vm")
    run = capture("--out", "calls", "--", *command)
    assert run.returncode == 2
    assert "line 1 is no call: " in run.stderr
    assert json.loads((tmp_path / "calls").read_bytes().splitlines()[1])["argv"] == ["vm"]
