"""Refusals of values while the argv is read: all of them before the hypervisor device opens."""

import re
from typing import Final

from acrn_cmdline.lint.reading import Blame
from acrn_cmdline.lint.rule_form import refusal
from acrn_dm import Stage
from acrn_dm.option_values import PATH_LIMIT
from acrn_dm.tables import EMULATIONS
from acrn_dm.text import size, unsigned

_IMAGES: Final = frozenset({"kernel", "ramdisk", "elf_file", "ovmf", "vsbl", "part_info"})
_UNKNOWN_DEVICE: Final = re.compile(r'pci slot \d+:\d+: unknown device "(.*)"\Z', re.DOTALL)


def _about(blame: Blame, *options: str) -> bool:
    return blame.fault.stage is Stage.ARGV and blame.option in options


@refusal(
    "path-too-long",
    fact="A path of an image is shorter than 1,024 bytes; a longer one ends acrn-dm.",
    remedy="move the file to a shorter path",
)
def path_too_long(blame: Blame) -> bool:
    """Recognise ``-k`` and the like with too long a path."""
    return _about(blame, *_IMAGES) and size(blame.value) >= PATH_LIMIT


@refusal(
    "image-missing",
    fact="An image must be there and not empty when the argv is read; -k ends with status 10, "
    "-r with 11.",
    remedy="give the absolute path of a file that is not empty; --host here looks at this machine",
)
def image_missing(blame: Blame) -> bool:
    """Recognise a kernel, ramdisk or firmware that is not there."""
    return _about(blame, *_IMAGES)


@refusal(
    "bootargs-too-long",
    fact="-B takes at most 1,023 bytes in v1.0 and 2,047 later, and ends acrn-dm in silence "
    "beyond that; only the first 1,024 reach the guest.",
    remedy="shorten the boot arguments to 1,023 bytes",
)
def bootargs_too_long(blame: Blame) -> bool:
    """Recognise ``-B`` over the limit of the release."""
    return _about(blame, "bootargs")


@refusal(
    "memory-without-suffix",
    fact="-m needs a suffix K, M or G, in either case, in every release.",
    remedy="add M for MiB",
)
def memory_without_suffix(blame: Blame) -> bool:
    """Recognise a number and nothing else."""
    number = unsigned(blame.value)
    return _about(blame, "memsize") and number is not None and number.end == len(blame.value)


@refusal(
    "memory-too-small",
    fact="The smallest memory is 128 MiB, in every release.",
    remedy="give 128M or more",
)
def memory_too_small(blame: Blame) -> bool:
    """Recognise a well-formed size below the minimum."""
    number = unsigned(blame.value)
    return (
        _about(blame, "memsize")
        and number is not None
        and blame.value[number.end : number.end + 1].lower() in {"k", "m", "g"}
    )


@refusal(
    "memory-form",
    fact="-m takes a number with a suffix K, M or G.",
    remedy="write it like 2048M",
)
def memory_form(blame: Blame) -> bool:
    """Recognise any other memory that is refused."""
    return _about(blame, "memsize")


@refusal(
    "lpc-port",
    fact="-l takes com1 or com2 (v3.3: com1 to com5), then a comma and the backend; in one token "
    "with its option it stands without a blank, -lcom1,stdio.",
    remedy="use com1 or com2, and no blank in front",
)
def lpc_port(blame: Blame) -> bool:
    """Recognise ``-l`` with an unknown port."""
    return _about(blame, "lpc")


@refusal(
    "slot-syntax",
    fact="-s takes SLOT[:FUNCTION] or BUS:SLOT:FUNCTION in decimal, bus 0-255, slot 0-31, function "
    "0-7, then a comma and the emulation; a 32nd device of the arch layer lands on slot 32.",
    remedy="use a slot from 0 to 31; spread more devices over functions or a second bus",
)
def slot_syntax(blame: Blame) -> bool:
    """Recognise a place that is none."""
    return _about(blame, "pci_slot") and blame.fault.message.startswith("Invalid PCI slot info")


@refusal(
    "slot-taken",
    fact="A place on a bus holds one device; a second is refused before the VM is made. The older "
    "launch-script generator of acrn-hypervisor gave slot 30 twice when all were full.",
    remedy="give each device a slot or function of its own",
)
def slot_taken(blame: Blame) -> bool:
    """Recognise two devices in one place."""
    return _about(blame, "pci_slot") and blame.fault.message.endswith("already occupied!")


@refusal(
    "emulation-not-in-release",
    fact="virtio-i2c came in v1.2, igd-lpc in v1.6, ivshmem in v2.0, virtio-gpu and vhost-vsock in "
    "v3.0.",
    remedy="leave the device out for these releases, or choose a release that has it",
)
def emulation_not_in_release(blame: Blame) -> bool:
    """Recognise an emulation of later releases."""
    found = _UNKNOWN_DEVICE.match(blame.fault.message)
    return _about(blame, "pci_slot") and found is not None and found[1] in EMULATIONS


@refusal(
    "emulation-unknown",
    fact="No release knows the emulation; a comma splits slot, emulation and arguments.",
    remedy="correct the name of the emulation",
)
def emulation_unknown(blame: Blame) -> bool:
    """Recognise an emulation of no release."""
    return _about(blame, "pci_slot") and _UNKNOWN_DEVICE.match(blame.fault.message) is not None


@refusal(
    "emulation-obsolete",
    fact='pci-gvt, virtio-hdcp, npk and virtio-coreu are called "obsolete and ignored" from v3.0 '
    "on, but acrn-dm ends with status 1.",
    remedy="leave the device out for these releases",
)
def emulation_obsolete(blame: Blame) -> bool:
    """Recognise an emulation that v3.0 gave up."""
    return _about(blame, "pci_slot") and blame.fault.message.endswith("is obsolete and ignored")


@refusal(
    "option-value",
    fact="The value is looked at while the argv is read, and not taken.",
    remedy="correct the value; what it must look like differs from option to option",
)
def option_value(blame: Blame) -> bool:
    """Recognise any other value that is refused."""
    return blame.fault.stage is Stage.ARGV and blame.option not in {None, "pci_slot"}


KINDS = (
    path_too_long,
    image_missing,
    bootargs_too_long,
    memory_without_suffix,
    memory_too_small,
    memory_form,
    lpc_port,
    slot_syntax,
    slot_taken,
    emulation_not_in_release,
    emulation_unknown,
    emulation_obsolete,
    option_value,
)
