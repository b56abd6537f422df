"""A golden case as people write it: everything but the expectation.

The expectation comes from the reference when the goldens are frozen, and is reviewed there.
"""

import msgspec

from acrn_conformance.cases import KATA_1, Answer, Dialect, Level

Params = dict[str, object]

REFUSED = Answer(refused=True)


class Entry(msgspec.Struct, frozen=True):
    """One case to be: a stable kebab-case id, never reused, and a request.

    ``dialect``: the one whose answer is due; newer ones that give the same share the case.
    ``also_accepted`` and ``reason`` belong to quirks: the answers accepted besides upstream's, and
    why the case is one.
    """

    id: str
    title: str
    rule: str
    method: str
    params: Params
    level: Level = Level.REQUIRED
    also_accepted: tuple[Answer, ...] = ()
    reason: str = ""
    dialect: Dialect = KATA_1
