"""Ways that a script may take: where none is certain, what they have in common goes on."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final

from acrn_cmdline.source.argv import Place
from acrn_cmdline.source.shell.expansion import Expander
from acrn_cmdline.source.shell.state import State, merged

Way = Callable[[], "Flow"]


class Flow(IntEnum):
    """How a command leaves: to the next one, or out of a loop, a function, the shell."""

    NEXT = 0
    CONTINUE = 1
    BREAK = 2
    RETURN = 3
    EXIT = 4


class Branches:
    """Follows ways from one state; ``left`` are the states of ways that leave early, by how."""

    def __init__(self, expander: Expander) -> None:
        self._expander = expander
        self.left: Final[list[tuple[Flow, State]]] = []

    def any_of(self, ways: Sequence[Way], place: Place, printed: str) -> Flow:
        """Follow each of several ways, and go on with what is certain after all of them."""
        before = self._expander.state
        ends: list[State] = []
        flows: list[Flow] = []
        for way in ways:
            self._expander.state = before.copy()
            flow = way()
            flows.append(flow)
            if flow is Flow.NEXT:
                ends.append(self._expander.state)
            else:
                self.left.append((flow, self._expander.state))
        if ends:
            self._expander.state = self.merge(ends, place, printed)
            return Flow.NEXT
        return min(flows)

    def merge(self, states: Sequence[State], place: Place, printed: str) -> State:
        """Return what is certain in any of several states."""
        return merged(states, lambda name: self._expander.hole(name, place), printed)

    def taken_back(self, flows: Sequence[Flow], since: int) -> list[State]:
        """Return, and forget, the states that left in certain ways after there were ``since``."""
        kept = [(flow, state) for flow, state in self.left[since:] if flow not in flows]
        states = [state for flow, state in self.left[since:] if flow in flows]
        self.left[since:] = kept
        return states
