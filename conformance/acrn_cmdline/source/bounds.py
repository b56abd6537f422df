"""How much is read: no input takes more time or memory than this."""

from typing import Final

from acrn_base.reading import WHOLE

LINE: Final = WHOLE
"""Bytes of one line, or of a whole input: some thirty times what Linux lets an argv have."""

SCRIPT: Final = 4 << 20
"""Bytes that are read as shell."""

PARSING: Final = 3.0
"""Seconds that the grammar may take: it is slow where nearly all is an error."""

TRUSTED: Final = 1 << 14
"""Bytes that the grammar is given without a trial: more may take minutes that nothing can stop."""

BLOCKS: Final = 50
"""Blocks of code in a page of documentation."""

CALLS: Final = 1_000
"""Calls of a text; of JSON, one value a line, there may be any number."""

PLACEHOLDERS: Final = 1_000
"""Things in a text that somebody is to write something else for."""

NOTES: Final = 20
"""Ends of lines of which it is told that they are read otherwise than a shell does."""

HOLES: Final = 200
"""Words of a call that are not known: each is filled by trial, for each release."""

STRAYS: Final = 200
"""Lines of a script whose positional parameters are put in braces for the grammar."""

STEPS: Final = 500_000
"""Words and commands that are looked at, in loops again and again."""

DEPTH: Final = 40
"""Blocks, substitutions and calls of functions that stand in each other, and expansions."""

TEXT: Final = 1 << 17
"""Characters of a value, which is what Linux lets one argument have."""

PIECES: Final = 2_048
"""Parts of a value that stand in different places."""

ROUNDS: Final = 1_000
"""Times that a loop of known words is gone through."""
