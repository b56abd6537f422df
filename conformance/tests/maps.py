"""Slot maps of argvs, as text and as pictures."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from acrn_cmdline.slotmap import slot_map
from acrn_conformance.reports import slotmap_text

SVG = "{http://www.w3.org/2000/svg}"


def functions(*values: str) -> list[str]:
    return [word for value in values for word in ("-s", value)]


def text_of(argv: Sequence[str]) -> list[str]:
    return [line.text for line in slotmap_text.lines(slot_map(argv))]


def parsed(data: bytes | str) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - our own, and meant to be parsed by anybody
