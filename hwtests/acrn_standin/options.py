"""The words that acrn-dm v2.5 knows: its options, its emulations, its usage."""

from typing import Final

from acrn_standin.getopt import Option

VERSION: Final = "acrn-dm v2.5 (stand-in: acrn-dm's command line, carried out by QEMU)"

OPTIONS: Final = (
    Option("acpi", "A", takes_value=False),
    Option("elf_file", "E", takes_value=True),
    Option("ioc_node", "i", takes_value=True),
    Option("lpc", "l", takes_value=True),
    Option("pci_slot", "s", takes_value=True),
    Option("memsize", "m", takes_value=True),
    Option("uuid", "U", takes_value=True),
    Option("virtio_msix", "W", takes_value=False),
    Option("mptgen", "Y", takes_value=False),
    Option("kernel", "k", takes_value=True),
    Option("ramdisk", "r", takes_value=True),
    Option("bootargs", "B", takes_value=True),
    Option("version", "v", takes_value=False),
    Option("gvtargs", "G", takes_value=True),
    Option("help", "h", takes_value=False),
    Option("vsbl", "", takes_value=True),
    Option("ovmf", "", takes_value=True),
    Option("part_info", "", takes_value=True),
    Option("enable_trusty", "", takes_value=False),
    Option("virtio_poll", "", takes_value=True),
    Option("mac_seed", "", takes_value=True),
    Option("debugexit", "", takes_value=False),
    Option("intr_monitor", "", takes_value=True),
    Option("vtpm2", "", takes_value=True),
    Option("lapic_pt", "", takes_value=False),
    Option("rtvm", "", takes_value=False),
    Option("logger_setting", "", takes_value=True),
    Option("pm_notify_channel", "", takes_value=True),
    Option("pm_by_vuart", "", takes_value=True),
    Option("windows", "", takes_value=False),
    Option("cpu_affinity", "", takes_value=True),
    Option("acpidev_pt", "", takes_value=True),
    Option("mmiodev_pt", "", takes_value=True),
    Option("ssram", "", takes_value=False),
)

EMULATIONS: Final = frozenset(
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
"""What release v2.5 can put on a slot."""

USAGE: Final = """\
Usage: acrn-dm [-hAv] [-B bootargs] [-k kernel] [-l lpc] [-m mem] [-s pci] [-U uuid] <vm>
       (stand-in: the other options of release v2.5 are known, and refused)
       -A: ACPI tables
       -B: the guest kernel's command line
       -h: this text
       -k: the guest kernel
       -l: com1 or com2, with its backend
       -m: memory, with K, M or G
       -s: slot,emulation[,config]
       -U: UUID
       -v: version"""
