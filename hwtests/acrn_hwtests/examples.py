"""``acrn-hwtests examples DIR``: board files to start from, and the installer for Debian."""

import argparse
import errno
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copy


def command(arguments: Sequence[str]) -> int:
    """Write the examples into a folder; return 0, or 2 where not all of them can be written."""
    options = _parser().parse_args(arguments)
    folder: Path = options.folder
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in files():
            target = folder / source.name
            if target.exists():
                raise FileExistsError(errno.EEXIST, "is there already", str(target))
            made.append(target)
            copy(source, target)
    except OSError as error:
        for target in made:
            target.unlink(missing_ok=True)
        where = error.filename or folder
        print(f"acrn-hwtests: {where}: {error.strerror}; name a new folder", file=sys.stderr)
        return 2
    print(*made, sep="\n")
    return 0


def files() -> Iterator[Path]:
    """Yield the examples: inside the installed package, else of the checkout."""
    package = Path(__file__).parent
    packaged = package / "example_files"
    root = packaged if packaged.is_dir() else package.parent
    yield from sorted((root / "boards").glob("*.toml"))
    yield root / "install-debian"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="acrn-hwtests examples",
        description="Write the example board files, and install-debian, which installs what the "
        "stand-in board needs, into a folder.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder, made if need be")
    return parser
