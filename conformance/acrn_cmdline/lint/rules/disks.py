"""Placeholders among the disks; facts: "virtio-blk"."""

from collections.abc import Iterator

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import devices, options
from acrn_dm import Block, Reading, takes


@rule(
    "placeholder-by-accident",
    Severity.SILENT,
    fact="From v1.1 on a disk whose arguments contain nodisk anywhere is a placeholder, "
    "/a/nodisk/b too: its file is never opened.",
    remedy="move the file to a path without nodisk in it; acrnctl refuses such a path as well",
)
def placeholder_by_accident(reading: Reading) -> Iterator[Hit]:
    """Find a disk that is none because of a word in its path."""
    for function, disk in devices(reading, Block):
        if disk.placeholder and disk.path != "nodisk":
            yield Hit(function.token, f"{brief(disk.path)} is never opened")


@rule(
    "placeholder-out-of-reach",
    Severity.SILENT,
    fact="acrnctl blkrescan names a slot, and looks at function 0 on bus 0 only.",
    remedy="put the placeholder on function 0 of a slot of bus 0",
)
def placeholder_out_of_reach(reading: Reading) -> Iterator[Hit]:
    """Find a placeholder that no rescan can fill."""
    for function, disk in devices(reading, Block):
        if disk.placeholder and (function.bus or function.function):
            yield Hit(function.token, "acrnctl blkrescan cannot reach this placeholder")


@rule(
    "boot-flag-unused",
    Severity.SILENT,
    fact="The flag b, behind virtio-blk tells --vsbl, before v3.0, from which disk to boot; "
    "everywhere else it is taken off the arguments and does nothing.",
    remedy="leave the flag out, and name what to boot with -k or --ovmf",
)
def boot_flag_unused(reading: Reading) -> Iterator[Hit]:
    """Find a disk that nothing is booted from, its flag notwithstanding."""
    loader = any(options(reading, "vsbl")) and takes("vsbl", reading.release)
    for function in reading.command.functions:
        if function.boot and not (loader and function.emulation == "virtio-blk"):
            yield Hit(function.token, "nothing boots from this device for its flag")


RULES = (boot_flag_unused, placeholder_by_accident, placeholder_out_of_reach)
