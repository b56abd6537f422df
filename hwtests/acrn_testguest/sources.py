"""The builder's own sources: the guest's scripts, and what tells one builder from another."""

import hashlib
from pathlib import Path

_HERE = Path(__file__).parent

FILES = _HERE / "files"
"""The guest's scripts and settings, as they are."""


def source(name: str) -> bytes:
    """Return one of the guest's files."""
    return (FILES / name).read_bytes()


def fingerprint() -> str:
    """Return a hash over this package: a guest built by another version of it is another guest."""
    digest = hashlib.sha256()
    for path in sorted((*_HERE.glob("*.py"), *FILES.iterdir())):
        digest.update(f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
