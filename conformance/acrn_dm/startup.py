"""The stages after the argv: creating the VM, starting its devices, loading its image."""

import re
from typing import Final, NamedTuple

from acrn_dm.devices import Lpc
from acrn_dm.host import Host
from acrn_dm.machine import Machine
from acrn_dm.memory import ALIGNMENT
from acrn_dm.problem import ABORT, Problem, crash
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
from acrn_dm.values import Command, Stage

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")

MONITOR_NAME_LIMIT: Final = 91
"""Bytes of a name that fit, with what is put around them, into a socket's path (facts: about)."""


class Stop(NamedTuple):
    """Where and why a command does not come up; ``exit`` is the status of the stage."""

    stage: Stage
    problem: Problem
    token: int | None
    exit: int


def stop(command: Command, host: Host) -> Stop | None:
    """Return what stops a command whose argv has been read, or None."""
    return _vm(command) or _devices(command, host) or _load(command)


def _vm(command: Command) -> Stop | None:
    release = command.release
    if command.uuid is not None and not _UUID.match(command.uuid):
        return Stop(Stage.VM, Problem(UUID_FAULT[release]), _token(command, "uuid"), 1)
    if vcpus := command.option("ncpus"):
        number = decimal(vcpus.value)
        count = number.value if number else 0
        if count < 1:
            text = f"Invalid guest vCPUs ({count})"
            return Stop(Stage.VM, Problem(text), vcpus.token, VCPUS_EXIT[release])
    if release in ALIGNED_MEMORY and command.memory % ALIGNMENT:
        problem = Problem("Memory size is not aligned to 2M.")
        return Stop(Stage.VM, problem, _token(command, "memsize"), 1)
    return None


def _devices(command: Command, host: Host) -> Stop | None:
    status = DEVICE_EXIT[command.release]
    if problem := _monitor(command):
        return Stop(Stage.DEVICE, problem, command.name_token, status)
    if problem := _notify_channel(command):
        return Stop(Stage.DEVICE, problem, _token(command, "pm_notify_channel"), status)
    machine = Machine(command.release, host)
    for function in command.functions:
        if problem := _start(function, command, machine):
            token = function.token if problem.token is None else problem.token
            return Stop(Stage.DEVICE, problem, token, status)
    return None


def _monitor(command: Command) -> Problem | None:
    """Bind the socket that acrnctl talks to; its path is made of the VM's name."""
    if "/" in command.name:
        return Problem("create_new_server: Failed to bind")
    if size(command.name) > MONITOR_NAME_LIMIT:
        return Problem("monitor_init")
    return None


def _notify_channel(command: Command) -> Problem | None:
    """``--pm_notify_channel uart`` needs a node of ``--pm_by_vuart``, else an assertion fails."""
    given = command.option("pm_notify_channel")
    if given is None or given.value != "uart":
        return None
    named = command.release in VUART_READ and command.option("pm_by_vuart")
    return None if named else crash(ABORT, "pm_by_vuart_init: Assertion")


def _start(function: Function, command: Command, machine: Machine) -> Problem | None:
    problem = function.device.start(machine)
    if problem is None and isinstance(function.device, Lpc):
        problem = _start_lpc(function, command, machine)
    if problem is None or problem.message or problem.crash:
        return problem
    return Problem(_last_words(function.emulation, command.release))


def _start_lpc(function: Function, command: Command, machine: Machine) -> Problem | None:
    if function.bus:
        return Problem("LPC bridge can be present only on bus 0.")
    for name in COM_PORTS[command.release]:
        port = command.port(name)
        if port and port.backend and (problem := port.backend.open(machine)):
            return Problem(problem.message, token=port.token)
    return None


def _last_words(emulation: str, release: str) -> str:
    """Return what is printed of a device that says nothing itself."""
    return f"pci {emulation} init failed" if DEVICE_EXIT[release] else "Unable to init vdev"


def _load(command: Command) -> Stop | None:
    images = ["elf_file", "ovmf"] + ["vsbl"] * (command.release in VSBL_LOADS)
    if command.kernel is not None or any(map(command.option, images)):
        return None
    status = DEVICE_EXIT[command.release]
    message = "acrn_sw_load failed" if status else ""
    return Stop(Stage.LOAD, Problem(message), None, status)


def _token(command: Command, name: str) -> int | None:
    given = command.option(name)
    return given.token if given else None
