"""The options of acrn-dm, from which release to which, dated by the tag that made a difference."""

from functools import cache
from typing import Final, NamedTuple

from acrn_dm.alike import Releases, Timeline
from acrn_dm.dated import ALL, NEVER, before, during, since
from acrn_dm.getopt import Entry
from acrn_dm.release import RELEASES


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

_LETTERS: Final = {option.letter: option.name for option in OPTIONS if option.letter}
_ELSEWHERE: Final = {
    written: Entry(option.name, bool(option.argument))
    for option in OPTIONS
    for written in (f"--{option.name}", f"-{option.letter}")
    if written != "-"
}


class Spec:
    """The options as getopt knows them in a release."""

    def __init__(self, release: str) -> None:
        self._release = release

    def letter(self, letter: str) -> Entry | None:
        """Return the option of a letter."""
        name = _LETTERS.get(letter)
        return None if name is None else _lettered(name)[self._release]

    def long(self, name: str) -> Entry | None:
        """Return the option of a long name."""
        return _named(name)[self._release] if name in OPTION else None

    def beginning(self, text: str) -> list[Entry]:
        """Return the options whose long names begin with a text, in the order of the table."""
        return list(filter(None, (self.long(name) for name in OPTION if name.startswith(text))))

    def elsewhere(self, written: str) -> Entry | None:
        """Return the option of any release that is written so: ``-c``, ``--ncpus``."""
        return _ELSEWHERE.get(written)


@cache
def _lettered(name: str) -> Timeline[Entry | None]:
    return _entries(OPTION[name], OPTION[name].letters)


@cache
def _named(name: str) -> Timeline[Entry | None]:
    return _entries(OPTION[name], OPTION[name].long)


def _entries(option: Option, known: Releases) -> Timeline[Entry | None]:
    return Timeline(
        {
            release: Entry(option.name, release in option.argument) if release in known else None
            for release in RELEASES
        }
    )


class Habit(NamedTuple):
    """What a release does with an option that getopt finds, as :class:`Option` says."""

    handled: bool
    ignored: bool
    obsolete: bool


@cache
def habit(name: str) -> Timeline[Habit]:
    """Return what each release does with an option."""
    option = OPTION[name]
    return Timeline(
        {
            release: Habit(
                release in option.handled, release in option.ignored, release in option.obsolete
            )
            for release in RELEASES
        }
    )
