"""Claimed methods that no dialect has, and which ones were meant."""

from collections.abc import Iterable

from acrn_base.text import counted, excerpt
from acrn_conformance.cases import DIALECTS, Dialect

_NAMED = 3
"""Methods that a complaint names."""

_CLOSE = 0.75
"""How alike a name must be to one that exists; one wrong letter of four is as much."""


def complaints(claimed: Iterable[str], dialect: Dialect) -> tuple[str, ...]:
    """Return what is wrong with the claimed methods: nothing, or one text that names the first."""
    known = {name for each in DIALECTS.values() for name in each.method_names}
    unknown = sorted(set(claimed) - known)
    if not unknown:
        return ()
    named = ", ".join(_with_meant(name, dialect) for name in unknown[:_NAMED])
    more = f" and {len(unknown) - _NAMED:,} more" if len(unknown) > _NAMED else ""
    number = counted(len(unknown), "method")
    there = "does not exist" if len(unknown) == 1 else "do not exist"
    return (f"describe claims {number} that {there}: {named}{more}; correct describe",)


def _with_meant(name: str, dialect: Dialect) -> str:
    from difflib import SequenceMatcher  # noqa: PLC0415 - few claim what there is not

    plain = _plain(name)
    likeness = {n: SequenceMatcher(None, plain, _plain(n)).ratio() for n in dialect.method_names}
    meant = max(likeness, key=lambda known: likeness[known])
    hint = f" (did you mean {meant}?)" if likeness[meant] >= _CLOSE else ""
    return f"{excerpt(name, 40)}{hint}"


def _plain(name: str) -> str:
    """Return a name without regard to case and signs between its words."""
    return name[:100].lower().replace("-", "").replace("_", "").replace(".", "")
