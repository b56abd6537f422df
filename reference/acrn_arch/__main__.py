"""``python -m acrn_arch`` is ``acrn-arch``."""

import sys

from acrn_arch.cli import main

sys.exit(main())
