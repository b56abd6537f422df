"""What a process has written, taken for replies."""

from typing import Generic, TypeVar

from acrn_conformance.implementation.process import LineTooLongError
from acrn_conformance.implementation.protocol_fault import ProtocolFault
from acrn_conformance.implementation.schedule import Schedule
from acrn_conformance.implementation.settings import Mode
from acrn_conformance.implementation.time_limits import TimeLimits
from acrn_conformance.implementation.wire import NotAReplyError
from acrn_conformance.implementation.worker import AnsweredTwiceError, State, Worker

_BLANKS = b" \t\r"
"""What JSON takes for blank, and may stand on an empty line."""

K = TypeVar("K")


class Replies(Generic[K]):
    """Tells the schedule what was answered, and what breaks the contract of the wire."""

    def __init__(self, schedule: Schedule[K], limits: TimeLimits[K], mode: Mode) -> None:
        """Begin."""
        self._schedule = schedule
        self._limits = limits
        self._exec = mode is Mode.EXEC

    def take(self, worker: Worker[K], data: bytes) -> None:
        """Take lines that came together: only for the first of them anybody has waited.

        Raises NotAReplyError and AnsweredTwiceError.
        """
        at, seconds, load = 0, worker.waited, worker.load
        while at < len(data):
            tickets, at = worker.take_foreseen(data, at)
            if tickets:
                self._schedule.foreseen(tickets, seconds)
                seconds = 0.0
            end = data.find(b"\n", at)
            line = data[at:end] if end >= 0 else data[at:]
            if line.strip(_BLANKS):
                self._take_line(worker, line, seconds)
                seconds = 0.0
            at += len(line) + 1
        worker.heard(load - worker.load, self._limits.seconds)

    def _take_line(self, worker: Worker[K], line: bytes, seconds: float) -> None:
        try:
            ticket, outcome = worker.take(line)
        except AnsweredTwiceError as error:
            if not (error.same and self._schedule.doubled_by_chance):
                raise
            self.count(error)
            return
        if worker.state is State.PROBED:
            self._schedule.unflushed(ticket)
            return
        self._schedule.answered(ticket, outcome, seconds)
        self._limits.kept(worker)
        if self._exec:
            worker.close()

    def count(self, error: LineTooLongError | NotAReplyError | AnsweredTwiceError[K]) -> None:
        """Count a reply that breaks the contract, whatever asking again brings."""
        self._schedule.count(ProtocolFault(error.kind, str(error), error.example))
