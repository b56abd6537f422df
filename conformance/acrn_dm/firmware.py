"""Firmware images: ``--ovmf`` in its three forms, and ``--vsbl``; the first given counts."""

from typing import Final

from acrn_dm.host import NeedKind
from acrn_dm.machine import Machine
from acrn_dm.problem import ABORT, FaultKind, Problem, bad_value, crash
from acrn_dm.tables import FIRMWARE_IN_PARTS, FIRMWARE_WRITES_BACK, IMAGE_ABORTS, VSBL_LOADS
from acrn_dm.text import size

_PATH_LIMIT: Final = 1024
_CANNOT_OPEN: Final = "SW_LOAD ERR: image file failed to open"


def vsbl(value: str, machine: Machine) -> Problem | None:
    """Look for the image of ``--vsbl``; with ``--ovmf`` in front it is not looked at."""
    what = "vsbl param"
    if machine.firmware & {"image", "code"}:
        return None
    if size(value) >= _PATH_LIMIT:
        return bad_value(what, value, FaultKind.PATH_LENGTH)
    if machine.has(NeedKind.IMAGE, value):
        machine.firmware.add("vsbl")
        return None
    return _missing(what, value, machine)


def ovmf(value: str, machine: Machine) -> Problem | None:
    """Look for ``[w,]PATH`` or (v2.3) ``[w,]code=PATH,vars=PATH``; ``w`` may stand anywhere."""
    what = "ovmf param"
    if "vsbl" in machine.firmware and machine.release in VSBL_LOADS:
        return None
    if size(value) >= _PATH_LIMIT:
        return bad_value(what, value, FaultKind.PATH_LENGTH)
    if machine.release not in FIRMWARE_WRITES_BACK:
        if not machine.has(NeedKind.FIRMWARE, value):
            return _missing(what, value, machine)
        machine.firmware.add("image")
        return None
    before = frozenset() if machine.release not in FIRMWARE_IN_PARTS else machine.firmware
    found, complete = _found(value, machine)
    machine.firmware |= found
    named = found | before
    whole, parts = "image" in named, {"code", "vars"} <= named
    if whole != parts:
        return None
    kind = FaultKind.OPTION_VALUE if complete else FaultKind.IMAGE
    return bad_value(what, value, kind)


def _found(value: str, machine: Machine) -> tuple[set[str], bool]:
    """Return which parts are there, up to the first that is not, and whether all are."""
    found: set[str] = set()
    for text in value.split(","):
        part, path = _part(text, machine.release)
        if part == "w":
            continue
        kind = NeedKind.VARIABLES if part == "vars" else NeedKind.FIRMWARE
        if not machine.has(kind, path):
            return found, False
        found.add(part)
    return found, True


def _part(text: str, release: str) -> tuple[str, str]:
    """Return what a part is, and its path."""
    part, equals, path = text.partition("=")
    if text == "w":
        return "w", ""
    if equals and part in {"code", "vars"} and release in FIRMWARE_IN_PARTS:
        return part, path
    return "image", text


def _missing(what: str, value: str, machine: Machine) -> Problem:
    if machine.release in IMAGE_ABORTS:
        return crash(FaultKind.IMAGE, ABORT, _CANNOT_OPEN)
    return bad_value(what, value, FaultKind.IMAGE)
