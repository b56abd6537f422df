"""Interfaces that are never opened; facts: fact 3 and "virtio-net"."""

from collections.abc import Iterator

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import devices
from acrn_dm import Net, Reading


@rule(
    "tap-not-opened",
    Severity.SILENT,
    fact="virtio-net opens a name that starts with tap or vmnet in v1.0-v2.0, one that contains "
    "tap in v2.1-v2.7, and from v3.0 on only tap=NAME; any other form is accepted with no "
    "interface and no error.",
    remedy="write tap=NAME for v3.0 and later, and a bare name that starts with tap before",
)
def tap_not_opened(reading: Reading) -> Iterator[Hit]:
    """Find an interface whose link stays down."""
    for function, net in devices(reading, Net):
        if net.interface is None:
            yield Hit(function.token, f"no interface is opened for '{brief(net.field)}'")


@rule(
    "tap-key-in-name",
    Severity.SILENT,
    fact="Before v3.0 the first field of virtio-net is the name itself: tap=tap0 opens an "
    "interface called tap=tap0.",
    remedy="write the bare name for releases before v3.0",
)
def tap_key_in_name(reading: Reading) -> Iterator[Hit]:
    """Find the form of v3.0 where the name alone is due."""
    for function, net in devices(reading, Net):
        if net.field.startswith("tap=") and net.interface == net.field:
            yield Hit(function.token, f"the interface is called '{brief(net.field)}'")


@rule(
    "net-key-unknown",
    Severity.SILENT,
    fact="virtio-net ignores keys that it does not know. It reads mac=; vhost and mac_seed= stand "
    "in launch lines in the wild and are let pass here.",
    remedy="correct the key, or leave it out",
)
def net_key_unknown(reading: Reading) -> Iterator[Hit]:
    """Find a key that is passed over."""
    for function, net in devices(reading, Net):
        for key in net.others:
            if key != "vhost" and not key.startswith("mac_seed="):
                yield Hit(function.token, f"'{brief(key)}' is passed over")


RULES = (tap_not_opened, tap_key_in_name, net_key_unknown)
