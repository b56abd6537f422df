"""Starting acrn-dm, with small programs in its place."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from acrn_arch import Block, Config, launch
from acrn_arch.errors import ArgumentError, EarlyExitError, NegativeIndexError, StartError

Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return a function that makes an executable acrn-dm out of a shell script."""

    def make(script: str) -> str:
        path = tmp_path / "acrn-dm"
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(0o755)
        return str(path)

    return make


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


HOSTILE = "a b'c\"$HOME`id`;*?\n\té\U0001f600\\ -s"


def test_the_argv_reaches_the_program_to_the_letter(program: Program, tmp_path: Path) -> None:
    """No shell touches the argv: what is built is what the program gets."""
    seen = tmp_path / "seen"
    path = program(f'printf "%s\\0" "$@" >{seen}')
    guest, _ = launch(Config(path=path, name=HOSTILE, uuid="u"))
    assert guest.wait(10) == 0
    assert seen.read_bytes().split(b"\0")[:-1] == [b"-U", b"u", HOSTILE.encode()]


def test_without_a_path_the_program_is_found_in_path(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty path means acrn-dm from PATH."""
    folder = Path(program("echo found")).parent
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    guest, _ = launch(Config(name="vm"))
    assert guest.wait(10) == 0
    assert guest.output() == b"found\n"


def test_the_block_table_comes_with_the_guest(program: Program) -> None:
    """The table is the launch's own."""
    guest, table = launch(Config(path=program("true"), devices=(Block("/a", 0), Block("/b", 3))))
    guest.wait(10)
    assert table.slots == (0, 0, 0, 1, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("path", ["/nonexistent/acrn-dm", "/dev/null", "/"])
def test_failing_to_execute_is_a_typed_error(path: str) -> None:
    """A program that cannot be executed is named, with a remedy (upstream panics)."""
    with pytest.raises(StartError, match=f"cannot execute '{path}': .*; install acrn-dm"):
        launch(Config(path=path))


@pytest.mark.parametrize("name", ["a\0b", "a\ud800"])
def test_a_token_no_process_can_take_is_a_typed_error(program: Program, name: str) -> None:
    """A NUL or a lone surrogate is refused before anything starts."""
    with pytest.raises(ArgumentError, match="argument 1 "):
        launch(Config(path=program("true"), name=name))


def test_a_negative_index_starts_nothing(program: Program, tmp_path: Path) -> None:
    """A guest that cannot be built is not launched."""
    path = program(f"touch {tmp_path}/started")
    with pytest.raises(NegativeIndexError):
        launch(Config(path=path, devices=(Block("/a", -1),)))
    assert not (tmp_path / "started").exists()


def test_an_early_exit_is_reported_with_what_it_printed(program: Program) -> None:
    """Within the grace time an end is an error with status and output of both streams."""
    path = program("echo on stdout; echo on stderr >&2; exit 3")
    with pytest.raises(
        EarlyExitError, match="status 3; it printed: on stdout\non stderr"
    ) as caught:
        launch(Config(path=path), grace=10)
    assert caught.value.status == 3
    assert caught.value.output == b"on stdout\non stderr\n"


def test_a_guest_that_runs_on_is_returned_after_the_grace_time(program: Program) -> None:
    """A guest that outlives the grace time is running."""
    guest, _ = launch(Config(path=program("exec sleep 60")), grace=0.1)
    with guest:
        assert guest.wait(0) is None
    assert gone(guest.pid)


def test_without_a_grace_time_nothing_is_waited_for(program: Program) -> None:
    """By default a guest is returned at once, even one that is about to fail."""
    guest, _ = launch(Config(path=program("exit 3")))
    assert guest.wait(10) == 3


def test_stopping_ends_the_guest_and_keeps_its_output(program: Program) -> None:
    """TERM ends it; what it has said stays readable."""
    guest, _ = launch(
        Config(path=program("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done"))
    )
    while guest.output() != b"up\n":
        time.sleep(0.01)
    assert guest.stop() == 0
    assert guest.output() == b"up\nbye\n"
    assert guest.stop() == 0


def test_a_chatty_guest_never_blocks(program: Program) -> None:
    """A megabyte that nobody reads does not stop it."""
    guest, _ = launch(Config(path=program("head -c 1000000 /dev/zero")))
    assert guest.wait(10) == 0
    assert len(guest.output()) == 1_000_000


def test_a_forgotten_guest_is_killed(program: Program) -> None:
    """With the last reference the process goes too."""
    guest, _ = launch(Config(path=program("exec sleep 60")))
    pid = guest.pid
    del guest
    gc.collect()
    assert gone(pid)


def test_a_guest_ends_with_the_interpreter(program: Program) -> None:
    """A program that ends without stopping its guest leaves no process."""
    path = program("exec sleep 60")
    code = (
        "from acrn_arch import Config, launch\n"
        f"guest, _ = launch(Config(path={path!r}))\n"
        "print(guest.pid)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert gone(int(run.stdout))


def test_an_interrupt_while_waiting_leaves_no_process(program: Program, tmp_path: Path) -> None:
    """Ctrl-C in the grace time ends the guest."""
    path = program(f"echo $$ >{tmp_path}/pid; exec sleep 60")
    code = f"from acrn_arch import Config, launch; launch(Config(path={path!r}), grace=60)"
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL) as process:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text("utf-8"):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        process.wait(20)
    assert gone(int((tmp_path / "pid").read_text("utf-8")))


def test_an_interrupt_while_waiting_reaches_the_caller(program: Program, tmp_path: Path) -> None:
    """Ctrl-C ends the guest and is not lost; here the guest itself sends it, when waited for."""
    path = program(f"echo $$ >{tmp_path}/pid; sleep 0.5; kill -INT $PPID; exec sleep 60")
    with pytest.raises(KeyboardInterrupt):
        launch(Config(path=path), grace=60)
    assert gone(int((tmp_path / "pid").read_text("utf-8")))


def test_an_interrupt_while_starting_leaves_no_process(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the process has started, but is nobody's yet, ends it and is not lost."""
    started = []

    class Interrupted(subprocess.Popen[bytes]):
        """A start that Ctrl-C comes upon."""

        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[call-overload]  # as they come
            started.append(self.pid)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        launch(Config(path=program("exec sleep 60")))
    gc.collect()  # the guest was in the traceback
    assert [gone(pid) for pid in started] == [True]


def test_a_guest_can_be_started_in_a_thread(program: Program) -> None:
    """Where no interrupt can come, none is held."""
    with ThreadPoolExecutor() as pool:
        guest, _ = pool.submit(launch, Config(path=program("exit 3"))).result()
    assert guest.wait(10) == 3
    guest.stop()
