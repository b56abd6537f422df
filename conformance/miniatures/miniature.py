"""The form of a miniature: the reference with one fault, of one of five sorts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from acrn_conformance.cases import KATA_1, Request
from miniatures import unseen

Result = dict[str, object]

Change = Callable[[Request, Result], Result]
"""From a request and the right result to a wrong one, or the same where the fault is silent."""

StatefulChange = Callable[[Request, Result | None], Result | None]
"""The same, and it sees refusals, which are None, and may refuse."""

Writing = Callable[[bytes, Callable[[bytes], bytes]], bytes]
"""From a request line, and what gives the right reply line to one, to what is written."""


@dataclass(frozen=True, slots=True)
class Miniature:
    """The reference in a dialect with one fault; ``what`` says in a sentence which."""

    name: str
    what: str
    dialect: str = field(default=KATA_1.name, kw_only=True)

    @property
    def caught_by(self) -> Literal["golden", "search"]:
        """Return what must catch it: the golden files, unless there is a reason why they cannot."""
        return "search" if self.name in unseen.BY_GOLDENS else "golden"


@dataclass(frozen=True, slots=True)
class Patch(Miniature):
    """A fault in the source of a function or class of the reference, ``place``.

    It is named by its module and its own name, e.g. ``config.placed``; ``old``, which stands there
    once, becomes ``new``.
    """

    place: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Constant(Miniature):
    """A fault in the data: the name ``place``, e.g. ``arch.MAX_VCPUS``, has another value."""

    place: str
    value: object


@dataclass(frozen=True, slots=True)
class Twist(Miniature):
    """A fault that shows in some results, and does not depend on what was asked before."""

    change: Change


@dataclass(frozen=True, slots=True)
class Stateful(Miniature):
    """A fault with a memory; ``begin`` is called when the process starts."""

    begin: Callable[[], StatefulChange]


@dataclass(frozen=True, slots=True)
class Garbled(Miniature):
    """A fault in how a reply is written."""

    write: Writing
