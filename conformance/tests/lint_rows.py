"""Shared by the tests of lint: argvs made of parts, rows of a rule, and what lint finds."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from acrn_cmdline import lint
from acrn_cmdline.lint import RULES, Finding, Judgement, Rule, ranges
from acrn_dm import RECORDING, RELEASES, Host

PLAIN: Final = ("-m", "512M", "-s", "0:0,hostbridge", "-k", "/vmlinux", "vm1")
UUID: Final = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"
ALL: Final = "v1.0-master"


def device(config: str) -> tuple[str, ...]:
    return ("-s", f"9,{config}", *PLAIN)


def option(*words: str) -> tuple[str, ...]:
    return (*words, *PLAIN)


def named(*names: str) -> tuple[str, ...]:
    return (*PLAIN[:-1], *names)


def memory(size: str) -> tuple[str, ...]:
    return ("-m", size, *PLAIN[2:])


def socket(path: str) -> tuple[str, ...]:
    return device(f"virtio-console,@socket:c={path}")


class Row(NamedTuple):
    """A rule, an argv that trips it, where, at which token, and an argv that nearly does."""

    rule: str
    trips: Sequence[str]
    releases: str
    token: int | None
    near_miss: Sequence[str]


LONG_SOCKET: Final = "/" + 107 * "s"
IMAGE: Final = device("virtio-blk,/disk.img")


def judge(
    argv: Sequence[str],
    releases: Sequence[str] = RELEASES,
    host: Host = RECORDING,
    rules: Sequence[Rule] = RULES,
) -> Judgement:
    return lint.judge(argv, host, releases, rules)


def found(judgement: Judgement, rule: str) -> list[Finding]:
    return [finding for finding in judgement.findings if finding.rule == rule]


def concerned(findings: list[Finding]) -> str:
    return ranges({release for finding in findings for release in finding.releases})
