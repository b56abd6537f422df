"""The stand-in board made ready: its acrn-dm and acrnctl, the test guest, a tap of its own."""

import secrets
import shlex
import sys
from pathlib import Path

import msgspec

from acrn_dm import KATA_UUIDS
from acrn_hwtests.boardfile import BoardFile, BoardFileError
from acrn_hwtests.releases import RELEASE, VmKey
from acrn_standin import probe
from acrn_testguest import build

FOLDER = "standin"
"""The folder in the run's that has the stand-in's programs and what they leave."""

ACRN_DM, ACRNCTL = f"{FOLDER}/acrn-dm", f"{FOLDER}/acrnctl"
"""Its programs, from the run's folder."""

_CPUS = (0, 1)
"""The stand-in's guests run on any CPU; the argv names these."""


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
    facts = RELEASE[file.release]
    state = Path(folder, FOLDER)
    state.mkdir(mode=0o700)
    return msgspec.structs.replace(
        file,
        acrn_dm=_program(state, "acrn-dm", "acrn_standin.dm", accel, file.release),
        acrnctl=_program(state, "acrnctl", "acrn_standin.ctl", accel, file.release),
        kernel=str(kernel),
        image=file.image or str(guest.disk),
        cpus=file.cpus or (_CPUS if facts.cpu_ids else ()),
        uuids=file.uuids or (KATA_UUIDS if facts.vm_key is VmKey.UUID else ()),
        tap=file.tap or f"tap{secrets.token_hex(4)}",
    )


def _program(state: Path, name: str, module: str, accel: str, release: str) -> str:
    path = state / name
    command = shlex.join([sys.executable, "-m", module])
    path.write_text(
        "#!/bin/sh\n"
        f"ACRN_STANDIN_STATE={shlex.quote(str(state))} ACRN_STANDIN_ACCEL={accel}\n"
        f"ACRN_STANDIN_RELEASE={release}\n"
        "export ACRN_STANDIN_STATE ACRN_STANDIN_ACCEL ACRN_STANDIN_RELEASE\n"
        f'exec {command} "$@"\n'
    )
    path.chmod(0o700)
    return str(path)
