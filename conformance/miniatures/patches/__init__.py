"""Faults in the source, one file an area."""

from collections.abc import Sequence

from miniatures.miniature import Constant, Patch
from miniatures.patches import (
    acrn_3,
    appending,
    block_table,
    cpu,
    documents,
    guest,
    kata_3,
    kernel_line,
    options,
    rescan,
    sandbox,
    slots,
    text,
    validity,
    vsock,
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
    *kata_3.PATCHES,
    *vsock.PATCHES,
    *cpu.PATCHES,
    *acrn_3.PATCHES,
)
