"""The emulations that ``-s`` knows, by release."""

from typing import Final

EMULATIONS_V2: Final = frozenset(
    {
        "ahci",
        "ahci-cd",
        "ahci-hd",
        "amd_hostbridge",
        "dummy",
        "hostbridge",
        "igd-lpc",
        "ivshmem",
        "lpc",
        "npk",
        "passthru",
        "pci-gvt",
        "uart",
        "virtio-audio",
        "virtio-blk",
        "virtio-console",
        "virtio-coreu",
        "virtio-gpio",
        "virtio-hdcp",
        "virtio-heci",
        "virtio-hyper_dmabuf",
        "virtio-i2c",
        "virtio-input",
        "virtio-ipu",
        "virtio-net",
        "virtio-rnd",
        "virtio-rpmb",
        "wdt-i6300esb",
        "xhci",
    }
)
"""Those of v2.5 and v2.7."""

OBSOLETE_V3: Final = frozenset({"npk", "pci-gvt", "virtio-coreu", "virtio-hdcp"})
"""Those that v3.3 knows, calls obsolete and refuses."""

EMULATIONS_V3: Final = EMULATIONS_V2 | {"vhost-vsock", "virtio-gpu"}
"""Those of v3.3."""
