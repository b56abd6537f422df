"""The test guest in a bare QEMU, with its consoles on ptys: for tests of the guest alone."""

import os
import shutil
import subprocess
import tty
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from pexpect.fdpexpect import fdspawn

from acrn_testguest import GuestFiles

PARAMETERS = "console=tty0 console=ttyS0 console=hvc0 {root} rw rootwait quiet panic=1 maxcpus=8"
"""What kata's arch layer passes, as far as it matters here."""

PROMPT = rb"\r\nacrn-guest# (\x1b\[6n)?"
ANSWERS_WITHIN = 90.0

_DEVICE = {
    "ttyS0": ("-device", "isa-serial,chardev=ttyS0"),
    "hvc0": ("-device", "virtio-serial-pci", "-device", "virtconsole,chardev=hvc0"),
}


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
        disk = shutil.copy(files.disk, folder / "disk.img")
        command = [
            *("qemu-system-x86_64", "-M", "pc,usb=off,vmport=off", "-nodefaults", *options),
            *("-vga", "none", "-display", "none", "-accel", "tcg", "-cpu", "max", "-m", "256M"),
            *("-kernel", str(files.kernel), "-initrd", str(files.initramfs)),
            *("-append", parameters.format(root=root)),
            *("-blockdev", f"file,filename={disk},node-name=file"),
            *("-blockdev", "raw,file=file,node-name=disk", "-device", "virtio-blk-pci,drive=disk"),
            *("-blockdev", "null-co,size=0,node-name=empty"),
            *("-device", "virtio-blk-pci,drive=empty"),
        ]
        self.console: dict[str, fdspawn[bytes]] = {}
        with ExitStack() as stack:
            for name in consoles:
                # Not a socket: that is full after 300 bytes unread, when they come one by one.
                ours, its = os.openpty()
                stack.callback(os.close, its)
                tty.setraw(its)
                self.console[name] = fdspawn(ours, timeout=ANSWERS_WITHIN)
                stack.callback(self.console[name].close)
                command += ["-chardev", f"serial,id={name},path={os.ttyname(its)}"]
                command += _DEVICE[name]
            self._qemu = stack.enter_context(subprocess.Popen(command))
            stack.callback(self._qemu.kill)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def command(self, console: str, line: str) -> list[str]:
        """Run a command at a prompt that has been read; return the lines it printed."""
        shell = self.console[console]
        # The echo, which wraps at 80 columns, holds neither marker.
        shell.send(f"echo BE''GIN; {line}; echo DO''NE\n".encode())
        shell.expect(rb"\nBEGIN\r\n")
        shell.expect(rb"DONE" + PROMPT)
        return (shell.before or b"").decode().splitlines()

    def ended(self) -> int:
        """Return QEMU's exit status, when it has ended by itself."""
        return self._qemu.wait(timeout=ANSWERS_WITHIN)
