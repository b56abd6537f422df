"""Placeholders among the disks; facts: "virtio-blk"."""

from collections.abc import Iterator

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import devices
from acrn_dm import Block, Reading


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


RULES = (placeholder_by_accident, placeholder_out_of_reach)
