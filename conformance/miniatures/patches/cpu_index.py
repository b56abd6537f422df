"""Faults in the round of the CPUs: the index that is stored, and how its text is read."""

from miniatures.miniature import Patch

_FIRST = "0 if stored is None else _int64(stored) + 1"
_WRAP = "    if index >= len(apic_ids):\n        index = 0\n"
_REFUSED = "if index < 0 or not apic_ids:"
_RETURN = "return apic_ids[index], str(index)"
_LEFT = "return str(number if number >= -_HALF else number + 2 * _HALF)"
_NUMBER = 're.compile(r"[+-]?[0-9]+", re.ASCII)'


def _next(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "cpu.next_apic_id", old, new, dialect="kata-3")


def _release(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "cpu.release_apic_id", old, new, dialect="kata-3")


def _number(name: str, what: str, new: str) -> Patch:
    return Patch(name, what, "cpu._NUMBER", _NUMBER, new, dialect="kata-3")


def _index(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "cpu._int64", old, new, dialect="kata-3")


PATCHES = (
    _next("cpu-from-1", "Without a file the second CPU is given.", _FIRST,
          _FIRST.replace("0 if", "1 if")),
    _next("cpu-wraps-late", "The stored index may be the number of CPUs, which names none.",
          f"{_WRAP}    {_REFUSED}",
          "    if index > len(apic_ids):\n        index = 0\n"
          "    if not 0 <= index < len(apic_ids):"),
    _next("cpu-wraps-early", "The last of several CPUs is never given.", _WRAP,
          _WRAP.replace("len(apic_ids)", "max(1, len(apic_ids) - 1)")),
    _next("cpu-never-wraps", "Behind the last CPU there is none.", f"{_WRAP}    {_REFUSED}",
          "    if not 0 <= index < len(apic_ids):"),
    _next("cpu-modulo", "An index beyond the CPUs is taken modulo their number.", _WRAP,
          _WRAP.replace("index = 0", "index %= len(apic_ids) or 1")),
    _next("cpu-null-as-empty", "No file is taken for an empty one.", _FIRST,
          '_int64(stored or "") + 1'),
    _next("cpu-empty-as-null", "An empty file is taken for none.", _FIRST,
          _FIRST.replace("stored is None", "not stored")),
    _next("cpu-faults-as-null", "A file without a number is taken for none.", _FIRST,
          "0 if stored is None or not _NUMBER.fullmatch(stored) else _int64(stored) + 1"),
    _next("cpu-negative-from-the-end", "A negative index counts from the end.", _REFUSED,
          "if index < -len(apic_ids) or not apic_ids:"),
    _next("cpu-negative-as-0", "A negative index is 0.", f"{_WRAP}    {_REFUSED}",
          "    if not 0 <= index < len(apic_ids):\n        index = 0\n    if not apic_ids:"),
    _next("cpu-id-stored", "The id is stored in place of the index.", _RETURN,
          "return apic_ids[index], apic_ids[index]"),
    _next("cpu-index-given", "The index is given in place of the id.", _RETURN,
          "return str(index), str(index)"),
    _next("cpu-next-stored", "The index of the CPU to come is stored.", _RETURN,
          "return apic_ids[index], str(index + 1)"),
    _next("cpu-stored-with-newline", "The index is stored with a newline.", _RETURN,
          "return apic_ids[index], f'{index}' + chr(10)"),
    _next("cpu-given-before", "The CPU is given that the file names.", _FIRST,
          _FIRST.replace(" + 1", "")),
    _release("release-to-0", "A guest's end takes the index down to 0 at most.", _LEFT,
             "return str(max(0, number))"),
    _release("release-to-minus-1", "A guest's end takes the index down to -1 at most.", _LEFT,
             "return str(max(-1, number))"),
    _release("release-of-empty", "A guest's end takes an empty file for 0.", "_int64(stored) - 1",
             '_int64(stored or "0") - 1'),
    _release("release-without-wrap", "Below -2^63 comes -2^63-1.", _LEFT, "return str(number)"),
    _release("release-refused-at-end", "A guest's end is refused at -2^63.", _LEFT,
             "return str(_int64(str(number)))"),
    _release("release-takes-none", "A guest's end leaves the index as it is.",
             "_int64(stored) - 1", "_int64(stored)"),
    _number("index-blanks-taken", "Blanks before an index are taken.",
            're.compile(r" *[+-]?[0-9]+", re.ASCII)'),
    _number("index-newline-taken", "A newline behind an index is taken.",
            're.compile(r"[+-]?[0-9]+\\n?", re.ASCII)'),
    _number("index-plus-refused", "An index with a + is refused.",
            're.compile(r"-?[0-9]+", re.ASCII)'),
    _number("index-minus-refused", "An index with a - is refused.",
            're.compile(r"[+]?[0-9]+", re.ASCII)'),
    _number("index-zeros-refused", "An index with zeros in front is refused.",
            're.compile(r"[+-]?(0|[1-9][0-9]*)", re.ASCII)'),
    _number("index-underscores-taken", "Digits of an index may be parted by _.",
            're.compile(r"[+-]?[0-9]+(_[0-9]+)*", re.ASCII)'),
    _number("index-of-any-digits", "Digits of any script make an index.",
            're.compile(r"[+-]?\\d+")'),
    _index("index-below-64-bits", "An index below -2^63 is taken.",
           "if not -_HALF <= number", "if not -_HALF * 4 <= number"),
    _index("index-faults-as-0", "What is no number is read as 0.", "raise CpuIndexError(",
           "return 0; print("),
)  # fmt: skip
