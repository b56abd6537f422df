"""The preflight: what a board lacks, in one table, before anything is started on it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

from acrn_hwtests.board import lock_of, version
from acrn_hwtests.boardfile import BoardFile
from acrn_hwtests.hosts.host import Host, run
from acrn_hwtests.releases import SANDBOXED

_DEVICES = ("/dev/acrn_hsm", "/dev/acrn_vhm")
"""The hypervisor's device: hsm since v2.0, vhm before."""

_HELD = 1
"""flock's exit status for a lock that somebody holds; others are troubles with the file."""

_OPENED = 'grep -qsx "iff:[[:space:]]*$1" /proc/[0-9]*/fdinfo/*'
"""Succeeds if some process has the tap open, whether that is up or not."""

_STANDIN_TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "mke2fs": "e2fsprogs",
    "debugfs": "e2fsprogs",
    "setpriv": "util-linux",
    "flock": "util-linux",
}


class Item(NamedTuple):
    """One line of the table; ``remedy`` is empty where nothing is amiss."""

    what: str
    found: str
    remedy: str = ""


def preflight(file: BoardFile, host: Host) -> Iterator[Item]:
    """Yield what is there and what is missing. Raises HostError if the host is lost."""
    yield Item("board", f"{file.kind}, class {file.board_class}, release {file.release}")
    if file.kind == "standin":
        yield from map(_tool, _STANDIN_TOOLS.items())
    else:
        yield Item("host", host.name)
        for look in (_root, _device, _programs, _release, _files, _board_tools):
            yield from look(file, host)
    yield from _interface(file, host)
    yield _lock(file, host)


def _tool(pair: tuple[str, str]) -> Item:
    name, package = pair
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    return Item(name, path or "missing", "" if path else f"apt-get install {package}")


def _root(_: BoardFile, host: Host) -> Iterator[Item]:
    user = run(host, ["id", "-u"]).text
    yield Item("user", f"id {user}", "" if user == "0" else "acrn-dm needs root; be root there")


def _device(_: BoardFile, host: Host) -> Iterator[Item]:
    found = [path for path in _DEVICES if _test(host, "-c", path)]
    remedy = "" if found else f"none of {', '.join(_DEVICES)}: boot the service VM on ACRN"
    yield Item("hypervisor", ", ".join(found) or "missing", remedy)


def _programs(file: BoardFile, host: Host) -> Iterator[Item]:
    for field in ("acrn_dm", "acrnctl"):
        path: str = getattr(file, field)
        there = _test(host, "-x", path)
        remedy = "" if there else f"install it, or mend {field} in the board file"
        yield Item(field, path if there else f"{path} is missing or not executable", remedy)


def _release(file: BoardFile, host: Host) -> Iterator[Item]:
    """Compare the release in the board file with what the program says."""
    if not _test(host, "-x", file.acrn_dm):
        return
    status, said = version(file, host)
    number = re.search(r"(\d+)\.(\d+)", said)
    if status:
        yield Item("acrn-dm -v", said, "see by hand why it does not run")
    elif not number:
        yield Item("acrn-dm -v", f"{said} (tells no release)")
    else:
        fits = _recorded((int(number[1]), int(number[2])))
        remedy = "" if fits == file.release else f'set release = "{fits}" in the board file'
        yield Item("acrn-dm -v", said, remedy)


def _recorded(number: tuple[int, int]) -> str:
    """Return the release whose behaviour is known that comes nearest, not after ``number``."""
    known = [(tuple(map(int, release[1:].split("."))), release) for release in SANDBOXED]
    return max((pair for pair in known if pair[0] <= number), default=known[0])[1]


def _files(file: BoardFile, host: Host) -> Iterator[Item]:
    for field in ("kernel", "image"):
        path: str = getattr(file, field)
        there = _test(host, "-f", path) and _test(host, "-s", path)
        remedy = "" if there else f"copy it there, or mend {field} in the board file"
        yield Item(field, path if there else f"{path} is missing or empty", remedy)


def _board_tools(_: BoardFile, host: Host) -> Iterator[Item]:
    """Look for what the tier runs on a board, none of it unusual."""
    for name in ("flock", "mktemp", "sha256sum", "dd", "cp", "stty"):
        if run(host, ["sh", "-c", 'command -v "$1"', "sh", name]).status:
            yield Item(name, "missing", "install coreutils and util-linux on the board")


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
    there = _test(host, "-e", where)
    if file.macvtap:
        remedy = "" if there else "make it with: ip link add ... type macvtap"
        yield Item("network", f"{name} is {'there' if there else 'missing'}", remedy)
    elif not there:
        yield Item("network", f"{name}: acrn-dm makes it")
    elif not _test(host, "-e", f"{where}/tun_flags"):
        yield Item("network", f"{name} is no tap", "name a tap: the checks give it an address")
    elif run(host, ["sh", "-c", _OPENED, "sh", name]).status == 0:
        yield Item("network", f"{name} is busy", "end the guest that has it, or name another one")
    else:
        yield Item("network", f"{name} is free")


def _lock(file: BoardFile, host: Host) -> Item:
    path = lock_of(file)
    if not _test(host, "-e", path):
        return Item("lock", "free")
    done = run(host, ["flock", "-n", path, "true"])
    if done.status == _HELD:
        who = run(host, ["head", "-n", "1", path]).text
        return Item("lock", f"held by {who}", "wait for that run, or end it")
    remedy = f"look who owns {path}" if done.status else ""
    return Item("lock", done.complaint if done.status else "free", remedy)


def _test(host: Host, kind: str, path: str) -> bool:
    return run(host, ["test", kind, path]).status == 0


def table(items: list[Item], shown: Callable[[str], str]) -> Iterator[str]:
    """Yield the table's lines; ``shown`` makes a text safe to print."""
    width = max(len(item.what) for item in items)
    for item in items:
        mark = "MISSING" if item.remedy else "ok"
        remedy = f" -> {item.remedy}" if item.remedy else ""
        yield f"  {mark:<7}  {item.what:<{width}}  {shown(item.found)}{remedy}"
