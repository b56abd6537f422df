"""``python -m acrn_conformance`` is ``acrn-conformance``."""

import sys

from acrn_conformance.cli import main

sys.exit(main())
