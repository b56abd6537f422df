"""The rule that is named first is the one that is broken, and a report fits two screens."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import REPOSITORY
from implementations import CASES, PYTHON, UNMEASURED, acrn_conformance, wrong

from acrn_conformance.cases import Case, golden
from acrn_conformance.judging import grouped
from acrn_conformance.judging.blame import FIELDS
from miniatures import MINIATURES
from miniatures.judging import command, verdicts
from miniatures.miniature import Patch

ROWS, COLUMNS = 48, 100

BROKEN = {
    "reserved-slot-used": "reserved-slot",
    "slots-from-one": "slots-in-order",
    "invalid-takes-a-slot": "invalid-device-dropped",
    "slots-end-at-31": "slots-beyond-31",
    "devices-reversed": "device-order",
    "first-disk-wins": "block-table-last-wins",
    "index-8-not-kept": "block-table",
    "index-beyond-at-8": "block-index-beyond-table",
    "unassigned-is-minus-one": "block-table-unassigned",
    "negative-index-ignored": "block-index-negative",
    "backend-console-invalid": "console-backend-console",
    "backend-stdio-valid": "console-backend-stdio",
    "pty-without-path": "pty-needs-path",
    "net-without-mac": "net-needs-mac",
    "disk-must-exist": "block-valid",
    "lpc-function-to-7": "lpc-function-unchecked",
    "at-not-on-slot-0": "console-port-mark",
    "pty-with-path": "console-text",
    "mac-in-small-letters": "text-unchanged",
    "disk-path-quoted": "text-unchanged",
    "macvtap-shown": "net-text",
    "lpc-two-tokens": "lpc-text",
    "uuid-in-small-letters": "text-unchanged",
    "kernel-before-devices": "option-order",
    "params-without-kernel": "kernel-params-need-kernel",
    "name-needs-a-kernel": "name-argument",
    "bridge-config-set": "append-bridges",
    "console-counted": "append-console",
    "image-not-looked-for": "append-image-missing",
    "veth-default-macvtap": "append-network-veth",
    "drive-without-file": "append-block-device-empty",
    "memory-with-commas": "memory-in-megabytes",
    "four-vcpus": "limits",
    "systemd-before-mode": "kernel-parameters-image",
    "user-before-own": "sandbox-user-params-last",
    "empty-value-with-equals": "params-joined",
    "pool-downwards": "sandbox-composition",
    "rescan-root-refused": "rescan-root-disk",
    "text-trimmed": "text-unchanged",
    "absent-port-console": "absent-field",
    "unknown-field-refused": "unknown-field",
}
"""The rule that some miniatures break, by their own descriptions."""


@pytest.mark.parametrize("name", BROKEN)
def test_the_first_group_names_the_rule_that_is_broken(name: str) -> None:
    """Not the one that some failing case was written for."""
    assert grouped(verdicts(MINIATURES[name], CASES))[0].rule == BROKEN[name]


def test_the_command_names_the_same_rule() -> None:
    """What is judged in this process elsewhere is judged so by the command."""
    words = ("env", "-C", str(REPOSITORY / "conformance"), *UNMEASURED, *command("disk-must-exist"))
    report = acrn_conformance("run", "--", *words)
    first = next(line for line in report.stdout.splitlines() if ", rule " in line)
    assert ", rule block-valid: " in first


def test_a_wrong_slot_is_not_due_to_the_length_of_the_line() -> None:
    """Of an answer that is too large to be kept it is told all the same which rule it breaks."""
    implementation = wrong("config.RESERVED_SLOT = None")
    report = acrn_conformance("run", "--select", "argv-text-long", "--", *implementation)
    assert ", rule reserved-slot: " in report.stdout
    assert ", rule long-line: " not in report.stdout


def test_the_plainest_case_is_shown() -> None:
    """Three devices are enough to show that slot 2 is not kept free; none of them is odd."""
    first = grouped(verdicts(MINIATURES["reserved-slot-used"], CASES))[0].verdicts[0]
    assert first.case.id == "argv-blocks-1"


def test_the_rules_of_how_fields_are_read_are_all_of_them() -> None:
    """Those of the wire, by the sources that the golden files name."""
    sources = {name: rule.source for name, rule in golden.rules(golden.folder()).items()}
    of_fields = {n for n, said in sources.items() if said.startswith("wire:") and "field" in said}
    assert of_fields == FIELDS


def _rows(output: str) -> int:
    return sum(max(1, -(-len(line) // COLUMNS)) for line in output.splitlines())


FORGOTTEN_FLUSH = """\
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    reply = {"jsonrpc": "2.0", "id": asked["id"], "result": {}}
    sys.stdout.write(json.dumps(reply) + chr(10))
"""


@pytest.mark.parametrize(
    "implementation",
    [
        (*PYTHON, "-c", FORGOTTEN_FLUSH),
        (
            *PYTHON,
            "-c",
            FORGOTTEN_FLUSH.replace("\n    sys", "\n    print(end='', flush=True); sys"),
        ),
        wrong("config.RESERVED_SLOT = 3"),
        wrong("config.RESERVED_SLOT = None"),
    ],
)
def test_a_report_fits_two_screens_whatever_fails(implementation: tuple[str, ...]) -> None:
    """A forgotten flush, nonsense, and one wrong rule that makes hundreds of cases fail."""
    report = acrn_conformance("run", "--timeout", "0.3", "--", *implementation)
    assert report.returncode in (1, 2)
    assert _rows(report.stdout) <= ROWS


def test_of_each_rule_there_is_a_case_in_full_and_of_each_other_group_an_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several mistakes at once are told within the same two screens, where commands are short."""
    mistakes = (
        "devices.Lpc.params = lambda self, slot: ('-s', f'{slot}:0,lpc', '-l', 'com1,stdio')",
        "answers.MAX_VCPUS = 9",
        "answers.ACRN_DM = '/bin/acrn-dm'",
    )
    *_, program = wrong("; ".join(mistakes))
    adapter = tmp_path / "adapter"
    adapter.write_text(f"#!/bin/sh\nexec {shlex.join(PYTHON)} -c {shlex.quote(program)}\n", "utf-8")
    adapter.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    lines = acrn_conformance("run", "--", "./adapter").stdout.splitlines()
    told = [line for line in lines if ", rule " in line]
    assert len(told) == len({line.partition(", rule ")[2].partition(":")[0] for line in told}) > 1
    counted = [line for line in lines if re.match(r" +\d[\d,]* [a-z]", line)]
    assert counted
    assert all(any(f": {case.id}" in line for case in CASES) for line in counted)
    assert _rows("\n".join(lines)) <= ROWS


def test_all_failing_cases_are_shown_when_asked_for() -> None:
    """--all has each of them in full."""
    implementation = wrong("answers.ACRN_DM = '/bin/acrn-dm'")
    report = acrn_conformance("run", "--all", "--", *implementation)
    failing = [line for line in report.stdout.splitlines() if line.startswith("FAIL ")]
    assert f", {len(failing)} failed; " in report.stdout


WITHOUT_MAC = Patch(
    "mac-not-of-macvtap",
    "A macvtap is written without its address.",
    place="devices.Net.params",
    old="if self.net_type in _VALID_NET_TYPES:",
    new="if self.net_type == 'tap':",
)


@pytest.mark.parametrize("split", [CASES, *(CASES[shard::3] for shard in range(3))])
def test_a_part_that_is_missing_is_one_mistake_in_every_shard(split: Sequence[Case]) -> None:
    """It is a fault of the device's text, not a text cut off; it shows in two places."""
    found = grouped(verdicts(WITHOUT_MAC, split))
    assert {(group.rule, group.where) for group in found} == {
        ("net-text", "argv[]"),
        ("net-text", "params[]"),
    }
    assert {group.text for group in found[:1]} == {",mac= is missing"}
