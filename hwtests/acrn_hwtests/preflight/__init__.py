"""The preflight: what a board lacks, in one table, before anything is started on it."""

from acrn_hwtests.preflight.item import table
from acrn_hwtests.preflight.lines import preflight

__all__ = ["preflight", "table"]
