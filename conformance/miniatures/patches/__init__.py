"""Faults in the source, one file an area."""

from collections.abc import Sequence

from miniatures.miniature import Constant, Patch
from miniatures.patches import (
    appending,
    block_table,
    cpu_index,
    dialect_options,
    documents,
    guest,
    kernel_line,
    newer_sandbox,
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
    *dialect_options.PATCHES,
    *vsock.PATCHES,
    *newer_sandbox.PATCHES,
    *cpu_index.PATCHES,
)
