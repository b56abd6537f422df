"""Input as it is: every form in which a command line is handed on gives the argv meant."""

import json
import os
from pathlib import Path

import pytest

from acrn_cmdline.source import Argv, from_file

ARGV = ("-A", "-m", "512M", "-s", "0:0,hostbridge", "-s", "3,virtio-blk,/d.img", "vm1")
LINE = " ".join(("acrn-dm", *ARGV))
PROCESS = f"/usr/bin/{LINE}"
GO = " ".join(ARGV)


def read(folder: Path, content: str | bytes, name: str = "input") -> list[Argv]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(from_file(str(path)))


ONE: dict[str, str | bytes] = {
    "a line": f"{LINE}\n",
    "without an end": LINE,
    "a path": PROCESS,
    "options alone": GO,
    "options alone, one a line": "-A\n-m 512M\n-s 0:0,hostbridge\n-s 3,virtio-blk,/d.img\nvm1\n",
    "CRLF": LINE.replace(" -s", " \\\r\n  -s") + "\r\nexit 0\r\n",
    "a blank behind a backslash": LINE.replace(" -s", " \\ \n  -s") + "\nexit 0\n",
    "a tab behind a backslash": LINE.replace(" -s", " \\\t\n  -s"),
    "a mark of UTF-8": "\ufeff" + LINE,
    "UTF-16": ("\ufeff" + LINE).encode("utf-16-le"),
    "colours": f"\x1b[1;32mroot@board\x1b[0m:~# {LINE}\n",
    "root's prompt": f"root@board:~# {LINE}\n",
    "a prompt with a folder": f"user@board:~/vm$ sudo {LINE} &\n[1] 1234\nuser@board:~/vm$ ls\n",
    "a prompt in brackets": f"[root@board ~]# {LINE}\n",
    "a prompt alone": f"$ {LINE}\n",
    "a prompt of root alone": f"# {LINE}\n",
    "a prompt over lines": "$ acrn-dm -A -m 512M \\\n> -s 0:0,hostbridge \\\n"
    "> -s 3,virtio-blk,/d.img vm1\nit's (running\n",
    "a log behind": f"{LINE} > /var/log/vm.log 2>&1 &",
    "a comment behind": f"{LINE}  # starts the VM",
    "in front": f"LC_ALL=C sudo -E env A=1 timeout -k 5 60 nohup {LINE}",
    "bash -c": f"sudo bash -c '{LINE}'",
    "ssh": f"ssh root@board '{LINE} &'",
    "su -c": f'su - -c "{LINE}"',
    "a trace": f"+ set -e\n++ cat /sys/x\n+ mac='it''s'\n+ {LINE}\nbad (output\n",
    "a trace in the journal": f"Nov 25 10:00:01 board launch.sh[99]: + {LINE}\n",
    "ps aux": "USER  PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\n"
    "root  2 0.0 0.0 0 0 ? S 10:00 0:00 [kthreadd]\n"
    f"root  901 0.0 0.0 1 2 ? S 10:00 0:00 sudo {LINE}\n"
    f"root  902 9.0 0.5 1 2 ? Sl 10:00 0:07 {LINE}\n"
    "root  999 0.0 0.0 1 2 pts/0 S+ 10:01 0:00 grep --color=auto acrn-dm -A\n",
    "ps -ef without a heading": f"root  902  1  9 10:00 ?  00:00:07 {PROCESS}\n",
    "ps -o args": f"COMMAND\n/sbin/init\n{PROCESS}\n",
    "pgrep -a": f"902 {PROCESS}\n",
    "systemctl status": f"     CGroup: /system.slice/vm.service\n      \u2514\u2500902 {PROCESS}\n",
    "a log of kata": 'time="2026-11-25T10:00:00Z" level=info msg="launching acrn-dm" '
    f'Params="[{GO}]" Path=/usr/bin/acrn-dm name=kata-runtime source=virtcontainers\n',
    "a log of kata in the journal": f'Nov 25 10:00:01 board kata[9]: level=info Params="[{GO}]" '
    "Path=/usr/bin/acrn-dm\n",
    "a log in JSON": json.dumps(
        {"level": "info", "msg": "launching", "Params": f"[{GO}]", "Path": "/usr/bin/acrn-dm"}
    )
    + "\n",
    "a list as Go shows it": f"started [/usr/bin/acrn-dm {GO}] in 3ms\n",
    "a log of sudo": f"Nov 25 10:00:01 board sudo: u : PWD=/ ; USER=root ; COMMAND={PROCESS}\n",
    "a log of libvirt": "2026-11-25 10:00:00.123+0000: starting up\nLC_ALL=C \\\nPATH=/usr/bin \\\n"
    f"{PROCESS}\n",
    "a log of keys and values": f'level=info msg="a=b, c" cmd="{PROCESS}" vm=vm1\n',
    "strace": f'902 execve("/usr/bin/acrn-dm", {json.dumps(["acrn-dm", *ARGV])}, 0x7f) = 0\n',
    "audit": "type=EXECVE msg=audit(1.2:3): argc=9 "
    + " ".join(f'a{number}="{word}"' for number, word in enumerate(("acrn-dm", *ARGV))),
    "what a script prints": f"Launch device model with parameters: {GO}\n",
    "a unit": f"[Unit]\n[Service]\nEnvironment=M=512M\nExecStart=-{PROCESS}\n".replace(
        "512M -s", "${M} \\\n  -s"
    ),
    "a line of a unit": f"ExecStart={PROCESS}\n",
    "a unit with a shell": f"[Service]\nExecStart=/bin/sh -c 'exec {LINE}'\n",
    "Markdown": f"It's (like this:\n\n```sh\n{LINE}\n```\n\nit doesn't.\n\n```\nno\n```\n",
    "Markdown with a prompt": f"~~~\n$ {LINE}\nrefused\n~~~\n",
    "a here-document": f"cat > /usr/bin/launch.sh <<'EOF'\n#!/bin/sh\n{LINE}\nEOF\n",
    "an array alone": "dm_params=(\n  -A -m 512M  # memory\n  -s 0:0,hostbridge\n"
    "  -s 3,virtio-blk,/d.img\n  vm1\n)\n",
    "JSON": json.dumps(["acrn-dm", *ARGV]),
    "JSON over lines": json.dumps(["acrn-dm", *ARGV], indent=2),
    "an object": json.dumps({"argv": ["acrn-dm", *ARGV]}),
    "a container": json.dumps({"process": {"args": ["sudo", "acrn-dm", *ARGV]}}, indent=1),
    "NUL": "\0".join(("/usr/bin/acrn-dm", *ARGV, "")),
}


@pytest.mark.parametrize("form", ONE)
def test_a_form_gives_the_argv(tmp_path: Path, form: str) -> None:
    """It is one, and nothing of it is left open."""
    assert [argv.tokens for argv in read(tmp_path, ONE[form])] == [ARGV]


def test_a_blank_behind_a_backslash_is_told(tmp_path: Path) -> None:
    """A shell would end the command there: it was not meant, and is said."""
    (found,) = read(tmp_path, "acrn-dm -A \\ \n  vm\n")
    assert found.tokens == ("-A", "vm")
    assert "a blank behind the backslash" in found.notes[0]


@pytest.mark.parametrize(
    ("argv", "shown"),
    [
        (("-A", "-B", "root=/dev/vda rw quiet", "-G", "64 448 8", "vm"), ""),
        (("-A", "-B", "root=/dev/vda rw quiet", "vm"), ""),
        (("-G", "64 448 8", "vm"), ""),
    ],
)
def test_values_with_blanks_are_put_together_again(
    tmp_path: Path, argv: tuple[str, ...], shown: str
) -> None:
    """A list of processes has no quotes: that it is a guess is said."""
    (found,) = read(tmp_path, f"PID COMMAND\n{shown}12 acrn-dm {' '.join(argv)}\n")
    assert found.tokens == argv
    assert "a guess" in found.notes[0]


def test_a_record_of_a_capture_is_read(tmp_path: Path) -> None:
    """A call a line, those of acrnctl apart; what is no UTF-8 stands in base 64."""
    rest = {"cwd": "/", "time": "t", "pid": 2, "parent_pid": 1, "parent_command": "sh"}
    lines = [
        {"program": "acrn-dm", "argv": ["-A", "a"], **rest},
        {"program": "acrnctl", "argv": ["list"], **rest},
        {"program": "acrn-dm", "argv_base64": ["/2I="], **rest},
    ]
    found = read(tmp_path, "\n".join(map(json.dumps, lines)) + "\n", "calls.jsonl")
    assert [argv.tokens for argv in found] == [("-A", "a"), (os.fsdecode(b"\xffb"),)]
    assert [str(argv.where) for argv in found] == [f"{tmp_path}/calls.jsonl:{n}" for n in (1, 3)]


def test_an_array_of_arrays_holds_several(tmp_path: Path) -> None:
    """One after the other."""
    found = read(tmp_path, '[["acrn-dm", "a"],\n ["b"], {"argv": ["c"]}]')
    assert [argv.tokens for argv in found] == [("a",), ("b",), ("c",)]


@pytest.mark.parametrize(
    "content", [LINE, f"\n$ {LINE}", f"x\n```\nacrn-dm \\\n {GO}\n```\n", f"12 {LINE}\n", PROCESS]
)
def test_tokens_stand_where_the_input_has_them(tmp_path: Path, content: str) -> None:
    """Whatever was taken off in front; columns and lines are counted from 1."""
    (found,) = read(tmp_path, content)
    lines = content.split("\n")
    for token, place in zip(found.tokens, found.places, strict=True):
        assert place is not None
        assert place.line
        assert place.column
        assert lines[place.line - 1][place.column - 1 :].startswith(token)
