"""Whether KVM works here: its device opens on machines where a guest then hangs."""

import os
import selectors
import subprocess
import time
from pathlib import Path
from typing import Final

from acrn_standin.process import QEMU, TIED

_BANNER: Final = b"Linux version"
_LONGEST_BANNER: Final = 1 << 16


def kvm_boots(kernel: Path, seconds: float = 15.0) -> bool:
    """Return whether a kernel prints its banner under KVM in time; no process is left behind."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    command = (
        *(*TIED, QEMU, "-M", "pc", "-nodefaults", "-vga", "none", "-display", "none"),
        *("-accel", "kvm", "-cpu", "max", "-m", "256M", "-no-reboot"),
        *("-chardev", "stdio,id=com1,signal=off", "-device", "isa-serial,chardev=com1,index=0"),
        *("-kernel", os.fspath(kernel), "-append", "console=ttyS0 earlyprintk=ttyS0"),
    )
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
    except OSError:
        return False
    with process:
        try:
            return process.stdout is not None and _says_banner(process.stdout.fileno(), seconds)
        finally:
            process.kill()


def _says_banner(output: int, seconds: float) -> bool:
    said, until = b"", time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while selector.select(max(0.0, until - time.monotonic())):
            data = os.read(output, _LONGEST_BANNER)
            if not data:
                return False
            said = (said + data)[-_LONGEST_BANNER:]
            if _BANNER in said:
                return True
    return False
