"""The form of results: what was measured, where, and how one run compares with another."""

import math
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import msgspec

LIBRARIES = ("acrn-conformance", "msgspec", "tree-sitter")
STRAIGHT = 1.15
"""The greatest exponent of growth that counts as linear: caches grow cold as sizes grow."""

Better = Literal["higher", "lower"]


class Machine(msgspec.Struct, frozen=True):
    """Where it was measured; ``load`` is the load average of the last minute when it began."""

    processor: str
    cores: int
    system: str
    python: str
    load: float


class Row(msgspec.Struct, frozen=True):
    """A figure beside its limit, both in ``unit``; ``ratio`` is the figure in terms of the limit.

    ``better``: whether a higher ratio is, as of rates, or a lower one, as of times.
    """

    name: str
    what: str
    unit: str
    figure: float
    limit_name: str
    limit: float
    ratio: float
    better: Better
    target: float | None = None

    @property
    def met(self) -> bool:
        """Whether the target is met; a row without one has none to miss."""
        if self.target is None:
            return True
        return self.ratio >= self.target if self.better == "higher" else self.ratio <= self.target

    def worse_than(self, old: "Row") -> float:
        """Return the part of the ratio that is lost: 0.5 for half the rate, or twice the time."""
        ours, theirs = self.ratio, old.ratio
        return 1 - (ours / theirs if self.better == "higher" else theirs / ours)


class Growth(msgspec.Struct, frozen=True):
    """Seconds for inputs of growing sizes, and the exponent: 1 for twice as long for twice as many.

    It is that of the sizes from the middle on: below it what is paid once shows.
    """

    name: str
    what: str
    of: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    exponent: float

    @property
    def met(self) -> bool:
        """Whether it grows no faster than in proportion."""
        return self.exponent <= STRAIGHT


class Results(msgspec.Struct, frozen=True):
    """A run of the benchmark; ``scale`` is what the sizes were multiplied by.

    ``missed``: the names of rows and series that miss their targets.
    """

    measured: str
    scale: float
    machine: Machine
    versions: dict[str, str]
    rows: tuple[Row, ...]
    growth: tuple[Growth, ...]
    missed: tuple[str, ...]


def exponent(sizes: tuple[int, ...], seconds: tuple[float, ...]) -> float:
    """Return the slope of the line that fits the logarithms best, from the middle size on."""
    middle = (len(sizes) - 1) // 2
    xs, ys = ([math.log(each) for each in side[middle:]] for side in (sizes, seconds))
    at, value = sum(xs) / len(xs), sum(ys) / len(ys)
    slopes = sum((x - at) * (y - value) for x, y in zip(xs, ys, strict=True))
    return slopes / sum((x - at) ** 2 for x in xs)


def here() -> Machine:
    """Return this machine."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    return Machine(
        processor=names[0] if names else platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        load=round(os.getloadavg()[0], 1),
    )


def gathered(
    scale: float, machine: Machine, rows: tuple[Row, ...], growth: tuple[Growth, ...]
) -> Results:
    """Return results with the day and the versions of what was measured."""
    day = datetime.now(UTC).date().isoformat()
    versions = {name: version(name) for name in LIBRARIES}
    missed = (
        *(row.name for row in rows if not row.met),
        *(series.name for series in growth if not series.met),
    )
    return Results(day, scale, machine, versions, rows, growth, missed)


def fallen(new: Results, old: Results, tolerance: float) -> Iterator[str]:
    """Yield a line for each row of both that has lost more than that part of its ratio."""
    before = {row.name: row for row in old.rows}
    for row in new.rows:
        was = before.get(row.name)
        if was and row.worse_than(was) > tolerance:
            yield f"{row.name}: ratio {row.ratio:.2f}, was {was.ratio:.2f}"


def read(path: Path) -> Results:
    """Read results. Raises OSError, and msgspec.DecodeError with the place of the fault."""
    return msgspec.json.decode(path.read_bytes(), type=Results)


def write(path: Path, results: Results) -> None:
    """Write results, a value a line."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
