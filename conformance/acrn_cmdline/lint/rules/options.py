"""Options that are taken and do nothing, or something else than it seems; facts: "Options"."""

import re
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import (
    Reading,
    discourages,
    ignores,
    loggers,
    numbers_cpus_by_apic_id,
    processors_read,
    reads_seed_of_interface,
    switches_lapic_off,
    takes,
)

_LAST_COUNTS: Final = frozenset({"memsize", "kernel", "ramdisk", "bootargs", "uuid"})
_REGION: Final = re.compile(r"\s*[+-]?(?:0[xX])?[0-9a-fA-F]+,\s*[+-]?(?:0[xX])?[0-9a-fA-F]+")
_SPAN: Final = re.compile("[0-9]-[0-9]")


@rule(
    "acpi-option-ignored",
    Severity.SILENT,
    fact="From v3.0 on -A is obsolete and ignored: there are always ACPI tables.",
    remedy="leave -A out where only v3.0 and later are meant",
)
def acpi_option_ignored(reading: Reading) -> Iterator[Hit]:
    """Find ``-A`` where it does nothing."""
    if ignores("acpi", reading.release):
        for given in options(reading, "acpi"):
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


@rule(
    "cpu-affinity-range",
    Severity.RISKY,
    fact="--cpu_affinity takes ranges before v3.0, and commas only from then on.",
    remedy="list the ids with commas",
)
def cpu_affinity_range(reading: Reading) -> Iterator[Hit]:
    """Find a range of ids where there is none."""
    if numbers_cpus_by_apic_id(reading.release):
        for given in options(reading, "cpu_affinity"):
            if _SPAN.search(given.value):
                yield Hit(given.token, f"the range in {brief(given.value)} is not read as one")


@rule(
    "cpu-affinity-ids",
    Severity.RISKY,
    fact="--cpu_affinity names physical CPUs before v3.0, and local APIC ids from then on.",
    remedy="look up the local APIC ids of the CPUs meant for v3.0 and later",
    contrast=True,
)
def cpu_affinity_ids(reading: Reading) -> Iterator[Hit]:
    """Find the same ids for releases that mean different things by them."""
    if numbers_cpus_by_apic_id(reading.release):
        for given in options(reading, "cpu_affinity"):
            text = f"{brief(given.value)} are local APIC ids here, and physical CPUs before v3.0"
            yield Hit(given.token, text)


@rule(
    "mac-seed-unread",
    Severity.SILENT,
    fact="From v3.0 on --mac_seed is only warned of at run time: the MAC of an interface then "
    "comes from its slot and function alone, so that all VMs of one script share it.",
    remedy="write tap=NAME,mac_seed=SEED for each virtio-net, or give it a mac=",
)
def mac_seed_unread(reading: Reading) -> Iterator[Hit]:
    """Find a seed for all interfaces where each has its own."""
    if reads_seed_of_interface(reading.release):
        for given in options(reading, "mac_seed"):
            yield Hit(given.at, "no MAC is made of this seed")


@rule(
    "lapic-without-real-time",
    Severity.SILENT,
    fact="From v3.0 on --lapic_pt is switched off, with a warning at run time, where --rtvm is "
    "not given; before, it made a real-time VM by itself.",
    remedy="give --rtvm, which includes it, or leave it out",
)
def lapic_without_real_time(reading: Reading) -> Iterator[Hit]:
    """Find a local APIC that the guest does not get."""
    if switches_lapic_off(reading.release) and not any(options(reading, "rtvm")):
        for given in options(reading, "lapic_pt"):
            yield Hit(given.token, "--lapic_pt is switched off without --rtvm")


@rule(
    "notify-channel-unknown",
    Severity.SILENT,
    fact="Before v2.5 --pm_notify_channel takes any word: what does not begin with ioc, "
    "power_button or uart is no channel.",
    remedy="write ioc, power_button or uart",
)
def notify_channel_unknown(reading: Reading) -> Iterator[Hit]:
    """Find a channel that is none."""
    for given in options(reading, "pm_notify_channel"):
        if not given.value.startswith(("ioc", "power_button", "uart")):
            yield Hit(given.token, f"{brief(given.value)} is no channel")


@rule(
    "vuart-without-channel",
    Severity.SILENT,
    fact="The node of --pm_by_vuart is opened for --pm_notify_channel uart only.",
    remedy="add --pm_notify_channel uart, or leave the node out",
)
def vuart_without_channel(reading: Reading) -> Iterator[Hit]:
    """Find a node that nobody opens."""
    channels = [given.value for given in options(reading, "pm_notify_channel")]
    if not any(channel.startswith("uart") for channel in channels[-1:]):
        for given in options(reading, "pm_by_vuart"):
            if takes("pm_by_vuart", reading.release):
                yield Hit(given.token, "this node is never opened")


@rule(
    "vuart-without-port",
    Severity.RISKY,
    fact="The pty of --pm_by_vuart pty,PATH reaches the guest by an -l com2,PATH on an LPC.",
    remedy="add -s 1:0,lpc -l com2,PATH with the same path",
)
def vuart_without_port(reading: Reading) -> Iterator[Hit]:
    """Find a pty that no port of the guest is connected to."""
    backends = {port.backend.value for port in reading.command.ports if port.backend}
    for given in options(reading, "pm_by_vuart"):
        kind, _, path = given.value.partition(",")
        used = takes("pm_by_vuart", reading.release) and kind.lower() == "pty"
        if used and path not in backends:
            yield Hit(given.token, f"no -l names {brief(path)}")


@rule(
    "logger-unknown",
    Severity.SILENT,
    fact="--logger_setting knows console, kmsg and, from v1.2 on, disk, in small letters; it "
    "takes any other name and does nothing.",
    remedy="write console, kmsg or disk",
)
def logger_unknown(reading: Reading) -> Iterator[Hit]:
    """Find a logger that there is not."""
    for given in options(reading, "logger_setting"):
        names = [part.partition(",")[0] for part in given.value.split(";")]
        for name in names:
            if name not in loggers(reading.release):
                yield Hit(given.token, f"there is no logger {brief(name)}")


@rule(
    "cpu-list-cut",
    Severity.SILENT,
    fact="--cpu_affinity reads its list up to the first entry that does not begin with a digit, "
    "and says nothing of the rest.",
    remedy="write the ids with commas and no blanks",
)
def cpu_list_cut(reading: Reading) -> Iterator[Hit]:
    """Find ids that are not read."""
    for given in options(reading, "cpu_affinity"):
        read = processors_read(given.value)
        rest = given.value[len(read) :]
        if read and rest.strip(","):
            yield Hit(given.token, f"{brief(rest)} is not read")


@rule(
    "mmio-device-unread",
    Severity.SILENT,
    fact="From v2.5 on --mmiodev_pt takes anything, and hands nothing on where it is not "
    "BASE,SIZE in hexadecimal.",
    remedy="write the region as BASE,SIZE, such as 0xfed40000,0x5000",
)
def mmio_device_unread(reading: Reading) -> Iterator[Hit]:
    """Find a region that is not handed on."""
    for given in options(reading, "mmiodev_pt"):
        if not _REGION.match(given.value):
            yield Hit(given.token, f"{brief(given.value)} is no region")


@rule(
    "tpm-without-socket",
    Severity.SILENT,
    fact="--vtpm2 takes sock_path=PATH; it takes any other word as well, and there is no TPM.",
    remedy="write sock_path=PATH, the socket of a swtpm",
)
def tpm_without_socket(reading: Reading) -> Iterator[Hit]:
    """Find a TPM that the guest does not get."""
    for given in options(reading, "vtpm2"):
        if not given.value.startswith("sock_path="):
            yield Hit(given.token, f"{brief(given.value)} names no socket")


RULES = (
    mac_seed_unread,
    lapic_without_real_time,
    notify_channel_unknown,
    vuart_without_channel,
    vuart_without_port,
    logger_unknown,
    cpu_list_cut,
    mmio_device_unread,
    tpm_without_socket,
    acpi_option_ignored,
    option_ignored,
    option_obsolete,
    option_repeated,
    option_abbreviated,
    value_looks_like_option,
    blank_in_front_of_value,
    cpu_affinity_range,
    cpu_affinity_ids,
)
