"""Faults of kata-3 in its options, its kernel parameters, and the name of a sandbox."""

from acrn_conformance.cases import KATA_3
from miniatures.miniature import Patch

_OLD_OPTIONS = 'before=("-A", "-m"),\n    behind=("--cpu_affinity", "-k"),'
_UUID_ABSENT = f'{_OLD_OPTIONS}\n    absent=frozenset({{"uuid"}}),'
_AFFINITY = '_option("apic_id", "--cpu_affinity", config.apic_id)'
_COMMON = "common=BASIC,"
_TAIL = (
    "        *_options(dialect.behind, config),\n"
    '        *([Piece((config.name,), "name")] if config.name else []),\n'
)
_BYTES = 'len(name.encode("utf-8", "surrogatepass"))'
_ON_SLOTS = "    on_slots = tuple(placed(config.devices))\n"


def _dialect(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "dialect.KATA_3", old, new, dialect=KATA_3.name)


def _options(name: str, what: str, before: str, behind: str) -> Patch:
    new = f"before=({before},),\n    behind=({behind},),"
    return _dialect(name, what, _OLD_OPTIONS, new)


def _affinity(name: str, what: str, new: str) -> Patch:
    return Patch(name, what, "config._OPTIONS", _AFFINITY, new, dialect=KATA_3.name)


def _of_cpus(name: str, what: str, text: str) -> Patch:
    return _affinity(name, what, f'_option("apic_id", "--cpu_affinity", {text})')


def _command(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "config.command", old, new, dialect=KATA_3.name)


def _name(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "sandbox.Sandbox._name", old, new, dialect=KATA_3.name)


PATCHES = (
    _dialect("kata-3-uuid-written", "A UUID is still written.", _UUID_ABSENT,
             'before=("-U", "-A", "-m"),\n    behind=("--cpu_affinity", "-k"),\n'
             "    absent=frozenset(),"),
    _options("affinity-before-devices", "The CPUs come before the devices.",
             '"-A", "-m", "--cpu_affinity"', '"-k"'),
    _options("affinity-first", "The CPUs come first.", '"--cpu_affinity", "-A", "-m"', '"-k"'),
    _options("affinity-behind-kernel", "The CPUs come behind the kernel.",
             '"-A", "-m"', '"-k", "--cpu_affinity"'),
    _options("kata-3-acpi-lost", "ACPI is never written.", '"-m"', '"--cpu_affinity", "-k"'),
    _options("kata-3-acpi-behind-memory", "ACPI comes behind the memory.", '"-m", "-A"',
             '"--cpu_affinity", "-k"'),
    _options("kata-3-affinity-lost", "The CPUs are never written.", '"-A", "-m"', '"-k"'),
    _command("affinity-behind-name", "The CPUs come behind the name.", _TAIL,
             "        *_options(dialect.behind[1:], config),\n"
             '        *([Piece((config.name,), "name")] if config.name else []),\n'
             "        *_options(dialect.behind[:1], config),\n"),
    _affinity("affinity-one-token", "The CPUs are one token with their option.",
              '[Piece((f"--cpu_affinity={config.apic_id}",), "apic_id")] '
              "if config.apic_id else []"),
    _affinity("affinity-empty-kept", "The option of the CPUs stands even without a CPU.",
              '[Piece(("--cpu_affinity", config.apic_id), "apic_id")]'),
    _of_cpus("affinity-needs-kernel", "The CPUs are left out without a kernel.",
             'config.apic_id if config.kernel.path else ""'),
    _of_cpus("affinity-needs-devices", "The CPUs are left out without devices.",
             'config.apic_id if config.devices else ""'),
    _of_cpus("affinity-one-cpu", "Of several CPUs the first stays.",
             'config.apic_id.partition(",")[0]'),
    _of_cpus("affinity-0-left-out", "The CPU 0 is taken for none.",
             'config.apic_id if config.apic_id != "0" else ""'),
    _of_cpus("affinity-trimmed", "Blanks around the CPUs are lost.", "config.apic_id.strip()"),
    _dialect("fifteen-parameters", "The parameters of GVT-g are still there.", _COMMON,
             "common=BASIC + GRAPHICS,"),
    _dialect("iommu-kept", "Of the parameters of GVT-g iommu=off is still there.", _COMMON,
             "common=BASIC + GRAPHICS[:1],"),
    _dialect("consoleblank-lost", "The last common parameter, consoleblank, is lost.", _COMMON,
             "common=BASIC[:-1],"),
    _dialect("hvc0-lost", "The console hvc0 is lost.", _COMMON, "common=BASIC[:5] + BASIC[6:],"),
    _dialect("one-console", "Of the three consoles the last stays.", _COMMON,
             "common=tuple({param.key: param for param in BASIC}.values()),"),
    _dialect("network-hotplug-denied", "Hot-plug of network devices is not claimed.",
             "network_device_hotplug=True", "network_device_hotplug=False"),
    _dialect("kata-3-long-prefix", "A sandbox's name begins with sandbox-.", '"sbx-"',
             '"sandbox-"'),
    _dialect("kata-3-no-prefix", "A sandbox's name is its id.", '"sbx-"', '""'),
    _dialect("name-of-16-bytes", "A name may have 16 bytes.", "name_limit=15", "name_limit=16"),
    _dialect("name-of-14-bytes", "A name may have 14 bytes.", "name_limit=15", "name_limit=14"),
    _dialect("name-without-limit", "A name may have any length.", "name_limit=15",
             "name_limit=None"),
    _name("name-limit-in-characters", "A name may have 15 characters.", _BYTES, "len(name)"),
    _name("name-limit-in-utf-16", "A name may have 15 units of UTF-16.", _BYTES,
          'len(name.encode("utf-16-le", "surrogatepass")) // 2'),
    _name("name-limit-without-prefix", "The prefix does not count for the limit of a name.",
          _BYTES, 'len(self.id.encode("utf-8", "surrogatepass"))'),
    _name("name-cut", "A name that is too long is cut.", "raise NameLengthError(name, limit)",
          "return name[:limit]"),
    _command("name-cut-in-argv", "A configuration's name is cut at 15 characters.",
             "Piece((config.name,)", "Piece((config.name[:15],)"),
    _command("name-limit-in-argv", "A configuration's name may have 15 characters.", _ON_SLOTS,
             f"{_ON_SLOTS}    if len(config.name) > 15:\n"
             '        raise __import__("acrn_arch.errors").errors.NameLengthError("", 15)\n'),
    Patch("swap-accepted", "A swap disk is rescanned.", "sandbox.block_rescan", "    if swap:",
          "    if swap and not file:", dialect=KATA_3.name),
)  # fmt: skip
