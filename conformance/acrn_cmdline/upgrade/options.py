"""Options that the target has no more, looks at no more, or calls by another name."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from acrn_cmdline.upgrade.line import Edit, Line
from acrn_cmdline.upgrade.parts import Part, option
from acrn_dm import BOOTED, FaultKind, boots, ignores


class _Ended(NamedTuple):
    """The end of an option: the fact, and what is lost with it, empty where nothing is."""

    fact: str
    lost: str = ""


_ENDED: Final[Mapping[str, _Ended]] = MappingProxyType(
    {
        "acpi": _Ended("From v3.0 on there are always ACPI tables, and -A is ignored."),
        "uuid": _Ended("From v2.7 on -U is refused: a VM goes by its name alone."),
        "pincpu": _Ended(
            "-p ended with v1.2.",
            "virtual CPUs pinned to physical ones: from v1.6.1 on --cpu_affinity names those of "
            "the VM",
        ),
        "ncpus": _Ended(
            "-c ended with v1.3.",
            "the number of virtual CPUs: it is the scenario's, and from v1.6.1 on as many as "
            "--cpu_affinity names",
        ),
        "mptgen": _Ended(
            "From v3.0 on -Y is ignored: there always is an MP table, which wants all devices on "
            "bus 0.",
            "a guest without an MP table",
        ),
        "ioc_node": _Ended(
            "From v3.0 on -i is ignored: no I/O controller is emulated.",
            "the I/O controller, and with it why the guest is woken and suspended",
        ),
        "gvtargs": _Ended("GVT-g ended with v2.7; from v3.0 on -G is ignored."),
        "vsbl": _Ended(
            "From v3.0 on --vsbl is ignored: --ovmf, -k or -E boot.",
            "the boot loader VSBL",
        ),
        "part_info": _Ended(
            "From v3.0 on --part_info, which tells VSBL of partitions, is ignored.",
            "the partitions that VSBL is told of",
        ),
        "ptdev_no_reset": _Ended(
            "--ptdev_no_reset ended with v1.5.1; from v1.6 on passthru takes no_reset."
        ),
    }
)
"""Facts of options that ended; of others it is known that they did."""

_RENAMED: Final = MappingProxyType(
    {
        "virtio_msix": (
            "virtio_msi",
            "-W asks for single-vector MSI before v3.0, and --virtio_msi from then on.",
        ),
        "psram": ("ssram", "--psram became --ssram in v2.5."),
        "apcidev_pt": ("acpidev_pt", "--apcidev_pt was spelled --acpidev_pt in v2.3."),
    }
)
"""New names of options, by the old ones."""

_OTHER_FIRMWARE: Final = (
    "the boot loader VSBL: OVMF boots a disk that holds an EFI boot loader, and no other"
)
_CHANNELS: Final = ("ioc", "power_button", "uart,allow_trigger_s5", "uart")
_CHANNEL_WORDS: Final = (
    "Before v2.5 --pm_notify_channel takes any word, and looks at how it begins; from then on it "
    "takes ioc, power_button, uart and uart,allow_trigger_s5."
)
_SSRAM: Final = (
    "From v3.0 on --ssram has a value: LEVEL,vcpu=LIST,size=SIZE for each region; before, all that "
    "the board has was handed to the guest."
)
_CHANNEL: Final = (
    "From v3.0 on --pm_by_vuart and -i are ignored, and --pm_notify_channel uart, which needs the "
    "former, aborts; a life-cycle manager is reached by a vUART of the hypervisor's scenario."
)


def write_in_full(line: Line) -> Iterator[Edit]:
    """Write an abbreviated option in full, so that it stays the one that it is."""
    for index, part in line.options():
        if part.flag.startswith("--") and part.flag != f"--{part.option}":
            full = part._replace(flag=f"--{part.option}")
            fact = "getopt takes any abbreviation that fits one option of the release alone."
            reason = f"written in full, as {line.source} read it"
            yield Edit(index, index + 1, (full,), reason, fact)


def rename(line: Line) -> Iterator[Edit]:
    """Give an option the name that it goes by in the target."""
    for index, part in line.options(*_RENAMED):
        name, fact = _RENAMED[part.option]
        if not line.takes(part.option) and line.takes(name):
            new = Part(name, f"--{name}", part.value, part.joined, places=part.places)
            yield Edit(index, index + 1, (new,), f"it is --{name} in {line.target}", fact)


def end(line: Line) -> Iterator[Edit]:
    """Leave out what the target refuses, or takes and never looks at."""
    for index, part in line.options():
        if line.takes(part.option) or part.option == "pm_by_vuart":
            continue
        fact, lost = _ENDED.get(part.option, _Ended("It is not in the target.", part.flag))
        verb = "ignores" if ignores(part.option, line.target) else "refuses"
        reason = f"{line.target} {verb} {part.flag}"
        yield Edit(index, index + 1, (), reason, fact, lost)


def keep_devices_as_they_are(line: Line) -> Iterator[Edit]:
    """Give each passthru device the ``no_reset`` that --ptdev_no_reset stood for."""
    if not line.has("ptdev_no_reset") or line.takes("ptdev_no_reset"):
        return
    for index, part in line.options("pci_slot"):
        if part.value and part.value.split(",")[1:2] == ["passthru"]:
            new = part.valued(f"{part.value},no_reset")
            reason = "--ptdev_no_reset, for each device"
            yield Edit(index, index + 1, (new,), reason, _ENDED["ptdev_no_reset"].fact)


def boot_by_firmware(line: Line) -> Iterator[Edit]:
    """Leave a hole for firmware, where the boot loader that the line names has ended."""
    given = list(line.options("vsbl"))
    others = any(line.has(name) and boots(name, line.target) for name in BOOTED)
    if given and not others and not line.takes("vsbl"):
        index, part = given[0]
        firmware = option("ovmf", line.firmware)
        reason = f"{line.target} ignores {part.flag}, and boots a disk by OVMF"
        yield Edit(index, index + 1, (firmware,), reason, _ENDED["vsbl"].fact, _OTHER_FIRMWARE)


def name_channel(line: Line) -> Iterator[Edit]:
    """Write a channel as the target does, and leave out a word that is none."""
    for index, part in line.options("pm_notify_channel"):
        if FaultKind.OPTION_VALUE not in line.complaints(*part.words):
            continue
        value = part.value or ""
        if line.holes.unknown(value):
            continue
        channel = next((each for each in _CHANNELS if value.startswith(each)), None)
        reason = f"{line.target} refuses the channel {value}"
        if channel:
            yield Edit.of_value(index, part, channel, reason, _CHANNEL_WORDS)
        else:
            yield Edit(index, index + 1, (), reason, _CHANNEL_WORDS)


def say_regions(line: Line) -> Iterator[Edit]:
    """Leave a hole for the regions of software SRAM, where the target wants them said."""
    for index, part in line.options("ssram"):
        if part.value is None and FaultKind.OPTION_ARGUMENT in line.complaints(*part.words):
            new = part.valued(line.regions)
            reason = f"{line.target} wants the regions, which cannot be told from the line"
            yield Edit(index, index + 1, (new,), reason, _SSRAM)


def end_channel(line: Line) -> Iterator[Edit]:
    """Leave out the channel to a life-cycle manager that the target opens no more."""
    if line.takes("pm_by_vuart"):
        return
    for index, _ in line.options("pm_by_vuart"):
        lost = "the channel over which the guest is told to shut down"
        yield _without(line, index, lost)
    for index, part in line.options("pm_notify_channel"):
        if (part.value or "").startswith(("uart", "ioc")):
            yield _without(line, index)
    nodes = {_node(part) for _, part in line.options("pm_by_vuart", "ioc_node")}
    for index, part in line.options("lpc"):
        _, comma, backend = (part.value or "").partition(",")
        if comma and backend in nodes:
            yield _without(line, index)


def _without(line: Line, index: int, lost: str = "") -> Edit:
    reason = f"{line.target} opens no such channel"
    return Edit(index, index + 1, (), reason, _CHANNEL, lost)


def _node(part: Part) -> str:
    """Return the path of a pty that acrn-dm makes for ``--pm_by_vuart`` and ``-i``."""
    value = part.value or ""
    if part.option == "ioc_node":
        return value.partition(",")[0]
    kind, _, path = value.partition(",")
    return path if kind.lower() == "pty" else ""
