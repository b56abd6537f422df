"""One reader is fuzzed: ``python -m reader_fuzzing.one READER FOLDER OPTIONS-OF-LIBFUZZER...``.

libFuzzer takes the process over, and ends it: with an input at fault when there is one.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=[
        "acrn_arch",
        "acrn_base",
        "acrn_cmdline",
        "acrn_conformance",
        "acrn_dm",
        "acrn_hwtests",
    ]
):
    from reader_fuzzing.readers import READERS


def main(name: str, folder: Path, options: list[str]) -> None:
    """Fuzz a reader of that name, by files in a folder."""
    reader = READERS[name]

    def one(content: bytes) -> None:
        reader.try_on(content, folder)

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
