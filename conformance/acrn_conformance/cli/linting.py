"""The options of the commands that lint: for which releases, on which host, by whose rules."""

import argparse
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from acrn_cmdline.lint import RECORDING, RELEASES, RULES, Host, Judgement, Rule, here, judge


class Profile(StrEnum):
    """Whose argv it is: one that the arch layer of kata must have built, or anybody's."""

    KATA = "kata"
    ACRN = "acrn"


class Linting(NamedTuple):
    """How argvs are to be judged; ``named``: the releases were asked for."""

    releases: Sequence[str]
    named: bool
    host_name: str
    host: Host
    profile: Profile

    def judge(self, argv: Sequence[str]) -> Judgement:
        """Judge an argv, the program's name not included."""
        return judge(argv, self.host, self.releases, _rules(self.profile))


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--release",
        action="extend",
        nargs="+",
        choices=RELEASES,
        metavar="R",
        help=f"judge for this release (may be repeated): {', '.join(RELEASES)}",
    )
    every = "judge for all releases (what is done when none is named)"
    which.add_argument("--all-releases", action="store_true", help=every)
    add = parser.add_argument
    profile = "acrn: rules for every argv (default); kata: and those of kata's arch layer"
    add("--profile", type=Profile, choices=list(Profile), default=Profile.ACRN, help=profile)
    host = "recording: every absolute path is there, and no special device (default); here: as on "
    host += "this machine"
    add("--host", choices=("recording", "here"), default="recording", help=host)


def wanted(options: argparse.Namespace) -> Linting:
    """Return what the options ask for."""
    return Linting(
        [release for release in RELEASES if not options.release or release in options.release],
        bool(options.release or options.all_releases),
        options.host,
        here() if options.host == "here" else RECORDING,
        options.profile,
    )


def _rules(profile: Profile) -> Sequence[Rule]:
    if profile is Profile.ACRN:
        return RULES
    from acrn_conformance.invariants import kata_lint  # noqa: PLC0415 - nobody else pays for it

    return (*RULES, *kata_lint.RULES)
