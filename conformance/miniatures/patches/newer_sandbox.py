"""Faults in a newer dialect's sandbox: its name and its CPU, and the hot-plug of swap disks."""

from miniatures.miniature import Patch

_LENGTH = 'len(name.encode("utf-8", "surrogatepass"))'
_PREFIX = 'sandbox_prefix="sbx-"'
_LIMIT = "name_limit=15"
_REFUSED = "            raise NameLengthError(name, limit)\n"
_SWAP = "    if swap:\n"


def _name(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "sandbox.Sandbox._name", old, new, dialect="kata-3")


def _config(name: str, what: str, old: str, new: str, dialect: str = "kata-3") -> Patch:
    return Patch(name, what, "sandbox.Sandbox.config", old, new, dialect=dialect)


def _kata(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "dialect.KATA_3", old, new, dialect="kata-3")


def _rescan(name: str, what: str, condition: str) -> Patch:
    return Patch(name, what, "sandbox.block_rescan", _SWAP, f"    if {condition}:\n",
                 dialect="kata-3")  # fmt: skip


PATCHES = (
    _name("name-limit-in-characters", "The limit of a name is in characters.", _LENGTH,
          "len(name)"),
    _name("name-limit-in-utf-16", "The limit of a name is in units of UTF-16.", _LENGTH,
          'len(name.encode("utf-16-le", "surrogatepass")) // 2'),
    _kata("name-limit-16", "A name of 16 bytes is taken.", _LIMIT, "name_limit=16"),
    _kata("name-limit-14", "A name of 15 bytes is refused.", _LIMIT, "name_limit=14"),
    _kata("name-limit-forgotten", "A name of any length is taken.", _LIMIT, "name_limit=None"),
    _name("name-cut", "A name that is too long is cut.", _REFUSED,
          '            return name.encode()[:limit].decode("utf-8", "ignore")\n'),
    _name("name-prefix-not-counted", "The limit of a name is one of the id.", _LENGTH,
          _LENGTH.replace("name.", "self.id.")),
    _name("empty-id-refused", "A sandbox without an id is refused.", "if limit is not None and ",
          "if limit is not None and not self.id or limit is not None and "),
    _kata("name-prefix-of-kata-1", "A name begins with sandbox-.", _PREFIX,
          'sandbox_prefix="sandbox-"'),
    _kata("name-without-prefix", "A name is the id alone.", _PREFIX, 'sandbox_prefix=""'),
    _config("sandbox-cpu-lost", "A sandbox has no CPU.", "apic_id=self.apic_id",
            'apic_id=""'),
    _config("cpu-demanded", "A sandbox without a CPU is refused, as acrn-dm v3.0 would have it.",
            "dialect.needs_cpu and not", "not"),
    _config("cpu-of-blanks-refused", "A sandbox with a CPU of blanks is refused.",
            "not self.apic_id:", "not self.apic_id.strip():", dialect="acrn-3"),
    _rescan("swap-taken", "A swap disk is rescanned.", "swap and not file"),
    _rescan("swap-by-index", "A swap disk is rescanned, but for the root's index.",
            "swap and not index"),
)  # fmt: skip
