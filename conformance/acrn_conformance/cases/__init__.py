"""What is asked, and what is accepted: cases, the golden files, and choosing among them."""

from acrn_conformance.cases import golden, known
from acrn_conformance.cases.case import Answer, Case, Level, Request, tokens_in
from acrn_conformance.cases.golden import (
    Family,
    Golden,
    GoldenError,
    GoldenFile,
    LedgerEntry,
    Manifest,
    Rule,
)
from acrn_conformance.cases.known import KnownFailuresError
from acrn_conformance.cases.request_parts import (
    Device,
    config,
    given_devices,
    integer,
    mapping,
    text,
    with_devices,
)
from acrn_conformance.cases.selection import Selection, SelectionError

__all__ = [
    "Answer",
    "Case",
    "Device",
    "Family",
    "Golden",
    "GoldenError",
    "GoldenFile",
    "KnownFailuresError",
    "LedgerEntry",
    "Level",
    "Manifest",
    "Request",
    "Rule",
    "Selection",
    "SelectionError",
    "config",
    "given_devices",
    "golden",
    "integer",
    "known",
    "mapping",
    "text",
    "tokens_in",
    "with_devices",
]
