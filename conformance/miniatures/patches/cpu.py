"""Faults of kata-3 in the CPU of the next guest, and in the text that is stored."""

from acrn_conformance.cases import KATA_3
from miniatures.miniature import Constant, Patch

_FIRST = "0 if stored is None else _int64(stored) + 1"
_WRAPS = "if index >= len(apic_ids):"
_OUTSIDE = "    if index < 0 or not apic_ids:\n"
_GIVEN = "return apic_ids[index], str(index)"
_RELEASED = "number = _int64(stored) - 1"
_MATCHED = "_NUMBER.fullmatch(text)"
_NUMBER = 're.compile(r"[+-]?[0-9]+", re.ASCII)'
_WITHIN = "    if not -_HALF <= number < _HALF:\n"


def _next(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "cpu.next_apic_id", old, new, dialect=KATA_3.name)


def _release(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "cpu.release_apic_id", old, new, dialect=KATA_3.name)


def _read(name: str, what: str, old: str, new: str) -> Patch:
    return Patch(name, what, "cpu._int64", old, new, dialect=KATA_3.name)


def _form(name: str, what: str, pattern: str) -> Patch:
    return Patch(name, what, "cpu._NUMBER", _NUMBER, f're.compile(r"{pattern}")',
                 dialect=KATA_3.name)  # fmt: skip


PATCHES = (
    _next("cpu-starts-at-1", "The first guest gets the second CPU.", _FIRST,
          "1 if stored is None else _int64(stored) + 1"),
    _next("cpu-without-file-refused", "Where no file is, no CPU is given.", _FIRST,
          '_int64(stored or "") + 1'),
    _next("cpu-empty-is-no-file", "An empty file is taken for none.", _FIRST,
          "0 if not stored else _int64(stored) + 1"),
    _next("cpu-stays", "The CPU that was given last is given again.", _FIRST,
          "0 if stored is None else _int64(stored)"),
    _next("cpu-wraps-late", "The index wraps one CPU too late.", _WRAPS,
          "if index > len(apic_ids):"),
    _next("cpu-wraps-early", "The last of several CPUs is never given.", _WRAPS,
          "if index >= len(apic_ids) - 1:"),
    _next("cpu-never-wraps", "Behind the last CPU none is given.", _WRAPS,
          "if index > len(apic_ids) - 1 and False:"),
    _next("cpu-modulo", "An index beyond the last CPU is taken modulo their number.",
          f"    {_WRAPS}\n        index = 0\n",
          "    if apic_ids and index >= 0:\n        index %= len(apic_ids)\n"),
    _next("cpu-from-the-end", "A negative index counts from the last CPU.", _OUTSIDE,
          "    if not -len(apic_ids) <= index < len(apic_ids):\n"),
    _next("cpu-negative-is-first", "A negative index gives the first CPU.", _WRAPS,
          "if not 0 <= index < len(apic_ids):"),
    _next("cpu-minus-1-refused", "The index -1, which precedes the first CPU, is refused.",
          _FIRST, "0 if stored is None else _int64(stored.replace('-1', '-2')) + 1"),
    _next("cpu-of-none", "Where there is no CPU an empty one is given.", _OUTSIDE,
          '    if not apic_ids:\n        return "", "0"\n    if index < 0:\n'),
    _next("cpu-id-stored", "The id of the CPU is stored, not its index.", _GIVEN,
          "return apic_ids[index], apic_ids[index]"),
    _next("cpu-index-given", "The index is given, not the id of the CPU.", _GIVEN,
          "return str(index), str(index)"),
    _next("cpu-next-stored", "The index of the CPU after the next is stored.", _GIVEN,
          "return apic_ids[index], str(index + 1)"),
    _next("cpu-stored-as-line", "The stored text ends with a newline.", _GIVEN,
          'return apic_ids[index], f"{index}\\n"'),
    _next("cpu-ids-sorted", "The CPUs are sorted by their ids.", _GIVEN,
          "return sorted(apic_ids)[index], str(index)"),
    _next("cpu-ids-trimmed", "Blanks around a CPU's id are lost.", _GIVEN,
          "return apic_ids[index].strip(), str(index)"),
    _next("cpu-equal-ids-once", "Equal ids count as one CPU.", f"    index = {_FIRST}\n",
          f"    apic_ids = list(dict.fromkeys(apic_ids))\n    index = {_FIRST}\n"),
    _release("release-stops-at-0", "The index does not go below 0.", _RELEASED,
             "number = max(0, _int64(stored) - 1)"),
    _release("release-stops-at-minus-1", "The index does not go below -1.", _RELEASED,
             "number = max(-1, _int64(stored) - 1)"),
    _release("release-of-negative-kept", "A negative index stays as it is.", _RELEASED,
             "number = _int64(stored)\n    number -= number >= 0"),
    _release("release-empty-accepted", "An empty text is read as 0 when a guest ends.", _RELEASED,
             'number = _int64(stored or "0") - 1'),
    _release("release-without-wrap", "Below -2^63 the index goes on.",
             "number if number >= -_HALF else number + 2 * _HALF", "number"),
    _release("release-saturates", "The index does not go below -2^63.",
             "number if number >= -_HALF else number + 2 * _HALF", "max(number, -_HALF)"),
    _release("release-adds", "When a guest ends the index goes up.", _RELEASED,
             "number = _int64(stored) + 1"),
    _read("stored-trimmed", "Blanks around a stored number do no harm.", _MATCHED,
          "_NUMBER.fullmatch(text.strip())"),
    _read("stored-line-accepted", "A newline behind a stored number does no harm.", _MATCHED,
          '_NUMBER.fullmatch(text.removesuffix("\\n"))'),
    _read("stored-nonsense-is-0", "A text that is no number is read as 0.", "else _HALF", "else 0"),
    _read("stored-tail-ignored", "Characters behind a stored number are ignored.", "int(text) if",
          'int(found[0]) if (found := re.match("[+-]?[0-9]+", text)) else int(text) if'),
    _read("stored-hexadecimal", "A stored number may be hexadecimal.", "int(text) if",
          'int(text, 16) if re.fullmatch("0x[0-9a-f]+", text) else int(text) if'),
    _read("stored-saturates", "A stored number beyond 64 bits is read as the greatest.", _WITHIN,
          "    if text.isdecimal():\n        number = min(number, _HALF - 1)\n" + _WITHIN),
    _form("stored-plus-refused", "A stored number must not begin with +.", "-?[0-9]+"),
    _form("stored-negative-refused", "A stored number must not be negative.", "[+]?[0-9]+"),
    _form("stored-zeros-refused", "A stored number must not begin with a needless 0.",
          "[+-]?(?:0|[1-9][0-9]*)"),
    _form("stored-underscores", "A stored number may have underscores between its digits.",
          "[+-]?[0-9]+(?:_[0-9]+)*"),
    _form("stored-any-digits", "A stored number may be written in the digits of any script.",
          r"[+-]?\\d+".replace("\\\\", "\\")),
    Constant("stored-of-32-bits", "A stored number has 32 bits.", "cpu._HALF", 1 << 31,
             dialect=KATA_3.name),
)  # fmt: skip
