"""The rules for what is accepted and yet not what was meant, by subject."""

from collections.abc import Sequence

from acrn_cmdline.lint.rule_form import Rule
from acrn_cmdline.lint.rules import (
    consoles,
    disks,
    handed_on,
    kernel,
    life_cycle,
    lpc,
    memory,
    names,
    nets,
    options,
    paths,
    processors,
    slots,
    typography,
    unread,
)

RULES: Sequence[Rule] = (
    *typography.RULES,
    *unread.RULES,
    *life_cycle.RULES,
    *processors.RULES,
    *options.RULES,
    *kernel.RULES,
    *memory.RULES,
    *names.RULES,
    *slots.RULES,
    *lpc.RULES,
    *consoles.RULES,
    *disks.RULES,
    *nets.RULES,
    *handed_on.RULES,
    *paths.RULES,
)
