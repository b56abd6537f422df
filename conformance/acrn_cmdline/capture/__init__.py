"""Capturing: a command runs with stand-ins for acrn-dm and acrnctl, which record their calls."""

from acrn_cmdline.capture.calls import Call, RecordError, read
from acrn_cmdline.capture.capturing import Captured, Reach, Wish, capture
from acrn_cmdline.capture.programs import PROGRAMS, CaptureError
from acrn_cmdline.capture.rescan import FACTS, RescanFault, RescanFinding, Vms, is_rescan

__all__ = [
    "FACTS",
    "PROGRAMS",
    "Call",
    "CaptureError",
    "Captured",
    "Reach",
    "RecordError",
    "RescanFault",
    "RescanFinding",
    "Vms",
    "Wish",
    "capture",
    "is_rescan",
    "read",
]
