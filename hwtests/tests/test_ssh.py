"""A board behind ssh: the same as one that is here, over a real server on the loopback."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from scripted import ALL_BYTES, ECHO, SHELL, alive, scripted
from sshd_fixture import sshd, unused_port
from waiting import until

from acrn_hwtests.boardfile import Ssh
from acrn_hwtests.ending import Programs
from acrn_hwtests.hosts.host import HostError, check, run
from acrn_hwtests.hosts.ssh import SshHost
from acrn_hwtests.keeper import Keeper
from acrn_hwtests.state import DeviceModelError, LostError

pytestmark = pytest.mark.board

_LIVES = "echo up; while :; do sleep 1; done"

_HOSTILE = (
    "",
    "-x",
    "--",
    "a b",
    "'",
    '"',
    "$HOME `id` $(id) ${x}",
    "back\\slash",
    "new\nline",
    "tab\tand\rreturn",
    "!history",
    "~",
    "*",
    "\u2028\U0001f600",
    "x" * 4096,
    "3,virtio-console,@socket:console0=/run/a b.sock",
)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Ssh]:
    """Return the settings that reach a real SSH server."""
    folder = tmp_path / "sshd"
    folder.mkdir()
    with sshd(folder) as found:
        yield found


@pytest.fixture
def host(settings: Ssh) -> Iterator[SshHost]:
    """Return a host that is connected."""
    found = SshHost(settings)
    found.open()
    yield found
    found.close()


def test_an_argv_arrives_byte_for_byte(host: SshHost) -> None:
    """Blanks, quotes, newlines and all that a shell knows reach the program as they are."""
    shown = check(host, [sys.executable, "-c", "import sys; print(ascii(sys.argv[1:]))", *_HOSTILE])
    assert shown == ascii(list(_HOSTILE))


def test_a_guest_is_reached_as_one_that_is_here(host: SshHost, tmp_path: Path) -> None:
    """Its console carries data, and a command gives its output and status."""
    with scripted(tmp_path, SHELL, host=host) as guest:
        guest.serial.boot()
        assert guest.serial.run("echo over-ssh; exit 5").text == "over-ssh"


def test_the_arguments_of_acrn_dm_are_read_there(host: SshHost, tmp_path: Path) -> None:
    """What acrn-dm was started with is read from the board's own kernel."""
    with scripted(tmp_path, _LIVES, host=host) as guest:
        guest.serial.stream.expect_exact(b"up", timeout=5)
        assert guest.arguments()[-2:] == ("-A", "sandbox-scripted")


def test_every_byte_passes_a_terminal_there_as_it_is(host: SshHost, tmp_path: Path) -> None:
    """acrn-dm has a terminal on the board, raw and without echo from its first byte on."""
    with scripted(tmp_path, ECHO, host=host) as guest:
        stream = guest.serial.stream
        stream.expect_exact(b"terminal: True True False\n", timeout=10)
        for start in range(0, len(ALL_BYTES), 1024):
            stream.send(ALL_BYTES[start : start + 1024])
        stream.wait_for_end(10)
        folder = guest.folder.path
    assert (folder / "ttyS0.raw").read_bytes().partition(b"False\n")[2] == ALL_BYTES
    assert (folder / "stderr.raw").read_bytes() == b"apart"


def test_a_commands_255_is_no_lost_host(host: SshHost, tmp_path: Path) -> None:
    """A VM that acrnctl does not know ends it with 255, as a broken connection does ssh."""
    assert run(host, ["sh", "-c", "exit 255"]).status == 255
    with (
        scripted(tmp_path, "exit 255", host=host) as guest,
        pytest.raises(DeviceModelError, match="exit status 255"),
    ):
        guest.serial.boot()


def test_who_is_not_root_there_becomes_it_by_sudo(
    settings: Ssh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ``sudo`` every command goes through it, and it never asks; here a fake one tells."""
    fake = tmp_path / "sudo"
    fake.write_text(f'#!/bin/sh\necho "$1 $2" >>{tmp_path}/asked\nshift 2\nexec "$@"\n')
    fake.chmod(0o755)
    host = SshHost(msgspec.structs.replace(settings, sudo=True))
    monkeypatch.setattr("acrn_hwtests.hosts.ssh.SUDO", (str(fake), "-n", "--"))
    host.open()
    with scripted(tmp_path, SHELL, host=host) as guest:
        guest.serial.boot()
        assert guest.serial.run("echo over-sudo").text == "over-sudo"
    host.close()
    assert set((tmp_path / "asked").read_text().split("\n")) == {"-n --", ""}


def test_a_socket_on_the_board_is_reached(host: SshHost, tmp_path: Path) -> None:
    """The console's socket is forwarded, and carries data both ways."""
    script = """exec python3 -c 'import os, socket
s=socket.socket(socket.AF_UNIX); s.bind(os.path.abspath("console.sock")); s.listen(); c,_=s.accept()
while data := c.recv(99): c.sendall(b"echo:" + data)' "$@"
"""
    with scripted(tmp_path, script, host=host) as guest:
        hvc = guest.attach()
        hvc.stream.send(b"there\n")
        hvc.stream.expect_exact(b"echo:there", timeout=5)


def test_a_socket_that_nobody_listens_at_is_waited_out(host: SshHost, tmp_path: Path) -> None:
    """Ssh takes the connection before the board refuses it: whether it would is asked there."""
    script = """exec python3 -c 'import os, socket, time
path = os.path.abspath("console.sock")
s=socket.socket(socket.AF_UNIX); s.bind(path); s.close(); time.sleep(.5); os.unlink(path)
s=socket.socket(socket.AF_UNIX); s.bind(path); s.listen(); c,_=s.accept()
c.sendall(b"late but there"); time.sleep(60)' "$@"
"""
    with scripted(tmp_path, script, host=host) as guest:
        guest.attach().stream.expect_exact(b"late but there", timeout=5)
        assert guest.listens(guest.plan.console_path)
        guest.kill(signal.SIGKILL)
        until(lambda: guest.status() is not None)
        assert not guest.listens(guest.plan.console_path)


def test_a_terminal_on_the_board_is_reached(host: SshHost, tmp_path: Path) -> None:
    """A terminal that acrn-dm makes there carries data both ways."""
    script = """exec python3 -c 'import os, pty, tty
m, s = pty.openpty(); tty.setraw(s); print("redirected to", os.ttyname(s), flush=True)
while data := os.read(m, 99): os.write(m, b"echo:" + data)' "$@"
"""
    with scripted(tmp_path, script, host=host) as guest:
        guest.serial.stream.expect(rb"redirected to (\S+)\r?\n", timeout=5)
        match = guest.serial.stream.match
        assert isinstance(match, re.Match)
        stream = guest.stream("pty", guest.terminal(match[1].decode()))
        time.sleep(0.3)
        stream.send(b"there\n")
        stream.expect_exact(b"echo:there", timeout=5)


def test_a_signal_is_told_from_a_lost_connection(host: SshHost, tmp_path: Path) -> None:
    """acrn-dm that is killed there is told as killed, with the signal."""
    with scripted(tmp_path, SHELL, host=host) as guest:
        guest.serial.boot()
        guest.kill(signal.SIGKILL)
        with pytest.raises(LostError, match="killed by SIGKILL"):
            guest.serial.run("true")


def test_an_exit_status_comes_through(host: SshHost, tmp_path: Path) -> None:
    """acrn-dm's own exit status is told."""
    with (
        scripted(tmp_path, "echo bad; exit 64", host=host) as guest,
        pytest.raises(DeviceModelError, match="exit status 64: bad"),
    ):
        guest.serial.boot()


def test_a_connection_that_breaks_is_told_and_cleaned_up(host: SshHost, tmp_path: Path) -> None:
    """The guest is lost, and what runs on the board is ended by the keeper there."""
    programs = Programs("/nowhere/acrn-dm", "/nowhere/acrnctl", "run")
    keeper = Keeper(host, str(tmp_path / "lock"), str(tmp_path), programs)
    folder = Path(keeper.folder)
    with scripted(folder, _LIVES, host=host, transcripts=tmp_path) as guest:
        guest.serial.stream.expect_exact(b"up", timeout=5)
        pid = guest.pid()
        master = host._master  # noqa: SLF001 - nothing else breaks a connection as hard
        assert master is not None
        os.killpg(master.pid, signal.SIGKILL)
        with pytest.raises(LostError, match=r"connection to .* broke"):
            guest.serial.boot()
        until(lambda: not alive(pid) and not folder.exists())
    keeper.close()


def test_a_wrong_host_key_is_one_line(settings: Ssh, tmp_path: Path) -> None:
    """A board with another key than the known one is not talked to."""
    wrong = tmp_path / "wrong"
    key = (tmp_path / "sshd" / "user_key.pub").read_text()
    wrong.write_text(f"[127.0.0.1]:{settings.port} {key}")
    _refused(msgspec.structs.replace(settings, known_hosts=str(wrong)), "known_hosts")


def test_an_unknown_host_key_is_one_line(settings: Ssh, tmp_path: Path) -> None:
    """A board that nobody has met yet is not trusted without a person's say."""
    empty = tmp_path / "empty"
    empty.touch()
    _refused(msgspec.structs.replace(settings, known_hosts=str(empty)), "known_hosts")


def test_a_wrong_identity_is_one_line(settings: Ssh, tmp_path: Path) -> None:
    """A key that the board does not know is refused, and no password is asked for."""
    other = str(tmp_path / "sshd" / "host_key")
    _refused(msgspec.structs.replace(settings, identity=other), "user and identity")


def test_an_unreachable_board_is_one_line(settings: Ssh) -> None:
    """A port that nobody listens on is told with what to look at."""
    _refused(msgspec.structs.replace(settings, port=unused_port()), "sshd")


def test_an_unknown_name_is_one_line(settings: Ssh) -> None:
    """A name that cannot be resolved is told with the remedy."""
    _refused(msgspec.structs.replace(settings, host="no-such-board.invalid"), "address")


def test_a_host_that_looks_like_an_option_is_none(settings: Ssh) -> None:
    """A host name that begins with a dash is a host name, which does not exist."""
    _refused(msgspec.structs.replace(settings, host="-oProxyCommand=x", user=""), "")


def test_a_command_that_is_missing_there_says_so(host: SshHost) -> None:
    """The board's own complaint is told."""
    assert "not found" in run(host, ["no-such-program"]).complaint


def _refused(settings: Ssh, remedy: str) -> None:
    before = set(Path("/proc/self/fd").iterdir())
    host = SshHost(settings)
    with pytest.raises(HostError) as caught:
        host.open()
    text = str(caught.value)
    assert "\n" not in text
    assert remedy in text
    assert set(Path("/proc/self/fd").iterdir()) == before


_RUN = """
import sys, time
import msgspec
from acrn_hwtests.boardfile import Ssh
from acrn_hwtests.hosts.ssh import SshHost
host = SshHost(msgspec.json.decode(sys.argv[1], type=Ssh))
host.open()
print(host._folder, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_connection_outlives_the_run(settings: Ssh, number: signal.Signals) -> None:
    """However a run ends, its connection ends, and the folder of its sockets goes."""
    words = [sys.executable, "-c", _RUN, msgspec.json.encode(settings).decode()]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as ssh:
        assert ssh.stdout is not None
        folder = Path(ssh.stdout.readline().strip())
        assert (folder / "control").exists()
        ssh.send_signal(number)
    until(lambda: not folder.exists())


def test_without_its_connection_nothing_is_talked_to(host: SshHost) -> None:
    """A command after the connection is lost does not make one of its own."""
    master = host._master  # noqa: SLF001 - nothing else breaks a connection as hard
    assert master is not None
    os.killpg(master.pid, signal.SIGKILL)
    until(lambda: _lost(host))


def _lost(host: SshHost) -> bool:
    """Tell whether a command says that the host is lost."""
    try:
        run(host, ["true"])
    except HostError:
        return True
    return False


def test_blanks_in_the_paths_of_keys_are_blanks(settings: Ssh, tmp_path: Path) -> None:
    """Identity and known hosts are files whose names may have blanks and percent signs."""
    folder = tmp_path / "with blank %h"
    folder.mkdir()
    names = ("user_key", "user_key.pub", "known_hosts")
    for name in names:
        (folder / name).write_bytes((tmp_path / "sshd" / name).read_bytes())
        (folder / name).chmod(0o600)
    moved = msgspec.structs.replace(
        settings, identity=str(folder / "user_key"), known_hosts=str(folder / "known_hosts")
    )
    (tmp_path / "sshd" / "user_key").unlink()
    host = SshHost(moved)
    host.open()
    assert check(host, ["echo", "in"]) == "in"
    host.close()
