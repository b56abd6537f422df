"""A run or a search as data: what was judged, how, against what, and where it stopped.

The form of the results file (schema: golden/schema/results.schema.json), and what every report is
made of.
"""

from typing import Annotated, Literal

import msgspec

from acrn_conformance.cases import Answer, Description, Level, Request
from acrn_conformance.implementation import Mode, Outcome, ProtocolFault
from acrn_conformance.judging import Mark

_SHARD = r"^[1-9]\d{0,8}/[1-9]\d{0,8}$"

Number = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
"""How many of something there are, and a place among them."""

Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
"""Some decades at most."""


class Suite(msgspec.Struct, frozen=True):
    """Which suite judged."""

    name: str
    version: str


class GoldenUsed(msgspec.Struct, frozen=True):
    """Which goldens it judged against, in which dialect."""

    version: str
    sha256: str
    dialect: str


class Implementation(msgspec.Struct, frozen=True):
    """Who was judged, and how; ``describe`` is null where it was not answered as it must be.

    ``tolerates_protocol_faults``: what breaks the contract of the wire is no reason to fail.
    """

    command: tuple[str, ...]
    mode: Mode
    jobs: Number
    timeout: Seconds
    describe: Description | None
    tolerates_protocol_faults: bool = False


class Machine(msgspec.Struct, frozen=True):
    """Where it was judged."""

    system: str
    release: str
    architecture: str
    python: str
    processors: Number


class RuleTold(msgspec.Struct, frozen=True):
    """A rule's text and its source."""

    text: str
    source: str


class GroupResult(msgspec.Struct, frozen=True):
    """Cases that fail alike, by their ids."""

    rule: str
    where: str
    text: str
    cases: tuple[str, ...]


class CaseResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One case's verdict; what was asked, expected and got only where it did not pass.

    ``seconds``: how long the implementation had for it alone. ``excused``: the method is neither
    claimed nor required. ``known_failure``: the reason on record. ``blamed``: the rule that is
    broken, where that is not the case's own. ``leak``: the cases behind which alone it fails;
    ``behind``: what these ask, where no golden has them. ``by_chance``: asked again it passes,
    alone and in sequence. ``reason``: why other answers than the first are as good. ``group``: its
    place among the groups of the run.
    """

    id: str
    title: str
    family: str
    method: str
    level: Level
    rule: str
    verdict: Mark
    blamed: str = ""
    message: str = ""
    seconds: Seconds = 0.0
    excused: bool = False
    known_failure: str = ""
    leak: tuple[str, ...] = ()
    behind: tuple[Request, ...] = ()
    by_chance: bool = False
    again: str = ""
    request: dict[str, object] | None = None
    expected: tuple[Answer, ...] = ()
    reason: str = ""
    got: Outcome | None = None
    group: Number | None = None


class Ended(msgspec.Struct, frozen=True):
    """What is known at the end of a run only; ``seconds`` it took.

    ``summary``: how many verdicts that count have each mark. ``not_judged``: cases for which there
    is none.
    """

    seconds: Seconds
    passed: bool
    summary: dict[Mark, Number] = {}
    excused: Number = 0
    not_judged: Number = 0
    complaints: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    endings: dict[str, Number] = {}


class Search(msgspec.Struct, frozen=True):
    """A search for requests that nobody wrote down.

    They are drawn at random from ``seed``; where that is null they are all lists of up to
    ``longest`` devices. ``asked``: how many of each method, known when the search is over;
    ``failing`` of them. ``coverage``: what they met, in words.
    """

    seed: Number | None
    longest: Number | None
    asked: dict[str, Number] = {}
    failing: Number = 0
    coverage: tuple[str, ...] = ()


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A run, or a search; ``started`` as ISO 8601 in UTC, ``shard`` as ``I/K``.

    ``search``: null for a run; else ``cases`` are its findings. ``selected``: how many cases were
    to be judged, 0 where that is not known. ``faults``: what has broken the contract of the wire,
    as far as it is known. ``ended`` is null where the run did not come to its
    end: then some of them may have no verdict.
    """

    format: Literal[2]
    suite: Suite
    golden: GoldenUsed
    implementation: Implementation
    machine: Machine
    started: str
    shard: Annotated[str, msgspec.Meta(pattern=_SHARD)] | None
    selected: Number
    search: Search | None = None
    rules: dict[str, RuleTold]
    faults: tuple[ProtocolFault, ...] = ()
    cases: tuple[CaseResult, ...]
    groups: tuple[GroupResult, ...] = ()
    ended: Ended | None = None
