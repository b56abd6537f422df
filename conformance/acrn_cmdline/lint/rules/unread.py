"""Values of options of which a release makes nothing; facts: "Options"."""

import re
from collections.abc import Iterator
from typing import Final

from acrn_cmdline.lint.finding import Severity, brief
from acrn_cmdline.lint.rule_form import Hit, rule
from acrn_cmdline.lint.rules.parts import options
from acrn_dm import Reading, loggers, reads_seed_of_interface

_NUMBER: Final = r"\s*[+-]?(?:0[xX])?[0-9a-fA-F]+"
_REGION: Final = f"{_NUMBER},{_NUMBER}"


@rule(
    "mac-seed-unread",
    Severity.SILENT,
    fact="From v3.0 on --mac_seed is only warned of at run time: the MAC of an interface then "
    "comes from its slot and function alone, so that all VMs of one script share it.",
    remedy="write tap=NAME,mac_seed=SEED for each virtio-net, or give it a mac=",
)
def mac_seed_unread(reading: Reading) -> Iterator[Hit]:
    """Find a seed for all interfaces where each has its own."""
    for given in options(reading, "mac_seed"):
        if reads_seed_of_interface(reading.release):
            yield Hit(given.at, "no MAC is made of this seed")


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
    "mmio-device-unread",
    Severity.SILENT,
    fact="From v2.5 on --mmiodev_pt takes anything, and hands nothing on where it is not "
    "BASE,SIZE in hexadecimal.",
    remedy="write the region as BASE,SIZE, such as 0xfed40000,0x5000",
)
def mmio_device_unread(reading: Reading) -> Iterator[Hit]:
    """Find a region that is not handed on."""
    for given in options(reading, "mmiodev_pt"):
        if not re.match(_REGION, given.value):
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
    logger_unknown,
    mmio_device_unread,
    tpm_without_socket,
)
