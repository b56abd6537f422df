"""The console driver: every state, every side exit, and what it must survive."""

import errno
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from scripted import SHELL, TIMEOUTS, scripted
from waiting import until

from acrn_hwtests.boardfile import Timeouts
from acrn_hwtests.state import (
    CommandTimeoutError,
    DeviceModelError,
    EndedError,
    GuestError,
    LostError,
    PanicError,
    RebootedError,
    SilentError,
    State,
)
from acrn_hwtests.transcript import Transcript

_PANIC = "[    5.123456] Kernel panic - not syncing: VFS: Unable to mount root fs"
_QUICK = Timeouts(socket=1, boot=1.5, command=1, power_off=1)


def test_a_command_gives_its_output_and_status(tmp_path: Path) -> None:
    """Output comes without carriage returns, and its exit status, and nothing of the markers."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        output = guest.serial.run("printf 'one\\r\\n\\ntwo'; exit 3")
        assert (output.text, output.status) == ("one\n\ntwo", 3)
        assert guest.serial.state is State.PROMPT


def test_a_syntax_error_is_the_commands_own(tmp_path: Path) -> None:
    """A command that no shell can read has a status, and leaves the console usable."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        assert guest.serial.run("echo 'unclosed").status != 0
        assert guest.serial.run("echo fine").text == "fine"


@pytest.mark.parametrize("command", ["echo a\necho b", "echo " + "x" * 1000])
def test_an_impossible_command_is_refused(tmp_path: Path, command: str) -> None:
    """A command of several lines, or longer than a guest's shell reads, is never sent."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        with pytest.raises(ValueError, match="one line"):
            guest.serial.run(command)


def test_an_echo_is_no_answer(tmp_path: Path) -> None:
    """A console that echoes what it is sent does not pass for one that has run it."""
    echoing = 'echo "fake-guest# "; while read -r line; do echo "$line"; done'
    with scripted(tmp_path, echoing, timeouts=_QUICK) as guest, pytest.raises(SilentError):
        guest.serial.boot()


def test_random_bytes_do_no_harm(tmp_path: Path) -> None:
    """64 KiB of anything, and terminal escapes, before the prompt and in an output are survived."""
    noise = "head -c 65536 /dev/urandom; printf '\\033[2J\\033]0;title\\007\\n'\n"
    with scripted(tmp_path, noise + SHELL) as guest:
        guest.serial.boot()
        output = guest.serial.run("head -c 65536 /dev/urandom; echo; echo end")
        assert output.text.endswith("\nend")


def test_a_line_of_2_mb_is_no_obstacle(tmp_path: Path) -> None:
    """A line of 2 MB passes well within a command's time, and its end is kept."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        output = guest.serial.run("head -c 2000000 /dev/zero | tr '\\0' x; echo END")
        assert output.text.endswith("xxxEND")


@pytest.mark.slow
def test_a_flood_keeps_memory_bounded(tmp_path: Path) -> None:
    """20 MB that nobody asked for neither stop the guest nor stay in memory."""
    flood = f"yes {'x' * 99} | head -c 20000000\n"
    timeouts = Timeouts(socket=2, boot=60, command=5, power_off=3)
    with scripted(tmp_path, flood + SHELL, timeouts=timeouts) as guest:
        guest.serial.boot()
        stream = guest.serial.stream
        assert stream.received >= 20_000_000
        assert len(stream.before or b"") < 4 << 20
        guest.serial.run("true")
        kept = sum(path.stat().st_size for path in guest.folder.path.iterdir())
        assert kept < 16 << 20


@pytest.mark.parametrize("console", ["[    5.1][    T1] ", "[    5.123456] ", ""])
def test_a_panic_is_told_by_the_kernels_line(tmp_path: Path, console: str) -> None:
    """The panic's own line is the reason, with and without the kernel's time before it."""
    script = f"echo '{console}Kernel panic - not syncing: Fatal'; while :; do sleep .2; done"
    with scripted(tmp_path, script) as guest:
        with pytest.raises(PanicError) as caught:
            guest.serial.boot()
        assert caught.value.reason == "Kernel panic - not syncing: Fatal"
        assert guest.serial.state is State.PANIC


def test_a_panic_comes_before_the_restart_it_causes(tmp_path: Path) -> None:
    """A guest that panics and restarts for ever has panicked; nobody waits for an end."""
    loop = f"while :; do echo '{_PANIC}'; echo '[ 6.1] reboot: Restarting system'; done"
    with scripted(tmp_path, loop) as guest, pytest.raises(PanicError):
        guest.serial.boot()


def test_a_panic_that_is_quoted_is_none(tmp_path: Path) -> None:
    """A program that speaks of a panic in the middle of its line has not panicked."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        said = guest.serial.run("echo 'grep: Kernel panic - not syncing: seen before'")
        assert said.status == 0


def test_a_restart_is_told(tmp_path: Path) -> None:
    """The kernel's line of a restart is a restart."""
    script = "echo '[    6.1] reboot: Restarting system'; while :; do sleep .2; done"
    with scripted(tmp_path, script) as guest, pytest.raises(RebootedError):
        guest.serial.boot()


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("while :; do sleep .2; done", "not a byte"),
        ("echo starting; while :; do sleep .2; done", "no prompt"),
    ],
)
def test_silence_is_told_from_slowness(tmp_path: Path, script: str, reason: str) -> None:
    """A guest that never says anything, and one that falls silent, are silent in their own ways."""
    with scripted(tmp_path, script, timeouts=_QUICK) as guest:
        started = time.monotonic()
        with pytest.raises(SilentError, match=reason):
            guest.serial.boot()
        assert time.monotonic() - started < 10 * _QUICK.boot


@pytest.mark.parametrize("status", [1, 10, 64])
def test_an_early_end_is_the_device_models_error(tmp_path: Path, status: int) -> None:
    """acrn-dm that ends before the guest is up is told with its status and its last line."""
    script = f"echo 'pci slot 3:0 already occupied!'; exit {status}"
    with scripted(tmp_path, script) as guest:
        with pytest.raises(DeviceModelError) as caught:
            guest.serial.boot()
        assert caught.value.reason == (
            f"acrn-dm ended with exit status {status}: pci slot 3:0 already occupied!"
        )


def test_status_0_before_the_prompt_is_an_error_too(tmp_path: Path) -> None:
    """v1.0 ends with status 0 on a device's failure: that is no good end."""
    with scripted(tmp_path, "echo failed; exit 0") as guest, pytest.raises(DeviceModelError):
        guest.serial.boot()


def test_an_end_that_nobody_asked_for_is_told(tmp_path: Path) -> None:
    """A device model that ends in good order when nobody asked for it has ended."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        guest.kill(signal.SIGHUP)  # at which the fake ends with status 0
        with pytest.raises(EndedError):
            guest.serial.run("true")


def test_a_killed_device_model_is_lost(tmp_path: Path) -> None:
    """The signal that ended it is named."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        guest.kill(signal.SIGKILL)
        with pytest.raises(LostError, match="killed by SIGKILL"):
            guest.serial.run("true")


def test_a_command_that_hangs_ends_in_its_time(tmp_path: Path) -> None:
    """A command without an end is given up after its time, with the command in the reason."""
    with scripted(tmp_path, SHELL, timeouts=_QUICK) as guest:
        guest.serial.boot()
        with pytest.raises(CommandTimeoutError, match="sleep 30"):
            guest.serial.run("sleep 30")


def test_power_off_waits_for_acrn_dm(tmp_path: Path) -> None:
    """A guest that says it is off has an acrn-dm that ends; if that stays, the error says so."""
    with scripted(tmp_path, SHELL, timeouts=_QUICK) as guest:
        guest.serial.boot()
        with pytest.raises(GuestError, match="acrn-dm still runs"):
            guest.power_off(guest.serial)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("echo '[ 9.1] reboot: Restarting system'; while :; do sleep .2; done", RebootedError),
        ("exit 0", EndedError),
        ("exit 3", DeviceModelError),
    ],
)
def test_another_end_is_no_power_off(tmp_path: Path, script: str, error: type[GuestError]) -> None:
    """A guest that restarts instead, or goes without a word, has not powered off."""
    waiting = "printf '# '; read -r sync; eval \"$(echo \"$sync\" | cut -d';' -f3)\"\n"
    with scripted(tmp_path, f"{waiting}read -r off; {script}", timeouts=_QUICK) as guest:
        guest.serial.boot()
        with pytest.raises(error):
            guest.power_off(guest.serial)


def test_a_power_off_that_the_other_console_tells_is_one(tmp_path: Path) -> None:
    """The kernel says on ttyS0 alone that it powers off; who waits on hvc0 is told all the same."""
    script = """exec python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(os.path.abspath("console.sock")); s.listen()
c, _ = s.accept()
c.sendall(b"# "); line = c.recv(999).decode()
c.sendall(line.split("echo ")[-1].replace(chr(39) * 2, "").encode())
c.recv(999)
print("[    9.1] reboot: Power down", flush=True)
' "$@"
"""
    with scripted(tmp_path, script) as guest:
        hvc = guest.attach()
        hvc.boot()
        assert guest.power_off(hvc) == 0


def test_what_ended_a_guest_is_told_at_once_to_who_asks_later(tmp_path: Path) -> None:
    """After a panic no command waits for its time: the panic is raised again."""
    script = f"echo '{_PANIC}'; while :; do sleep .2; done"
    with scripted(tmp_path, script) as guest:
        with pytest.raises(PanicError):
            guest.serial.boot()
        started = time.monotonic()
        with pytest.raises(PanicError):
            guest.serial.run("true")
        assert time.monotonic() - started < TIMEOUTS.command / 2


def test_output_that_was_too_much_is_not_taken_for_whole(tmp_path: Path) -> None:
    """Of an output beyond what is kept, the end is there, and how much is not."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        output = guest.serial.run("head -c 5000000 /dev/zero | tr '\\0' x; echo END")
        assert output.text.endswith("xEND")
        assert output.left_out + len(output.text) == 5_000_003
        with pytest.raises(AssertionError, match="left out"):
            output.checked()


def test_a_transcript_that_cannot_be_written_is_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told as such, and not as a guest that is silent."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with scripted(tmp_path, f"sleep .2\n{SHELL}") as guest:
        monkeypatch.setattr(Transcript, "add", full)
        with pytest.raises(LostError, match="No space left on device"):
            guest.serial.boot()


def test_a_process_that_has_the_id_by_now_is_not_signalled(tmp_path: Path) -> None:
    """A signal goes to a process only if that still has the guest's name."""
    with (
        scripted(tmp_path, "while :; do sleep 1; done") as guest,
        subprocess.Popen(["/bin/sleep", "60"]) as other,
    ):
        until(lambda: Path(guest.plan.path("pid")).exists())
        own = guest.pid()
        Path(guest.plan.path("pid")).write_text(str(other.pid))
        guest.kill(signal.SIGKILL)
        time.sleep(0.2)
        assert other.poll() is None
        other.kill()
        Path(guest.plan.path("pid")).write_text(str(own))


def test_kernel_messages_among_the_output_do_not_break_it(tmp_path: Path) -> None:
    """Lines of the kernel between the markers stay in the output, and cost nothing else."""
    with scripted(tmp_path, SHELL) as guest:
        guest.serial.boot()
        output = guest.serial.run("echo a; echo '[   12.3] usb 1-1: new device'; echo b; exit 4")
        assert output.status == 4
        assert output.text.startswith("a\n")


def test_a_failure_shows_the_last_lines_and_the_transcript(tmp_path: Path) -> None:
    """The error has the last lines, nothing in them that a terminal acts upon, and the folder."""
    script = "printf 'first\\nlast \\033[31mred\\n'; exit 1"
    with scripted(tmp_path, script) as guest:
        with pytest.raises(DeviceModelError) as caught:
            guest.serial.boot()
        text = str(caught.value)
        assert "  | last \\x1b[31mred" in text
        assert f"transcript: {guest.folder.path}" in text


def test_a_panic_on_the_other_console_is_seen(tmp_path: Path) -> None:
    """While one console is waited on, a panic that shows only on the other ends the wait."""
    script = f"""
    exec python3 -c 'import os,socket,time
s=socket.socket(socket.AF_UNIX); s.bind(os.path.abspath("console.sock")); s.listen(); c=s.accept()
print("{_PANIC}", flush=True); time.sleep(60)' "$@"
    """
    with scripted(tmp_path, script) as guest, pytest.raises(PanicError):
        guest.attach().boot()


def test_a_console_that_closes_while_acrn_dm_lives_is_a_restart(tmp_path: Path) -> None:
    """After a reset acrn-dm hangs up on who is connected, and lives: a restart."""
    script = """
    exec python3 -c 'import os,socket,time
s=socket.socket(socket.AF_UNIX); s.bind(os.path.abspath("console.sock")); s.listen(); c,_=s.accept()
c.sendall(b"up\\n"); time.sleep(.3); c.close(); time.sleep(60)' "$@"
    """
    with scripted(tmp_path, script) as guest, pytest.raises(RebootedError):
        guest.attach().boot()


def test_a_socket_that_never_comes_is_given_up(tmp_path: Path) -> None:
    """Who waits for a console's socket waits for the board's time, then says which socket."""
    with (
        scripted(tmp_path, "while :; do sleep .2; done", timeouts=_QUICK) as guest,
        pytest.raises(LostError, match=r"console\.sock"),
    ):
        guest.attach()


def test_a_stale_socket_is_waited_out(tmp_path: Path) -> None:
    """A socket file that nobody listens on is no console; the real one is, once it comes."""
    script = """
    exec python3 -c 'import os,socket,time
s=socket.socket(socket.AF_UNIX); s.bind(os.path.abspath("console.sock")); s.close(); time.sleep(.3)
os.unlink("console.sock")
s=socket.socket(socket.AF_UNIX); s.bind(os.path.abspath("console.sock")); s.listen(); c,_=s.accept()
c.sendall(b"late but there\\n"); time.sleep(60)' "$@"
    """
    with scripted(tmp_path, script, timeouts=TIMEOUTS) as guest:
        hvc = guest.attach()
        hvc.stream.expect_exact(b"late but there", timeout=5)
