"""Kernel modules: those wanted and those they need, each after all it depends on."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from acrn_testguest.tools import BuildError

_DEPENDS = re.compile(rb"\0depends=([^\0]*)\0")
"""An entry of the section .modinfo: NUL-terminated, and behind another entry's NUL or padding."""


def dependencies(module: bytes) -> tuple[str, ...]:
    """Return the names of the modules that a module's .modinfo says it depends on."""
    found = _DEPENDS.search(module)
    return tuple(filter(None, found[1].decode().split(","))) if found else ()


def found_in(folder: Path) -> dict[str, Path]:
    """Return all modules below a folder, by name; ``-`` and ``_`` are one in such names."""
    return {path.stem.replace("-", "_"): path for path in folder.rglob("*.ko")}


def in_load_order(wanted: Iterable[str], modules: Mapping[str, Path]) -> dict[str, bytes]:
    """Return the content of the modules wanted and of all they need, in the order to load them.

    Raises BuildError for one that is not among ``modules``.
    """
    ordered: dict[str, bytes] = {}
    for name in wanted:
        _add(name, modules, ordered)
    return ordered


def _add(name: str, modules: Mapping[str, Path], ordered: dict[str, bytes]) -> None:
    if name in ordered:
        return
    if name not in modules:
        raise BuildError(
            f"the kernel package has no module {name}.ko; it must be Debian 12's cloud kernel"
        )
    content = modules[name].read_bytes()
    for needed in dependencies(content):
        _add(needed, modules, ordered)
    ordered[name] = content
