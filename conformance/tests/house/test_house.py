"""The house: each folder has a face, and other folders import from it alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPOSITORY

CODE = ("conformance", "hwtests", "reference")
WINGED = ("acrn_cmdline", "acrn_conformance")
"""Packages whose folders and modules are wings; of the others the package itself is."""

MODULES_ARE_NAMES = "acrn_base"
"""The ground has no face: each of its modules is a trade of its own."""

INTIMATE = {("acrn_conformance.oracle", "acrn_arch")}
"""The oracle puts all of the reference on the wire, also what no user of the library needs."""


def packages() -> Iterator[Path]:
    for part in CODE:
        for face in sorted((REPOSITORY / part).glob("*/__init__.py")):
            yield face.parent


def wings() -> Iterator[str]:
    for package in packages():
        yield package.name
        if package.name in WINGED:
            for room in (*package.glob("*/__init__.py"), *package.glob("[!_]*.py")):
                yield f"{package.name}.{room.parent.name if room.stem == '__init__' else room.stem}"


WINGS = tuple(wings())


def wing(module: str) -> str:
    """Return the wing that a module is in."""
    return max((name for name in WINGS if f"{module}.".startswith(f"{name}.")), key=len)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.Import(names=names):
                yield from (alias.name for alias in names)


def modules() -> Iterator[tuple[str, Path]]:
    for package in packages():
        for path in sorted(package.rglob("*.py")):
            words = path.relative_to(package.parent).with_suffix("").parts
            yield ".".join(words).removesuffix(".__init__"), path


@pytest.mark.parametrize(("module", "path"), tuple(modules()), ids=lambda value: str(value)[-60:])
def test_other_wings_are_imported_from_their_face_alone(module: str, path: Path) -> None:
    """What stands behind a face can be moved without asking anybody."""
    own = wing(module)
    behind = [
        name
        for name in imported(path)
        if name.partition(".")[0] in {package.name for package in packages()}
        and wing(name) not in {own, name, MODULES_ARE_NAMES}
        and (own, wing(name)) not in INTIMATE
    ]
    assert behind == []
