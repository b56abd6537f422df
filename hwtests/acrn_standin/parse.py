"""An argv read as a release of acrn-dm reads it: option by option, the first fault ends it."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from acrn_standin.command import Address, Answer, Command, Function, Uart
from acrn_standin.errors import InexpressibleError, RefusedError
from acrn_standin.getopt import GetoptError, Given, Option, given
from acrn_standin.numerals import decimal, memory_size
from acrn_standin.options import USAGE, UUID_LETTER, VERSION
from acrn_standin.release import Cpus, Release

_USAGE: Final = 1
_BAD_VALUE: Final = 64

_LONGEST_PATH: Final = 1023
_LONGEST_BOOTARGS: Final = 2047
_SEPARATORS: Final = str.maketrans("/.", "::")
_BOOT_MARK: Final = "b,"


def parse(argv: Sequence[str], release: Release) -> Command | Answer:
    """Return what an argv, without the program's name, asks for.

    Raises RefusedError with what the release says before it opens the hypervisor's device, and
    InexpressibleError where an option comes first whose value only acrn-dm can judge. That the
    kernel's file is there is looked at later.
    """
    reader = _Reader(release)
    try:
        return reader.answer(given(argv, release.options)) or reader.named()
    except GetoptError as error:
        words = f"acrn-dm: {error}\n{USAGE}"
        raise reader.refusal(RefusedError(_USAGE, words, on_stderr=True)) from None
    except RefusedError as error:
        raise reader.refusal(error) from None


class _Reader:
    """The command as far as it is read."""

    def __init__(self, release: Release) -> None:
        self._command = Command(release)
        self._operands: list[str] = []
        self._judged = ""

    def answer(self, words: Iterator[Given | str]) -> Answer | None:
        """Read the words; return the answer where they only ask."""
        release = self._command.release
        for word in words:
            match word:
                case str():
                    self._operands.append(word)
                case Given(option) if option is UUID_LETTER:
                    raise RefusedError(_USAGE, USAGE, on_stderr=True)
                case Given(Option(name=name)) if notice := release.ignored.get(name):
                    notices = (*self._command.notices, notice)
                    self._command = replace(self._command, notices=notices)
                case Given(Option(letter="v")):
                    return Answer(VERSION.format(release.name), on_stderr=False)
                case Given(Option(letter="h")):
                    return Answer(USAGE, on_stderr=True)
                case Given(option, value) if option.name in _HANDLERS:
                    self._command = _HANDLERS[option.name](self._command, value)
                case Given(option):
                    unexpressed = (*self._command.unexpressed, str(option))
                    self._command = replace(self._command, unexpressed=unexpressed)
                    if option.name in _JUDGED:
                        self._judged = self._judged or str(option)
        return None

    def named(self) -> Command:
        """Return the command with its name."""
        release = self._command.release
        if len(self._operands) != 1:
            words = release.no_name or USAGE
            raise RefusedError(_USAGE, words, on_stderr=not release.no_name)
        (name,) = self._operands
        if _length(name) > release.longest_name:
            raise RefusedError(_USAGE, release.name_too_long)
        return replace(self._command, name=name)

    def refusal(self, error: RefusedError) -> RefusedError | InexpressibleError:
        """Return a refusal, unless acrn-dm may have met another one before."""
        if self._judged:
            return InexpressibleError(self._judged)
        said = self._command.notices
        return RefusedError(error.status, str(error), on_stderr=error.on_stderr, notices=said)


def _length(text: str) -> int:
    return len(os.fsencode(text))


def _acpi(command: Command, _: str) -> Command:
    return replace(command, acpi=True)


def _uuid(command: Command, value: str) -> Command:
    return replace(command, uuid=value)


def _memory(command: Command, value: str) -> Command:
    size = memory_size(value)
    if size is None:
        raise RefusedError(_BAD_VALUE, f"acrn-dm: invalid memsize '{value}'", on_stderr=True)
    return replace(command, memory=size)


def _kernel(command: Command, value: str) -> Command:
    if _length(value) > _LONGEST_PATH:
        raise RefusedError(1)
    return replace(command, kernels=(*command.kernels, value))


def _bootargs(command: Command, value: str) -> Command:
    if _length(value) > _LONGEST_BOOTARGS:
        raise RefusedError(1)
    return replace(command, bootargs=value)


def _uart(command: Command, value: str) -> Command:
    port, comma, backend = value.partition(",")
    if port.lower() not in command.release.com_ports:
        raise RefusedError(
            _BAD_VALUE, f"acrn-dm: invalid lpc device configuration '{value}'", on_stderr=True
        )
    uart = Uart(int(port[-1]), backend if comma else None)
    # A second -l for a port takes the place of the first.
    others = [other for other in command.uarts if other.number != uart.number]
    return replace(command, uarts=tuple(sorted((*others, uart), key=lambda uart: uart.number)))


def _slot(command: Command, value: str) -> Command:
    place, *rest = value.split(",", 2)
    address = _address(place) if rest else None
    if address is None:
        raise RefusedError(1, f'Invalid PCI slot info field "{value}"')
    if any(function.address == address for function in command.functions):
        raise RefusedError(1, f"pci slot {address} already occupied!")
    emulation, config = rest[0], rest[1] if len(rest) > 1 else None
    if emulation not in command.release.emulations:
        raise RefusedError(1, f'pci slot {address}: unknown device "{emulation}"')
    if emulation in command.release.obsolete_emulations:
        words = f'The "{emulation}" parameter is obsolete and ignored'
        raise RefusedError(1, words)
    boot = config is not None and config.startswith(_BOOT_MARK)
    if config is not None and boot:
        config = config[len(_BOOT_MARK) :]
    return replace(
        command, functions=(*command.functions, Function(address, emulation, config, boot))
    )


def _address(place: str) -> Address | None:
    """Return ``slot``, ``slot:function`` or ``bus:slot:function``; a fourth field is ignored."""
    fields = place.translate(_SEPARATORS).split(":")
    if len(fields) < 3:  # noqa: PLR2004  (the forms without a bus)
        fields = ["0", *fields, "0"]
    bus, slot, function = (decimal(field) for field in fields[:3])
    if bus is None or slot is None or function is None:
        return None
    if bus not in range(256) or slot not in range(32) or function not in range(8):
        return None
    return Address(bus, slot, function)


def _affinity(command: Command, value: str) -> Command:
    named = _names_cpu(value, command.release.cpus)
    if named is None:
        raise RefusedError(_BAD_VALUE, f"acrn-dm: invalid pcpu param {value}", on_stderr=True)
    return replace(command, cpus=command.cpus or named)


def _names_cpu(text: str, form: Cpus) -> bool | None:
    """Tell whether a list names a CPU, None where acrn-dm refuses it.

    It stops at what begins with no digit, without a word.
    """
    named = False
    marks = ",-" if form is Cpus.RANGES else ","
    while text[:1] in _DIGITS:
        entry = re.split(f"[{marks}]", text, maxsplit=1)[0]
        mark, rest = text[len(entry) : len(entry) + 1], text[len(entry) + 1 :]
        first = decimal(entry)
        if not mark:
            return named or first is not None
        if first is None:
            return None
        if mark == "-":
            if (decimal(rest) or 0) <= first:
                return None
            rest = rest.partition(",")[2]
        named, text = True, rest
    return named


_DIGITS: Final = frozenset("0123456789")

_JUDGED: Final = frozenset(
    {
        *("acpidev_pt", "elf_file", "gvtargs", "iasl", "intr_monitor", "logger_setting"),
        *("mmiodev_pt", "ovmf", "part_info", "pm_by_vuart", "pm_notify_channel"),
        *("ssram", "virtio_poll", "vsbl", "vtpm2"),
    }
)
"""Options whose values acrn-dm judges when it reads them, and the stand-in cannot."""

_HANDLERS: Final[Mapping[str, Callable[[Command, str], Command]]] = {
    "acpi": _acpi,
    "uuid": _uuid,
    "memsize": _memory,
    "kernel": _kernel,
    "bootargs": _bootargs,
    "lpc": _uart,
    "pci_slot": _slot,
    "cpu_affinity": _affinity,
}
