"""The CPU of the next guest in kata-3: an index that is kept in a file."""

from collections.abc import Sequence

from catalogue.entry import Entry, Params
from catalogue.kata_3_build import entry

_INT64 = 1 << 63
_GREATEST = str(_INT64 - 1)


def _next(tail: str, title: str, rule: str, ids: Sequence[str], stored: str | None) -> Entry:
    params: Params = {"apic_ids": [*ids], "stored": stored}
    return entry("next_apic_id", f"next-apic-id-{tail}", title, rule, params)


def _release(tail: str, title: str, rule: str, stored: str | None) -> Entry:
    return entry("release_apic_id", f"release-apic-id-{tail}", title, rule, {"stored": stored})


_FOUR = ("0", "2", "4", "6")
_MANY = tuple(str(2 * place) for place in range(70))
_TURNS = (
    _next("no-file", "Without a file the first CPU is taken.", "kata-3-next-cpu", _FOUR, None),
    entry(
        "next_apic_id",
        "next-apic-id-absent-file",
        "An absent text is no file either.",
        "kata-3-next-cpu",
        {"apic_ids": [*_FOUR]},
    ),
    *(
        _next(
            f"behind-{stored}",
            f"Behind index {stored} of four CPUs comes {(int(stored) + 1) % 4}.",
            "kata-3-next-cpu",
            _FOUR,
            stored,
        )
        for stored in ("0", "1", "2", "3")
    ),
    _next("far-behind", "Behind an index beyond the last comes 0.", "kata-3-next-cpu", _FOUR, "99"),
    _next(
        "not-modulo",
        "An index beyond the last is not counted round.",
        "kata-3-next-cpu",
        _FOUR,
        "9",
    ),
    _next("only-0", "Of the one CPU 0 it is that.", "kata-3-next-cpu", ("0",), "0"),
    _next("ids-blanks", "Blanks around an id are kept.", "kata-3-next-cpu", (" 2 ", "4"), "-1"),
    _next("minus-1", "Behind index -1 comes 0.", "kata-3-next-cpu", _FOUR, "-1"),
    _next("one-cpu", "Of one CPU it is always that.", "kata-3-next-cpu", ("40",), "0"),
    _next("one-cpu-no-file", "Of one CPU it is the first.", "kata-3-next-cpu", ("40",), None),
    _next(
        "two-cpus", "Of two CPUs the second follows the first.", "kata-3-next-cpu", ("0", "2"), "0"
    ),
    _next("ids-any", "An id is any text.", "kata-3-next-cpu", ("", "a b", "0"), "0"),
    _next("id-empty", "An empty id is given out too.", "kata-3-next-cpu", ("0", ""), "0"),
    _next("greatest", "Behind the greatest number comes 0.", "kata-3-next-cpu", _FOUR, _GREATEST),
    _next("seventieth", "Of many CPUs each has its turn.", "kata-3-next-cpu", _MANY, "68"),
    _next("many-over", "Behind the last of many CPUs comes 0.", "kata-3-next-cpu", _MANY, "69"),
    _next("ids-same", "Equal ids are CPUs of their own.", "kata-3-next-cpu", ("1", "1", "2"), "1"),
)

_REFUSED = (
    *(
        _next(
            f"minus-{-int(stored)}",
            f"An index of {stored} names no CPU, and is refused.",
            "kata-3-cpu-index-broken",
            _FOUR,
            stored,
        )
        for stored in ("-2", "-3", "-5")
    ),
    _next("no-cpus", "Without CPUs there is none to take.", "kata-3-cpu-index-broken", (), None),
    _next("no-cpus-stored", "Nor behind an index.", "kata-3-cpu-index-broken", (), "0"),
)

_TEXTS = (
    ("empty", "", "An empty text"),
    ("blank-first", " 1", "A number behind a blank"),
    ("blank-last", "1 ", "A number before a blank"),
    ("newline", "1\n", "A number with a newline"),
    ("hexadecimal", "0x1", "A hexadecimal number"),
    ("underscore", "1_0", "A number with an underscore"),
    ("fraction", "1.0", "A fraction"),
    ("other-digits", "\u0661", "A digit of another script"),
    ("sign-alone", "-", "A sign alone"),
    ("beyond-int64", str(_INT64), "A number of more than 63 bits"),
    ("below-int64", str(-_INT64 - 1), "A negative number of more than 63 bits"),
)
_WRONG = tuple(
    made
    for tail, text, what in _TEXTS
    for made in (
        _next(tail, f"{what} is no index, and refused.", "kata-3-cpu-index-text", _FOUR, text),
        _release(tail, f"{what} is no index, and refused.", "kata-3-cpu-index-text", text),
    )
)
_ODD = tuple(
    made
    for tail, text, what in (
        ("plus", "+1", "A plus sign"),
        ("zeros", "001", "A leading zero"),
        ("many-zeros", "0" * 30 + "1", "A text of more digits than 64 bits need"),
        ("minus-zero", "-0", "A negative zero"),
    )
    for made in (
        _next(tail, f"{what} is let pass.", "kata-3-cpu-index-text", _FOUR, text),
        _release(tail, f"{what} is let pass.", "kata-3-cpu-index-text", text),
    )
)

_ENDS = (
    *(
        _release(
            f"from-{stored.replace('-', 'minus-')}",
            f"Behind a guest's end {stored} is {int(stored) - 1}.",
            "kata-3-cpu-given-back",
            stored,
        )
        for stored in ("0", "1", "3", "-1", "-2", "100")
    ),
    _release(
        "no-file", "Without a text there is nothing to give back.", "kata-3-cpu-index-text", None
    ),
    _release(
        "greatest",
        "The greatest number is made less by one.",
        "kata-3-cpu-given-back",
        _GREATEST,
    ),
    _release(
        "least",
        "The least number becomes the greatest.",
        "kata-3-cpu-given-back",
        str(-_INT64),
    ),
)

ENTRIES = (*_ENDS, *_TURNS, *_REFUSED, *_WRONG, *_ODD)
"""The ends come first, so that whoever keeps the stored text fails at a start without a file."""
