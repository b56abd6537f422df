"""Options and operands as such, whatever their values; facts: "Options"."""

from collections.abc import Sequence
from typing import Final

from acrn_cmdline.lint.rule_form import Refusal
from acrn_dm import FaultKind

REFUSALS: Final[Sequence[Refusal]] = (
    Refusal(
        FaultKind.HELP,
        fact="-h and -v print their text and end, with status 0.",
        remedy="leave it out to start a VM",
    ),
    Refusal(
        FaultKind.OPTION_ELSEWHERE,
        fact="Options come and go between releases.",
        remedy="leave the option out for these releases, or choose a release that has it",
    ),
    Refusal(
        FaultKind.OPTION_AMBIGUOUS,
        fact="getopt takes an abbreviated long option only where it fits one option of the "
        "release.",
        remedy="write the option in full",
    ),
    Refusal(
        FaultKind.OPTION_ARGUMENT,
        fact="getopt refuses an option whose value is missing, and a flag that is given one.",
        remedy="give the value behind the option, or take it away from the flag",
    ),
    Refusal(
        FaultKind.NAME_FILE,
        fact="v2.7 keeps the memory of a VM in a file that is called as the VM is.",
        remedy="use a name that a file in one folder can have",
    ),
    Refusal(
        FaultKind.OPTION_UNKNOWN,
        fact="No release of acrn-dm knows the option.",
        remedy="correct it, or leave it out; a name that starts with - goes behind --",
    ),
    Refusal(
        FaultKind.NAME_COUNT,
        fact="The VM's name is the one operand: exactly one is needed.",
        remedy="give one name; quote a value with blanks, which else falls apart into operands",
    ),
    Refusal(
        FaultKind.NAME_LENGTH,
        fact="A name has at most 31 bytes in v1.0, 127 in v1.1-v2.6, 15 from v2.7 on; kata's "
        "sandbox- with 64 hex digits has 72.",
        remedy="use a name of at most 15 bytes, which every release takes",
    ),
)
