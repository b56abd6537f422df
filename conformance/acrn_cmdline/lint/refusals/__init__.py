"""Refusals of the model by kind: each has a stable id, the fact behind it and a remedy."""

import signal
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from acrn_cmdline.lint.finding import ranges
from acrn_cmdline.lint.refusals import devices, options, starting, values
from acrn_cmdline.lint.rule_form import Refusal
from acrn_dm import Fault, FaultKind, options_there

REFUSALS: Final[Mapping[FaultKind, Refusal]] = MappingProxyType(
    {
        refusal.kind: refusal
        for refusal in (
            *options.REFUSALS,
            *values.REFUSALS,
            *starting.REFUSALS,
            *devices.REFUSALS,
        )
    }
)


def fact(fault: Fault) -> str:
    """Return the fact behind a fault; of an option of other releases, which they are."""
    if fault.kind is FaultKind.OPTION_ELSEWHERE and fault.option:
        there = ranges(options_there(fault.option))
        return f"{REFUSALS[fault.kind].fact} --{fault.option} is one of {there}."
    return REFUSALS[fault.kind].fact


def message(fault: Fault) -> str:
    """Return what acrn-dm says, or that it says nothing or dies."""
    said = fault.message
    if fault.crash:
        death = f"acrn-dm dies of {signal.Signals(-fault.exit).name}"
        return f"{death}: {said}" if said else death
    return said or ("acrn-dm prints its usage text" if fault.usage else "acrn-dm says nothing")
