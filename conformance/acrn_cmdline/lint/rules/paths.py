"""Paths of files and sockets, whichever device names them; facts: "virtio-console"."""

from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import devices, options, ports
from acrn_dm import RECORDING, Block, ConsoleBackend, Kind, Reading

_IMAGES: Final = ("kernel", "ramdisk", "elf_file")
_PATHS: Final = frozenset({ConsoleBackend.SOCKET, ConsoleBackend.FILE, ConsoleBackend.TTY})


def _sockets(reading: Reading) -> Iterator[tuple[int, str]]:
    """Yield the paths on which sockets are bound, as far as they are not cut."""
    for token, port in ports(reading):
        if port.backend is ConsoleBackend.SOCKET and port.path:
            yield token, port.bound


def _files(reading: Reading) -> Iterator[tuple[int, str]]:
    """Yield the paths of disks, images and console files."""
    for function, disk in devices(reading, Block):
        if not disk.placeholder:
            yield function.token, disk.path
    for token, port in ports(reading):
        if port.backend is not ConsoleBackend.SOCKET and port.backend in _PATHS and port.path:
            yield token, port.path
    for given in options(reading, *_IMAGES):
        yield given.token, given.value


@rule(
    "path-relative",
    Severity.RISKY,
    fact="acrn-dm looks a relative path up from wherever it was started.",
    remedy="give an absolute path",
)
def path_relative(reading: Reading) -> Iterator[Hit]:
    """Find a path that depends on the working directory."""
    for paths in (_sockets(reading), _files(reading)):
        for token, path in paths:
            if path and not path.startswith("/") and token not in reading.blamed:
                yield Hit(token, f"{brief(path)} depends on acrn-dm's working directory")


@rule(
    "socket-path-shared",
    Severity.SILENT,
    fact="acrn-dm unlinks the path of a socket before it binds it, whatever stands there.",
    remedy="give each socket a path of its own",
)
def socket_path_shared(reading: Reading) -> Iterator[Hit]:
    """Find a socket that takes the place of another one, or of a file in use."""
    used = {path for _, path in _files(reading)}
    for token, path in _sockets(reading):
        if path in used:
            yield Hit(token, f"{brief(path)} is in use already, and is unlinked here")
        used.add(path)


@rule(
    "socket-path-exists",
    Severity.RISKY,
    fact="acrn-dm unlinks the path of a socket before it binds it, whatever stands there.",
    remedy="give the socket a path where nothing is that anybody needs",
)
def socket_path_exists(reading: Reading) -> Iterator[Hit]:
    """Find a file of this machine that would be lost; the assumed host has one everywhere."""
    if reading.host is RECORDING:
        return
    for token, path in _sockets(reading):
        if reading.host.entry(path).kind in {Kind.FILE, Kind.DEVICE, Kind.TTY}:
            yield Hit(token, f"{brief(path)} exists, is no socket, and is unlinked")


RULES = (path_relative, socket_path_shared, socket_path_exists)
