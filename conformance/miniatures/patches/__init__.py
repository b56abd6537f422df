"""Faults in the source, one file an area."""

from collections.abc import Sequence

from miniatures.miniature import Constant, Patch
from miniatures.patches import (
    appending,
    block_table,
    documents,
    guest,
    kernel_line,
    options,
    rescan,
    sandbox,
    slots,
    text,
    validity,
)

PATCHES: Sequence[Patch | Constant] = (
    *slots.PATCHES,
    *block_table.PATCHES,
    *validity.PATCHES,
    *text.PATCHES,
    *options.PATCHES,
    *appending.PATCHES,
    *guest.PATCHES,
    *kernel_line.PATCHES,
    *sandbox.PATCHES,
    *rescan.PATCHES,
    *documents.PATCHES,
)
