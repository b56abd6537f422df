"""Options that are taken and do nothing, or are written so that they mislead; facts: "Options"."""

from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import Reading, discourages, ignores

_LAST_COUNTS: Final = frozenset({"memsize", "kernel", "ramdisk", "bootargs", "uuid"})


@rule(
    "acpi-option-ignored",
    Severity.SILENT,
    fact="From v3.0 on -A is obsolete and ignored: there are always ACPI tables.",
    remedy="leave -A out where only v3.0 and later are meant",
)
def acpi_option_ignored(reading: Reading) -> Iterator[Hit]:
    """Find ``-A`` where it does nothing."""
    for given in options(reading, "acpi"):
        if ignores("acpi", reading.release):
            yield Hit(given.token, "-A does nothing")


@rule(
    "option-ignored",
    Severity.SILENT,
    fact="-Y, -i, -G, --vsbl, --part_info and --pm_by_vuart work before v3.0; from then on they "
    "are accepted and ignored, with a line of warning.",
    remedy="leave the option out for these releases, and use what took its place (--ovmf for "
    "--vsbl)",
)
def option_ignored(reading: Reading) -> Iterator[Hit]:
    """Find other options that a release only takes."""
    for given in options(reading):
        if given.name != "acpi" and ignores(given.name, reading.release):
            yield Hit(given.token, f"--{given.name} does nothing")


@rule(
    "option-obsolete",
    Severity.STYLE,
    fact="From v3.0 on --pm_notify_channel is called obsolete, but still looked at.",
    remedy="leave the option out where only v3.0 and later are meant",
)
def option_obsolete(reading: Reading) -> Iterator[Hit]:
    """Find options that are on their way out."""
    for given in options(reading):
        if discourages(given.name, reading.release):
            yield Hit(given.token, f"--{given.name} is obsolete")


@rule(
    "option-repeated",
    Severity.SILENT,
    fact="Of -m, -k, -r, -B and -U given several times the last counts.",
    remedy="give the option once",
)
def option_repeated(reading: Reading) -> Iterator[Hit]:
    """Find an option that a later one undoes."""
    last = {given.name: given.value for given in options(reading, *_LAST_COUNTS)}
    for given in options(reading, *_LAST_COUNTS):
        if given.value != last[given.name]:
            yield Hit(
                given.token, f"--{given.name} is given again later; this one is without effect"
            )


@rule(
    "option-abbreviated",
    Severity.RISKY,
    fact="getopt takes any abbreviation that fits one long option: --virtio_msi is an option of "
    "its own from v3.0 on, and --virtio_msix before.",
    remedy="write long options in full",
)
def option_abbreviated(reading: Reading) -> Iterator[Hit]:
    """Find a long option that is not written in full."""
    for given in options(reading):
        token = reading.argv[given.at]
        if token.startswith("--") and token[2:].partition("=")[0] != given.name:
            yield Hit(given.at, f"{brief(token)} is read as --{given.name}")


@rule(
    "value-looks-like-option",
    Severity.RISKY,
    fact="An option takes the next token for its value, whatever that begins with; --ssram has "
    "taken a value only from v3.0 on.",
    remedy="give the value that is missing, or write it in one token with the option",
)
def value_looks_like_option(reading: Reading) -> Iterator[Hit]:
    """Find a value that begins with a minus sign."""
    for given in options(reading):
        if given.value.startswith("-") and given.at != given.token:
            yield Hit(given.token, f"{brief(given.value)} is taken for the value of --{given.name}")


@rule(
    "blank-in-front-of-value",
    Severity.RISKY,
    fact="A token such as '-m 512M' gives the option a value that begins with a blank: numbers "
    "are read all the same, paths and ports are not.",
    remedy="make two tokens of it, or leave the blank out",
)
def blank_in_front_of_value(reading: Reading) -> Iterator[Hit]:
    """Find an option and its value in one token with a blank between them."""
    for given in options(reading):
        if given.value[:1].isspace() and given.at == given.token:
            yield Hit(given.token, f"the value of --{given.name} begins with a blank")


RULES = (
    acpi_option_ignored,
    option_ignored,
    option_obsolete,
    option_repeated,
    option_abbreviated,
    value_looks_like_option,
    blank_in_front_of_value,
)
