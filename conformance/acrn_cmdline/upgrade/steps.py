"""Upgrading: the steps in their order, and what the target then makes of the line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from acrn_cmdline.lint import Finding, Severity, judge_holes
from acrn_cmdline.source import Argv
from acrn_cmdline.upgrade import consoles, devices, machine, nets, options, places
from acrn_cmdline.upgrade.line import Line, Step
from acrn_cmdline.upgrade.values import Change, Upgrade
from acrn_dm import RELEASES, FaultKind, Host

_STEPS: Final[Sequence[Step]] = (
    options.write_in_full,
    options.rename,
    options.boot_by_firmware,
    options.name_channel,
    options.say_regions,
    options.keep_devices_as_they_are,
    options.end_channel,
    options.end,
    devices.end,
    devices.end_boot_flag,
    devices.end_passthru_options,
    devices.name_shared_memory,
    devices.keep_paths,
    consoles.name_ports,
    places.move_to_bus_0,
    nets.name_tap,
    nets.hand_out_seed,
    machine.stay_real_time,
    machine.align_memory,
    machine.name_processors,
    machine.shorten_name,
)
_LOSSES: Final[Sequence[Callable[[Line], Iterator[str]]]] = (
    devices.lose_state,
    nets.lose_address,
    machine.lose_interrupts,
    machine.lose_name,
)
_WRONG: Final = (Severity.REFUSED, Severity.SILENT)
_BOOTLESS: Final = FaultKind.NO_IMAGE.value
_PASTED: Final = "typographic-character"
_PUT_RIGHT: Final = frozenset({FaultKind.CPUS.value, FaultKind.BUSES.value})
"""What the source refuses and an upgrade puts right: nobody then has to know from which release."""


def upgrade(
    argv: Argv, source: str, target: str, host: Host, processors: str | None = None
) -> Upgrade:
    """Rewrite an argv that the source takes so that the target does the same with it.

    ``processors`` is what stands in ``--cpu_affinity`` where the target needs it said; without, a
    hole is left there. Raises UnknownReleaseError, and SourceError for too many holes.
    """
    line = Line.of(argv, source, target, host, processors)
    found = _findings(line, source)
    before = [each for each in found if each.rule not in _PUT_RIGHT]
    refused = tuple(each for each in found if each.severity is Severity.REFUSED)
    rules = tuple(dict.fromkeys(each.rule for each in refused))
    refusals = tuple(each for each in refused if each in before)
    if refusals:
        pasted = tuple(each for each in before if each.rule == _PASTED)
        return Upgrade(source, target, argv, argv, blockers=(*pasted, *refusals), refusals=rules)
    lost = [line.holes.shown(text) for find in _LOSSES for text in find(line)]
    changes: list[Change] = []
    for step in _STEPS:
        edits = list(step(line))
        changes = _with(changes, map(line.change, edits))
        lost += [line.holes.shown(edit.lost) for edit in edits if edit.lost]
        line = line.edited(edits)
    blockers = tuple(_new(_findings(line, target), before))
    told = tuple(dict.fromkeys(lost))
    written = line.argv._replace(notes=argv.notes)
    return Upgrade(source, target, argv, written, tuple(changes), told, blockers, rules)


def likely_source(argv: Argv, target: str, host: Host) -> str:
    """Return the release that an argv was written for, so far as the argv can tell.

    It is the newest up to the target of those that take it with the fewest traps; where none takes
    it, of those that find the least fault with it. Raises as :func:`upgrade` does.
    """
    older = RELEASES[: RELEASES.index(target) + 1]

    def faults(release: str) -> tuple[int, int]:
        line = Line.of(argv, release, target, host, None)
        found = [each for each in _findings(line, release) if each.rule not in _PUT_RIGHT]
        refused = sum(each.severity is Severity.REFUSED for each in found)
        return refused, len(found) - refused

    return min(reversed(older), key=faults)


def _with(changes: Sequence[Change], later: Iterable[Change]) -> list[Change]:
    """Return changes with later ones, those of the same tokens as one."""
    found = list(changes)
    earlier: dict[object, list[int]] = {}
    for index, change in enumerate(found):
        earlier.setdefault((change.after, change.places), []).append(index)
    for change in later:
        same = earlier.get((change.before, change.places)) if change.before else None
        if same:
            index = same.pop(0)
            found[index] = found[index].followed(change)
        else:
            found.append(change)
    return found


def _findings(line: Line, release: str) -> tuple[Finding, ...]:
    """Return what is refused or of no effect in a release, and what may be why."""
    return tuple(
        each
        for each in judge_holes(line.argv, line.host, (release,)).findings
        if each.severity in _WRONG or each.rule in {_BOOTLESS, _PASTED}
    )


def _new(after: Sequence[Finding], before: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what was not there before; a refusal never was."""
    known = set(map(_told, before))
    return (each for each in after if _told(each) not in known)


def _told(finding: Finding) -> tuple[str, str]:
    """Return what is found; that there is nothing to boot each release says in its own words."""
    return finding.rule, "" if finding.rule == _BOOTLESS else finding.message
