"""The slot map as a picture of its own: SVG that needs nothing else, for light and dark viewers.

Built as a tree, so that no text can break out of its place; what is not printable is escaped
before, as for a terminal.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from acrn_base.text import excerpt
from acrn_cmdline.slotmap import SLOTS, Row, SlotMap, State
from acrn_conformance.reports.slotmap_text import joined, short

_NAMESPACE = "http://www.w3.org/2000/svg"

_LINE = 17
_PADDING = 4
_GAP = 4
_TOP = 64
_PLACE_RIGHT = 66
_BOX_LEFT = 78
_BOX_WIDTH = 190
_BOX_CHARACTERS = 23
_STRIP = 24
"""Width of the hatching on what sits on the slot that is kept."""

_TEXT_LEFT = _BOX_LEFT + _BOX_WIDTH + 16
_CHARACTER = 7.3
"""Width of a character of the details, which are in a monospaced font of 12 pixels."""

_NARROWEST = 640
_MARGIN = 20
_LONGEST = 96
_TOOLTIP = 1000
_PORTS = 16

_KINDS: Mapping[str, str] = {
    "hostbridge": "bridge",
    "amd_hostbridge": "bridge",
    "lpc": "bridge",
    "igd-lpc": "bridge",
    "virtio-console": "console",
    "uart": "console",
    "virtio-net": "net",
    "virtio-blk": "disk",
    "ahci": "disk",
    "ahci-hd": "disk",
    "ahci-cd": "disk",
}

_STYLE = """
text { font: 12px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2328 }
.title { font: bold 16px system-ui, 'DejaVu Sans', sans-serif }
.note, .place, .free { fill: #656d76 }
.paper { fill: #ffffff }
.box { stroke: #57606a; fill: #eaeef2 }
.bridge { fill: #e1e4e8 } .console { fill: #fff1c2 } .net { fill: #d3f0d9 } .disk { fill: #d4e8ff }
.slot { fill: none; stroke: #b7bec6; stroke-dasharray: 3 3 }
.hatched { fill: url(#hatch); stroke: #8c959f }
.hatching { stroke: #b7bec6; stroke-width: 3 }
.label { fill: #57606a; font-weight: bold; stroke: #ffffff; stroke-width: 5; paint-order: stroke }
.index { fill: #0550ae; font-weight: bold }
.faulty { stroke: #cf222e; stroke-width: 2; fill: #ffebe9 }
.fault { fill: #cf222e; font-weight: bold }
.remark { fill: #9a6700; font-weight: bold }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.note, .place, .free { fill: #9198a1 }
.paper { fill: #0d1117 }
.box { stroke: #7d8590; fill: #262c36 }
.bridge { fill: #30363d } .console { fill: #4b3a06 } .net { fill: #12401d } .disk { fill: #0c2f5c }
.slot { fill: none; stroke: #3d444d }
.hatched { fill: url(#hatch); stroke: #656c76 }
.hatching { stroke: #3d444d }
.label { fill: #b1bac4; stroke: #0d1117 }
.index { fill: #79c0ff }
.faulty { stroke: #f85149; fill: #490c10 }
.fault { fill: #ff7b72 }
.remark { fill: #e3b341 }
}
"""


def picture(found: SlotMap, title: str) -> bytes:
    """Return the map as an SVG document in UTF-8; ``title`` says whose it is."""
    svg = _drawn(found, found.rows, title)
    style = ET.Element("style")
    style.text = _STYLE
    svg.insert(1, style)
    ET.indent(svg)
    document: bytes = ET.tostring(svg, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def element(found: SlotMap, title: str) -> str:
    """Return the map as an element for a page in HTML, which has the colours of its classes.

    The free slots behind the last device are left out.
    """
    last = max(at for at, row in enumerate(found.rows) if row.state is not State.FREE)
    svg = _drawn(found, found.rows[: last + 1], title)
    svg.set("class", "slotmap")
    return ET.tostring(svg, encoding="unicode")


def _drawn(found: SlotMap, rows: Sequence[Row], title: str) -> ET.Element:
    heading, notes = excerpt(title, _LONGEST), list(_notes(found))
    texts = [text for row in rows for text, _ in _texts(row)]
    right = (_TEXT_LEFT + _width(texts), _BOX_LEFT + _width(notes), _NARROWEST)
    width = max(right) + _MARGIN
    height = _TOP + sum(map(_height, rows)) + _LINE * len(notes) + _MARGIN
    svg = ET.Element("svg", xmlns=_NAMESPACE, viewBox=f"0 0 {width} {height}", role="img")
    svg.attrib |= {"width": str(width), "height": str(height)}
    ET.SubElement(svg, "title").text = f"Slot map: {heading}"
    _hatching(svg)
    _box(svg, "paper", 0, 0, width, height)
    _text(svg, "title", _MARGIN, 30, heading)
    _text(svg, "note", _MARGIN, 50, _summary(found))
    top = _TOP
    for row in rows:
        _draw(svg, row, top)
        top += _height(row)
    for note in notes:
        top += _LINE
        _text(svg, "note", _BOX_LEFT, top, note)
    return svg


def _width(texts: Sequence[str]) -> int:
    return round(max(map(len, texts), default=0) * _CHARACTER)


def _summary(found: SlotMap) -> str:
    free = sum(row.state is State.FREE for row in found.rows)
    faults = sum(row.state is State.FAULTY for row in found.rows)
    functions = sum(bool(row.place or row.state is State.FAULTY) for row in found.busy)
    said = f"{functions + found.left_out:,} functions, {free} of {SLOTS} slots free"
    return said + (f", {faults:,} refused" if faults else "")


def _notes(found: SlotMap) -> Iterator[str]:
    if found.left_out:
        yield f"and {found.left_out:,} more -s"
    if found.derived:
        yield "[n]: block index, as in a sandbox with these disks"
    if found.rest:
        yield from textwrap.wrap(
            f"besides: {excerpt(joined(found.rest), 400)}", _LONGEST, break_on_hyphens=False
        )


def _texts(row: Row) -> Iterator[tuple[str, str]]:
    """Yield the lines to the right of a box, each with its class."""
    for detail in row.details[:_PORTS]:
        yield excerpt(detail, _LONGEST), "detail"
    if len(row.details) > _PORTS:
        yield f"and {len(row.details) - _PORTS:,} more", "detail"
    if not row.place and not row.emulation:
        yield excerpt(row.text, _LONGEST), "detail"
    if row.remark:
        yield excerpt(row.remark, _LONGEST), "fault" if row.state is State.FAULTY else "remark"


def _height(row: Row) -> int:
    return _LINE * max(1, len(list(_texts(row)))) + _PADDING + _GAP


def _draw(svg: ET.Element, row: Row, top: int) -> None:
    group = ET.SubElement(svg, "g")
    if row.text:
        ET.SubElement(group, "title").text = excerpt(row.text, _TOOLTIP)
    line = top + _LINE - 1
    _text(group, "place", _PLACE_RIGHT, line, short(row.place or "-", 8), anchor="end")
    tall = _height(row) - _GAP
    index = short(" ".join(f"[{index}]" for index in row.indices), _BOX_CHARACTERS // 2)
    for kind in _kinds(row):
        _box(group, kind, _BOX_LEFT, top, _BOX_WIDTH, tall)
    if row.kept and row.state is not State.RESERVED:
        _box(group, "hatched", _BOX_LEFT + _BOX_WIDTH - _STRIP, top, _STRIP, tall)
    if row.state is State.RESERVED:
        middle = _BOX_LEFT + _BOX_WIDTH // 2
        _text(group, "label", middle, line, "GVT-g", anchor="middle")
    elif row.state is not State.FREE:
        name = row.emulation if row.place or row.emulation else "?"
        room = _BOX_CHARACTERS - len(index)
        _text(group, "name", _BOX_LEFT + 9, line, short(name, room) or "(no emulation)")
    if index:
        _text(group, "index", _BOX_LEFT + _BOX_WIDTH - 8, line, index, anchor="end")
    for text, kind in _texts(row):
        _text(group, kind, _TEXT_LEFT, line, text)
        line += _LINE


def _kinds(row: Row) -> Iterator[str]:
    """Yield the classes of the boxes that make up a row, the lowest first."""
    match row.state:
        case State.FREE:
            yield "slot"
        case State.RESERVED:
            yield "hatched"
        case State.TAKEN:
            yield f"box {_KINDS.get(row.emulation, 'other')}"
        case State.FAULTY:
            yield "box faulty"


def _hatching(svg: ET.Element) -> None:
    """Define the hatching of the slot that is kept."""
    turned = "rotate(45)"
    size = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
    pattern = ET.SubElement(
        ET.SubElement(svg, "defs"), "pattern", size, id="hatch", patternTransform=turned
    )
    ET.SubElement(pattern, "path", {"class": "hatching"}, d="M0 0V8")


def _box(parent: ET.Element, kind: str, left: int, top: int, width: int, height: int) -> None:
    place = {"x": left, "y": top, "width": width, "height": height, "rx": 0 if not left else 4}
    attributes = {name: str(value) for name, value in place.items()}
    ET.SubElement(parent, "rect", {"class": kind}, **attributes)


def _text(
    parent: ET.Element, kind: str, left: int, line: int, text: str, anchor: str = "start"
) -> None:
    place = {"x": str(left), "y": str(line), "text-anchor": anchor, "xml:space": "preserve"}
    ET.SubElement(parent, "text", {"class": kind, **place}).text = text
