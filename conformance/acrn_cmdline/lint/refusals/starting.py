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
        FaultKind.NO_IMAGE,
        severity=Severity.RISKY,
        fact="Without -k, -E, --ovmf or (before v3.0) --vsbl there is nothing to load: acrn-dm "
        "stops when all devices have started, with status 1, in v1.0 with 0.",
        remedy="give -k KERNEL, or --ovmf FIRMWARE",
    ),
)
