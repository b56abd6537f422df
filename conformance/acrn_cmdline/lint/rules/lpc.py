"""The LPC bus and its ports; facts: "-l"."""

from collections.abc import Iterator

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import devices, options
from acrn_dm import Lpc, Reading


@rule(
    "lpc-port-unused",
    Severity.SILENT,
    fact="Without an LPC device -l is unused, and nobody says so.",
    remedy="add -s 1:0,lpc, or leave -l out",
)
def lpc_port_unused(reading: Reading) -> Iterator[Hit]:
    """Find a port on a bus that is not there."""
    if not any(devices(reading, Lpc)):
        for given in options(reading, "lpc"):
            yield Hit(given.token, "there is no LPC device for this port")


@rule(
    "lpc-without-port",
    Severity.STYLE,
    fact="An LPC device has the serial ports that -l gives it, and no other.",
    remedy="add -l com1,BACKEND, or leave the LPC out",
)
def lpc_without_port(reading: Reading) -> Iterator[Hit]:
    """Find an LPC whose guest has no serial port connected."""
    if not any(options(reading, "lpc")):
        for function, _ in devices(reading, Lpc):
            yield Hit(function.token, "no -l connects a port of this LPC")


@rule(
    "lpc-port-repeated",
    Severity.SILENT,
    fact="Of a port given several times the last -l counts.",
    remedy="give each port once",
)
def lpc_port_repeated(reading: Reading) -> Iterator[Hit]:
    """Find a port that a later ``-l`` undoes."""
    last = {port.name: port.token for port in reading.command.ports}
    for given in options(reading, "lpc"):
        name = given.value.partition(",")[0].lower()
        if last.get(name, given.token) != given.token:
            yield Hit(given.token, f"{name} is given again later; this one is without effect")


RULES = (lpc_port_unused, lpc_without_port, lpc_port_repeated)
