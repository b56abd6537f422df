"""A search's coverage as a terminal shows it."""

from collections.abc import Collection, Iterator
from itertools import product

from acrn_conformance.reports.styled import Styled
from acrn_conformance.search import coverage as measure


def coverage(covered: measure.Coverage, methods: Collection[str]) -> Iterator[Styled]:
    """Yield what a search has covered, and what it has not."""
    listed = ", ".join(f"{name} {covered.requests[name]:,}" for name in sorted(methods))
    yield Styled(f"{covered.judged:,} requests judged: {listed}")
    if "argv" in methods:
        every = list(product(covered.kinds, repeat=2))
        missing = [f"{a} before {b}" for a, b in every if (a, b) not in covered.neighbours]
        met = f"{len(every) - len(missing)} of {len(every)} pairs of neighbouring kinds"
        yield Styled(met + (f"; not: {', '.join(missing)}" if missing else ""), "faint")
        unmet = [name for name in measure.BOUNDARIES if name not in covered.met]
        met = f"{len(measure.BOUNDARIES) - len(unmet)} of {len(measure.BOUNDARIES)} boundaries"
        yield Styled(met + (f"; not: {', '.join(unmet)}" if unmet else ""), "faint")
