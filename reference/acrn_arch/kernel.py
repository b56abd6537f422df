"""Guest kernel parameters: those that the arch layer brings, and the line that they make."""

from collections.abc import Iterable
from typing import NamedTuple


class Param(NamedTuple):
    """One guest kernel parameter."""

    key: str
    value: str = ""


BASIC = (
    Param("tsc", "reliable"),
    Param("no_timer_check"),
    Param("nohpet"),
    Param("console", "tty0"),
    Param("console", "ttyS0"),
    Param("console", "hvc0"),
    Param("log_buf_len", "16M"),
    Param("consoleblank", "0"),
)
"""The common parameters of every dialect."""

GRAPHICS = (
    Param("iommu", "off"),
    Param("i915.avail_planes_per_pipe", "0x070F00"),
    Param("i915.enable_hangcheck", "0"),
    Param("i915.nuclear_pageflip", "1"),
    Param("i915.enable_guc_loading", "0"),
    Param("i915.enable_guc_submission", "0"),
    Param("i915.enable_guc", "0"),
)
"""The further ones of a guest that has GVT-g."""

_ROOT = (Param("root", "/dev/vda1 rw rootwait"),)
_QUIET = (Param("quiet"),)
_QUIET_SYSTEMD = (Param("systemd.show_status", "false"),)
_DEBUG = (Param("debug"),)
_DEBUG_SYSTEMD = (
    Param("systemd.show_status", "true"),
    Param("systemd.log_level", "debug"),
    Param("systemd.log_target", "kmsg"),
    Param("printk.devkmsg", "on"),
)


def with_mode(common: tuple[Param, ...], *, rooted: bool, debug: bool) -> tuple[Param, ...]:
    """Add root, debug or quiet, and systemd's; root and systemd only for a ``rooted`` guest."""
    mode, systemd = (_DEBUG, _DEBUG_SYSTEMD) if debug else (_QUIET, _QUIET_SYSTEMD)
    return common + _ROOT + mode + systemd if rooted else common + mode


def serialise(params: Iterable[Param]) -> str:
    """Join parameters with blanks as ``key=value``, or whichever of the two there is."""
    pieces = (f"{p.key}={p.value}" if p.key and p.value else p.key or p.value for p in params)
    return " ".join(piece for piece in pieces if piece)
