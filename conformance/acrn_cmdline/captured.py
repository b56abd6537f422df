"""Captured calls are judged: each by lint, by the VM that it is for, and by what was wanted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Self

from acrn_cmdline.capture import Call, RescanFinding, Vms, is_rescan
from acrn_cmdline.lint import Judgement
from acrn_cmdline.source import PROGRAM, Argv, Place


class Wanted(NamedTuple):
    """The argv that the calls of a program are compared with, and where it comes from."""

    name: str
    program: str
    argv: Sequence[str]


class Rescan(NamedTuple):
    """A rescan: the releases in which it is tried, and each reason to fail with its releases."""

    releases: tuple[str, ...]
    findings: Mapping[RescanFinding, tuple[str, ...]]

    @property
    def failing(self) -> tuple[str, ...]:
        """The releases in which it fails."""
        failing = {release for releases in self.findings.values() for release in releases}
        return tuple(release for release in self.releases if release in failing)


class Heard(NamedTuple):
    """A call by its argv, with what a capture saw of it: None where it is only written down."""

    argv: Argv
    seen: Call | None = None

    @classmethod
    def of(cls, call: Call) -> Self:
        """Return a call that a capture has seen."""
        return cls(Argv.known(Place("the record"), call.argv, call.program), call)


class JudgedCall(NamedTuple):
    """A call and what is to say of it; its number counts from 1.

    ``judgement`` is lint's of a call of acrn-dm, ``rescan`` of one that wants a rescan, if what it
    names is known, and the VMs before it; ``wanted`` is set where it is compared.
    """

    number: int
    call: Heard
    judgement: Judgement | None = None
    rescan: Rescan | None = None
    wanted: Wanted | None = None

    @property
    def equal(self) -> bool:
        """Whether it is compared, and equal to what is wanted."""
        return self.wanted is not None and list(self.call.argv.tokens) == list(self.wanted.argv)


class Tally(NamedTuple):
    """How many calls there are: of each program, equal, refused, of rescans that fail.

    ``refused``: by any of the releases; ``failing``: in all of them.
    """

    programs: Mapping[str, int] = MappingProxyType({})
    equal: int = 0
    refused: int = 0
    failing: int = 0

    @property
    def calls(self) -> int:
        """All calls."""
        return sum(self.programs.values())

    def plus(self, judged: JudgedCall) -> "Tally":
        """Return the tally with one more call."""
        program = judged.call.argv.program
        rescan = judged.rescan
        return Tally(
            {**self.programs, program: self.programs.get(program, 0) + 1},
            self.equal + judged.equal,
            self.refused + (judged.judgement is not None and judged.judgement.refused),
            self.failing + (rescan is not None and rescan.failing == rescan.releases),
        )

    def passed(self, wanted: Wanted | None, *, named: bool) -> bool:
        """Tell whether there are calls, and all are right; a refusal counts by a named release."""
        compared = self.programs.get(wanted.program, 0) if wanted else self.calls
        same = wanted is None or self.equal == compared
        return compared > 0 and same and not self.failing and not (named and self.refused)


def judged(
    calls: Iterable[Heard],
    judge: Callable[[Argv], Judgement],
    vms: Sequence[Vms],
    wanted: Wanted | None,
) -> Iterator[JudgedCall]:
    """Judge calls in their order; ``vms`` holds, for each release, those that run before."""
    known = True
    for number, call in enumerate(calls, start=1):
        argv = call.argv
        compared = wanted if wanted and wanted.program == argv.program else None
        judgement = rescan = None
        known = known and not argv.holes
        if argv.program == PROGRAM:
            judgement = judge(argv)
            vms = [each.after_start(argv.tokens) for each in vms]
        elif known and is_rescan(argv.tokens):
            rescan = _rescan(argv.tokens, vms)
            vms = [each.after_rescan(argv.tokens) for each in vms]
        yield JudgedCall(number, call, judgement, rescan, compared)


def _rescan(argv: Sequence[str], vms: Sequence[Vms]) -> Rescan:
    findings: dict[RescanFinding, tuple[str, ...]] = {}
    for each in vms:
        for finding in each.findings(argv):
            findings[finding] = (*findings.get(finding, ()), each.release)
    return Rescan(tuple(each.release for each in vms), findings)
