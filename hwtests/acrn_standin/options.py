"""The options of acrn-dm, by release, and its usage."""

from typing import Final

from acrn_standin.getopt import Option

VERSION: Final = "acrn-dm {} (stand-in: acrn-dm's command line, carried out by QEMU)"

OPTIONS_V2_5: Final = (
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
"""Those of v2.5, in getopt's order."""

UUID_LETTER: Final = Option("", "U", takes_value=True)
"""What getopt still knows from v2.7 on, and acrn-dm answers with its usage."""

OPTIONS_V2_7: Final = tuple(
    UUID_LETTER if option.name == "uuid" else option for option in OPTIONS_V2_5
)
"""Those of v2.7."""

OPTIONS_V3_3: Final = (
    *(o for o in OPTIONS_V2_7 if o.name not in {"virtio_msix", "ssram"}),
    Option("ssram", "", takes_value=True),
    Option("cmd_monitor", "", takes_value=True),
    Option("virtio_msi", "", takes_value=False),
    Option("iasl", "", takes_value=True),
)
"""Those of v3.3."""

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
