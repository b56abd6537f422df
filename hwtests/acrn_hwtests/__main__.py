"""``python -m acrn_hwtests`` is the command ``acrn-hwtests``."""

import sys

from acrn_hwtests.command import main

if __name__ == "__main__":
    sys.exit(main())
