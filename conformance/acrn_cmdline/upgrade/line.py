"""A line on its way from one release to another, and the steps that change it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, Self

from acrn_cmdline.lint import judge_holes
from acrn_cmdline.source import Argv, Hole, Place
from acrn_cmdline.upgrade.holes import Holes
from acrn_cmdline.upgrade.parts import Part, parts, tokens
from acrn_cmdline.upgrade.values import Carried, Change
from acrn_dm import RELEASES, Device, FaultKind, Host, SlotText, ignores, read, slot_text


class Edit(NamedTuple):
    """New parts in the place of some, and why; ``lost`` is what the target cannot do instead.

    ``start`` and ``stop`` bound the old parts as in a slice; where they are equal, the new ones
    go in between. ``carried`` is another part whose value a new one has, behind
    its long name as the key.
    """

    start: int
    stop: int
    after: tuple[Part, ...]
    reason: str
    fact: str
    lost: str = ""
    carried: Part | None = None

    @classmethod
    def of_value(
        cls, index: int, part: Part, value: str, reason: str, fact: str, lost: str = ""
    ) -> Self:
        """Give the option at an index another value."""
        return cls(index, index + 1, (part.valued(value),), reason, fact, lost)


class Line(NamedTuple):
    """The parts of an argv, and from which release to which it goes.

    ``where`` is the place of the argv. In all texts a hole is one character of ``holes``.
    ``processors`` are what the user wants in ``--cpu_affinity``, or a hole that is left for them;
    ``regions`` is one for those of ``--ssram``, ``firmware`` one for the image of ``--ovmf``.
    """

    where: Place
    parts: tuple[Part, ...]
    source: str
    target: str
    host: Host
    holes: Holes
    processors: str
    regions: str
    firmware: str

    @classmethod
    def of(cls, argv: Argv, source: str, target: str, host: Host, processors: str | None) -> Self:
        """Take an argv apart as the source does. Raises SourceError."""
        wanted = [_unused(argv, name) for name in ("cpus", "regions", "firmware")]
        holes = Holes.of(argv, wanted)
        cpus, regions, firmware = (holes.characters[name] for name in wanted)
        reading = read(holes.closed(argv), source, host)
        taken = tuple(parts(reading, argv.places))
        wanted_cpus = processors or cpus
        return cls(argv.where, taken, source, target, host, holes, wanted_cpus, regions, firmware)

    def options(self, *names: str) -> Iterator[tuple[int, Part]]:
        """Yield the options of some names, of all where none is named, with their indices."""
        for index, part in enumerate(self.parts):
            if part.option and (not names or part.option in names):
                yield index, part

    def slots(self) -> Iterator[tuple[int, Part, SlotText]]:
        """Yield each ``-s`` with its index, and as written."""
        for index, part in self.options("pci_slot"):
            yield index, part, slot_text(part.value or "")

    def has(self, name: str) -> bool:
        """Tell whether an option is given."""
        return any(self.options(name))

    @property
    def name(self) -> int | None:
        """The index of the operand that is the VM's name; None: there is none to be seen.

        An operand that begins with a hole may be options, and is the name where no other is.
        """
        operands = [
            n for n, part in enumerate(self.parts) if not part.option and part.value != "--"
        ]
        known = [n for n in operands if not self.holes.begin(self.parts[n].value or "")]
        return known[0] if known else operands[-1] if operands else None

    @property
    def tokens(self) -> list[str]:
        """The tokens as they are read here, a hole in them one character."""
        return [token for token, _ in tokens(self.parts)]

    def takes(self, name: str) -> bool:
        """Tell whether the target has an option, and looks at it."""
        return not (ignores(name, self.target) or self.complaints(f"--{name}", "") & _NO_OPTION)

    def device(self, part: Part, release: str) -> Device | None:
        """Return what a release makes of an ``-s``, None where it refuses it."""
        functions = read(("-s", part.value or ""), release, self.host).command.functions
        return functions[0].device if functions else None

    def complaints(self, *words: str) -> frozenset[FaultKind]:
        """Return why the target refuses some tokens by themselves."""
        faults = read(words, self.target, self.host).faults
        return frozenset(each.kind for each in faults if each.token in range(len(words)))

    def refused_for(self, kind: FaultKind) -> bool:
        """Tell whether the target refuses the line as it is now for a reason.

        Operands that may be any options are taken for none.
        """
        known = [part for n, part in enumerate(self.parts) if n == self.name or not self._any(part)]
        argv = self._replace(parts=tuple(known)).argv
        found = judge_holes(argv, self.host, (self.target,), ()).findings
        return any(each.rule == kind.value for each in found)

    def _any(self, part: Part) -> bool:
        return not part.option and self.holes.begin(part.value or "")

    def since(self, tag: str) -> bool:
        """Tell whether the source is older than a release and the target is not."""
        place = RELEASES.index(tag)
        return RELEASES.index(self.source) < place <= RELEASES.index(self.target)

    def edited(self, edits: Sequence[Edit]) -> Self:
        """Return the line with edits made, of which no two concern the same part."""
        written = list(self.parts)
        for edit in sorted(edits, key=lambda each: each.start, reverse=True):
            written[edit.start : edit.stop] = edit.after
        return self._replace(parts=tuple(written))

    @property
    def argv(self) -> Argv:
        """The line as an argv, its holes by their names."""
        written: list[str] = []
        places: list[Place | None] = []
        found: dict[int, tuple[Hole, ...]] = {}
        for index, (token, place) in enumerate(tokens(self.parts)):
            text, holes = self.holes.opened(token)
            written.append(text)
            places.append(place)
            if holes:
                found[index] = holes
        return Argv(self.where, tuple(written), tuple(places), found)

    def change(self, edit: Edit) -> Change:
        """Return an edit as those see it who know nothing of parts."""
        before = self.parts[edit.start : edit.stop]
        places = [place for part in before for _, place in tokens([part])]
        return Change(
            self._shown(before),
            self._shown(edit.after),
            tuple(places),
            (self.holes.shown(edit.reason),),
            (edit.fact,),
            self._carried(edit.carried) if edit.carried else None,
        )

    def _carried(self, part: Part) -> Carried:
        places = tuple(place for _, place in tokens([part]))
        value = self.holes.shown(part.value or "")
        return Carried(f"{part.option}=", value, self._shown([part]), places)

    def _shown(self, written: Sequence[Part]) -> tuple[str, ...]:
        return tuple(self.holes.shown(word) for part in written for word in part.words)


_NO_OPTION: Final = frozenset({FaultKind.OPTION_ELSEWHERE, FaultKind.OPTION_UNKNOWN})

Step = Callable[[Line], Iterator[Edit]]
"""Yields what one idea has to change in a line."""


def _unused(argv: Argv, name: str) -> str:
    """Return a name for a hole that no other hole of an argv has."""
    return name if name not in argv.unknown else _unused(argv, f"{name}_")
