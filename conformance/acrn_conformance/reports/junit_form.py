"""The form of JUnit XML, whatever it tells of: elements that every CI reads.

It is what two schemas have in common, that of Jenkins' xUnit plugin (junit-10) and that of Ant,
with one extension that neither knows: properties of a test case, which pytest writes, and Jenkins
and GitLab read.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from acrn_base.text import printable

_SUMS: Final = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))


def document(suites: Iterable[ET.Element]) -> str:
    """Return the document of suites, which are numbered in it."""
    root = ET.Element("testsuites")
    for number, each in enumerate(suites):
        each.set("id", str(number))
        root.append(each)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def suite(
    name: str,
    package: str,
    started: str,
    seconds: float,
    about: Iterable[tuple[str, str]],
    cases: Sequence[ET.Element],
    notes: Iterable[str] = (),
) -> ET.Element:
    """Return a suite with its sums.

    ``started`` as ISO 8601 in UTC, ``about`` what holds for all cases, ``notes`` lines of what is
    to know and is no reason to fail.
    """
    element = ET.Element(
        "testsuite",
        name=printable(name),
        package=printable(package),
        # The form knows no zone: Surefire's times are as they come, and ours are in UTC.
        timestamp=printable(started[:19]),
        # Results go from hand to hand, and do not tell whose machine it was.
        hostname="localhost",
        time=f"{seconds:.6f}",
        tests=str(len(cases)),
    )
    for attribute, tag in _SUMS:
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    element.append(properties(about))
    element.extend(cases)
    ET.SubElement(element, "system-out").text = "\n".join(notes)
    ET.SubElement(element, "system-err")
    return element


def case(classname: str, name: str, seconds: float = 0.0) -> ET.Element:
    """Return a test case that passes, until something is added that says otherwise."""
    told = {"classname": printable(classname), "name": printable(name)}
    return ET.Element("testcase", told, time=f"{seconds:.6f}")


def properties(told: Iterable[tuple[str, str]]) -> ET.Element:
    """Return properties, as pairs of name and value."""
    element = ET.Element("properties")
    for name, value in told:
        ET.SubElement(element, "property", name=name, value=printable(value))
    return element
