"""Capturing: a command runs with stand-ins for acrn-dm and acrnctl, which record their calls."""

from acrn_cmdline.capture.calls import Call, RecordError, read
from acrn_cmdline.capture.running import PROGRAMS, Captured, CaptureError, capture

__all__ = ["PROGRAMS", "Call", "CaptureError", "Captured", "RecordError", "capture", "read"]
