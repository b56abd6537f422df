"""The preflight: what would stop a run on a board is a line, with its remedy, before the run."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from waiting import until

from acrn_hwtests.boardfile import BoardFile, Standin
from acrn_hwtests.facts import Item
from acrn_hwtests.hosts.local import LocalHost
from acrn_hwtests.preflight import preflight
from acrn_hwtests.preflight.machine import Vm, vms

_UUID = "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f"
_OLD = BoardFile(
    kind="local", release="v2.5", kernel="/k/vmlinuz", image="/i", uuids=(_UUID, "0" * 8)
)
_NEW = msgspec.structs.replace(_OLD, release="v3.3", uuids=(), cpus=(2, 4))
_CPUINFO = "".join(f"processor\t: {n}\napicid\t\t: {2 * n}\n" for n in range(4))
_IASL = "\nIntel ACPI Component Architecture\nASL+ Optimizing Compiler/Disassembler version {}\n"


class FakeBoard(LocalHost):
    """A fake board: what is asked with a word in it is answered, all else fails."""

    def __init__(self, **answers: str) -> None:
        self._answers = answers

    def command(self, argv: Sequence[str], *, terminal: bool = False) -> list[str]:
        asked = " ".join(super().command(argv, terminal=terminal))
        for word, answer in self._answers.items():
            if word in asked:
                return ["printf", "%s", answer]
        return ["false"]


def _line(file: BoardFile, what: str, **answers: str) -> Item:
    return next(item for item in preflight(file, FakeBoard(**answers)) if item.what == what)


def _vm(*argv: str) -> str:
    return "\t".join(["/usr/bin/acrn-dm", *argv]) + "\t\n"


@pytest.mark.parametrize(
    ("release", "cpus", "found", "remedy"),
    [
        ("v2.7", (0, 3), "0, 3 of 0, 1, 2, 3 (physical ids)", ""),
        ("v2.7", (4,), "4 of 0, 1, 2, 3 (physical ids)", "set cpus to some of 0, 1, 2, 3"),
        ("v3.3", (2, 4), "2, 4 of 0, 2, 4, 6 (local APIC ids)", ""),
        ("v3.3", (1,), "1 of 0, 2, 4, 6 (local APIC ids)", "set cpus to some of 0, 2, 4, 6"),
    ],
)
def test_cpus_are_those_of_the_board(
    release: str, cpus: tuple[int, ...], found: str, remedy: str
) -> None:
    """By physical ids in v2.7, by local APIC ids from v3.0 on."""
    file = msgspec.structs.replace(_NEW, release=release, cpus=cpus)
    assert _line(file, "cpus", cpuinfo=f"0-3\n0-3\n{_CPUINFO}") == Item("cpus", found, remedy)


def test_a_cpu_that_is_offline_is_not_missed() -> None:
    """A service VM that has given a CPU away cannot tell its APIC id."""
    file = msgspec.structs.replace(_NEW, cpus=(8,))
    line = _line(file, "cpus", cpuinfo=f"0-4\n0-3\n{_CPUINFO}")
    assert line == Item("cpus", "8 of 0, 2, 4, 6 (local APIC ids, 1 offline)", "")


def test_a_cpu_that_a_vm_has_is_taken() -> None:
    """The VM is named, so that it can be ended."""
    running = _vm("--cpu_affinity", "4,6", "rt")
    line = _line(_NEW, "cpus", cpuinfo=f"0-3\n0-3\n{_CPUINFO}", comm=running)
    assert line.remedy == "end rt, or name other CPUs"


@pytest.mark.parametrize(
    ("said", "what", "found", "remedy"),
    [
        ("MemAvailable:  1048576 kB\n0\n", "memory", "1024 MiB free", ""),
        ("MemAvailable:  1024 kB\n512\n", "memory", "1025 MiB free", ""),
        ("MemAvailable:  1024 kB\n0\n", "memory", "1 MiB free", "free 700 MiB"),
        ("MemAvailable:  9999999 kB\n", "huge pages", "none", "CONFIG_HUGETLBFS"),
    ],
)
def test_the_guests_memory_must_be_had(said: str, what: str, found: str, remedy: str) -> None:
    """In huge pages, those that are free already among it."""
    line = _line(_NEW, what, MemAvailable=said)
    assert line.found == found
    assert remedy in line.remedy
    assert bool(remedy) is bool(line.remedy)


def test_a_uuid_that_a_vm_has_is_taken() -> None:
    """Its slot is that VM's until it has ended."""
    running = _vm("-A", "-U", _UUID.upper(), "-m", "1G", "android") + _vm("--bogus")
    assert _line(_OLD, "VMs", comm=running).found == "android"
    assert _line(_OLD, "uuids", comm=running).remedy == "end android, or name other uuids"
    assert not _line(_OLD, "uuids").remedy


@pytest.mark.parametrize(
    ("name", "clash"),
    [
        ("s", True),
        ("sandbox-", True),
        ("sandbox-12", True),
        ("sandbox-1234567", False),
        ("sandbox-" + "0" * 64, False),
        ("android", False),
    ],
)
def test_a_name_that_acrnctl_takes_for_a_guests_is_told(name: str, *, clash: bool) -> None:
    """It talks to the first VM whose name the given one begins with, also to a dead one's."""
    line = _line(_OLD, "names", monitor=f"{name}.monitor.12345.socket\n")
    assert bool(line.remedy) is clash


@pytest.mark.parametrize(
    ("release", "version", "found"),
    [
        ("v2.5", "20181213", "/opt/iasl, 20181213"),
        ("v3.0", "20181213", "/opt/iasl, 20181213"),
        ("v3.3", "20181213", "/usr/bin/iasl, 20181213: too old"),
        ("v3.3", "20200925", "/usr/bin/iasl, 20200925"),
    ],
)
def test_iasl_is_the_one_that_acrn_dm_takes(release: str, version: str, found: str) -> None:
    """At a path compiled into it up to v3.0; on the PATH, and not too old, from v3.1 on."""
    file = msgspec.structs.replace(_NEW, release=release)
    answers = {"alnum": "/opt/iasl", "command -v iasl": "/usr/bin/iasl", " -v": _IASL}
    line = _line(file, "iasl", **{k: v.format(version) for k, v in answers.items()})
    assert line.found == found
    assert bool(line.remedy) is ("too old" in found)


def test_no_iasl_is_told() -> None:
    """Without it acrn-dm ends before the guest begins."""
    assert _line(_OLD, "iasl") == Item(
        "iasl", "/usr/sbin/iasl does not run", "install acpica-tools, so that it is found there"
    )


def test_who_is_not_root_is_told_how() -> None:
    """By sudo over ssh, which must not ask."""
    assert _line(_OLD, "user", id="1000").remedy.endswith("log in as root, or be root")
    over = msgspec.structs.replace(_OLD, kind="ssh")
    assert _line(over, "user", id="1000").remedy.endswith("set sudo = true in [ssh]")


def test_vms_are_found_by_their_processes(tmp_path: Path) -> None:
    """A process that runs the board's acrn-dm is one, here a fake that no other test runs."""
    program = tmp_path / f"dm-{os.getpid()}"
    program.write_text("#!/bin/sh\nread -r line\n", "utf-8")
    program.chmod(0o700)
    file = msgspec.structs.replace(_NEW, acrn_dm=str(program))
    with subprocess.Popen([program, "-A", "mine"], stdin=subprocess.PIPE) as fake:
        until(lambda: vms(file, LocalHost()))
        assert vms(file, LocalHost()) == [Vm("mine", "", frozenset())]
        fake.communicate()


def test_a_stand_in_needs_its_folder_and_the_files_that_it_names(tmp_path: Path) -> None:
    """What it brings along is not asked for; a typing error in what it names is told at once."""
    kernel, image = tmp_path / "vmlinuz", tmp_path / "disk.img"
    kernel.write_text("a kernel")
    file = BoardFile(
        kind="standin",
        release="v2.5",
        kernel=str(kernel),
        image=str(image),
        standin=Standin(folder=str(kernel)),
    )
    lines = {item.what: item for item in preflight(file, LocalHost())}
    assert not lines["kernel"].remedy
    assert lines["image"].found == f"{image} is missing or empty"
    assert lines["folder"].remedy == "make it, or mend standin.folder in the board file"
    plain = {
        item.what for item in preflight(BoardFile(kind="standin", release="v2.5"), LocalHost())
    }
    assert not {"kernel", "image"} & plain
