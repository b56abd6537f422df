"""A run as its report takes it: what was judged, how, against what, and where it stopped."""

import msgspec

from acrn_conformance.cases import Answer, Description, Level
from acrn_conformance.implementation import Mode, Outcome
from acrn_conformance.judging import Mark


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
    """Who was judged, and how; ``describe`` is null where it was not answered as it must be."""

    command: tuple[str, ...]
    mode: Mode
    jobs: int
    timeout: float
    describe: Description | None


class Machine(msgspec.Struct, frozen=True):
    """Where it was judged."""

    system: str
    release: str
    architecture: str
    python: str
    processors: int


class RuleTold(msgspec.Struct, frozen=True):
    """A rule's text and its source."""

    text: str
    source: str


class Fault(msgspec.Struct, frozen=True):
    """A fault of the protocol: what is wrong, the first line that shows it, how many do."""

    kind: str
    message: str
    example: str
    times: int


class GroupResult(msgspec.Struct, frozen=True):
    """Cases that fail alike, by their ids."""

    rule: str
    where: str
    text: str
    cases: tuple[str, ...]


class CaseResult(msgspec.Struct, frozen=True):
    """One case's verdict; what was asked, expected and got only where it did not pass."""

    id: str
    title: str
    family: str
    method: str
    level: Level
    rule: str
    verdict: Mark
    blamed: str = ""
    message: str = ""
    seconds: float = 0.0
    excused: bool = False
    known_failure: str = ""
    leak: tuple[str, ...] = ()
    again: str = ""
    request: dict[str, object] | None = None
    expected: tuple[Answer, ...] = ()
    got: Outcome | None = None
    group: int | None = None


class Ended(msgspec.Struct, frozen=True):
    """What is known at the end of a run only; ``seconds`` it took."""

    seconds: float
    passed: bool
    complaints: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()
    endings: dict[str, int] = {}


class Results(msgspec.Struct, frozen=True):
    """A run; ``started`` as ISO 8601 in UTC, ``shard`` as ``I/K``, ``ended`` null if it was cut."""

    suite: Suite
    golden: GoldenUsed
    implementation: Implementation
    machine: Machine
    started: str
    shard: str | None
    selected: int
    rules: dict[str, RuleTold]
    cases: tuple[CaseResult, ...]
    groups: tuple[GroupResult, ...] = ()
    ended: Ended | None = None
