"""An argv read as acrn-dm v2.5 reads it: one option after the other, the first fault ends it."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from acrn_standin.command import Address, Answer, Command, Function, Uart
from acrn_standin.errors import RefusedError
from acrn_standin.getopt import GetoptError, Given, Option, given
from acrn_standin.numerals import decimal, memory_size
from acrn_standin.options import EMULATIONS, OPTIONS, USAGE, VERSION

_USAGE: Final = 1
_BAD_VALUE: Final = 64

_LONGEST_NAME: Final = 127
_LONGEST_PATH: Final = 1023
_LONGEST_BOOTARGS: Final = 2047
_SEPARATORS: Final = str.maketrans("/.", "::")
_BOOT_MARK: Final = "b,"


def parse(argv: Sequence[str]) -> Command | Answer:
    """Return what an argv, without the program's name, asks for.

    Raises RefusedError with what acrn-dm v2.5 says before it opens the hypervisor's device. That
    the kernel's file is there is looked at later.
    """
    try:
        return _parse(argv)
    except GetoptError as error:
        raise RefusedError(_USAGE, f"acrn-dm: {error}\n{USAGE}", on_stderr=True) from None


def _parse(argv: Sequence[str]) -> Command | Answer:
    command = Command()
    operands = []
    for word in given(argv, OPTIONS):
        match word:
            case str():
                operands.append(word)
            case Given(Option(letter="v")):
                return Answer(VERSION, on_stderr=False)
            case Given(Option(letter="h")):
                return Answer(USAGE, on_stderr=True)
            case Given(option, value) if option.letter in _HANDLERS:
                command = _HANDLERS[option.letter](command, value)
            case Given(option):
                command = replace(command, unexpressed=(*command.unexpressed, str(option)))
    if len(operands) != 1:
        raise RefusedError(_USAGE, USAGE, on_stderr=True)
    (name,) = operands
    if _length(name) > _LONGEST_NAME:
        raise RefusedError(_USAGE, f"vmname size exceed {_LONGEST_NAME + 1}")
    return replace(command, name=name)


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
    if port.lower() not in {"com1", "com2"}:
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
    if emulation not in EMULATIONS:
        raise RefusedError(1, f'pci slot {address}: unknown device "{emulation}"')
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


_HANDLERS: Final[Mapping[str, Callable[[Command, str], Command]]] = {
    "A": _acpi,
    "U": _uuid,
    "m": _memory,
    "k": _kernel,
    "B": _bootargs,
    "l": _uart,
    "s": _slot,
}
