"""The log of a run: an append-only list of events, and the run that they fold into."""

from collections.abc import Iterable, Sequence
from typing import assert_never

import msgspec

from acrn_conformance.cases import KATA_1, Case, Description
from acrn_conformance.implementation import ProtocolFault, Settings
from acrn_conformance.judging.blame import blamed
from acrn_conformance.judging.verdict import Verdict


class Described(msgspec.Struct, frozen=True, tag="described"):
    """The implementation has said what it claims, or not as it must (None).

    ``started`` in seconds since the epoch. ``dialect``: the one that it is judged in.
    ``complaints``: what is wrong with what it says.
    """

    started: float
    description: Description | None
    dialect: str
    remarks: tuple[str, ...]
    complaints: tuple[str, ...] = ()

    def of(self, cases: Iterable[Case]) -> tuple[Case, ...]:
        """Return those of the cases that it is judged by."""
        return tuple([case for case in cases if self.dialect in case.dialects])


class Judged(msgspec.Struct, frozen=True, tag="judged"):
    """A case has its verdict."""

    verdict: Verdict


class Withdrawn(msgspec.Struct, frozen=True, tag="withdrawn"):
    """The verdict on a case holds no longer, since its answer is taken back; another follows."""

    id: str


class Faulted(msgspec.Struct, frozen=True, tag="faulted"):
    """The contract of the wire was broken in a way that is new; more often, the end tells."""

    fault: ProtocolFault


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """All has been asked, or asking has stopped; ``endings``: how many processes ended how.

    ``faults``: what broke the contract of the wire, ``tolerated`` or not. ``interrupted``: asking
    has been stopped from outside.
    """

    seconds: float
    endings: dict[str, int]
    remarks: tuple[str, ...]
    faults: tuple[ProtocolFault, ...] = ()
    tolerated: bool = False
    interrupted: bool = False


RunEvent = Described | Judged | Withdrawn | Faulted | Ended
"""A thing that happens in a run; a log has them in the order in which they did."""


class Run(msgspec.Struct, frozen=True):
    """A run and all its verdicts, in the order of the cases.

    ``started`` in seconds since the epoch, ``seconds`` what it took. ``complaints``: what is wrong
    with the description, or with the known failures. ``endings``: how many processes ended how.
    ``asked_alone``: how many failing cases were asked once more, each in a fresh process.
    ``faults``: what broke the contract of the wire; ``tolerated``: it is no reason to fail.
    ``interrupted``: it was stopped from outside.
    """

    settings: Settings
    description: Description | None
    dialect: str
    verdicts: tuple[Verdict, ...]
    started: float
    seconds: float
    endings: dict[str, int]
    remarks: tuple[str, ...]
    not_judged: int = 0
    complaints: tuple[str, ...] = ()
    asked_alone: int = 0
    faults: tuple[ProtocolFault, ...] = ()
    tolerated: bool = False
    interrupted: bool = False

    @property
    def judged(self) -> tuple[Verdict, ...]:
        """Return the verdicts that count."""
        return tuple(verdict for verdict in self.verdicts if not verdict.excused)

    @property
    def passed(self) -> bool:
        """Whether all cases have a verdict, none against the implementation, and no complaint.

        A breach of the contract is one against it, also where a retry brought an answer.
        """
        failing = any(verdict.failing for verdict in self.verdicts)
        failing = failing or bool(self.faults and not self.tolerated)
        return bool(self.judged) and not (failing or self.complaints or self.not_judged)


def folded(cases: Sequence[Case], settings: Settings, events: Iterable[RunEvent]) -> Run:
    """Return the run that events make; ``cases`` may be of other dialects too."""
    verdicts: dict[str, Verdict] = {}
    described = Described(0.0, None, KATA_1.name, ())
    ended = Ended(0.0, {}, ())
    for event in events:
        match event:
            case Described():
                described = event
            case Judged(verdict=verdict):
                verdicts[verdict.case.id] = verdict
            case Withdrawn(id=name):
                del verdicts[name]
            case Faulted():
                pass  # the end tells of it again, and how often it was
            case Ended():
                ended = event
            case _:
                assert_never(event)
    judged_by = described.of(cases)
    ordered = tuple(verdicts[case.id] for case in judged_by if case.id in verdicts)
    return Run(
        settings=settings,
        description=described.description,
        dialect=described.dialect,
        verdicts=blamed(ordered),
        started=described.started,
        seconds=ended.seconds,
        endings=ended.endings,
        remarks=(*described.remarks, *ended.remarks),
        faults=ended.faults,
        tolerated=ended.tolerated,
        interrupted=ended.interrupted,
        not_judged=len(judged_by) - len(ordered),
        complaints=described.complaints,
    )
