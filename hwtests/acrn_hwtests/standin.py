"""The stand-in board made ready: its acrn-dm and acrnctl, the test guest, a tap of its own."""

import secrets
import shlex
import sys
from pathlib import Path

import msgspec

from acrn_hwtests.boardfile import BoardFile, BoardFileError
from acrn_standin import probe
from acrn_testguest import build


def prepared(file: BoardFile, folder: str) -> BoardFile:
    """Return the board file with all that a stand-in board brings along.

    ``folder`` is the run's; the programs and their state are in it, and go with it. Raises
    acrn_testguest's BuildError, and BoardFileError where KVM is asked for and does not boot.
    """
    guest = build()
    kernel = Path(file.kernel) if file.kernel else guest.kernel
    if file.standin.kvm and not probe.kvm_boots(kernel):
        raise BoardFileError("standin.kvm: a probe boot under KVM did not come up; leave it false")
    accel = "kvm" if file.standin.kvm else "tcg"
    state = Path(folder, "standin")
    state.mkdir(mode=0o700)
    return msgspec.structs.replace(
        file,
        acrn_dm=_program(state, "acrn-dm", "acrn_standin.dm", accel),
        acrnctl=_program(state, "acrnctl", "acrn_standin.ctl", accel),
        kernel=str(kernel),
        image=file.image or str(guest.disk),
        tap=file.tap or f"tap{secrets.token_hex(4)}",
    )


def _program(state: Path, name: str, module: str, accel: str) -> str:
    path = state / name
    command = shlex.join([sys.executable, "-m", module])
    path.write_text(
        "#!/bin/sh\n"
        f"ACRN_STANDIN_STATE={shlex.quote(str(state))} ACRN_STANDIN_ACCEL={accel}\n"
        "export ACRN_STANDIN_STATE ACRN_STANDIN_ACCEL\n"
        f'exec {command} "$@"\n'
    )
    path.chmod(0o700)
    return str(path)
