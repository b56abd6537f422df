"""Boot arguments, UUID, and the exit status of what fails."""

from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity
from acrn_cmdline.lint.reading import Reading
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import Fault, Stage
from acrn_dm.text import size

BOOTARGS_SEEN: Final = 1024
"""Bytes of ``-B`` that reach the guest."""

_KATA: Final = (
    "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f",
    "dbeae168-26e4-4084-9227-622193e56325",
    "18ed60cd-e9ea-4bf4-8f87-8523fc8347a3",
    "3f90b6f8-449a-4e72-b99c-063a889fc422",
    "1ae8587b-e599-4b59-8260-6d14ac166a55",
    "75f3b94b-49ed-48fc-b019-577ef45adf2b",
    "ca62cf3c-8359-47e8-a3f7-de2d682dfb02",
    "e3189497-c3f6-4b97-9e2c-18ac0ab9064d",
)
_DEFAULT: Final = "d2795438-25d6-11e8-864e-cb7a18b34643"
_KNOWN: Final = frozenset({*_KATA, _DEFAULT})


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
    fact="The hypervisor refuses a UUID that its scenario does not hold; kata 1.x knows eight, and "
    "acrn-dm's default is d2795438-25d6-11e8-864e-cb7a18b34643.",
    remedy="use a UUID of the scenario the hypervisor was built with",
)
def uuid_unknown(reading: Reading) -> Iterator[Hit]:
    """Find a UUID that is not commonly known: the hypervisor decides."""
    for given in options(reading, "uuid"):
        if given.value.lower() not in _KNOWN and not reading.blamed(given.token):
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


RULES = (bootargs_cut, uuid_unknown, exit_0_on_failure)
