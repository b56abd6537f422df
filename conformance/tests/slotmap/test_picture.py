"""The slot map as a picture: nothing breaks out of it, and it is of a bounded size."""

import re

import pytest
from maps import SVG, functions, parsed, text_of

from acrn_cmdline.slotmap import slot_map
from acrn_conformance.reports import slotmap_svg


def test_a_huge_argv_is_counted_not_drawn() -> None:
    """20,000 devices, or ports, or tokens: a picture of a bounded size."""
    many = functions(*["3,virtio-blk,/a"] * 20_000)
    ports = "3,virtio-console," + ",".join(["socket:a=/b"] * 20_000)
    for argv in (many, functions(ports), ["x" * 1000] * 20_000, ["-" + "A" * 20_000] * 3):
        lines = text_of(argv)
        picture = slotmap_svg.picture(slot_map(argv), "vm")
        assert len(lines) < 700
        assert len(picture) < 1_000_000
    assert "  and 19,700 more -s" in text_of(many)


HOSTILE = (
    '</text><script>alert(1)</script><image href="http://x/"/>',
    "]]><!--",
    "&amp;&#x1b;&",
    "\x1b]0;title\x07\x1b[31m",
    "a\0b\ud800\udcff\ufffe\u202e\u2028\r\n",
    "\" onload='alert(1)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_the_picture(text: str) -> None:
    """Whatever stands where, the SVG is well-formed, and the text only text."""
    argv = ["-s", f"3,{text},{text}", "-s", text, "-s", f"3,{text}", "-l", text, text]
    data = slotmap_svg.picture(slot_map(argv), text)
    names = {element.tag.removeprefix(SVG) for element in parsed(data).iter()}
    assert names <= {"svg", "title", "style", "defs", "pattern", "path", "rect", "text", "g"}
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", data)
    attributes = {name for element in parsed(data).iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name]
    for line in text_of(argv):
        assert line.isprintable()


def test_the_picture_shows_each_slot() -> None:
    """A box for each of 32 slots, slot 2 hatched, faults in red, all within the edges."""
    argv = functions("0:0,hostbridge", "3,virtio-blk," + "x" * 300, "3,lpc", "40,lpc")
    picture = parsed(slotmap_svg.picture(slot_map(argv, kata=True), "a title"))
    boxes = [element.get("class", "") for element in picture.iter(f"{SVG}rect")]
    assert boxes.count("slot") == 29
    assert boxes.count("hatched") == 1
    assert boxes.count("box faulty") == 2
    texts = ["".join(element.itertext()) for element in picture.iter(f"{SVG}text")]
    assert {"a title", "GVT-g", "already taken by virtio-blk", "40"} <= set(texts)
    _, _, width, height = (float(number) for number in picture.get("viewBox", "").split())
    for box in picture.iter(f"{SVG}rect"):
        sizes = [float(box.get(name, "")) for name in ("x", "y", "width", "height")]
        assert sizes[0] + sizes[2] <= width
        assert sizes[1] + sizes[3] <= height


def test_the_picture_needs_nothing_else_and_suits_dark_viewers() -> None:
    """No script, no reference out of the file, colours for both."""
    data = slotmap_svg.picture(slot_map(functions("3,lpc")), "vm").decode("utf-8")
    assert "prefers-color-scheme: dark" in data
    assert re.findall(r"https?://[^\"]+", data) == ["http://www.w3.org/2000/svg"]
    assert "@import" not in data
