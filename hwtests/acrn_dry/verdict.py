"""The verdict of an acrn-dm on an argv, in the form of the recorded ones."""

import re
from collections.abc import Sequence

import msgspec

from acrn_dm import Stage
from acrn_dry.running import Programs, Run, started

_SECONDS = 12
"""An acrn-dm that has neither ended nor come to its guest by then hangs, as in the recordings."""

_CHATTER = re.compile(
    r"SW_LOAD: (get|bootargs|kernel|build|entry|zeropage)|vm_create: |VHM api|vm_setup_memory: "
    r"|vm_init_vdevs|vm setup |open hugetlbfs|level \d|to reserve |now enough|try to setup"
    r"|\s*level|total_size|mmap |touch |really setup|pci init \S+$|Found default iasl|iasl version"
    r"|Fail to create memfd for 1"
)
"""What every run prints, whatever its argv."""

_USAGE = re.compile(r"Usage: .*(\n +.*)*")
"""The usage text, whose further lines are indented."""

_LAST_BEFORE_LOAD = "acrn_sw_load failed"


class Verdict(msgspec.Struct, frozen=True):
    """Where acrn-dm ended (``ok``: a guest would run), with which status, and what it said.

    ``stage`` is one of ``acrn_dm.Stage``, ``ok`` or ``crash``; ``exit`` is negative for a signal,
    None where it hung. Lines of ``message`` are parted by `` | ``.
    """

    stage: str
    exit: int | None
    message: str


def verdict(programs: Programs, argv: Sequence[str]) -> Verdict:
    """Run an acrn-dm until a guest would run, and return its verdict. Raises DryError."""
    with started(programs, argv) as run:
        if run.until("run", seconds=_SECONDS):
            return Verdict("ok", 0, "")
        stage = _stage(run)
        if run.exit is None:
            hung = f"hang: still running after {_SECONDS} s, stage {stage} | "
            return Verdict("crash", None, hung + _message(run.output))
        if run.exit < 0:
            return Verdict("crash", run.exit, _message(run.output))
        return Verdict(stage, run.exit, _message(run.output))


def _stage(run: Run) -> Stage:
    """Tell how far a run that has not come to its guest has got."""
    if not run.told("open"):
        return Stage.ARGV
    if not run.told("memory"):
        return Stage.VM
    return Stage.LOAD if _LAST_BEFORE_LOAD in run.output else Stage.DEVICE


def _message(output: str) -> str:
    lines = _USAGE.sub("[usage]", output).split("\n")
    return " | ".join(line for line in lines if line.strip() and not _CHATTER.match(line))
