"""Ports of virtio-console, each of which has a name from v1.2 on."""

from collections.abc import Iterator, Sequence
from typing import Final

from acrn_cmdline.upgrade.line import Edit, Line
from acrn_dm import Console, ConsoleBackend, ConsolePort, FaultKind

_FACT: Final = (
    "A port of virtio-console without a name is passed over in v1.0, opened in v1.1 if it is the "
    "last, and refused from v1.2 on."
)
_WITHOUT_PATH: Final = frozenset({ConsoleBackend.STDIO, ConsoleBackend.PTY})


def name_ports(line: Line) -> Iterator[Edit]:
    """Name the ports that have no name; those that would need a path as well connect nothing."""
    for index, part, text in line.slots():
        device = line.device(part, line.source)
        wanted = FaultKind.CONSOLE_NAME in line.complaints(*part.words)
        if not (isinstance(device, Console) and wanted):
            continue
        ports = list(_named((text.arguments or "").split(","), device.ports))
        if ports:
            value = ",".join([text.where, text.emulation, *ports])
            yield Edit.of_value(index, part, value, f"{line.target} wants a name", _FACT)
        else:
            reason = f"{line.target} takes no virtio-console without a port"
            lost = f"the virtio-console on slot {text.where}, whose ports nobody opened"
            yield Edit(index, index + 1, (), reason, _FACT, lost)


def _named(texts: Sequence[str], ports: Sequence[ConsolePort]) -> Iterator[str]:
    """Yield ports as written, with a name; what is behind the ports that are read stays."""
    for number, (text, port) in enumerate(zip(texts, ports, strict=False)):
        if port.name is not None:
            yield text
        elif port.backend in _WITHOUT_PATH:
            yield f"{text}:port{number}"
    yield from texts[len(ports) :]
