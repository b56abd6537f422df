"""Results as a picture: SVG that needs nothing else, for light and dark viewers."""

import math
from collections.abc import Sequence
from itertools import cycle
from xml.etree import ElementTree as ET

from bench import table
from bench.results import Growth, Results, Row

_WIDTH = 760
_MARGIN = 20
_LINE = 26
_TOP = 78
"""Where the rows begin."""

_LABELS = 210
_RATIOS = 130
_BARS = _WIDTH - _LABELS - _RATIOS - 2 * _MARGIN
_FARTHEST = 10.0
"""The bars reach from a tenth of the target to ten times as good."""

_DECADE = 52
_AXIS = 74
_COLOURS = ("one", "two", "three", "four")

_STYLE = """
text { font: 12px system-ui, 'DejaVu Sans', sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: bold }
.note { fill: #656d76 } .right { text-anchor: end } .middle { text-anchor: middle }
.paper { fill: #ffffff } .grid { stroke: #d8dee4 } .target { stroke: #1f2328; stroke-width: 2 }
.met { fill: #2da44e } .missed { fill: #bf8700 }
.line { fill: none; stroke-width: 2 }
.one { stroke: #0969da } .two { stroke: #8250df } .three { stroke: #1a7f37 }
.four { stroke: #bc4c00 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .note { fill: #9198a1 }
.paper { fill: #0d1117 } .grid { stroke: #30363d } .target { stroke: #e6edf3 }
.met { fill: #3fb950 } .missed { fill: #d29922 }
.one { stroke: #58a6ff } .two { stroke: #bc8cff } .three { stroke: #56d364 }
.four { stroke: #ffa657 }
}
"""


def svg(results: Results) -> str:
    """Return the picture: each target and how far it is reached, then growth on two log axes."""
    rows = [row for row in results.rows if row.target is not None]
    below = _TOP + _LINE * len(rows) + 90
    panel = _Panel(results.growth, below)
    height = panel.bottom + 50
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_WIDTH} {height}",
            "width": str(_WIDTH),
            "height": str(height),
            "role": "img",
        },
    )
    ET.SubElement(root, "title").text = f"Speed beside its targets, and growth: {_told(results)}"
    ET.SubElement(root, "style").text = _STYLE
    _add(root, "rect", "paper", x=0, y=0, width=_WIDTH, height=height)
    _text(root, "title", _MARGIN, 30, "Speed beside its targets")
    _text(root, "note", _MARGIN, 50, f"measured {results.measured}; further right is faster")
    _bars(root, rows)
    _text(root, "title", _MARGIN, below - 24, "Growth: seconds for what is asked")
    panel.draw(root)
    ET.indent(root, "")
    return ET.tostring(root, encoding="unicode") + "\n"


def _told(results: Results) -> str:
    return "; ".join(f"{row.what} {row.ratio:.2f} of {row.limit_name}" for row in results.rows)


def _bars(root: ET.Element, rows: Sequence[Row]) -> None:
    """Draw how near each row comes to its target, on a logarithmic axis."""
    left, bottom = _MARGIN + _LABELS, _TOP + _LINE * len(rows)
    for reached in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0):
        at = left + _along(reached)
        style = "target" if reached == 1.0 else "grid"
        _add(root, "line", style, x1=at, y1=_TOP - 6, x2=at, y2=bottom)
        name = "target" if reached == 1.0 else f"{reached:g}x"
        _text(root, "note middle", at, bottom + 16, name)
    for number, row in enumerate(rows):
        top = _TOP + _LINE * number
        ends = sorted((_along(1.0), _along(_reached(row))))
        style = "met" if row.met else "missed"
        _text(root, "right", left - 10, top + 13, row.what)
        _add(root, "rect", style, x=left + ends[0], y=top + 2, width=max(ends[1] - ends[0], 1),
             height=_LINE - 10)  # fmt: skip
        _text(root, "note right", _WIDTH - _MARGIN, top + 13, _ratio(row))


def _reached(row: Row) -> float:
    """Return how many times as good as its target a row is."""
    assert row.target is not None
    return row.ratio / row.target if row.better == "higher" else row.target / row.ratio


def _along(reached: float) -> float:
    held = min(max(reached, 1 / _FARTHEST), _FARTHEST)
    return round(_BARS * (math.log10(held) / math.log10(_FARTHEST) + 1) / 2, 1)


def _ratio(row: Row) -> str:
    sign = "\u2265" if row.better == "higher" else "\u2264"
    return f"{row.ratio:.2f} ({sign} {row.target:.2f})"


class _Panel:
    """Series on two logarithmic axes of one scale: what grows in proportion rises at 45 degrees."""

    def __init__(self, series: Sequence[Growth], top: int) -> None:
        self._series = series
        sizes = [size for each in series for size in each.sizes] or [1]
        seconds = [amount for each in series for amount in each.seconds] or [1.0]
        self._x = (math.floor(math.log10(min(sizes))), math.ceil(math.log10(max(sizes))))
        self._y = (math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds))))
        self._top = top
        self.bottom = top + _DECADE * (self._y[1] - self._y[0])

    def draw(self, root: ET.Element) -> None:
        """Draw grid, series, and what they are."""
        for decade in range(self._x[0], self._x[1] + 1):
            at, _ = self._place(10.0**decade, 1.0)
            _add(root, "line", "grid", x1=at, y1=self._top, x2=at, y2=self.bottom)
            _text(root, "note middle", at, self.bottom + 16, _short(10**decade))
        for decade in range(self._y[0], self._y[1] + 1):
            _, at = self._place(1.0, 10.0**decade)
            right, _ = self._place(10.0 ** self._x[1], 1.0)
            _add(root, "line", "grid", x1=_AXIS, y1=at, x2=right, y2=at)
            _text(root, "note right", _AXIS - 8, at + 4, table.seconds(10.0**decade))
        for number, (each, colour) in enumerate(zip(self._series, cycle(_COLOURS), strict=False)):
            places = [self._place(*pair) for pair in zip(each.sizes, each.seconds, strict=True)]
            points = " ".join(f"{x},{y}" for x, y in places)
            _add(root, "polyline", f"line {colour}", points=points)
            for x, y in places:
                _add(root, "circle", f"paper {colour}", cx=x, cy=y, r=3)
            self._legend(root, number, each, colour)

    def _legend(self, root: ET.Element, number: int, each: Growth, colour: str) -> None:
        left = _AXIS + _DECADE * (self._x[1] - self._x[0]) + 24
        top = self._top + 16 + 52 * number
        _add(root, "line", f"line {colour}", x1=left, y1=top - 4, x2=left + 22, y2=top - 4)
        _text(root, "", left + 30, top, each.what)
        _text(root, "note", left + 30, top + 16, f"by {each.of}, exponent {each.exponent:.2f}")

    def _place(self, size: float, seconds: float) -> tuple[float, float]:
        x = _AXIS + _DECADE * (math.log10(size) - self._x[0])
        return round(x, 1), round(self.bottom - _DECADE * (math.log10(seconds) - self._y[0]), 1)


def _short(size: int) -> str:
    for sign, factor in (("M", 1_000_000), ("k", 1_000)):
        if size >= factor:
            return f"{size // factor}{sign}"
    return str(size)


def _add(parent: ET.Element, tag: str, style: str, **attributes: object) -> None:
    given = {name: str(value) for name, value in attributes.items()}
    ET.SubElement(parent, tag, {"class": style, **given})


def _text(parent: ET.Element, style: str, x: float, y: float, text: str) -> None:
    ET.SubElement(parent, "text", {"class": style, "x": str(x), "y": str(y)}).text = text
