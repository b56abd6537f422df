"""Emulations that ended, and arguments of those that stay."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from acrn_cmdline.upgrade.line import Edit, Line
from acrn_dm import Block, FaultKind, Passthrough

_NOT_THERE: Final = frozenset(
    {
        FaultKind.EMULATION_ELSEWHERE,
        FaultKind.EMULATION_OBSOLETE,
        FaultKind.EMULATION_UNKNOWN,
    }
)
_LOST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pci-gvt": "graphics by GVT-g: passthru of the GPU, or virtio-gpu from v3.0 on, can give "
        "the guest a display",
        "virtio-hdcp": "content protection by virtio-hdcp",
        "virtio-coreu": "content protection by virtio-coreu",
        "npk": "the trace hub of npk",
    }
)
_ENDED: Final = (
    "From v3.0 on acrn-dm calls pci-gvt, virtio-hdcp, npk and virtio-coreu obsolete and ignored, "
    "and ends."
)


_PASSTHRU: Final = (
    "passthru passes over what it does not know: reset went in v1.6, which resets unless no_reset "
    "is given, and gpu in v2.7, which sees by itself that a device is the GPU."
)
_BOOT: Final = "The flag b, tells VSBL which disk to boot from, and --vsbl ended with v2.7."
_LEADING: Final = (
    "virtio-blk takes iothread from v3.1 on, and iothread=N and mq=N from v3.3 on, in front of its "
    "path."
)
_SHARED: Final = (
    "ivshmem is NAME,BYTES before v2.2, and dm:/NAME,MEBIBYTES from then on: a power of two from 2 "
    "to 512."
)
_MEBIBYTE: Final = 1 << 20
_LEAST: Final = 2


def end(line: Line) -> Iterator[Edit]:
    """Leave out devices of emulations that the target has not."""
    for index, part, text in line.slots():
        if not line.holes.unknown(text.emulation) and line.complaints(*part.words) & _NOT_THERE:
            lost = _LOST.get(text.emulation, f"the device {text.emulation}")
            reason = f"{line.target} has no {text.emulation}"
            yield Edit(index, index + 1, (), reason, _ENDED, lost)


def end_boot_flag(line: Line) -> Iterator[Edit]:
    """Take off the flag of a disk to boot from, where nobody looks at it."""
    if line.takes("vsbl"):
        return
    for index, part, text in line.slots():
        if text.boot:
            head, _, tail = (part.value or "").partition(",b,")
            reason = f"{line.target} boots no disk for its flag"
            yield Edit.of_value(index, part, f"{head},{tail}", reason, _BOOT)


def end_passthru_options(line: Line) -> Iterator[Edit]:
    """Take off options of passthru that the target passes over, and the source did not."""
    for index, part, text in line.slots():
        device = line.device(part, line.source)
        if isinstance(device, Passthrough):
            known = set(device.unread(line.source))
            ended = [each for each in device.unread(line.target) if each not in known]
            kept = [each for each in (text.arguments or "").split(",") if each not in ended]
            value = ",".join([text.where, text.emulation, *kept])
            reason = f"{line.target} knows no {', '.join(ended)}"
            if ended:
                yield Edit.of_value(index, part, value, reason, _PASSTHRU)


def lose_state(line: Line) -> Iterator[str]:
    """Tell of devices that are reset before they are given away, and were not."""
    if not line.since("v1.6") or line.has("ptdev_no_reset"):
        return
    for _, part, text in line.slots():
        device = line.device(part, line.source)
        if isinstance(device, Passthrough) and "reset" not in device.options:
            yield f"the state of the device on slot {text.where}, but for no_reset: it is reset"


def name_shared_memory(line: Line) -> Iterator[Edit]:
    """Write shared memory as the target does, in mebibytes."""
    if not line.since("v2.2"):
        return
    for index, part, text in line.slots():
        name, _, size = (text.arguments or "").partition(",")
        if text.emulation == "ivshmem" and not name.startswith(("dm:/", "hv:/")):
            if not (size.isascii() and size.isdecimal()):
                continue
            mebibytes = max(_LEAST, int(size[:12]) // _MEBIBYTE)
            value = f"{text.where},ivshmem,dm:/{name.removeprefix('/')},{mebibytes}"
            grown = mebibytes * _MEBIBYTE != int(size[:12])
            lost = f"the size of {name}: it is {mebibytes} MiB, for all VMs that share it" * grown
            reason = f"{line.target} wants mebibytes and a prefix"
            yield Edit.of_value(index, part, value, reason, _SHARED, lost)


def keep_paths(line: Line) -> Iterator[Edit]:
    """Keep a disk's path from being taken for one of the target's new options."""
    for index, part, text in line.slots():
        old, new = (line.device(part, release) for release in (line.source, line.target))
        if text.emulation != "virtio-blk" or not isinstance(old, Block) or old.placeholder:
            continue
        taken = not isinstance(new, Block) or new.path != old.path
        if taken and old.path.startswith(("iothread", "mq")):
            flag = ",b" * text.boot
            value = f"{text.where},virtio-blk{flag},./{text.arguments}"
            yield Edit.of_value(index, part, value, "a path, and no option", _LEADING)
