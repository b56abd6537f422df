"""``python -m miniatures NAME``: be that miniature on the wire; ``--list`` names them all."""

import argparse
import sys

from miniatures import MINIATURES
from miniatures.serving import serve


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="miniatures", description=__doc__)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--list", action="store_true", help="a line each: name and what is wrong")
    choice.add_argument("name", nargs="?", metavar="NAME", help="the miniature to serve")
    options = parser.parse_args()
    if options.list:
        for miniature in MINIATURES.values():
            print(f"{miniature.name:<36} {miniature.what}")
    elif options.name in MINIATURES:
        serve(MINIATURES[options.name])
    else:
        parser.error(f"no miniature is called {options.name!a}; --list names them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
