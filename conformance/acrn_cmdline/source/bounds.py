"""How much is read: no input takes more time or memory than this."""

from typing import Final

LINE: Final = 64 << 20
"""Bytes of one line, or of a whole input: some thirty times what Linux lets an argv have."""

SCRIPT: Final = 4 << 20
"""Bytes that are read as shell."""

SILENCE: Final = 5.0
"""Seconds that a pipe with a name may give nothing."""
