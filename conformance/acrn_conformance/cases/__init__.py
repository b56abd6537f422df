"""Requests and the answers accepted: the wire's methods, dialects, cases, the golden files.

`device_types`, `step_types` and `methods` have a type for each object of the wire; `texts`, which
only a search and the catalogue need, is imported by its name.
"""

from acrn_conformance.cases import (
    codes,
    device_types,
    field_types,
    golden,
    kata_3_methods,
    known,
    methods,
    step_types,
)
from acrn_conformance.cases.case import Answer, Case, Level, Request, tokens_in
from acrn_conformance.cases.dialect import ACRN_3, DIALECTS, KATA_1, KATA_3, Dialect
from acrn_conformance.cases.field_types import Fields, as_fields
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
from acrn_conformance.cases.methods import BUILT, PROTOCOL, Description, Method
from acrn_conformance.cases.quirk import NUL, Quirk
from acrn_conformance.cases.request_parts import (
    config,
    devices_of,
    given_devices,
    integer,
    mapping,
    steps_of,
    text,
    with_devices,
)
from acrn_conformance.cases.selection import Selection, SelectionError

__all__ = [
    "ACRN_3",
    "BUILT",
    "DIALECTS",
    "KATA_1",
    "KATA_3",
    "NUL",
    "PROTOCOL",
    "Answer",
    "Case",
    "Description",
    "Dialect",
    "Family",
    "Fields",
    "Golden",
    "GoldenError",
    "GoldenFile",
    "KnownFailuresError",
    "LedgerEntry",
    "Level",
    "Manifest",
    "Method",
    "Quirk",
    "Request",
    "Rule",
    "Selection",
    "SelectionError",
    "as_fields",
    "codes",
    "config",
    "device_types",
    "devices_of",
    "field_types",
    "given_devices",
    "golden",
    "integer",
    "kata_3_methods",
    "known",
    "mapping",
    "methods",
    "step_types",
    "steps_of",
    "text",
    "tokens_in",
    "with_devices",
]
