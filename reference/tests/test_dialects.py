"""The dialects of the arch layer, as a caller of the library and of its command meets them."""

import ast
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

import acrn_arch
from acrn_arch import DIALECTS, Config, Dialect, launch
from acrn_arch.devices import Net, TapNet, Vsock
from acrn_arch.dialect import ACRN_3, KATA_1, KATA_3
from acrn_arch.errors import MissingCpuError, NameLengthError
from acrn_arch.sandbox import Sandbox

SANDBOX = Sandbox(id="1", apic_id="0,2", image_path="/image", kernel_path="/kernel")


def acrn_arch_argv(*words: str, stdin: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "acrn_arch", "argv", *words, "-"]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


def tokens(dialect: Dialect, stdin: str) -> list[str]:
    run = acrn_arch_argv("--json", "--dialect", dialect.name, stdin=stdin)
    assert run.returncode == 0, run.stderr
    words: list[str] = json.loads(run.stdout)
    return words


def fault(dialect: Dialect, stdin: str) -> str:
    run = acrn_arch_argv("--dialect", dialect.name, stdin=stdin)
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    return run.stderr.removeprefix("acrn-arch: ").rstrip("\n")


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda dialect: dialect.name)
def test_a_dialect_is_frozen(dialect: Dialect) -> None:
    """No field of a dialect can be set, and no other added."""
    for field in dataclasses.fields(dialect):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(dialect, field.name, None)
    assert not hasattr(dialect, "__dict__")


def test_a_dialect_is_equal_to_itself_alone() -> None:
    """It is one of those that there are, and no other of the same values passes for it."""
    assert dataclasses.replace(KATA_1) != KATA_1


def test_only_kata_3_and_later_claim_the_hot_plug_of_networks() -> None:
    """kata-1 does not speak of it, and so has none."""
    claims = [each.capabilities.network_device_hotplug for each in DIALECTS.values()]
    assert claims == [False, True, True]


def test_the_first_dialect_is_the_default() -> None:
    """Where none is named, kata-1 is built."""
    assert list(DIALECTS) == ["kata-1", "kata-3", "acrn-3"]
    assert SANDBOX.config() == SANDBOX.config(KATA_1)


def test_the_dialects_have_values_of_their_own_only_where_they_differ() -> None:
    """acrn-3 is kata-3 but for what acrn-dm v3.x needs."""
    names = [field.name for field in dataclasses.fields(KATA_3)]
    assert [name for name in names if getattr(KATA_3, name) != getattr(ACRN_3, name)] == [
        *("name", "before", "net", "vsock", "needs_cpu"),
    ]


def test_the_same_configuration_is_launched_in_a_dialect(tmp_path: Path) -> None:
    """The program gets the argv of the dialect that is handed in."""
    program, seen = tmp_path / "acrn-dm", tmp_path / "seen"
    program.write_text(f'#!/bin/sh\necho "$@" >{seen}\n', "utf-8")
    program.chmod(0o755)
    config = Config(
        path=str(program), name="vm", uuid="u", apic_id="0", devices=(Vsock(3),), acpi_virt=True
    )
    lines = []
    for dialect in DIALECTS.values():
        guest, _ = launch(config, dialect=dialect)
        assert guest.wait(10) == 0
        lines.append(seen.read_text("utf-8"))
    assert lines == [
        "-U u -A -s 0,vhost-vsock,cid=3 vm\n",
        "-A -s 0,vhost-vsock,cid=3 --cpu_affinity 0 vm\n",
        "-s 0,vhost-vsock,cid=3 --cpu_affinity 0 vm\n",
    ]


def test_a_name_is_limited_in_bytes() -> None:
    """Fifteen bytes with the prefix, however many characters; kata-1 has no limit."""
    assert dataclasses.replace(SANDBOX, id="é" * 5 + "a").config(KATA_3).name == "sbx-éééééa"
    with pytest.raises(NameLengthError):
        dataclasses.replace(SANDBOX, id="é" * 6).config(KATA_3)
    assert dataclasses.replace(SANDBOX, id="é" * 60).config().name == "sandbox-" + "é" * 60


def test_only_acrn_3_needs_a_cpu() -> None:
    """Without a CPU no acrn-dm v3.x starts a guest, which is told before it is tried."""
    without = dataclasses.replace(SANDBOX, apic_id="")
    assert without.config(KATA_3).apic_id == ""
    with pytest.raises(MissingCpuError, match="give apic_id"):
        without.config(ACRN_3)


@pytest.mark.parametrize(
    ("dialect", "field", "known"),
    [
        (KATA_1, "apic_id", "path, ctl_path, name, uuid, acpi_virt, memory, kernel, devices"),
        (KATA_3, "uuid", "path, ctl_path, name, apic_id, acpi_virt, memory, kernel, devices"),
    ],
)
def test_a_field_of_another_dialect_is_unknown(dialect: Dialect, field: str, known: str) -> None:
    """A VM description is refused for it, and the fields that there are are named."""
    said = fault(dialect, f'[config]\n{field} = "0"')
    assert said == f"config.{field}: unknown field; known here: {known}"


def test_the_command_builds_in_the_dialect_that_is_named() -> None:
    """One description, but for its CPU, gives the argv of each dialect."""
    net = '{kind = "net", net_type = "tap", if_name = "t", mac_address = "m"}'
    vm = f'[config]\nacpi_virt = true\nmemory.size = "1M"\ndevices = [{net}]'
    assert tokens(KATA_1, vm) == tokens(KATA_3, vm)
    assert tokens(KATA_3, vm)[1:] == ["-A", "-m", "1M", "-s", "0,virtio-net,t,mac=m"]
    assert tokens(ACRN_3, vm)[1:] == ["-m", "1M", "-s", "0,virtio-net,tap=t,mac=m"]


def test_an_unknown_dialect_is_refused() -> None:
    """Those that there are are named."""
    run = acrn_arch_argv("--dialect", "kata-2", stdin="")
    assert run.returncode == 2
    assert "'kata-2'" in run.stderr
    assert all(name in run.stderr for name in DIALECTS)


def test_a_vsock_and_a_cpu_are_explained() -> None:
    """Each token has a line that says what it is."""
    vm = '[config]\napic_id = "0,2"\ndevices = [{kind = "vsock", context_id = 3}]'
    run = acrn_arch_argv("--explain", "--dialect", "kata-3", stdin=vm)
    shown = [line.split(maxsplit=2) for line in run.stdout.splitlines()[2:]]
    assert shown == [
        ["0", "-s", "PCI device"],
        ["0,vhost-vsock,cid=3", "vsock,", "context id 3"],
        ["--cpu_affinity", "option", "for apic_id"],
        ["0,2", "the", "guest's CPUs, as local APIC ids (apic_id)"],
    ]


def test_a_net_has_a_type_in_each_dialect() -> None:
    """The same fields give each dialect's text."""
    fields = ("tap", "t", "m")
    texts = [dialect.net(*fields).params(0)[1] for dialect in DIALECTS.values()]
    assert texts == [*["0,virtio-net,t,mac=m"] * 2, "0,virtio-net,tap=t,mac=m"]
    assert Net(*fields) != TapNet(*fields)


BESIDE = {"__init__", "__main__", "cli", "document", "explain", "launch", "vm"}
"""Modules around the core: the command, documents, and starting a process."""


def statements(module: Path) -> int:
    """Count statements, docstrings left out: no layout makes them fewer."""
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    texts = [
        node
        for node in nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]
    return sum(isinstance(node, ast.stmt) for node in nodes) - len(texts)


def test_the_core_is_compact() -> None:
    """All dialects together take fewer than four hundred statements."""
    modules = Path(acrn_arch.__file__).parent.glob("*.py")
    core = {module.stem: statements(module) for module in modules if module.stem not in BESIDE}
    assert {"arch", "config", "cpu", "devices", "dialect", "kernel", "sandbox"} <= set(core)
    assert sum(core.values()) < 400, core
