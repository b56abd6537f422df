"""The channel by which a guest is told to end, and the node behind it; facts: "Options"."""

from collections.abc import Iterator

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import Reading, takes


@rule(
    "notify-channel-unknown",
    Severity.SILENT,
    fact="Before v2.5 --pm_notify_channel takes any word: what does not begin with ioc, "
    "power_button or uart is no channel.",
    remedy="write ioc, power_button or uart",
)
def notify_channel_unknown(reading: Reading) -> Iterator[Hit]:
    """Find a channel that is none."""
    for given in options(reading, "pm_notify_channel"):
        if not given.value.startswith(("ioc", "power_button", "uart")):
            yield Hit(given.token, f"{brief(given.value)} is no channel")


@rule(
    "vuart-without-channel",
    Severity.SILENT,
    fact="The node of --pm_by_vuart is opened for --pm_notify_channel uart only.",
    remedy="add --pm_notify_channel uart, or leave the node out",
)
def vuart_without_channel(reading: Reading) -> Iterator[Hit]:
    """Find a node that nobody opens."""
    channels = [given.value for given in options(reading, "pm_notify_channel")]
    if not any(channel.startswith("uart") for channel in channels[-1:]):
        for given in options(reading, "pm_by_vuart"):
            if takes("pm_by_vuart", reading.release):
                yield Hit(given.token, "this node is never opened")


@rule(
    "vuart-without-port",
    Severity.RISKY,
    fact="The pty of --pm_by_vuart pty,PATH reaches the guest by an -l com2,PATH on an LPC.",
    remedy="add -s 1:0,lpc -l com2,PATH with the same path",
)
def vuart_without_port(reading: Reading) -> Iterator[Hit]:
    """Find a pty that no port of the guest is connected to."""
    backends = {port.backend.value for port in reading.command.ports if port.backend}
    for given in options(reading, "pm_by_vuart"):
        kind, _, path = given.value.partition(",")
        used = takes("pm_by_vuart", reading.release) and kind.lower() == "pty"
        if used and path not in backends:
            yield Hit(given.token, f"no -l names {brief(path)}")


RULES = (
    notify_channel_unknown,
    vuart_without_channel,
    vuart_without_port,
)
