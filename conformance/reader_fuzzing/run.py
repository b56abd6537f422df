"""All readers are fuzzed: ``python conformance/reader_fuzzing/run.py [READER...] [--seconds N]``.

Needs atheris. Exit status 1 where an input is at fault: it is printed as the line of the corpus
that pins it.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from reader_fuzzing import corpus
from reader_fuzzing.readers import READERS

_LONGEST: Final = 8 << 10
"""Bytes of an input: longer ones are tests of the bounds, and slow to find by chance."""

_HANGS: Final = 30
"""Seconds for one input, after which it counts as hanging: the bounds allow some."""

_MIB: Final = 2048
"""Memory, likewise."""

_TOLD: Final = re.compile(r"stat::number_of_executed_units: (\d+)")
_NOISE: Final = re.compile(r"INFO: |WARNING: |stat::|\s*$")


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Fuzz the readers, guided by coverage.")
    add = parser.add_argument
    add("readers", nargs="*", metavar="READER", help=f"{', '.join(READERS)} (default: all)")
    add("--seconds", type=int, default=60, metavar="N", help="for each reader (default: 60)")
    options = parser.parse_args()
    if unknown := set(options.readers) - set(READERS):
        parser.error(f"no reader {unknown.pop()}; name some of {', '.join(READERS)}")
    good = [_fuzzed(reader, options.seconds) for reader in options.readers or READERS]
    return 0 if all(good) else 1


def _fuzzed(reader: str, seconds: int) -> bool:
    """Fuzz a reader for so long; tell whether no input is at fault."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeds, found = folder / "seeds", folder / "found"
        seeds.mkdir()
        found.mkdir()
        for number, content in enumerate(corpus.inputs(reader)):
            (seeds / str(number)).write_bytes(content)
        good = _libfuzzer(reader, folder, f"-max_total_time={seconds}", str(found), str(seeds))
        for content in _faulty(folder):
            print(f"{reader}: at fault, and to be pinned: {corpus.written(content)}", flush=True)
    return good


def _libfuzzer(reader: str, folder: Path, *options: str) -> bool:
    """Run libFuzzer on a reader, in a process that it ends; tell whether it is content."""
    run = subprocess.run(
        (
            *(sys.executable, "-m", "reader_fuzzing.one", reader, str(folder)),
            *(f"-max_len={_LONGEST}", f"-timeout={_HANGS}", f"-rss_limit_mb={_MIB}"),
            *(f"-artifact_prefix={folder}/faulty-", "-print_final_stats=1", "-verbosity=0"),
            *options,
        ),
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        errors="backslashreplace",
        check=False,
    )
    said = run.stdout + run.stderr
    tried = _TOLD.search(said)
    print(f"{reader}: {int(tried[1]):,} inputs" if tried else f"{reader}:", flush=True)
    if run.returncode:
        print(*(line for line in said.splitlines() if not _NOISE.match(line)), sep="\n", flush=True)
    return not run.returncode


def _faulty(folder: Path) -> Iterator[bytes]:
    """Yield the inputs that are at fault; slow ones are none."""
    for path in sorted(folder.glob("faulty-*")):
        if not path.name.startswith("faulty-slow-unit"):
            yield path.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
