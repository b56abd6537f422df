"""When the VM is made and its name bound: after the argv, before any device."""

from collections.abc import Sequence
from typing import Final

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.rule_form import Refusal
from acrn_dm import FaultKind

REFUSALS: Final[Sequence[Refusal]] = (
    Refusal(
        FaultKind.UUID,
        fact="-U takes the dashed form, in any case; it is looked at only after the hypervisor "
        "device is open.",
        remedy="write the UUID as 8-4-4-4-12 hexadecimal digits",
    ),
    Refusal(
        FaultKind.MEMORY_ALIGNMENT,
        fact="From v3.0 on the memory must be a multiple of 2 MiB; it is looked at only after the "
        "hypervisor device is open.",
        remedy="round the memory to a multiple of 2 MiB",
    ),
    Refusal(
        FaultKind.VCPUS,
        fact="-c, where a release has it, is 1 or more.",
        remedy="give -c 1 or more, or leave it out",
    ),
    Refusal(
        FaultKind.NAME_SLASH,
        fact="The name is part of a socket's path, which cannot be bound where the name holds a /.",
        remedy="use a name without /",
    ),
    Refusal(
        FaultKind.NAME_SOCKET,
        fact="The name is part of a socket's path of at most 107 bytes: about 91 are left for it, "
        "although v1.1-v2.6 take 127.",
        remedy="use a name of at most 15 bytes, which every release takes",
    ),
    Refusal(
        FaultKind.NOTIFY_CHANNEL,
        fact="--pm_notify_channel uart needs the node that --pm_by_vuart names, and from v3.0 on "
        "--pm_by_vuart is ignored: an assertion fails.",
        remedy="give --pm_by_vuart as well, and from v3.0 on neither",
    ),
    Refusal(
        FaultKind.CPUS,
        fact="ACPI tables are built from the processors that --cpu_affinity names: always from "
        "v3.0 on, and with -A in v2.7. Without one acrn-dm ends when all devices have started.",
        remedy="give --cpu_affinity with the local APIC ids of the CPUs (v2.7: the numbers of the "
        "CPUs)",
    ),
    Refusal(
        FaultKind.BUSES,
        fact="The MP table knows one PCI bus: with a device on another, acrn-dm ends when all "
        "have started. -Y leaves the table out up to v2.7; nothing does from v3.0 on.",
        remedy="put all devices on bus 0; it has 32 slots of 8 functions",
    ),
    Refusal(
        FaultKind.VUART,
        fact="From v2.4 on the node of --pm_by_vuart must open: the path of a pty that acrn-dm "
        "can make, or a tty.",
        remedy="name a path in a folder that is there for pty, and a terminal for tty",
    ),
    Refusal(
        FaultKind.COMMAND_MONITOR,
        fact="The path of --cmd_monitor becomes a socket: it has at most 107 bytes, and its "
        "folder is there.",
        remedy="give a path of at most 107 bytes in a folder that is there",
    ),
    Refusal(
        FaultKind.ACPI_RESOURCE,
        fact="A UART or GPIO controller that --acpidev_pt hands on needs a resource behind its id.",
        remedy="add type=irq,irq=N, or type=memory,min=ADDRESS,len=SIZE",
    ),
    Refusal(
        FaultKind.MMIO_ROOM,
        fact="What --mmiodev_pt hands on gets a place between 0xf0000000 and 0xfe000000.",
        remedy="give the size of the region, in hexadecimal, of at most 224 MiB",
    ),
    Refusal(
        FaultKind.NO_IMAGE,
        severity=Severity.RISKY,
        fact="Without -k, -E, --ovmf or (before v3.0) --vsbl there is nothing to load: acrn-dm "
        "stops when all devices have started, with status 1, in v1.0 with 0.",
        remedy="give -k KERNEL, or --ovmf FIRMWARE",
    ),
)
