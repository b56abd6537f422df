"""Refusals of options and operands as such, whatever their values; facts: "Options"."""

from acrn_cmdline.lint.reading import Blame
from acrn_cmdline.lint.rule_form import refusal
from acrn_dm import Stage


@refusal(
    "help-or-version",
    fact="-h and -v print their text and end, with status 0.",
    remedy="leave it out to start a VM",
)
def help_or_version(blame: Blame) -> bool:
    """Recognise ``-h``, ``-v``."""
    return blame.option in {"help", "version"} and not blame.bad


@refusal(
    "option-not-in-release",
    fact="Options come and go: -c and -p were dropped in v1.4, -W in v3.0, -U in v2.7; "
    "logger_setting came in v1.2, pm_notify_channel, pm_by_vuart and windows in v1.4, cpu_affinity "
    "in v2.0, acpidev_pt and mmiodev_pt in v2.3, cmd_monitor in v3.0, iasl in v3.1; ptdev_no_reset "
    "went in v1.6, and psram of v2.3 is ssram from v2.5 on.",
    remedy="leave the option out for these releases, or choose a release that has it",
)
def option_not_in_release(blame: Blame) -> bool:
    """Recognise an option of other releases."""
    gone = blame.fault.usage and not blame.fault.message
    return blame.fault.stage is Stage.ARGV and blame.option is not None and (blame.bad or gone)


@refusal(
    "option-ambiguous",
    fact="getopt takes an abbreviated long option only where it fits one option of the release.",
    remedy="write the option in full",
)
def option_ambiguous(blame: Blame) -> bool:
    """Recognise an abbreviation of several options."""
    return blame.bad and "is ambiguous" in blame.fault.message


@refusal(
    "option-argument",
    fact="getopt refuses an option whose value is missing, and a flag that is given one.",
    remedy="give the value behind the option, or take it away from the flag",
)
def option_argument(blame: Blame) -> bool:
    """Recognise a value too few or too many."""
    message = blame.fault.message
    return blame.bad and ("requires an argument" in message or "allow an argument" in message)


@refusal(
    "option-unknown",
    fact="No release of acrn-dm knows the option.",
    remedy="correct it, or leave it out; a name that starts with - goes behind --",
)
def option_unknown(blame: Blame) -> bool:
    """Recognise an option of no release."""
    return blame.bad


@refusal(
    "name-count",
    fact="The VM's name is the one operand: exactly one is needed.",
    remedy="give one name; quote a value with blanks, which else falls apart into operands",
)
def name_count(blame: Blame) -> bool:
    """Recognise no name, or several."""
    return blame.fault.stage is Stage.ARGV and blame.option is None and blame.fault.usage


@refusal(
    "name-too-long",
    fact="A name has at most 31 bytes in v1.0, 127 in v1.1-v2.6, 15 from v2.7 on; kata's sandbox- "
    "with 64 hex digits has 72.",
    remedy="use a name of at most 15 bytes, which every release takes",
)
def name_too_long(blame: Blame) -> bool:
    """Recognise a name over the limit of the release."""
    return blame.fault.stage is Stage.ARGV and blame.option is None


KINDS = (
    help_or_version,
    option_not_in_release,
    option_ambiguous,
    option_argument,
    option_unknown,
    name_count,
    name_too_long,
)
