"""Speed against limits measured in the same run; machines differ and are shared, ratios less so.

``python -m bench.speed``, in ``conformance/``, prints a table; a ratio of 1.0 is the limit itself.
"""

import argparse
import sys
from collections.abc import Container, Sequence
from pathlib import Path

import msgspec

from bench import results, table
from bench.clock import Effort
from bench.growth import SERIES
from bench.measures import MEASURES

EVERY = (*MEASURES, *SERIES)
"""The names of all that can be measured."""

TOLERANCE = 0.25
"""The part of a ratio that may be lost before it is more than what other work on a machine does."""


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    top = argparse.ArgumentParser(prog="speed.py", description=__doc__)
    add = top.add_argument
    what = f"what to measure: {', '.join(EVERY)} (default: all)"
    add("names", nargs="*", type=_name, metavar="NAME", help=what)
    add("--scale", type=_positive, default=1.0, help="what sizes are multiplied by (%(default)s)")
    add("--rounds", type=int, default=3, choices=range(1, 100), metavar="N",
        help="how often each is measured, the best of which counts (%(default)s)")  # fmt: skip
    add("--json", type=Path, metavar="FILE", help="where to write the results")
    add("--against", type=_old, metavar="OLD.json", help="exit 1 where a ratio has fallen since")
    lost = "the part of a ratio that --against lets be lost (%(default)s)"
    add("--tolerance", type=_positive, default=TOLERANCE, metavar="PART", help=lost)
    return top


def _name(word: str) -> str:
    if word not in EVERY:
        raise argparse.ArgumentTypeError(f"no figure is called {word!a}; --help names them")
    return word


def _positive(word: str) -> float:
    number = float(word)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{word} is not above 0; give 1, or a fraction")
    return number


def _old(name: str) -> results.Results:
    try:
        return results.read(Path(name))
    except (OSError, msgspec.DecodeError) as error:
        raise argparse.ArgumentTypeError(f"{name!a} holds no results: {error}") from None


def measured(names: Container[str], effort: Effort) -> results.Results:
    """Measure what is named, and print each line when it is known."""
    machine = results.here()
    rows, growth = [], []
    for name in filter(names.__contains__, MEASURES):
        rows.append(MEASURES[name](effort))
        print(table.row(rows[-1]), flush=True)
    for name in filter(names.__contains__, SERIES):
        growth.append(SERIES[name](effort))
        print(table.growth(growth[-1]), flush=True)
    return results.gathered(effort.scale, machine, tuple(rows), tuple(growth))


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status: 1 where a ratio has fallen, 2 for bad input."""
    top = parser()
    options = top.parse_args(words)
    old: results.Results | None = options.against
    if old and old.scale != options.scale:
        top.error(f"the old results are of another scale; give --scale {old.scale:g}")
    found = measured(options.names or EVERY, Effort(options.scale, options.rounds))
    try:
        if options.json:
            results.write(options.json, found)
    except OSError as error:
        top.error(f"cannot write {str(options.json)!a}: {error.strerror}")
    fallen = tuple(results.fallen(found, old, options.tolerance)) if old else ()
    for line in fallen:
        print(f"fallen: {line}")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
