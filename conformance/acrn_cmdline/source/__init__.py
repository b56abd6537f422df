"""Where argvs come from: words, a running acrn-dm, a file, standard input.

argvs are bytes: what is no UTF-8 stands as surrogates (PEP 383). The program's name is left out.
"""

from acrn_cmdline.source.argv import PROGRAM, Argv, Hole, Place, SourceError
from acrn_cmdline.source.files import from_file, from_open, opened
from acrn_cmdline.source.process import from_pid
from acrn_cmdline.source.words import from_words

__all__ = [
    "PROGRAM",
    "Argv",
    "Hole",
    "Place",
    "SourceError",
    "from_file",
    "from_open",
    "from_pid",
    "from_words",
    "opened",
]
