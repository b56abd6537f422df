"""Everything that the model refuses, sorted into kinds: each has a stable id, a fact, a remedy."""

import signal
from collections.abc import Sequence

from acrn_cmdline.lint.reading import Blame
from acrn_cmdline.lint.refusals import devices, options, others, starting, values
from acrn_cmdline.lint.rule_form import Refusal

KINDS: Sequence[Refusal] = (
    *options.KINDS,
    *values.KINDS,
    *starting.KINDS,
    *devices.KINDS,
    *others.KINDS,
)
"""The first that applies is the kind; the last few apply to whatever is left of a stage."""


def kind(blame: Blame) -> Refusal:
    """Return the kind of a fault."""
    return next(each for each in KINDS if each.applies(blame))


def message(blame: Blame) -> str:
    """Return what acrn-dm says, or that it says nothing or dies."""
    fault = blame.fault
    said = fault.message
    if fault.crash:
        death = f"acrn-dm dies of {signal.Signals(-fault.exit).name}"
        return f"{death}: {said}" if said else death
    return said or ("acrn-dm prints its usage text" if fault.usage else "acrn-dm says nothing")
