"""The JUnit file of a run, in the names of its checks rather than those of its tests."""

from pathlib import Path
from xml.etree import ElementTree as ET

from acrn_hwtests.catalog import check_id


def rename(file: Path, board: str) -> None:
    """Give each case the name of its check, and the board as its class."""
    document = ET.parse(file)  # noqa: S314 - pytest wrote it a moment ago
    document.getroot().set("name", "acrn-hwtests")
    for case in document.iter("testcase"):
        case.set("name", check_id(case.get("name", "")))
        case.set("classname", board)
    document.write(file, encoding="utf-8", xml_declaration=True)
