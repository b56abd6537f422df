"""The replies foreseen to what is in flight, one behind the other, as they would come.

Where a run spends its time: one comparison of bytes tells of hundreds of replies. None is decoded,
split off or copied, as long as they come like that.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import Generic, TypeVar

from acrn_conformance.implementation.form import Form
from acrn_conformance.implementation.ticket import Ticket

K = TypeVar("K")


class LineUp(Generic[K]):
    """The requests that were in flight when it was made, in the order in which they were asked.

    It holds only as long as they are answered in that order.
    """

    def __init__(self, form: Form, flight: Mapping[int, Ticket[K]]) -> None:
        """Write down all replies in a form, but for those that are not foreseen."""
        head, middle, tail = form
        lines = [
            b"%b%d%b%b%b" % (head, number, middle, foreseen.encoded, tail)
            if (foreseen := ticket.request.foreseen)
            else b""
            for number, ticket in flight.items()
        ]
        self._numbers = list(flight)
        self._tickets = list(flight.values())
        self._data = memoryview(b"".join(lines))
        self._ends = list(accumulate(map(len, lines)))
        self._stops = [place for place, line in enumerate(lines) if not line]
        self._stops.append(len(lines))
        self._next = 0

    @property
    def last(self) -> int:
        """The id of the request that was asked last."""
        return self._numbers[-1]

    @property
    def done(self) -> bool:
        """Whether there is nothing left of it."""
        return self._next == len(self._numbers)

    def agreed(self, data: bytes, at: int) -> tuple[list[int], list[Ticket[K]], int]:
        """Return whose replies stand in data from a place on, as foreseen, and the place behind.

        That is up to the first one that is not whole, is not foreseen, or is another.
        """
        first, begin = self._next, self._ends[self._next - 1] if self._next else 0
        stop = self._stops[bisect_left(self._stops, first)]
        most = bisect_right(self._ends, begin + len(data) - at, first, stop)

        def differs(end: int) -> bool:
            return not data.startswith(self._data[begin : self._ends[end - 1]], at)

        if most > first and differs(most):
            most = bisect_left(range(most), True, first + 1, key=differs) - 1  # noqa: FBT003
        if most > first:
            at += self._ends[most - 1] - begin
            self._next = most
        return self._numbers[first:most], self._tickets[first:most], at

    def passed(self, number: int) -> None:
        """Note that a request was answered otherwise; if it was not its turn, nothing holds."""
        if not self.done and self._numbers[self._next] == number:
            self._next += 1
        else:
            self._next = len(self._numbers)
