"""Interfaces that are never opened; facts: fact 3 and "virtio-net"."""

from collections.abc import Iterator

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import devices, options
from acrn_dm import Net, Reading, reads_seed_of_interface


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
    fact="virtio-net ignores keys that it does not know. It reads mac=, vhost and, from v3.0 on, "
    "mac_seed=, to which all that stands behind it belongs.",
    remedy="correct the key, or leave it out",
)
def net_key_unknown(reading: Reading) -> Iterator[Hit]:
    """Find a key that is passed over."""
    for function, net in devices(reading, Net):
        for key in net.others:
            if not key.startswith("mac_seed="):
                yield Hit(function.token, f"'{brief(key)}' is passed over")


@rule(
    "net-seed-unread",
    Severity.SILENT,
    fact="virtio-net reads mac_seed= from v3.0 on, and only directly behind tap=NAME: not behind "
    "vhost, and not behind another form. Before, --mac_seed is read.",
    remedy="write tap=NAME,mac_seed=SEED for v3.0 and later, and --mac_seed SEED before",
)
def net_seed_unread(reading: Reading) -> Iterator[Hit]:
    """Find a seed of which no MAC is made."""
    for function, net in devices(reading, Net):
        for key in net.others:
            if key.startswith("mac_seed="):
                yield Hit(function.token, f"'{brief(key)}' is not read")


@rule(
    "mac-by-slot",
    Severity.RISKY,
    fact="Without mac= and without a seed the MAC comes from slot and function alone: VMs that "
    "have an interface on the same slot share it.",
    remedy="give each interface a mac=, or a seed: tap=NAME,mac_seed=SEED from v3.0 on, "
    "--mac_seed SEED before",
)
def mac_by_slot(reading: Reading) -> Iterator[Hit]:
    """Find an interface whose MAC another VM has as well."""
    seeded = any(options(reading, "mac_seed"))
    for_all = seeded and not reads_seed_of_interface(reading.release)
    for function, net in devices(reading, Net):
        if net.interface is not None and net.mac is None and net.seed is None and not for_all:
            yield Hit(function.token, f"the MAC of '{brief(net.field)}' comes from its slot")


RULES = (net_seed_unread, mac_by_slot, tap_not_opened, tap_key_in_name, net_key_unknown)
