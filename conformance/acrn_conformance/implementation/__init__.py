"""The implementation under test: its processes, the wire, and what comes of asking it."""

from acrn_conformance.implementation import wire
from acrn_conformance.implementation.event import (
    Answered,
    AsForeseen,
    BulkEvent,
    Event,
    Retracted,
    settled,
    singly,
)
from acrn_conformance.implementation.giving_up import UNFLUSHED
from acrn_conformance.implementation.outcome import (
    Broken,
    Outcome,
    Overdue,
    Refused,
    Result,
    Unclaimed,
    Unsupported,
)
from acrn_conformance.implementation.pool import Pool
from acrn_conformance.implementation.process import LAST_WORDS, LONGEST_LINE
from acrn_conformance.implementation.protocol_fault import HUNG, ProtocolFault, added
from acrn_conformance.implementation.settings import Mode, Settings
from acrn_conformance.implementation.trace import Trace
from acrn_conformance.implementation.trial import Heard, Trial
from acrn_conformance.implementation.wire import NotAReplyError, Prepared, prepare

__all__ = [
    "HUNG",
    "LAST_WORDS",
    "LONGEST_LINE",
    "UNFLUSHED",
    "Answered",
    "AsForeseen",
    "Broken",
    "BulkEvent",
    "Event",
    "Heard",
    "Mode",
    "NotAReplyError",
    "Outcome",
    "Overdue",
    "Pool",
    "Prepared",
    "ProtocolFault",
    "Refused",
    "Result",
    "Retracted",
    "Settings",
    "Trace",
    "Trial",
    "Unclaimed",
    "Unsupported",
    "added",
    "prepare",
    "settled",
    "singly",
    "wire",
]
