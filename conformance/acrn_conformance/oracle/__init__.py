"""The built-in reference behind the wire: the only importer of the arch layer."""

from acrn_conformance.oracle.answers import (
    DescriptionError,
    MalformedError,
    answer,
    described,
    device_lists,
    expected,
)
from acrn_conformance.oracle.cases import case_of
from acrn_conformance.oracle.serving import reply, serve

__all__ = [
    "DescriptionError",
    "MalformedError",
    "answer",
    "case_of",
    "described",
    "device_lists",
    "expected",
    "reply",
    "serve",
]
