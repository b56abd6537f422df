"""The command ``acrn-conformance``, which is ``python -m acrn_conformance`` too."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def main() -> int:
    """Run the command as `acrn_conformance.cli.main` does; while it loads, Ctrl-C ends it at once.

    There is nothing to tell of by then, nor to clean up.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from acrn_conformance import cli  # noqa: PLC0415 - what takes the time that is meant

    return cli.main()


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    from acrn_conformance import cli  # noqa: PLC0415 - as above

    return cli.parser()


if __name__ == "__main__":
    sys.exit(main())
