"""Faults of acrn-3 in what it has otherwise than kata-3, so that acrn-dm v3.x boots it."""

from acrn_conformance.cases import ACRN_3
from miniatures.miniature import Patch

_PREFIX = "{self.prefix}{self.if_name}"
_NO_CPU = "if dialect.needs_cpu and not self.apic_id:"
_ON_SLOTS = "    on_slots = tuple(placed(config.devices))\n"


def _patch(name: str, what: str, place: str, old: str, new: str) -> Patch:
    return Patch(name, what, place, old, new, dialect=ACRN_3.name)


def _dialect(name: str, what: str, old: str, new: str) -> Patch:
    return _patch(name, what, "dialect.ACRN_3", old, new)


def _net(name: str, what: str, condition: str) -> Patch:
    new = f"{{self.prefix if {condition} else ''}}{{self.if_name}}"
    return _patch(name, what, "devices.Net.params", _PREFIX, new)


PATCHES = (
    _dialect("tap-lost", "No network device has tap=.", "net=TapNet, ", ""),
    _net("tap-for-tap-only", "A network device of type macvtap has no tap=.",
         "self.net_type == 'tap'"),
    _net("tap-for-macvtap-only", "A network device of type tap has no tap=.",
         "self.net_type == 'macvtap'"),
    _net("tap-unless-named-so", "An interface whose name begins with tap has no tap=.",
         "not self.if_name.startswith('tap')"),
    _net("tap-only-if-named-so", "An interface whose name does not begin with tap has no tap=.",
         "self.if_name.startswith('tap')"),
    _patch("tap-for-any-type", "A network device of an unknown type has tap=.",
           "devices.Net.params", "text = self.if_name", "text = self.prefix + self.if_name"),
    _patch("tap-behind-the-address", "The tap stands behind the address.", "devices.Net.params",
           f"{_PREFIX},mac={{self.mac_address}}", f"mac={{self.mac_address}},{_PREFIX}"),
    _dialect("acrn-3-acpi-written", "ACPI is still written.", 'before=("-m",), ', ""),
    _dialect("cpu-not-needed", "A sandbox without a CPU is built.", "needs_cpu=True",
             "needs_cpu=False"),
    _patch("cpu-of-blanks-refused", "A sandbox with a CPU of blanks is refused.",
           "sandbox.Sandbox.config", _NO_CPU,
           "if dialect.needs_cpu and not self.apic_id.strip():"),
    _patch("cpu-0-refused", "A sandbox with the CPU 0 is refused.",
           "sandbox.Sandbox.config", _NO_CPU,
           'if dialect.needs_cpu and self.apic_id in ("", "0"):'),
    _patch("cpu-needed-in-argv", "A configuration without a CPU is refused.",
           "config.command", _ON_SLOTS,
           f"{_ON_SLOTS}    if not config.apic_id:\n"
           '        raise __import__("acrn_arch.errors").errors.MissingCpuError\n'),
    _dialect("acrn-3-greatest-cid", "A vsock with the id 2^32-1 is valid.", "vsock=BoardVsock, ",
             ""),
    _patch("acrn-3-below-greatest", "A vsock with the id 2^32-2 is invalid.",
           "devices.BoardVsock", "(1 << 32) - 2", "(1 << 32) - 3"),
    _dialect("acrn-3-name-unlimited", "A sandbox's name may have any length.", "needs_cpu=True",
             "needs_cpu=True, name_limit=None"),
)  # fmt: skip
