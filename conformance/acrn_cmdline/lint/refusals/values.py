"""Values while the argv is read: all before the hypervisor device opens."""

from collections.abc import Sequence
from typing import Final

from acrn_cmdline.lint.finding import ranges
from acrn_cmdline.lint.rule_form import Refusal
from acrn_dm import RELEASES, FaultKind, emulations

_COMINGS_AND_GOINGS: Final = (
    "Emulations come and go: "
    + "; ".join(
        f"{emulation} {ranges(there)}"
        for emulation, there in emulations().items()
        if len(there) < len(RELEASES)
    )
    + "."
)

REFUSALS: Final[Sequence[Refusal]] = (
    Refusal(
        FaultKind.PATH_LENGTH,
        fact="A path of an image is shorter than 1,024 bytes; a longer one ends acrn-dm.",
        remedy="move the file to a shorter path",
    ),
    Refusal(
        FaultKind.IMAGE,
        fact="An image must be there and not empty when the argv is read; -k ends with status 10, "
        "-r with 11.",
        remedy="give the absolute path of a file that is not empty; --host here looks at this "
        "machine",
    ),
    Refusal(
        FaultKind.BOOTARGS,
        fact="-B takes at most 1,023 bytes in v1.0 and 2,047 later, and ends acrn-dm in silence "
        "beyond that; only the first 1,024 reach the guest.",
        remedy="shorten the boot arguments to 1,023 bytes",
    ),
    Refusal(
        FaultKind.MEMORY_SUFFIX,
        fact="-m needs a suffix K, M or G, in either case, in every release.",
        remedy="add M for MiB",
    ),
    Refusal(
        FaultKind.MEMORY_SIZE,
        fact="The smallest memory is 128 MiB, in every release.",
        remedy="give 128M or more",
    ),
    Refusal(
        FaultKind.MEMORY_FORM,
        fact="-m takes a number with a suffix K, M or G.",
        remedy="write it like 2048M",
    ),
    Refusal(
        FaultKind.COMPILER,
        fact="From v3.1 on acrn-dm asks the compiler that --iasl names for its version, 20190703 "
        "or later.",
        remedy="name such an iasl, or leave --iasl out where one is on the PATH",
    ),
    Refusal(
        FaultKind.LPC_PORT,
        fact="-l takes com1 or com2 (v3.3: com1 to com5), then a comma and the backend; in one "
        "token with its option it stands without a blank, -lcom1,stdio.",
        remedy="use com1 or com2, and no blank in front",
    ),
    Refusal(
        FaultKind.SLOT_SYNTAX,
        fact="-s takes SLOT[:FUNCTION] or BUS:SLOT:FUNCTION in decimal, bus 0-255, slot 0-31, "
        "function 0-7, then a comma and the emulation; a 32nd device of the arch layer lands on "
        "slot 32.",
        remedy="use a slot from 0 to 31; spread more devices over functions or a second bus",
    ),
    Refusal(
        FaultKind.SLOT_TAKEN,
        fact="A place on a bus holds one device; a second is refused before the VM is made. The "
        "older launch-script generator of acrn-hypervisor gave slot 30 twice when all were full.",
        remedy="give each device a slot or function of its own",
    ),
    Refusal(
        FaultKind.EMULATION_ELSEWHERE,
        fact=_COMINGS_AND_GOINGS,
        remedy="leave the device out for these releases, or choose a release that has it",
    ),
    Refusal(
        FaultKind.EMULATION_UNKNOWN,
        fact="No release knows the emulation; a comma splits slot, emulation and arguments.",
        remedy="correct the name of the emulation",
    ),
    Refusal(
        FaultKind.EMULATION_OBSOLETE,
        fact='pci-gvt, virtio-hdcp, npk and virtio-coreu are called "obsolete and ignored" from '
        "v3.0 on, but acrn-dm ends with status 1.",
        remedy="leave the device out for these releases",
    ),
    Refusal(
        FaultKind.OPTION_VALUE,
        fact="The value is looked at while the argv is read, and not taken.",
        remedy="correct the value; what it must look like differs from option to option",
    ),
)
