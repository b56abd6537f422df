"""The built-in reference behind the wire: the only importer of the arch layer."""

from acrn_conformance.oracle.answers import (
    DescriptionError,
    MalformedError,
    answer,
    described,
    expected,
)
from acrn_conformance.oracle.cases import reference_case
from acrn_conformance.oracle.original import quirk
from acrn_conformance.oracle.serving import reply, replying, serve
from acrn_conformance.oracle.sharing import Answering, device_lists

__all__ = [
    "Answering",
    "DescriptionError",
    "MalformedError",
    "answer",
    "described",
    "device_lists",
    "expected",
    "quirk",
    "reference_case",
    "reply",
    "replying",
    "serve",
]
