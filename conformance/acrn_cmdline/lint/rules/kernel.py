"""The image that is booted and its arguments, the UUID, and the exit status of what fails."""

from collections.abc import Iterator

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import (
    BOOTARGS_SEEN,
    BOOTED,
    DEFAULT_UUID,
    Fault,
    Reading,
    Stage,
    boots,
    known_uuid,
    size,
)


@rule(
    "bootargs-cut",
    Severity.SILENT,
    fact="Only the first 1,024 bytes of -B reach the guest, in every release, and nobody says so.",
    remedy="shorten the boot arguments to 1,023 bytes; the user's own stand last and are cut first",
)
def bootargs_cut(reading: Reading) -> Iterator[Hit]:
    """Find boot arguments of which the guest sees a part."""
    for given in options(reading, "bootargs"):
        if (length := size(given.value)) > BOOTARGS_SEEN:
            yield Hit(given.token, f"the last {length - BOOTARGS_SEEN} of {length} bytes are cut")


@rule(
    "uuid-unknown",
    Severity.RISKY,
    fact="The hypervisor refuses a UUID that its scenario does not hold; kata 1.x knows eight, "
    f"ACRN's own scenarios three more, and acrn-dm's default is {DEFAULT_UUID}.",
    remedy="use a UUID of the scenario the hypervisor was built with",
)
def uuid_unknown(reading: Reading) -> Iterator[Hit]:
    """Find a UUID that is not commonly known: the hypervisor decides."""
    for given in options(reading, "uuid"):
        if not known_uuid(given.value) and given.token not in reading.blamed:
            yield Hit(given.token, "whether the hypervisor knows this UUID depends on its scenario")


@rule(
    "exit-0-on-failure",
    Severity.RISKY,
    fact="v1.0 ends with status 0 on any failure of a device, and where no image is given.",
    remedy="look at the output as well, most of which goes to stdout",
)
def exit_0_on_failure(reading: Reading) -> Iterator[Hit]:
    """Find a failure that looks like success to whoever started acrn-dm."""
    fault = reading.verdict
    if isinstance(fault, Fault) and fault.exit == 0 and fault.stage is not Stage.ARGV:
        yield Hit(fault.token, f"acrn-dm stops at the stage {fault.stage} with exit status 0")


@rule(
    "image-not-booted",
    Severity.SILENT,
    fact="One image is booted: --vsbl before v3.0, else --ovmf, else -k, else -E; the others are "
    "loaded by nobody.",
    remedy="keep the one that is meant",
)
def image_not_booted(reading: Reading) -> Iterator[Hit]:
    """Find an image that another one takes the place of."""
    there = [name for name in BOOTED if any(options(reading, name))]
    named = [name for name in there if boots(name, reading.release)]
    for name in named[1:]:
        for given in options(reading, name):
            yield Hit(given.token, f"--{named[0]} is booted instead of --{name}")


RULES = (image_not_booted, bootargs_cut, uuid_unknown, exit_0_on_failure)
