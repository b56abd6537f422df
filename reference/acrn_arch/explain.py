"""Each token of a command line with its slot and what it means."""

from collections.abc import Iterator
from typing import assert_never

from acrn_arch.config import Command, Piece
from acrn_arch.devices import Block, Bridge, Console, Lpc, Net, PortType, Vsock

_OPTIONS = {
    "uuid": "the guest's UUID",
    "apic_id": "the guest's CPUs, as local APIC ids",
    "acpi_virt": "virtual ACPI tables",
    "memory.size": "memory",
    "kernel.path": "kernel image",
    "kernel.params": "kernel command line",
    "name": "the guest's name",
}


def explain(program: str, command: Command) -> Iterator[str]:
    """Yield one line a token: slot, token (control characters escaped), meaning."""
    rows = [("", program, "the device model")]
    for piece in command.pieces:
        meanings = _meanings(piece, command)
        for position, (token, meaning) in enumerate(zip(piece.tokens, meanings, strict=True)):
            slot = "" if piece.slot is None or position else str(piece.slot)
            rows.append((slot, token, meaning))
    width = min(60, max(len(visible(token)) for _, token, _ in rows))
    yield f"slot  {'token':<{width}}  meaning"
    for slot, token, meaning in rows:
        yield visible(f"{slot:>4}  {visible(token):<{width}}  {meaning}".rstrip())


def _meanings(piece: Piece, command: Command) -> tuple[str, ...]:
    """Return one meaning for each token of the piece."""
    match piece.source:
        case str() as field:
            meaning = f"{_OPTIONS[field]} ({field})"
            return (meaning,) if len(piece.tokens) == 1 else (f"option for {field}", meaning)
        case Console() as device:
            port = "console" if device.port_type is PortType.CONSOLE else "serial"
            return "PCI device", f"{port} port {device.name!a} on backend {device.backend}"
        case Net() as device:
            return "PCI device", f"network: {device.net_type} {device.if_name!a}"
        case Block(index=index) if index < len(command.block_table.slots):
            kept = "" if command.block_table.slots[index] == piece.slot else ", overridden later"
            return "PCI device", f"disk, block index {index}{kept}"
        case Block(index=index):
            return "PCI device", f"disk, block index {index} (beyond the pool, not in the table)"
        case Bridge():
            return "PCI device", "host bridge"
        case Vsock() as device:
            return "PCI device", f"vsock, context id {device.context_id}"
        case Lpc():
            return "PCI device", "LPC bus", "its UART com1 on acrn-dm's stdio"
        case _:
            assert_never(piece.source)


def visible(token: str) -> str:
    """Return a text with everything that a terminal would act upon as escapes."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in token)
