"""The options of the commands that lint: for which releases, on which host, by whose rules."""

import argparse
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from acrn_cmdline.lint import (
    NAMED,
    RECORDING,
    RELEASES,
    RULES,
    Host,
    Judgement,
    Rule,
    Severity,
    UnknownReleaseError,
    here,
    judge_holes,
    names,
    stands_for,
)
from acrn_cmdline.source import Argv
from acrn_conformance.cli import dialects
from acrn_conformance.cli.parser import one_of


class Profile(StrEnum):
    """Whose argv it is: one that the arch layer of kata must have built, or anybody's."""

    KATA = "kata"
    ACRN = "acrn"


class HostName(StrEnum):
    """The machine that an argv is judged for."""

    NAMED = "named"
    HERE = "here"
    RECORDING = "recording"


class FailOn(StrEnum):
    """The findings that make lint fail: refusals, and those of no effect, risky, or needed."""

    REFUSED = "refused"
    SILENT = "silent"
    RISKY = "risky"
    NEEDS = "needs"


_SEVERITIES = {
    FailOn.REFUSED: frozenset[Severity](),
    FailOn.SILENT: frozenset({Severity.SILENT}),
    FailOn.RISKY: frozenset({Severity.SILENT, Severity.RISKY}),
    FailOn.NEEDS: frozenset[Severity](),
}


class Linting(NamedTuple):
    """How argvs are to be judged; ``asked`` maps the releases asked for to what stands for each."""

    releases: Sequence[str]
    asked: Mapping[str, str]
    host_name: HostName
    host: Host
    profile: Profile
    dialect: str

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules of the profile, beside what the releases refuse."""
        return _rules(self.profile, self.dialect)

    @property
    def named(self) -> bool:
        """Whether releases were asked for by name, all of them included."""
        return bool(self.asked)

    def judge(self, argv: Argv) -> Judgement:
        """Judge an argv of which parts may not be known."""
        return judge_holes(argv, self.host, self.releases, self.rules)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--release",
        action="extend",
        nargs="+",
        type=release,
        metavar="R",
        help="judge for this release (may be repeated): any tag of ACRN, with or without its v, "
        f"and latest; {len(RELEASES)} are recorded ({', '.join(RELEASES)}), and the others are "
        "judged as the one that has their device model",
    )
    every = "judge for all releases (what is done when none is named)"
    which.add_argument("--all-releases", action="store_true", help=every)
    add = parser.add_argument
    profile = "acrn: rules for every argv (default); kata: and those of kata's arch layer"
    add(
        "--profile", type=one_of(Profile), choices=list(Profile), default=Profile.ACRN, help=profile
    )
    dialects.add_option(parser, "whose arch layer --profile kata means; default: kata-1")
    host = "named: whatever the line names is there, and listed (default); here: as on this "
    host += "machine; recording: as where the verdicts of real binaries were recorded"
    add("--host", type=one_of(HostName), choices=list(HostName), default=HostName.NAMED, help=host)
    fail = "fail also on findings that are silently ineffective (silent), on these and risky ones "
    fail += "(risky), on what the board must have (needs), or on a refusal and on nothing to boot "
    fail += "alone (refused), which fail with each of them; may be repeated"
    add(
        "--fail-on",
        action="append",
        type=one_of(FailOn),
        choices=list(FailOn),
        default=[],
        help=fail,
    )


def wanted(options: argparse.Namespace) -> Linting:
    """Return what the options ask for."""
    asked = {name: stands_for(name) for name in options.release or ()}
    if options.all_releases:
        asked = {name: name for name in RELEASES}
    return Linting(
        [release for release in RELEASES if not asked or release in asked.values()],
        asked,
        options.host,
        _host(options.host),
        options.profile,
        options.dialect or dialects.NAMES[0],
    )


def fails(judgement: Judgement, on: Collection[FailOn]) -> bool:
    """Tell whether an argv fails; one that is refused, or has nothing to boot, always does."""
    counted = {severity for each in on for severity in _SEVERITIES[each]}
    needs = FailOn.NEEDS in on and bool(judgement.needs)
    return judgement.refused or judgement.bootless or needs or bool(counted & judgement.severities)


def release(name: str) -> str:
    """Return the name of a release, for an option. Raises ArgumentTypeError."""
    try:
        stands_for(name)
    except UnknownReleaseError:
        text = f"invalid choice: {name!r} (choose from {', '.join(names())})"
        raise argparse.ArgumentTypeError(text) from None
    return name


def _host(name: HostName) -> Host:
    if name is HostName.HERE:
        return here()
    return NAMED if name is HostName.NAMED else RECORDING


def _rules(profile: Profile, dialect: str) -> Sequence[Rule]:
    if profile is Profile.ACRN:
        return RULES
    from acrn_conformance.invariants import kata_lint  # noqa: PLC0415 - nobody else pays for it

    return (*RULES, *kata_lint.rules(dialects.of(dialect)))
