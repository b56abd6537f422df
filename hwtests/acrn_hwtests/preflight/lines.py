"""The lines of the preflight's table: programs, the interface, the lock, and those of others."""

import os
import re
import shutil
from collections.abc import Iterator

from acrn_hwtests.board import lock_of, version
from acrn_hwtests.boardfile import BoardFile
from acrn_hwtests.facts import Item
from acrn_hwtests.hosts.host import Host, run
from acrn_hwtests.preflight.guest_image import file_lines, option_line
from acrn_hwtests.preflight.item import is_open, shell, test
from acrn_hwtests.preflight.machine import cpu_lines, memory_line, vm_lines
from acrn_hwtests.releases import RELEASE, Iasl, closest

_DEVICES = ("/dev/acrn_hsm", "/dev/acrn_vhm")
"""The hypervisor's device: hsm since v2.0, vhm before."""

_HELD = 1
"""flock's exit status for a lock that somebody holds; others are troubles with the file."""

_COMPILED_IN = "grep -aoE '/[[:alnum:]_./-]+/iasl' \"$1\" | head -n 1"
"""The path of iasl in an acrn-dm."""

_OLDEST_IASL = 20190703
"""acrn-dm's own limit from v3.1 on, as its Makefile has it."""

_STANDIN_TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "mke2fs": "e2fsprogs",
    "debugfs": "e2fsprogs",
    "setpriv": "util-linux",
    "flock": "util-linux",
}


def preflight(file: BoardFile, host: Host) -> Iterator[Item]:
    """Yield what is there and what is missing. Raises HostError if the host is lost."""
    yield Item("board", f"{file.kind}, class {file.board_class}, release {file.release}")
    if file.kind == "standin":
        yield from map(_tool, _STANDIN_TOOLS.items())
        yield from _folder(file, host)
        yield from file_lines(file, host)
    else:
        yield Item("host", host.name)
        for look in (
            *(_root, _device, _programs, _release, _iasl, cpu_lines, memory_line, vm_lines),
            *(file_lines, option_line, _board_tools),
        ):
            yield from look(file, host)
    yield from _interface(file, host)
    yield _lock(file, host)


def _tool(pair: tuple[str, str]) -> Item:
    name, package = pair
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    return Item(name, path or "missing", "" if path else f"apt-get install {package}")


def _folder(file: BoardFile, host: Host) -> Iterator[Item]:
    folder = file.standin.folder
    good = test(host, "-d", folder) and test(host, "-w", folder)
    remedy = "" if good else "make it, or mend standin.folder in the board file"
    yield Item("folder", folder if good else f"{folder} is no folder to write in", remedy)


def _root(file: BoardFile, host: Host) -> Iterator[Item]:
    done = run(host, ["id", "-u"])
    user = done.text or done.complaint
    sudo = "let sudo ask for no password" if file.ssh.sudo else "set sudo = true in [ssh]"
    how = sudo if file.kind in {"ssh", "labgrid"} else "be root"
    remedy = "" if user == "0" else f"acrn-dm needs root; log in as root, or {how}"
    yield Item("user", f"id {user}", remedy)


def _device(_: BoardFile, host: Host) -> Iterator[Item]:
    found = [path for path in _DEVICES if test(host, "-c", path)]
    remedy = "" if found else f"none of {', '.join(_DEVICES)}: boot the service VM on ACRN"
    yield Item("hypervisor", ", ".join(found) or "missing", remedy)


def _programs(file: BoardFile, host: Host) -> Iterator[Item]:
    for field in ("acrn_dm", "acrnctl"):
        path: str = getattr(file, field)
        there = test(host, "-x", path)
        remedy = "" if there else f"install it, or mend {field} in the board file"
        yield Item(field, path if there else f"{path} is missing or not executable", remedy)


def _release(file: BoardFile, host: Host) -> Iterator[Item]:
    """Compare the release in the board file with what the program says."""
    if not test(host, "-x", file.acrn_dm):
        return
    status, said = version(file, host)
    fits = closest(said)
    if status:
        yield Item("acrn-dm -v", said, "see by hand why it does not run")
    elif fits is None:
        yield Item("acrn-dm -v", f"{said} (tells no release)")
    else:
        remedy = "" if fits == file.release else f'set release = "{fits}" in the board file'
        yield Item("acrn-dm -v", said, remedy)


def _iasl(file: BoardFile, host: Host) -> Iterator[Item]:
    """Look for iasl where acrn-dm does; it makes the guest's ACPI tables by it."""
    if RELEASE[file.release].iasl is Iasl.ON_PATH:
        path = shell(host, "command -v iasl")
    else:
        path = shell(host, _COMPILED_IN, file.acrn_dm) or "/usr/sbin/iasl"
    number = re.search(r"version (\d{8})", shell(host, '"$1" -v', path)) if path else None
    old = number and RELEASE[file.release].iasl is Iasl.ON_PATH and int(number[1]) < _OLDEST_IASL
    if number and not old:
        yield Item("iasl", f"{path}, {number[1]}")
    else:
        found = f"{path}, {number[1]}: too old" if number else f"{path or 'iasl'} does not run"
        wanted = f" of {_OLDEST_IASL} or later" if old else ""
        yield Item("iasl", found, f"install acpica-tools{wanted}, so that it is found there")


def _board_tools(_: BoardFile, host: Host) -> Iterator[Item]:
    """Look for what the tier runs on a board, none of it unusual."""
    for name in ("flock", "mktemp", "sha256sum", "dd", "cp", "stty", "mkfifo", "timeout", "grep"):
        if run(host, ["sh", "-c", 'command -v "$1"', "sh", name]).status:
            yield Item(name, "missing", "install coreutils, grep and util-linux on the board")


def _interface(file: BoardFile, host: Host) -> Iterator[Item]:
    name = file.interface
    if not name and file.kind == "standin":
        tun = os.access("/dev/net/tun", os.R_OK | os.W_OK) and os.geteuid() == 0
        how = "a tap of its own" if tun else "no tap without root and /dev/net/tun"
        yield Item("network", how)
        return
    if not name:
        yield Item("network", "no tap: packets are not checked")
        return
    where = f"/sys/class/net/{name}"
    there = test(host, "-e", where)
    if file.macvtap:
        remedy = "" if there else "make it with: ip link add ... type macvtap"
        yield Item("network", f"{name} is {'there' if there else 'missing'}", remedy)
    elif not there:
        yield Item("network", f"{name}: acrn-dm makes it")
    elif not test(host, "-e", f"{where}/tun_flags"):
        yield Item("network", f"{name} is no tap", "name a tap: the checks give it an address")
    elif is_open(host, name):
        yield Item("network", f"{name} is busy", "end the guest that has it, or name another one")
    else:
        yield Item("network", f"{name} is free")


def _lock(file: BoardFile, host: Host) -> Item:
    path = lock_of(file)
    if not test(host, "-e", path):
        return Item("lock", "free")
    done = run(host, ["flock", "-n", path, "true"])
    if done.status == _HELD:
        who = run(host, ["head", "-n", "1", path]).text
        return Item("lock", f"held by {who}", "wait for that run, or end it")
    remedy = f"look who owns {path}" if done.status else ""
    return Item("lock", done.complaint if done.status else "free", remedy)
