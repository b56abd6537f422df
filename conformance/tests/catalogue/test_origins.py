"""Where the goldens come from: the original's lines, its own tests, and what it can be asked."""

import re
from pathlib import Path

import pytest

from acrn_conformance.cases import KATA_1, Case, Level, golden, integer, mapping, text
from catalogue.freeze import ROOT
from catalogue.original_tests import ARCH_TESTS, HYPERVISOR_TESTS, LINES, TESTS

SEED = {
    "acrnPath": (73, 73),
    "acrnctlPath": (74, 74),
    "acrnGVTgReservedSlot": (79, 79),
    "AcrnBlkDevPoolSz": (90, 90),
    "AcrnBlkdDevSlot": (97, 97),
    "acrnKernelParamsNonDebug": (101, 103),
    "acrnKernelParams": (132, 148),
    "MaxAcrnVCPUs": (312, 314),
    "acrnArchBase.acrnPath": (329, 332),
    "acrnArchBase.acrnctlPath": (334, 337),
    "acrnArchBase.kernelParameters": (339, 349),
    "acrnArchBase.memoryTopology": (351, 358),
    "acrnArchBase.capabilities": (360, 367),
    "ConsoleDevice.Valid": (370, 382),
    "ConsoleDevice.AcrnParams": (385, 413),
    "NetDevice.AcrnNetdevParam": (416, 432),
    "NetDevice.Valid": (435, 445),
    "NetDevice.AcrnParams": (448, 455),
    "BlockDevice.Valid": (458, 460),
    "BlockDevice.AcrnParams": (463, 483),
    "BridgeDevice.Valid": (486, 491),
    "BridgeDevice.AcrnParams": (494, 502),
    "LPCDevice.Valid": (505, 507),
    "LPCDevice.AcrnParams": (510, 524),
    "Config.appendName": (526, 530),
    "Config.appendDevices": (532, 547),
    "Config.appendUUID": (549, 554),
    "Config.appendACPI": (556, 560),
    "Config.appendMemory": (562, 567),
    "Config.appendKernel": (569, 581),
    "LaunchAcrn": (588, 598),
    "LaunchCustomAcrn": (607, 633),
    "acrnArchBase.appendImage": (635, 648),
    "acrnArchBase.appendBridges": (651, 661),
    "acrnArchBase.appendLPC": (664, 673),
    "acrnArchBase.appendConsole": (675, 685),
    "acrnArchBase.appendSocket": (687, 697),
    "networkModelToAcrnType": (699, 707),
    "acrnArchBase.appendNetwork": (709, 734),
    "acrnArchBase.appendBlockDevice": (736, 749),
    "acrnArchBase.handleImagePath": (751, 757),
}
"""The lines of each name that a rule or the ledger cites, in the published file."""

CITED = re.compile(r"([\w.]+)(?: to ([\w.]+))? (\d+)(?:-(\d+))?")


def citations() -> list[str]:
    """Return what rules and ledger cite of the original, place by place."""
    texts = [rule.source for rule in golden.rules(ROOT).values()]
    texts += [entry.where for entry in golden.ledger(ROOT)]
    found = [match for one in texts for match in re.findall(r"\bseed ([^;]+)", one)]
    return [place for places in found for place in places.split(", ")]


def test_lines_are_cited_of_the_function_that_they_are_in() -> None:
    """The lines lie in the functions named, in the file as published."""
    assert len(citations()) > 60
    for place in citations():
        match = CITED.fullmatch(place)
        assert match, place
        first, last, begin, end = match.groups()
        assert SEED[first][0] <= int(begin), place
        assert int(begin) <= int(end or begin) <= SEED[last or first][1], place


def test_every_name_that_is_cited_is_the_originals(recordings: Path) -> None:
    """The names stand in the original in the order of their lines."""
    source = (recordings.parent / "seed" / "acrn_arch_base.go.txt").read_text("utf-8")
    found = [source.index(declared(name, source)) for name in sorted(SEED, key=SEED.__getitem__)]
    assert found == sorted(found)


def declared(name: str, source: str) -> str:
    """Return the words with which the original declares a name."""
    kind, _, method = name.rpartition(".")
    pattern = rf"func \(\w+ \*?{kind}\) {method}\(" if kind else rf"(?:func|var|const) {name}\b"
    match = re.search(pattern, source)
    assert match, name
    return match[0]


def test_every_assertion_of_the_originals_tests_has_cases_or_a_reason() -> None:
    """The cases exist; no line and no test is left out."""
    ids = {case.id for case in golden.load(ROOT).cases()}
    both = (*ARCH_TESTS, *HYPERVISOR_TESTS)
    assert [each for each in both if not each.cases and not each.note] == []
    assert {case for each in both for case in each.cases} <= ids
    assert len({each.test for each in both}) == TESTS
    lines = [
        {line for each in part for line in each.lines} for part in (ARCH_TESTS, HYPERVISOR_TESTS)
    ]
    assert sum(map(len, lines)) == LINES


MAC = re.compile("[0-9a-f]{2}(:[0-9a-f]{2})*|")


def reaches(case: Case) -> bool:
    """Tell whether the original can be asked it, as golden/README.md says."""
    params = case.request.params
    steps = params.get("steps")
    networks = [
        step
        for step in (map(mapping, steps) if isinstance(steps, list) else ())
        if text(step, "append") == "network"
    ]
    endpoints = all(
        text(step, "endpoint") == "veth"
        or (text(step, "endpoint") == "macvtap" and MAC.fullmatch(text(step, "hard_addr")))
        for step in networks
    )
    match case.request.method:
        case "append_devices":
            return endpoints
        case "sandbox_argv":
            return endpoints and checked(case)
        case "device_params":
            return 0 <= integer(mapping(params.get("device")), "index") <= 8
        case "block_rescan":
            return integer(params, "index") >= 0
        case _:
            return True


def checked(case: Case) -> bool:
    """Tell whether the original takes a sandbox's configuration as it is."""
    params = case.request.params
    return (
        integer(params, "max_vcpus") > 0
        and 0 < integer(params, "memory_mb") < 2**32
        and all(text(params, name) for name in ("kernel_path", "image_path"))
        and bool(text(params, "uuid" if KATA_1.name in case.dialects else "apic_id"))
        and 0 < len(text(params, "console_path").encode()) <= 107
        and len(text(params, "id").encode()) <= 83
    )


def test_nothing_is_required_that_the_original_cannot_be_asked() -> None:
    """Outside its domain a case is a quirk that accepts a refusal."""
    beyond = [case for case in golden.load(ROOT).cases() if not reaches(case)]
    assert len(beyond) > 100
    refusing = {case.id for case in beyond if any(answer.refused for answer in case.accepted)}
    assert [case.id for case in beyond if case.id not in refusing] == []
    lax = [c.id for c in beyond if c.level is not Level.QUIRK and not c.expect.refused]
    assert lax == []


@pytest.mark.parametrize("method", ["append_devices", "sandbox_argv", "device_params"])
def test_within_the_domain_one_answer_is_right(method: str) -> None:
    """A quirk accepts a second answer for a NUL, another model, or what the original cannot do."""
    for case in golden.load(ROOT).cases():
        if case.request.method == method and reaches(case) and case.also_accepted:
            assert case.rule in {"nul-in-text", "append-network-other-model"}, case.id
