"""Devices of the host that are handed to the guest, other than meant; facts: "Releases between"."""

from collections.abc import Iterator

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import devices
from acrn_dm import Passthrough, Reading


@rule(
    "passthrough-option-unread",
    Severity.SILENT,
    fact="passthru only warns, at run time, of an option that it does not know: reset went in "
    "v1.6, when no_reset and gpu came; d3hot_reset and vmsix_on_msi came in v2.1, enable_ptm in "
    "v2.5, romfile= in v3.2, irq= and dsdt= in v3.3; gpu went in v2.7, which sees a GPU by itself.",
    remedy="leave the option out for these releases, or correct it",
)
def passthrough_option_unread(reading: Reading) -> Iterator[Hit]:
    """Find an option of passthru that a release passes over."""
    for function, device in devices(reading, Passthrough):
        for option in device.unread(reading.release):
            yield Hit(function.token, f"'{brief(option)}' is passed over")


RULES = (passthrough_option_unread,)
