"""A process that ended or hung with requests open, until it is known whether one of them is why."""

from acrn_conformance.implementation.protocol_fault import ProtocolFault


class Incident:
    """A fault with some requests open, all of which are asked again.

    Where one of them brings it about again, alone, its case has the verdict. Where all are answered
    it is due to the place in the stream, to time or to chance, and no case will tell of it.
    """

    def __init__(self, fault: ProtocolFault, requests: int) -> None:
        """Begin with so many requests open."""
        self._fault = fault
        self._open = requests
        self._explained = False

    def settled(self, *, explains: bool) -> ProtocolFault | None:
        """Note that a request has its outcome, and whether that ``explains`` the fault.

        Returns the fault once none is open and none explains it.
        """
        self._open -= 1
        self._explained |= explains
        return None if self._open or self._explained else self._fault
