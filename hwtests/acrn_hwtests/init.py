"""The command ``acrn-hwtests init``: writes a board file from what it finds, and asks nothing."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from acrn_base.files import whole_file
from acrn_hwtests.board import host_of
from acrn_hwtests.boardfile import BoardFile, BoardFileError, Ssh, read
from acrn_hwtests.hosts.host import Host
from acrn_hwtests.preflight.item import is_open, shell, test
from acrn_hwtests.preflight.machine import cpus, vms
from acrn_hwtests.releases import LIVE_GUESTS, RELEASE, SANDBOXED, VmKey, closest

_IMAGE = "/var/lib/acrn-hwtests/disk.img"
_KERNELS = (
    "/var/lib/acrn-hwtests/vmlinuz",
    "/usr/share/kata-containers/vmlinuz.container",
    "/opt/kata/share/kata-containers/vmlinuz.container",
)
_STANDARD_UUIDS = (
    "d2795438-25d6-11e8-864e-cb7a18b34643",
    "615db82a-e189-4b4f-8dbb-d321343e4ab3",
    "38158821-5208-4005-b72a-8a609e4190d0",
    "a6750180-f87a-48d2-91d9-4e7f62b6519e",
    "d1816e4a-a9bb-4cb4-a066-3f1a8a5ce73f",
)
"""Those of the standard VMs of ACRN's own scenarios up to v2.6, in their order."""

_TAPS = """
for flags in /sys/class/net/tap*/tun_flags; do
    [ ! -e "$flags" ] || basename "$(dirname "$flags")"
done"""

_PROGRAM = """
PATH=$PATH:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin
command -v "$1" """


def command(arguments: Sequence[str]) -> int:
    """Write the file; return 0. Raises BoardFileError, and HostError where ssh does not get there.

    A field that nothing was found for has a comment that says what to put there.
    """
    options = _parser().parse_args(arguments)
    path: Path = options.file
    user, _, name = options.ssh.rpartition("@")
    ssh = Ssh(host=name, user=user, sudo=options.sudo)
    asked = BoardFile(kind="ssh" if name else "local", release="v3.3", ssh=ssh)
    with host_of(asked) as host:
        text = "".join(f"{line}\n" for line in _lines(asked, host))
    try:
        if path.exists():
            raise BoardFileError(f"{path}: is there already; name another file")
        with whole_file(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise BoardFileError(f"{path}: {error.strerror}; name a file to write") from None
    read(path)
    print(f"wrote {path}; see to what it has as comments, then: acrn-hwtests --board {path}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="acrn-hwtests init", description="Write a board file from what is found on the board."
    )
    parser.add_argument("file", type=Path, help="the board file to write")
    parser.add_argument(
        "--ssh", default="", metavar="[USER@]HOST", help="the board is there, not this machine"
    )
    parser.add_argument("--sudo", action="store_true", help="become root there by sudo")
    return parser


def _lines(asked: BoardFile, host: Host) -> Iterator[str]:
    """Yield the lines of the board file. Raises BoardFileError where there is no acrn-dm."""
    program = shell(host, _PROGRAM, "acrn-dm")
    if not program:
        raise BoardFileError(f"{host.name}: no acrn-dm there; install it, or name a board by --ssh")
    said = closest(shell(host, '"$1" -v', program))
    release = said or SANDBOXED[-1]
    yield f"kind = {_text(asked.kind)}"
    yield f"release = {_text(release)}{'' if said else '  # acrn-dm -v tells none: mend it'}"
    yield f"acrn_dm = {_text(program)}"
    acrnctl = shell(host, _PROGRAM, "acrnctl")
    yield f"acrnctl = {_text(acrnctl or '/usr/bin/acrnctl')}{'' if acrnctl else '  # not found'}"
    kernel = next((path for path in _KERNELS if test(host, "-f", path)), "")
    yield f"kernel = {_text(kernel or _KERNELS[0])}{'' if kernel else '  # put one there'}"
    there = test(host, "-f", _IMAGE)
    yield f"image = {_text(_IMAGE)}{'' if there else '  # put the test guest there'}"
    file = BoardFile(kind=asked.kind, release=release, acrn_dm=program)
    yield from _claims(file, host)
    taps = shell(host, _TAPS).split()
    tap = next((name for name in taps if not is_open(host, name)), "")
    yield f"tap = {_text(tap)}" if tap else '# tap = "tap0"  # to check packets'
    if asked.ssh.host:
        yield from ("", "[ssh]", f"host = {_text(asked.ssh.host)}")
        yield from (f"user = {_text(asked.ssh.user)}",) if asked.ssh.user else ()
        yield from ("sudo = true",) if asked.ssh.sudo else ()


def _claims(file: BoardFile, host: Host) -> Iterator[str]:
    """Yield what guests need for themselves, without what VMs have that run."""
    facts = RELEASE[file.release]
    running = vms(file, host)
    if facts.cpu_ids:
        taken = {cpu for vm in running for cpu in vm.cpus}
        there = sorted(cpus(host, facts.cpu_ids).known)
        free = [cpu for cpu in there if cpu not in taken] or there or [0]
        yield f"cpus = {free[-LIVE_GUESTS:]}  # {facts.cpu_ids.value}; the board has {there}"
    if facts.vm_key is VmKey.UUID:
        free_uuids = [uuid for uuid in _STANDARD_UUIDS if uuid not in {vm.uuid for vm in running}]
        listed = ", ".join(map(_text, free_uuids[:LIVE_GUESTS]))
        yield f"uuids = [{listed}]  # those of the scenario that no VM has"


def _text(value: str) -> str:
    """Write a TOML string; of JSON's escapes TOML has all that can come."""
    return json.dumps(value)
