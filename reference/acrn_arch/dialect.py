"""The dialects of the arch layer: what its versions build otherwise, as data.

Sources: kata-containers/runtime 04f29832 (kata-1), kata-containers 3.1.0 to 3.9.0 (kata-3), and
what acrn-dm v3.0 to v3.3 was measured to need (acrn-3, which has no original).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from acrn_arch.devices import BoardVsock, Net, TapNet, Vsock
from acrn_arch.kernel import BASIC, GRAPHICS, Param


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Abilities that the arch layer claims for ACRN; a dialect may not speak of the last."""

    block_device: bool = True
    block_device_hotplug: bool = True
    multi_queue: bool = False
    fs_sharing: bool = False
    network_device_hotplug: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """A dialect. Options stand ``before`` the devices or ``behind`` them, in this order.

    ``absent``: fields of a configuration that it does not have, and ignores. ``name_limit``: bytes
    of a sandbox's name. ``needs_cpu``: a sandbox without a CPU is refused.
    """

    name: str
    before: tuple[str, ...] = ("-U", "-A", "-m")
    behind: tuple[str, ...] = ("-k",)
    absent: frozenset[str] = frozenset({"apic_id"})
    common: tuple[Param, ...] = BASIC + GRAPHICS
    net: type[Net] = Net
    vsock: type[Vsock] | None = None
    sandbox_prefix: str = "sandbox-"
    name_limit: int | None = None
    needs_cpu: bool = False
    capabilities: Capabilities = Capabilities()


KATA_1: Final = Dialect("kata-1")
"""Kata 1.x, which the specification describes; 2.0 to 3.0 build the same."""

KATA_3: Final = Dialect(
    "kata-3",
    before=("-A", "-m"),
    behind=("--cpu_affinity", "-k"),
    absent=frozenset({"uuid"}),
    common=BASIC,
    vsock=Vsock,
    sandbox_prefix="sbx-",
    name_limit=15,
    capabilities=Capabilities(network_device_hotplug=True),
)
"""Kata 3.1 to 3.9."""

# v3.0 to v3.3: `-A` is taken and ignored; a bare name opens no tap, `tap=` does; without
# `--cpu_affinity` every guest is refused ("Invalid guest_pcpu_bitmask").
ACRN_3: Final = replace(
    KATA_3, name="acrn-3", before=("-m",), net=TapNet, vsock=BoardVsock, needs_cpu=True
)
"""Kata 3.9 as acrn-dm v3.0 to v3.3 boots it with a network."""

DIALECTS: Final[Mapping[str, Dialect]] = {each.name: each for each in (KATA_1, KATA_3, ACRN_3)}
"""All dialects by name, the default one first."""
