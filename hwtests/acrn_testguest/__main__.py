"""The command: build the test guest and print where its kernel, initramfs and disk are."""

import argparse
import signal
import sys
from pathlib import Path

from acrn_testguest.builder import build
from acrn_testguest.tools import BuildError


def main() -> int:
    """Return the exit status: 0, 2 if it cannot be built, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m acrn_testguest",
        description="Build the test guest if need be; print its kernel, initramfs and disk.",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="keep it in this folder (default: acrn-conformance in the user's cache folder)",
    )
    try:
        guest = build(parser.parse_args().output)
    except BuildError as error:
        print(f"acrn_testguest: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("acrn_testguest: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    print(guest.kernel, guest.initramfs, guest.disk, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
