"""The stages after the argv: creating the VM, starting its devices, loading its image."""

import re
from collections.abc import Iterator
from typing import Final

from acrn_dm.devices import Lpc
from acrn_dm.machine import Machine
from acrn_dm.memory import ALIGNMENT
from acrn_dm.problem import ABORT, FaultKind, Problem, crash
from acrn_dm.slot import Function
from acrn_dm.tables import (
    ALIGNED_MEMORY,
    COM_PORTS,
    DEVICE_EXIT,
    UUID_FAULT,
    VCPUS_EXIT,
    VSBL_LOADS,
    VUART_READ,
)
from acrn_dm.text import decimal, size
from acrn_dm.values import Command, Fault, Stage, fault

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")

MONITOR_NAME_LIMIT: Final = 91
"""Bytes of a name that fit, with what is put around them, into a socket's path (facts: about)."""


def faults(command: Command, machine: Machine) -> Iterator[Fault]:
    """Yield what stops a command whose argv has been read, in the order of the stages."""
    yield from _vm(command)
    yield from _devices(command, machine)
    yield from _load(command)


def _vm(command: Command) -> Iterator[Fault]:
    release = command.release
    uuid = command.option("uuid")
    if uuid and not _UUID.match(uuid.value):
        yield fault(Problem(FaultKind.UUID, UUID_FAULT[release]), Stage.VM, uuid.token)
    if vcpus := command.option("ncpus"):
        number = decimal(vcpus.value)
        count = number.value if number else 0
        if count < 1:
            problem = Problem(FaultKind.VCPUS, f"Invalid guest vCPUs ({count})")
            yield fault(problem, Stage.VM, vcpus.token, VCPUS_EXIT[release])
    if release in ALIGNED_MEMORY and command.memory % ALIGNMENT:
        problem = Problem(FaultKind.MEMORY_ALIGNMENT, "Memory size is not aligned to 2M.")
        yield fault(problem, Stage.VM, _token(command, "memsize"))


def _devices(command: Command, machine: Machine) -> Iterator[Fault]:
    status = DEVICE_EXIT[command.release]
    if problem := _monitor(command):
        yield fault(problem, Stage.DEVICE, command.name_token, status)
    if problem := _notify_channel(command):
        yield fault(problem, Stage.DEVICE, _token(command, "pm_notify_channel"), status)
    for function in command.functions:
        if problem := _start(function, command, machine):
            yield fault(problem, Stage.DEVICE, function.token, status)


def _monitor(command: Command) -> Problem | None:
    """Bind the socket that acrnctl talks to; its path is made of the VM's name."""
    if "/" in command.name:
        return Problem(FaultKind.NAME_SLASH, "create_new_server: Failed to bind")
    if size(command.name) > MONITOR_NAME_LIMIT:
        return Problem(FaultKind.NAME_SOCKET, "monitor_init")
    return None


def _notify_channel(command: Command) -> Problem | None:
    """``--pm_notify_channel uart`` needs a node of ``--pm_by_vuart``, else an assertion fails."""
    given = command.option("pm_notify_channel")
    if given is None or given.value != "uart":
        return None
    if command.release in VUART_READ and command.option("pm_by_vuart"):
        return None
    return crash(FaultKind.NOTIFY_CHANNEL, ABORT, "pm_by_vuart_init: Assertion")


def _start(function: Function, command: Command, machine: Machine) -> Problem | None:
    problem = function.device.start(machine)
    if problem is None and isinstance(function.device, Lpc):
        problem = _start_lpc(function, command, machine)
    if problem is None or problem.message or problem.crash:
        return problem
    return Problem(problem.kind, _last_words(function.emulation, command.release))


def _start_lpc(function: Function, command: Command, machine: Machine) -> Problem | None:
    if function.bus:
        return Problem(FaultKind.LPC_PLACE, "LPC bridge can be present only on bus 0.")
    for name in COM_PORTS[command.release]:
        port = command.port(name)
        if port and port.backend and (problem := port.backend.open(machine)):
            return Problem(problem.kind, problem.message, token=port.token)
    return None


def _last_words(emulation: str, release: str) -> str:
    """Return what is printed of a device that says nothing itself."""
    return f"pci {emulation} init failed" if DEVICE_EXIT[release] else "Unable to init vdev"


def _load(command: Command) -> Iterator[Fault]:
    images = ["kernel", "elf_file", "ovmf"] + ["vsbl"] * (command.release in VSBL_LOADS)
    if not any(map(command.option, images)):
        status = DEVICE_EXIT[command.release]
        problem = Problem(FaultKind.NO_IMAGE, "acrn_sw_load failed" if status else "")
        yield fault(problem, Stage.LOAD, None, status)


def _token(command: Command, name: str) -> int | None:
    given = command.option(name)
    return given.token if given else None
