"""Faults in what a newer dialect writes: options, network devices, and the kernel's parameters."""

from miniatures.miniature import Patch

_NAME = '        *([Piece((config.name,), "name")] if config.name else []),\n'
_BEHIND = "        *_options(dialect.behind, config),\n"
_CPU = '_option("apic_id", "--cpu_affinity", config.apic_id)'
_TAP = "{self.prefix}"
_BEFORE = 'before=("-A", "-m")'
_AFTER = 'behind=("--cpu_affinity", "-k")'


def _cpu(name: str, what: str, expression: str) -> Patch:
    return Patch(name, what, "config._OPTIONS", _CPU, expression, dialect="kata-3")


def _kata(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "dialect.KATA_3", old, new, dialect="kata-3")


def _acrn(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "dialect.ACRN_3", old, new, dialect="acrn-3")


def _net(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "devices.Net.params", old, new, dialect="acrn-3")


PATCHES = (
    _kata("uuid-still-written", "A UUID is read, and written before all else.",
          f'{_BEFORE},\n    {_AFTER},\n    absent=frozenset({{"uuid"}})',
          f'before=("-U", "-A", "-m"),\n    {_AFTER},\n    absent=frozenset()'),
    _cpu("cpu-as-uuid", "The CPU is the value of -U.", '_option("apic_id", "-U", config.apic_id)'),
    _kata("cpu-before-devices", "The CPU comes before the devices.", f"{_BEFORE},\n    {_AFTER}",
          'before=("-A", "-m", "--cpu_affinity"),\n    behind=("-k",)'),
    _kata("cpu-first-of-all", "The CPU comes before ACPI and memory.", f"{_BEFORE},\n    {_AFTER}",
          'before=("--cpu_affinity", "-A", "-m"),\n    behind=("-k",)'),
    _kata("cpu-behind-kernel", "The CPU comes behind the kernel.", _AFTER,
          'behind=("-k", "--cpu_affinity")'),
    Patch("cpu-behind-name", "The CPU comes behind the name.", "config.command", _BEHIND + _NAME,
          '        *_options(["-k"], config),\n' + _NAME +
          '        *_options(["--cpu_affinity"], config),\n', dialect="kata-3"),
    _cpu("cpu-needs-kernel", "The CPU is left out without a kernel.",
         f"{_CPU} if config.kernel.path else []"),
    _cpu("cpu-needs-name", "The CPU is left out without a name.",
         f"{_CPU} if config.name else []"),
    _cpu("cpu-one-token", "The CPU and its option are one token.",
         'config.apic_id and [Piece((f"--cpu_affinity={config.apic_id}",), "apic_id")]'),
    _cpu("cpu-kept-when-empty", "The CPU's option is written without any CPU.",
         '[Piece(("--cpu_affinity", config.apic_id), "apic_id")]'),
    _cpu("cpu-option-in-dashes", "The CPU's option is --cpu-affinity.",
         _CPU.replace("cpu_affinity", "cpu-affinity")),
    _cpu("cpu-first-of-a-list", "Of several CPUs the first is written.",
         _CPU.replace("config.apic_id", 'config.apic_id.split(",")[0]')),
    _cpu("cpu-a-number", "The CPU is written as a number where it is one.",
         _CPU.replace("config.apic_id", "config.apic_id.lstrip('0') or config.apic_id[:1]")),
    _kata("acpi-lost", "ACPI is not written.", _BEFORE, 'before=("-m",)'),
    _kata("acpi-behind-memory", "ACPI comes behind the memory.", _BEFORE, 'before=("-m", "-A")'),
    _kata("graphics-kept", "All fifteen kernel parameters of Kata 1.x are kept.", "common=BASIC",
          "common=BASIC + GRAPHICS"),
    _kata("iommu-kept", "The parameter iommu=off is kept.", "common=BASIC",
          "common=BASIC + GRAPHICS[:1]"),
    _kata("hvc0-lost", "The console hvc0 is lost of the eight parameters.", "common=BASIC",
          'common=tuple(p for p in BASIC if p.value != "hvc0")'),
    _kata("last-common-lost", "The last of the eight parameters is lost.", "common=BASIC",
          "common=BASIC[:-1]"),
    _kata("first-common-lost", "The first of the eight parameters is lost.", "common=BASIC",
          "common=BASIC[1:]"),
    _kata("network-hotplug-denied", "The hot-plug of networks is not claimed.",
          "network_device_hotplug=True", "network_device_hotplug=False"),
    _net("tap-key-of-taps", "A macvtap's name has no tap= before it.", _TAP,
         "{self.prefix if self.net_type == 'tap' else ''}"),
    _net("tap-key-of-macvtaps", "A tap's name has no tap= before it.", _TAP,
         "{self.prefix if self.net_type == 'macvtap' else ''}"),
    _net("tap-key-of-unknown", "The name of a net of an unknown type has tap= before it.",
         "text = self.if_name", "text = self.prefix + self.if_name"),
    _net("tap-key-of-other-names", "A name that begins with tap has no tap= before it.", _TAP,
         "{'' if self.if_name.startswith('tap') else self.prefix}"),
    _net("tap-key-quoted", "The name behind tap= is in quotes where a comma is in it.",
         f"{_TAP}{{self.if_name}}",
         f"{_TAP}{{ascii(self.if_name) if ',' in self.if_name else self.if_name}}"),
    _acrn("board-acpi-written", "ACPI is written, as in Kata 3.9.", 'before=("-m",)',
          'before=("-A", "-m")'),
    _acrn("board-without-tap-key", "No name of a network has tap= before it.", ", net=TapNet", ""),
    _acrn("board-sandbox-without-cpu", "A sandbox without a CPU is not refused.",
          "needs_cpu=True", "needs_cpu=False"),
)  # fmt: skip
