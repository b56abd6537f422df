"""Capturing: what a runtime calls is recorded exactly, judged, and nothing is left behind."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acrn_conformance.cases import golden

COMMAND = (sys.executable, "-m", "acrn_conformance", "capture")
CASES = {case.id: case for case in golden.load(golden.folder()).cases()}
SANDBOX = next(case for case in CASES.values() if case.request.method == "sandbox_argv")
RESCAN = next(
    case
    for case in CASES.values()
    if case.request.method == "block_rescan" and not case.expect.refused
)


def argv_of(name: str) -> list[str]:
    result = CASES[name].expect.result
    assert isinstance(result, dict)
    argv = result["argv"]
    assert isinstance(argv, list)
    return argv


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let all happen in a folder of the test's own, in which nothing may be left running."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    yield
    left = running_in(tmp_path)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert not left


def running_in(folder: Path) -> list[int]:
    """Return the processes that work in a folder, but for this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                found += [int(entry.name)] * (entry / "cwd").readlink().is_relative_to(folder)
            except OSError:
                continue
    return found


def capture(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
        check=False,
    )


def runtime(tmp_path: Path, *lines: str) -> tuple[str, str]:
    """Return a command that runs a shell script."""
    path = tmp_path / "runtime"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return "sh", str(path)


def calling(program: str, argv: list[str]) -> str:
    return shlex.join([program, *argv])


def recorded(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def eventually(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)


def calls_in(path: Path, number: int) -> Callable[[], bool]:
    return lambda: path.exists() and path.read_bytes().count(b"\n") == number


def nothing_left(tmp_path: Path) -> bool:
    return not running_in(tmp_path) and not list((tmp_path / "temporary").iterdir())


def test_a_call_is_recorded_with_all_there_is_to_know(tmp_path: Path) -> None:
    """Program, argv, working directory, time, pid, parent and its name; the order is kept."""
    command = runtime(
        tmp_path, "cd /", "acrn-dm -A '' 'a b' \"$(printf 'x\\n\"')\" é; acrnctl list"
    )
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


@pytest.mark.parametrize(
    "how",
    [
        "acrn-dm one",
        "env acrn-dm one",
        "exec acrn-dm one",
        '"$(command -v acrn-dm)" one',
        'cd "$(dirname "$(command -v acrn-dm)")"; PATH=/bin:/usr/bin; ./acrn-dm one',
        'env -i "$(command -v acrn-dm)" one',
        'ln -s "$(command -v acrn-dm)" vmm; ./vmm one',
        'PATH="$PATH:/opt/none" LC_ALL=C PYTHONHOME=/x PYTHONPATH=/y acrn-dm one',
        "(acrn-dm one &) ",
    ],
)
def test_however_it_is_called_it_is_the_stand_in(tmp_path: Path, how: str) -> None:
    """A look-up in PATH, an absolute path, no environment, a link, an orphan: one call each."""
    run = capture("--out", "calls", "--", *runtime(tmp_path, how))
    assert run.returncode == 0, run.stderr
    assert [call["argv"] for call in recorded(tmp_path / "calls")] == [["one"]]


def test_the_command_may_be_acrn_dm_itself(tmp_path: Path) -> None:
    """What is captured is looked up in the new PATH too."""
    run = capture("--out", "calls", "--", "acrn-dm", "-A", "vm")
    assert run.returncode == 0
    assert recorded(tmp_path / "calls")[0]["argv"] == ["-A", "vm"]


def test_the_paths_are_told_before_the_command_starts(tmp_path: Path) -> None:
    """They can go into a runtime's configuration; the folder is private."""
    command = runtime(tmp_path, 'command -v acrn-dm; command -v acrnctl; stat -c %a "${PATH%%:*}"')
    lines = capture("--", *command).stdout.splitlines()
    assert lines[0].removeprefix("acrn-dm: ") == lines[2]
    assert lines[1].removeprefix("acrnctl: ") == lines[3]
    assert lines[4] == "700"


def test_a_stand_in_is_silent_and_successful(tmp_path: Path) -> None:
    """It prints nothing, reads nothing, and ends at once with status 0."""
    command = runtime(
        tmp_path,
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
        tmp_path,
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
    command = runtime(tmp_path, "for n in 1 2 3 4 5 6 7 8; do (sleep 0.2; exec acrn-dm $n) & done")
    capture("--out", "calls", "--", *command)
    assert sorted(str(call["argv"]) for call in recorded(tmp_path / "calls")) == [
        f"['{n}']" for n in range(1, 9)
    ]


def test_a_megabyte_of_arguments_is_recorded(tmp_path: Path) -> None:
    """As much as the kernel lets a command line have."""
    words = [f"{number:0100}" for number in range(10_000)]
    (tmp_path / "words").write_text("\n".join(words), "ascii")
    run = capture("--out", "calls", "--", *runtime(tmp_path, "acrn-dm $(cat words)"))
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
    assert r"a\udcff\udced\udca0\udc80\x1b[31m" in run.stdout
    again = capture("--read", "calls")
    assert again.stdout in run.stdout


def test_a_record_is_written_while_the_command_runs(tmp_path: Path) -> None:
    """A call stands in the file as soon as the stand-in for acrn-dm is up."""
    command = runtime(
        tmp_path, "acrn-dm one & until grep -q one calls; do sleep 0.05; done; cat calls"
    )
    run = capture("--stay", "--out", "calls", "--", *command)
    assert run.returncode == 0
    assert '"argv":["one"]' in run.stdout


STAYS = """\
import signal, subprocess, sys, time
child = subprocess.Popen(["acrn-dm", "vm"])
while not open("calls").read():
    time.sleep(0.01)
time.sleep(float(sys.argv[2]))
print("alive" if child.poll() is None else "gone", flush=True)
child.send_signal(getattr(signal, sys.argv[1]))
print("ended with", child.wait(10), flush=True)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("after", ["0", "1.2"])
def test_a_stand_in_that_stays_ends_as_a_vm_does(name: str, after: str) -> None:
    """With --stay it lives until SIGINT or SIGTERM, and ends with status 0."""
    words = ("--stay", "--out", "calls", "--", sys.executable, "-c", STAYS, name, after)
    run = capture(*words)
    assert "alive\nended with 0\n" in run.stdout, run.stderr


def test_acrnctl_never_stays(tmp_path: Path) -> None:
    """Only a VM lives on."""
    run = capture("--stay", "--", *runtime(tmp_path, "acrnctl list; echo done"))
    assert "done\n" in run.stdout


def test_what_stays_is_ended_with_the_command(tmp_path: Path) -> None:
    """VMs that the command leaves behind end with it, also in sessions of their own."""
    command = runtime(tmp_path, "acrn-dm one & setsid acrn-dm two & exit 3")
    start = time.monotonic()
    run = capture("--stay", "--", *command)
    assert time.monotonic() - start < 10
    assert run.returncode == 0
    assert "the command ended: exit status 3\n" in run.stdout
    assert "2 calls captured: 2 of acrn-dm" in run.stdout
    assert nothing_left(tmp_path)


def test_how_the_command_was_killed_is_told(tmp_path: Path) -> None:
    """By the signal's number and name."""
    run = capture("--", *runtime(tmp_path, "kill -9 $$"))
    assert run.returncode == 0
    assert "the command ended: killed by signal 9 (Killed)\n" in run.stdout


def start(*words: str) -> subprocess.Popen[str]:
    """Start a capture, as from a terminal: SIGINT is not ignored."""
    return subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_a_service_that_was_there_before_is_captured_too(tmp_path: Path) -> None:
    """Whoever calls the stand-in by its path is recorded and ended, whose child it may be."""
    command = runtime(tmp_path, "until [ -e done ]; do sleep 0.05; done")
    running = start("--stay", "--out", "calls", "--", *command)
    assert running.stdout
    path = running.stdout.readline().removeprefix("acrn-dm: ").strip()
    service = subprocess.Popen([path, "from", "outside"])
    eventually(calls_in(tmp_path / "calls", 1))
    (tmp_path / "done").touch()
    out, _ = running.communicate(timeout=20)
    assert service.wait(10) == 0
    assert running.returncode == 0
    assert "1 call captured" in out
    assert recorded(tmp_path / "calls")[0]["argv"] == ["from", "outside"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_all(tmp_path: Path, number: signal.Signals) -> None:
    """The command, its children and theirs, the VMs and the folder are gone; the calls are kept."""
    command = runtime(tmp_path, "acrn-dm 1 & setsid acrn-dm 2 & setsid sleep 600 & sleep 600")
    running = start("--stay", "--out", "calls", "--", *command)
    eventually(calls_in(tmp_path / "calls", 2))
    running.send_signal(number)
    out, err = running.communicate(timeout=20)
    assert running.returncode == 128 + number
    assert err == ""
    assert "2 calls captured" in out
    assert nothing_left(tmp_path)


def test_neither_patience_nor_haste_leaves_anything(tmp_path: Path) -> None:
    """A command that ignores SIGTERM is killed; more signals do not cut the cleaning up short."""
    command = runtime(tmp_path, "trap '' TERM INT", "acrn-dm 1 &", "while :; do sleep 0.1; done")
    running = start("--stay", "--out", "calls", "--", *command)
    eventually(calls_in(tmp_path / "calls", 1))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        running.send_signal(number)
        time.sleep(0.05)
    out, err = running.communicate(timeout=20)
    assert running.returncode == 128 + signal.SIGTERM
    assert "killed by signal 9" in out
    assert err == ""
    assert nothing_left(tmp_path)


def test_waiting_for_what_is_left_can_be_cut_short(tmp_path: Path) -> None:
    """Calls that nobody waits for are waited for, but not against the user's will."""
    command = runtime(tmp_path, "while :; do acrn-dm vm; done & setsid sleep 600 &")
    running = start("--out", "calls", "--", *command)
    calls = tmp_path / "calls"
    eventually(lambda: calls.exists() and calls.read_bytes().count(b"\n") > 2)
    assert running.poll() is None
    running.terminate()
    out, _ = running.communicate(timeout=20)
    assert running.returncode == 128 + signal.SIGTERM
    assert "the command ended: exit status 0" in out
    assert nothing_left(tmp_path)


def test_vms_do_not_outlive_a_capture_that_is_killed(tmp_path: Path) -> None:
    """SIGKILL leaves the folder, but a stand-in sees that the capture is over."""
    command = runtime(tmp_path, "acrn-dm 1; exec acrn-dm 2")
    running = start("--stay", "--out", "calls", "--", *command)
    eventually(calls_in(tmp_path / "calls", 1))
    running.kill()
    running.communicate()
    eventually(lambda: not running_in(tmp_path))
    assert len(recorded(tmp_path / "calls")) == 2


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
    command = runtime(tmp_path, "rm calls; acrn-dm vm; echo status $?")
    run = capture("--out", "calls", "--", *command)
    assert "status 1\n" in run.stdout
    assert "acrn-dm (stand-in): cannot record the call: " in run.stderr


def test_a_line_cut_short_costs_no_other(tmp_path: Path) -> None:
    """A stand-in killed while it writes loses its own call, and the record says so."""
    command = runtime(tmp_path, "printf '{\"progr' >>calls; acrn-dm vm")
    run = capture("--out", "calls", "--", *command)
    assert run.returncode == 2
    assert "line 1 is no call: " in run.stderr
    assert json.loads((tmp_path / "calls").read_bytes().splitlines()[1])["argv"] == ["vm"]


def test_calls_that_are_equal_to_a_golden_case_pass(tmp_path: Path) -> None:
    """All calls of the program that the case is about are compared, and no others."""
    command = runtime(tmp_path, *[calling("acrn-dm", argv_of(SANDBOX.id))] * 2, "acrnctl list")
    run = capture("--golden", SANDBOX.id, "--", *command)
    assert run.returncode == 0, run.stdout
    assert run.stdout.count(f"  equal to {SANDBOX.id}\n") == 2
    assert f"; 2 of 2 equal to {SANDBOX.id}\n" in run.stdout
    assert "3  virtio-console           @console0: socket /" in run.stdout


def test_a_call_that_differs_fails_and_shows_where(tmp_path: Path) -> None:
    """One wrong token among equal calls is enough; it is marked."""
    wrong = [token.replace("5,virtio-blk", "50,virtio-blk") for token in argv_of(SANDBOX.id)]
    command = runtime(tmp_path, calling("acrn-dm", argv_of(SANDBOX.id)), calling("acrn-dm", wrong))
    run = capture("--golden", SANDBOX.id, "--out", "calls", "--", *command)
    assert run.returncode == 1
    assert f"  differs from {SANDBOX.id} (- expected, + got):\n" in run.stdout
    assert "\n  - 5,virtio-blk,nodisk\n  + 50,virtio-blk,nodisk\n" in run.stdout
    assert f"; 1 of 2 equal to {SANDBOX.id}\n" in run.stdout
    again = capture("--read", "calls", "--golden", SANDBOX.id)
    assert again.returncode == 1
    assert again.stdout in run.stdout


def test_a_rescan_is_compared_with_calls_of_acrnctl(tmp_path: Path) -> None:
    """A case of block_rescan is about the other program."""
    command = runtime(tmp_path, "acrn-dm vm", calling("acrnctl", argv_of(RESCAN.id)))
    run = capture("--golden", RESCAN.id, "--", *command)
    assert run.returncode == 0, run.stdout
    assert f"; 1 of 1 equal to {RESCAN.id}\n" in run.stdout


def test_calls_are_compared_with_a_description(tmp_path: Path) -> None:
    """--sandbox takes what the reference builds for a VM, in TOML or JSON."""
    described = tmp_path / "vm.json"
    described.write_text(json.dumps({"sandbox": SANDBOX.request.params}), "utf-8")
    command = runtime(tmp_path, calling("acrn-dm", argv_of(SANDBOX.id)))
    run = capture("--sandbox", "vm.json", "--", *command)
    assert run.returncode == 0, run.stdout
    assert "equal to the argv for vm.json\n" in run.stdout
    (tmp_path / "vm.toml").write_text('[config]\nname = "vm"\n', "utf-8")
    run = capture("--sandbox", "vm.toml", "--", *command)
    assert run.returncode == 1
    assert "differs from the argv for vm.toml" in run.stdout


def test_nothing_captured_fails_only_where_a_comparison_was_asked(tmp_path: Path) -> None:
    """No call is no success then; a call of the other program does not help."""
    command = runtime(tmp_path, "acrnctl list")
    assert capture("--", "true").returncode == 0
    for words in (("true",), command):
        run = capture("--golden", SANDBOX.id, "--", *words)
        assert run.returncode == 1
        assert f"none of acrn-dm to compare with {SANDBOX.id}\n" in run.stdout


def test_each_call_of_acrn_dm_is_linted(tmp_path: Path) -> None:
    """The findings stand below the call that they are about."""
    command = runtime(tmp_path, "acrn-dm -m 2048 -s 0:0,hostbridge vm; acrnctl list")
    run = capture("--", *command)
    before, _, after = run.stdout.partition("call 2: ")
    assert "invalid memsize" in before
    assert "invalid memsize" not in after


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give a command after --, or --read FILE"),
        (("--read", "x", "--", "true"), "give a command after --, or --read FILE"),
        (("--read", "x", "--stay"), "leave out --out and --stay"),
        (("--read", "nowhere"), "--read nowhere: No such file"),
        (("--read", "."), "--read .: Is a directory"),
        (("--read", "/bin/sh"), "line 1 is no call: "),
        (("--read", "junk"), "line 1 is no call: "),
        (("--read", "both"), "line 1 is no call: "),
        (("--golden", "no-such-case", "--", "true"), "no case has the id 'no-such-case'"),
        (("--golden", "limits-fixed", "--", "true"), "limits-fixed expects no argv"),
        (("--golden", "x", "--sandbox", "y", "--", "true"), "not allowed with"),
        (("--sandbox", "nowhere.toml", "--", "true"), "nowhere.toml: No such file"),
        (("--sandbox", "junk", "--", "true"), "--sandbox junk: "),
        (("--out", ".", "--", "true"), "--out .: not a regular file"),
        (("--out", "no/where", "--", "true"), "--out no/where: No such file"),
        (("--", "no-such-program"), "cannot execute no-such-program: No such file"),
        (("--", ""), "the first word of the command is empty"),
    ],
)
def test_unusable_input_is_said_in_a_line(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """Exit status 2, the reason and the remedy on stderr, no traceback, nothing left."""
    (tmp_path / "junk").write_text('{"program": 1}\n', "utf-8")
    line = '{"program":"a","time":"","pid":1,"parent_pid":1,"cwd":"","parent_command":"","argv":[]'
    (tmp_path / "both").write_text(line + ',"argv_base64":[]}\n', "utf-8")
    run = capture(*words)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert nothing_left(tmp_path)


def test_a_folder_that_cannot_stand_in_path_is_refused(tmp_path: Path) -> None:
    """A colon in it would name two folders."""
    (tmp_path / "a:b").mkdir()
    run = capture("--", "true", TMPDIR=str(tmp_path / "a:b"))
    assert run.returncode == 2
    assert "set TMPDIR to another folder" in run.stderr
    assert not list((tmp_path / "a:b").iterdir())
