"""The options of acrn-dm, from which release to which, dated by the tag that made a difference."""

from functools import cache
from typing import Final, NamedTuple

from acrn_dm.getopt import Entry, Spec
from acrn_dm.release import ALL, NEVER, Releases, before, during, since


class Option(NamedTuple):
    """An option: its long name, its letter, and where it is what.

    ``long`` and ``letters``: where getopt knows it by name and by letter; ``argument``: where it
    takes a value. Known, but not ``handled``: acrn-dm prints its usage text. ``ignored``: the
    value is not looked at; ``obsolete``: ``notice`` is printed.
    """

    name: str
    letter: str = ""
    argument: Releases = NEVER
    long: Releases = ALL
    letters: Releases = ALL
    handled: Releases = ALL
    ignored: Releases = NEVER
    obsolete: Releases = NEVER
    notice: str = ""


_V3: Final = since("v3.0")


def _obsolete(name: str, letter: str = "", argument: Releases = ALL) -> Option:
    """Return an option that v3.0 takes without looking at its value."""
    shown = f"-{letter}, --{name}" if letter else f"--{name}"
    notice = f'The "{shown}" parameter is obsolete and ignored'
    return Option(name, letter, argument, ignored=_V3, obsolete=_V3, notice=notice)


def _gone(name: str, letter: str, end: str, getopt_end: str, argument: Releases = ALL) -> Option:
    """Return an option dropped in ``end``, but from getopt's letters only in ``getopt_end``."""
    there = before(end)
    return Option(name, letter, argument, there, before(getopt_end), there)


def _flag(name: str, long: Releases = ALL) -> Option:
    return Option(name, long=long)


def _value(name: str, long: Releases = ALL) -> Option:
    return Option(name, argument=ALL, long=long)


OPTIONS: Final = (
    Option(
        "acpi",
        "A",
        ignored=_V3,
        obsolete=_V3,
        notice="The '-A' parameter is obsolete and ignored. "
        "Virtual ACPI tables are always enabled.",
    ),
    _gone("pincpu", "p", "v1.3", "v2.0"),
    _gone("ncpus", "c", "v1.4", "v1.4"),
    Option("elf_file", "E", ALL),
    _obsolete("ioc_node", "i"),
    Option("lpc", "l", ALL),
    Option("pci_slot", "s", ALL),
    Option("memsize", "m", ALL),
    Option("uuid", "U", ALL, long=before("v2.7"), handled=before("v2.7")),
    _gone("virtio_msix", "W", "v3.0", "v3.0", NEVER),
    _obsolete("mptgen", "Y", NEVER),
    Option("kernel", "k", ALL),
    Option("ramdisk", "r", ALL),
    Option("bootargs", "B", ALL),
    Option("version", "v"),
    _obsolete("gvtargs", "G"),
    Option("help", "h"),
    _obsolete("vsbl"),
    _value("ovmf"),
    _obsolete("part_info"),
    _flag("enable_trusty"),
    _value("virtio_poll"),
    _value("mac_seed"),
    _flag("ptdev_no_reset", before("v1.6")),
    _flag("debugexit"),
    _value("intr_monitor"),
    _value("vtpm2"),
    _flag("lapic_pt"),
    _flag("rtvm"),
    _value("logger_setting", since("v1.1")),
    Option(
        "pm_notify_channel",
        argument=ALL,
        long=since("v1.3"),
        obsolete=_V3,
        notice='The "--pm_notify_channel" parameter is obsolete',
    ),
    Option(
        "pm_by_vuart",
        argument=ALL,
        long=since("v1.3"),
        ignored=_V3,
        obsolete=_V3,
        notice='The "--pm_by_vuart" parameter is obsolete and ignored',
    ),
    _flag("windows", since("v1.4")),
    _value("cpu_affinity", since("v1.6.1")),
    _value("apcidev_pt", during("v2.1", "v2.3")),
    _value("acpidev_pt", since("v2.3")),
    _value("mmiodev_pt", since("v2.1")),
    _flag("psram", during("v2.2", "v2.5")),
    Option("ssram", argument=_V3, long=since("v2.5")),
    _value("cmd_monitor", _V3),
    _flag("virtio_msi", _V3),
    _value("iasl", since("v3.1")),
)
"""All options, in the order in which getopt lists the possibilities of an abbreviation."""

OPTION: Final = {option.name: option for option in OPTIONS}

_ELSEWHERE: Final = {
    written: Entry(option.name, bool(option.argument))
    for option in OPTIONS
    for written in (f"--{option.name}", f"-{option.letter}")
    if written != "-"
}


@cache
def spec(release: str) -> Spec:
    """Return the options as getopt knows them in a release."""
    entries = [(o, Entry(o.name, release in o.argument)) for o in OPTIONS]
    return Spec(
        {o.letter: entry for o, entry in entries if o.letter and release in o.letters},
        {o.name: entry for o, entry in entries if release in o.long},
        _ELSEWHERE,
    )


@cache
def ignored(release: str) -> frozenset[str]:
    """Return the options whose values a release never looks at."""
    return frozenset(option.name for option in OPTIONS if release in option.ignored)
