"""Shell scripts that are read, never run: the calls of acrn-dm in them, as far as they are certain.

Ways that depend on what is not known are all followed; what they leave different is a hole.
"""

from acrn_cmdline.source.shell.fragments import lone
from acrn_cmdline.source.shell.reader import calls
from acrn_cmdline.source.shell.text import Piece, Text, argv
from acrn_cmdline.source.shell.units import has_unit, is_unit, started

__all__ = ["Piece", "Text", "argv", "calls", "has_unit", "is_unit", "lone", "started"]
