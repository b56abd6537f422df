"""The test guest in a bare QEMU, with both consoles on sockets: for tests of the guest alone."""

import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from pexpect.socket_pexpect import SocketSpawn

from acrn_testguest import GuestFiles

PARAMETERS = "console=tty0 console=ttyS0 console=hvc0 {root} rw rootwait quiet panic=1 maxcpus=8"
"""What kata's arch layer passes, as far as it matters here."""

PROMPT = rb"\r\nacrn-guest# (\x1b\[6n)?"
BOOTED_WITHIN = 30.0


class Guest:
    """A running guest; leaving the context kills it.

    Disk vda is the guest's own, in a copy; vdb is empty, of size 0.
    """

    def __init__(
        self,
        files: GuestFiles,
        folder: Path,
        *options: str,
        root: str = "root=/dev/vda1",
        parameters: str = PARAMETERS,
        consoles: tuple[str, ...] = ("ttyS0", "hvc0"),
    ) -> None:
        folder.mkdir()
        shutil.copy(files.disk, folder / "disk.img")
        command = [
            *("qemu-system-x86_64", "-M", "pc,usb=off,vmport=off", "-nodefaults"),
            *("-vga", "none", "-display", "none", "-accel", "tcg", "-cpu", "max", "-m", "256M"),
            *("-kernel", str(files.kernel), "-initrd", str(files.initramfs)),
            *("-append", parameters.format(root=root)),
            *("-blockdev", f"file,filename={folder}/disk.img,node-name=file"),
            *("-blockdev", "raw,file=file,node-name=disk", "-device", "virtio-blk-pci,drive=disk"),
            *("-blockdev", "null-co,size=0,node-name=empty"),
            *("-device", "virtio-blk-pci,drive=empty"),
        ]
        device = {
            "ttyS0": ("-device", "isa-serial,chardev=ttyS0"),
            "hvc0": ("-device", "virtio-serial-pci", "-device", "virtconsole,chardev=hvc0"),
        }
        for name in consoles:
            path = folder / name
            command += ["-chardev", f"socket,id={name},path={path},server=on,wait=on"]
            command += device[name]
        self.console: dict[str, SocketSpawn[bytes]] = {}
        with ExitStack() as stack:
            self._qemu = stack.enter_context(
                subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
            )
            stack.callback(self._qemu.kill)
            for name in consoles:
                connected = stack.enter_context(_connect(folder / name))
                self.console[name] = SocketSpawn(connected, timeout=BOOTED_WITHIN)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def command(self, console: str, line: str) -> str:
        """Run a command at a prompt that has been read; return what it printed, without echo."""
        shell = self.console[console]
        shell.send(f"{line}\n".encode())
        shell.expect(PROMPT, timeout=10)
        printed = shell.before or b""
        return printed.decode().replace("\r\n", "\n").partition("\n")[2]

    def ended(self) -> int:
        """Return QEMU's exit status, when it has ended by itself."""
        return self._qemu.wait(timeout=10)


def _connect(path: Path) -> socket.socket:
    deadline = time.monotonic() + 10
    while True:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(str(path))
        except OSError:
            client.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return client
