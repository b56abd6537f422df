"""Runs and the names by which a page tells them apart."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from acrn_base.text import excerpt
from acrn_conformance.reports.recorded import Results

_LONGEST = 60


class Named(NamedTuple):
    """A run and its name, in the text and in links; no other run of the page has it."""

    label: str
    results: Results


def named(runs: Sequence[Results]) -> tuple[Named, ...]:
    """Name runs after who was judged, and where that is not enough, by dialect and number."""
    names = [_name(run) for run in runs]
    for further in ([run.golden.dialect for run in runs], [str(n + 1) for n in range(len(runs))]):
        often = Counter(names)
        if max(often.values(), default=0) > 1:
            names = [
                f"{name}, {more}" if often[name] > 1 else name
                for name, more in zip(names, further, strict=True)
            ]
    return tuple(Named(name, run) for name, run in zip(names, runs, strict=True))


def _name(run: Results) -> str:
    about = run.implementation.describe
    search = ", search" if run.search else ""
    if about is None:
        name = excerpt(" ".join(run.implementation.command), _LONGEST) or "(no name)"
    else:
        name = excerpt(f"{about.name} {about.version}", _LONGEST)
    return f"{name}{search}"
