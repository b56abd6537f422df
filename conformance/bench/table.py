"""Results as lines: for a terminal, and for the document."""

from collections.abc import Iterator

from bench.results import Growth, Results, Row

_ALMOST = 0.9995
"""What three digits round up to the next unit."""

_BUSY = (
    "There was more other work than cores: ratios of what several processes share (search, "
    "exhaustive mode, stream, exec, run) are worse than on a machine for itself."
)

_WHOLE = 100
"""Figures from here on are shown without a fraction."""


def row(each: Row) -> str:
    """Return a row as a line: figure, limit, ratio, target."""
    figures = f"{_amount(each.figure, each.unit):>12}   {each.limit_name:<22}"
    limit, sign = _amount(each.limit, each.unit), _target(each)
    return f"{each.what:<32}{figures}{limit:>12}{each.ratio:8.2f}   {sign}".rstrip()


def growth(each: Growth) -> str:
    """Return a series as a line: its ends, and the exponent."""
    least, most = seconds(each.seconds[0]), seconds(each.seconds[-1])
    grown = f"{_sizes(each):<33}{least:>9} to {most:<9}"
    return f"{each.what:<32}   {grown}exponent {each.exponent:.2f}"


def markdown(results: Results) -> str:
    """Return the tables of the document: rows, growth, and where and when it was measured."""
    return "\n".join((*_rows(results), "", *_series(results), "", _provenance(results), ""))


def _rows(results: Results) -> Iterator[str]:
    yield "| what | figure | limit | the limit's | ratio | target |"
    yield "|---|---:|---|---:|---:|---|"
    for each in results.rows:
        figure, limit = (_amount(amount, each.unit) for amount in (each.figure, each.limit))
        cells = (each.what, figure, each.limit_name, limit, f"{each.ratio:.2f}", _target(each))
        yield f"| {' | '.join(cells)} |"


def _series(results: Results) -> Iterator[str]:
    yield "| what | from, to | least | most | exponent |"
    yield "|---|---|---:|---:|---:|"
    for each in results.growth:
        ends = (seconds(each.seconds[0]), seconds(each.seconds[-1]))
        yield f"| {' | '.join((each.what, _sizes(each), *ends, f'{each.exponent:.2f}'))} |"


def _provenance(results: Results) -> str:
    machine = results.machine
    cores = f"{machine.cores} cores ({machine.processor}), load average {machine.load} at its start"
    versions = ", ".join(f"{name} {number}" for name, number in results.versions.items())
    system = f"{machine.system}, Python {machine.python}"
    told = f"Measured on {results.measured}: {cores}, {system}; {versions}."
    busy = machine.load > machine.cores
    return f"{told} {_BUSY}" if busy else told


def _target(each: Row) -> str:
    if each.target is None:
        return ""
    sign = ">=" if each.better == "higher" else "<="
    return f"{sign} {each.target:.2f} {'met' if each.met else 'missed'}"


def _sizes(each: Growth) -> str:
    return f"{each.sizes[0]:,} to {each.sizes[-1]:,} {each.of}"


def _amount(amount: float, unit: str) -> str:
    return f"{amount:,.{0 if amount >= _WHOLE else 1}f} {unit}".replace(" /s", "/s")


def seconds(amount: float) -> str:
    """Return seconds in the unit that suits them."""
    for unit, factor in (("s", 1.0), ("ms", 1e3)):
        if amount * factor > _ALMOST:
            return f"{amount * factor:.3g} {unit}"
    return f"{amount * 1e6:.3g} us"
