"""``acrn-conformance doctor``: what is installed, and what each mode would still need."""

import argparse
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import msgspec

from acrn_base.text import visible
from acrn_conformance import __version__
from acrn_conformance.cli.parser import Parser
from acrn_conformance.reports import Styled, terminal

_DISTRIBUTION = "acrn-conformance"
_EXTRA = re.compile(r"""([\w.-]+).*;\s*extra\s*==\s*["']([\w-]+)["']""")
_EXTRA_OF = "extra "
"""What the use of an item begins with that is a package of an extra."""

_EVERYTHING = "everything"

_FEW = 3
"""Packages of an extra that are named."""

_NAMESPACES = Path("/proc/sys/user/max_user_namespaces")
_KVM = Path("/dev/kvm")

_PROGRAMS = (
    ("qemu-system-x86_64", "the stand-in board", "apt install qemu-system-x86"),
    ("iasl", "acrn-dm's ACPI tables in dry runs", "apt install acpica-tools"),
    ("cc", "building what dry runs stand in", "apt install gcc libc6-dev"),
    ("ssh", "boards reached by ssh", "apt install openssh-client"),
    ("sudo", "boards whose user is not root", "apt install sudo, where you are not root"),
    ("acrn-dm", "dry runs, and boards on this machine", "install ACRN's device model"),
)
"""Programs, what each is for, and where it comes from."""


class Item(msgspec.Struct, frozen=True):
    """One thing looked for: what it serves, what was found, and the remedy where it is missing."""

    name: str
    serves: str
    found: str
    remedy: str = ""


def configure(parser: Parser) -> None:
    """Declare the option."""
    parser.epilog = "Nothing here is needed by every command, so the exit status is 0."
    parser.add_argument("--json", action="store_true", help="print a JSON array")
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    items = tuple(_items())
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(items), indent=1).decode())
    else:
        terminal.write(_lines(items))
    return 0


def _items() -> Iterator[Item]:
    """Look, and start nothing."""
    yield Item("acrn-conformance", _EVERYTHING, __version__)
    yield Item("Python", _EVERYTHING, f"{platform.python_version()} ({sys.executable})")
    yield from _extras()
    for name, serves, remedy in _PROGRAMS:
        path = shutil.which(name)
        yield Item(name, serves, path or "", "" if path else remedy)
    yield _kvm()
    yield _namespaces()


def _extras() -> Iterator[Item]:
    """Yield the packages of each extra, as the installed distribution names them."""
    try:
        requirements = distribution(_DISTRIBUTION).requires or ()
    except PackageNotFoundError:
        remedy = f"pip install {_DISTRIBUTION}"
        yield Item("extras", "what they are is not known", "", f"not installed; {remedy}")
        return
    extras: dict[str, str] = {}  # the first is the smallest: one that has another comes after it
    for match in map(_EXTRA.match, requirements):
        if match and match[1] != _DISTRIBUTION:
            extras.setdefault(match[1], match[2])
    for name, extra in extras.items():
        found = _installed(name)
        remedy = "" if found else f"pip install '{_DISTRIBUTION}[{extra}]'"
        yield Item(name, f"{_EXTRA_OF}{extra}", found, remedy)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _kvm() -> Item:
    serves = "a quick stand-in board (without it QEMU emulates)"
    if os.access(_KVM, os.R_OK | os.W_OK):
        return Item("KVM", serves, str(_KVM))
    there = "join the group kvm" if _KVM.exists() else "enable virtualization, and load its module"
    return Item("KVM", serves, "", there)


def _namespaces() -> Item:
    serves = "capture, which sees calls by absolute paths in them"
    try:
        most = int(_NAMESPACES.read_text("ascii"))
    except (OSError, ValueError):
        most = 0
    if most or os.geteuid() == 0:
        return Item("namespaces", serves, "not forbidden")
    remedy = "sysctl user.max_user_namespaces=10000, or capture --stand-ins DIR"
    return Item("namespaces", serves, "", remedy)


def _lines(items: tuple[Item, ...]) -> Iterator[Styled]:
    """Yield what is missing, then a line for each thing that is there; an extra is one thing."""
    things: dict[str, list[Item]] = {}
    for item in items:
        name = item.serves if item.serves.startswith(_EXTRA_OF) else item.name
        things.setdefault(name, []).append(item)
    missing = {name: [item for item in of if item.remedy] for name, of in things.items()}
    for name, lacking in missing.items():
        if lacking:
            of = ", ".join(item.name for item in lacking)
            what = f" ({of})" if name.startswith(_EXTRA_OF) else f", for {lacking[0].serves}"
            yield Styled(f"missing: {name}{what}: {lacking[0].remedy}", "?")
    width = max(map(len, things))
    for name, of_it in things.items():
        if not missing[name]:
            yield Styled(f"{name:<{width}}  {_there(of_it)}", "good")


def _there(items: list[Item]) -> str:
    """Return what was found of one thing."""
    if len(items) > _FEW:
        return f"{len(items)} packages"
    if len(items) > 1 or items[0].serves.startswith(_EXTRA_OF):
        return ", ".join(f"{item.name} {visible(item.found)}" for item in items)
    served = items[0].serves
    return visible(items[0].found) + (f", for {served}" if served != _EVERYTHING else "")
