"""The stages after the argv: creating the VM, starting its devices, loading its image."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from acrn_dm.console import SOCKET_PATH_LIMIT
from acrn_dm.devices import Lpc
from acrn_dm.host import Feature, NeedKind
from acrn_dm.machine import Machine
from acrn_dm.memory import ALIGNMENT
from acrn_dm.option_table import habit
from acrn_dm.problem import ABORT, FaultKind, Problem, crash
from acrn_dm.slot import Function
from acrn_dm.tables import (
    ACPI_ALWAYS,
    ALIGNED_MEMORY,
    DEVICE_EXIT,
    LIFE_CYCLE_ALWAYS,
    MMIO_DEVICE_MAPPED,
    MP_TABLE_ALWAYS,
    NAMES_A_FILE,
    NOTIFY_CHECKED,
    PASSTHROUGH_FIRST,
    PROCESSORS_NEEDED,
    SSRAM_STARTED,
    UUID_FAULT,
    VCPUS_EXIT,
    VSBL_LOADS,
    VUART_MUST_OPEN,
    VUART_READ,
)
from acrn_dm.text import integer, size, unsigned
from acrn_dm.values import Command, Fault, Stage, fault

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")

MONITOR_NAME_LIMIT: Final = 91
"""Bytes of a name that fit, with what is put around them, into a socket's path; the process id
among it is taken to have five digits."""

_LONGEST_NODE: Final = 127
_MOST_VCPUS: Final = 16
_FOLDERS: Final = frozenset({"", ".", ".."})


def faults(command: Command, machine: Machine) -> Iterator[Fault]:
    """Yield what stops a command whose argv has been read, in the order of the stages."""
    machine.options = frozenset(given.name for given in command.options)
    yield from _vm(command)
    yield from _services(command, machine)
    yield from _devices(command, machine)
    yield from _tables(command, machine)
    yield from _load(command)


def _vm(command: Command) -> Iterator[Fault]:
    release = command.release
    uuid = command.option("uuid")
    if uuid and not _UUID.match(uuid.value):
        yield fault(Problem(FaultKind.UUID, UUID_FAULT[release]), Stage.VM, uuid.token)
    named = command.name_token is not None
    if named and not _names_file(command.name) and release in NAMES_A_FILE:
        yield fault(Problem(FaultKind.NAME_FILE), Stage.VM, command.name_token)
    if (vcpus := command.option("ncpus")) and (problem := _vcpus(vcpus.value)):
        yield fault(problem, Stage.VM, vcpus.token, VCPUS_EXIT[release])
    if command.memory % ALIGNMENT and release in ALIGNED_MEMORY:
        problem = Problem(FaultKind.MEMORY_ALIGNMENT, "Memory size is not aligned to 2M.")
        yield fault(problem, Stage.VM, _token(command, "memsize"))


def _vcpus(text: str) -> Problem | None:
    """Judge a number of virtual CPUs: no number is 0, and one past 64 bits changes nothing."""
    number = integer(text, 0)
    if number is None and unsigned(text) is not None:
        return None
    count = number.value if number else 0
    if count < 1:
        return Problem(FaultKind.VCPUS, f"Invalid guest vCPUs ({count})")
    if count > _MOST_VCPUS:
        return Problem(FaultKind.VCPUS, f"{count} vCPUs requested but {_MOST_VCPUS} available")
    return None


def _services(command: Command, machine: Machine) -> Iterator[Fault]:
    """Yield what goes wrong before any PCI device starts."""
    for option, start in _SERVICES.items():
        given = command.option(option) if option in machine.options else None
        if given and not habit(option)[command.release].ignored:
            machine.token = given.token
            if problem := start(given.value, command, machine):
                yield _failed(problem, command, given.token)
    if problem := _monitor(command):
        yield _failed(problem, command, command.name_token)


def _failed(problem: Problem, command: Command, token: int | None) -> Fault:
    return fault(problem, Stage.DEVICE, token, DEVICE_EXIT[command.release])


def _devices(command: Command, machine: Machine) -> Iterator[Fault]:
    passed = any(each.emulation == "passthru" for each in command.functions)
    first = passed and command.release in PASSTHROUGH_FIRST
    for function in sorted(
        command.functions, key=lambda each: (each.bus, first and each.emulation != "passthru")
    ):
        machine.token = function.token
        if problem := _start(function, command, machine):
            yield _failed(problem, command, function.token)


def _tables(command: Command, machine: Machine) -> Iterator[Fault]:
    """Yield what goes wrong when the tables of the guest are built: MP table, then ACPI."""
    release = command.release
    beyond = next((each for each in command.functions if each.bus), None)
    if beyond and ("mptgen" not in machine.options or release in MP_TABLE_ALWAYS):
        problem = Problem(FaultKind.BUSES, "MPtable is incompatible with multiple PCI hierarchies.")
        yield _failed(problem, command, beyond.token)
    acpi = "acpi" in machine.options or release in ACPI_ALWAYS
    if acpi and not machine.processors and release in PROCESSORS_NEEDED:
        problem = Problem(FaultKind.CPUS, "Invalid guest_pcpu_bitmask")
        yield _failed(problem, command, _token(command, "cpu_affinity"))


def _in_its_folder(name: str) -> bool:
    """Tell whether a path that is made of a name lies in a folder that is there."""
    folder, _, _ = name.rpartition("/")
    return set(folder.split("/")) <= _FOLDERS


def _names_file(name: str) -> bool:
    return _in_its_folder(name) and name.rpartition("/")[2] not in _FOLDERS


def _monitor(command: Command) -> Problem | None:
    """Bind the socket that acrnctl talks to; its path is made of the VM's name."""
    if not _in_its_folder(command.name):
        return Problem(FaultKind.NAME_SLASH, "create_new_server: Failed to bind")
    if size(command.name) > MONITOR_NAME_LIMIT:
        return Problem(FaultKind.NAME_SOCKET, "monitor_init")
    return None


def _notify_channel(value: str, command: Command, machine: Machine) -> Problem | None:
    """``uart`` needs a node of ``--pm_by_vuart``, else an assertion fails."""
    release = command.release
    if not (value.startswith("uart") if release not in NOTIFY_CHECKED else "uart" in value):
        return None
    vuart = command.option("pm_by_vuart")
    if vuart is None or release not in VUART_READ:
        return crash(FaultKind.NOTIFY_CHANNEL, ABORT, "pm_by_vuart_init: Assertion")
    kind, _, path = vuart.value.partition(",")
    path = path[:_LONGEST_NODE]
    need = NeedKind.PLACE if kind.lower() == "pty" else NeedKind.TTY
    opened = bool(path) and machine.has(need, path)
    if opened and kind.lower() == "pty":
        machine.terminals.add(path)
    if release not in VUART_MUST_OPEN:
        return None
    if not opened:
        return Problem(FaultKind.VUART, "Unable to init vdev")
    trigger = value != "uart" or release in LIFE_CYCLE_ALWAYS
    if trigger and not machine.offers(Feature.LIFE_CYCLE):
        text = "create socket to connect life-cycle manager failed"
        return Problem(FaultKind.HOST, text)
    return None


def _software_ram(_value: str, command: Command, machine: Machine) -> Problem | None:
    if command.release not in SSRAM_STARTED or machine.offers(Feature.SSRAM):
        return None
    return Problem(FaultKind.HOST, "Unable to init vdev")


def _command_monitor(value: str, _command: Command, machine: Machine) -> Problem | None:
    if size(value) <= SOCKET_PATH_LIMIT and value and machine.has(NeedKind.PLACE, value):
        return None
    return Problem(FaultKind.COMMAND_MONITOR, "Unable to init vdev")


def _mmio_devices(_value: str, command: Command, machine: Machine) -> Problem | None:
    """Give each device its place in the guest."""
    if command.release in MMIO_DEVICE_MAPPED and not machine.regions_fit:
        return Problem(FaultKind.MMIO_ROOM, "Unable to init vdev")
    return None


def _acpi_devices(_value: str, _command: Command, machine: Machine) -> Problem | None:
    """Start UARTs and GPIO controllers that are handed on: each needs a resource."""
    for types in machine.acpi_devices.values():
        if not any(types):
            return Problem(FaultKind.ACPI_RESOURCE, "Unable to init vdev")
    return None


_SERVICES: Final[Mapping[str, Callable[[str, Command, Machine], Problem | None]]] = (
    MappingProxyType(
        {
            "pm_notify_channel": _notify_channel,
            "ssram": _software_ram,
            "cmd_monitor": _command_monitor,
            "mmiodev_pt": _mmio_devices,
            "acpidev_pt": _acpi_devices,
        }
    )
)
"""Starters of options, in the order in which they run; the monitor's socket lies among them."""


def _start(function: Function, command: Command, machine: Machine) -> Problem | None:
    problem = function.device.start(machine)
    if problem is None and isinstance(function.device, Lpc):
        problem = _start_lpc(function, command, machine)
    if problem is None or problem.message or problem.crash:
        return problem
    return problem._replace(message=_last_words(function.emulation, command.release))


def _start_lpc(function: Function, command: Command, machine: Machine) -> Problem | None:
    if function.bus:
        return Problem(FaultKind.LPC_PLACE, "LPC bridge can be present only on bus 0.")
    for port in command.ports:
        machine.token = port.token
        if port.backend and (problem := port.backend.open(machine)):
            return Problem(problem.kind, problem.message, token=port.token)
    return None


def _last_words(emulation: str, release: str) -> str:
    """Return what is printed of a device that says nothing itself."""
    return f"pci {emulation} init failed" if DEVICE_EXIT[release] else "Unable to init vdev"


def _load(command: Command) -> Iterator[Fault]:
    images = any(map(command.option, ("kernel", "elf_file", "ovmf")))
    if not images and not (command.option("vsbl") and command.release in VSBL_LOADS):
        status = DEVICE_EXIT[command.release]
        problem = Problem(FaultKind.NO_IMAGE, "acrn_sw_load failed" if status else "")
        yield fault(problem, Stage.LOAD, None, status)


def _token(command: Command, name: str) -> int | None:
    given = command.option(name)
    return given.token if given else None
