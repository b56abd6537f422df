"""The goldens seen by the device model: which argv runs on which release of acrn-dm, and why not.

The argv is the arch layer's and need not run anywhere: a text may be hostile, a slot beyond 31.
The host is the one on which the verdicts of real binaries were recorded.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from acrn_conformance import oracle
from acrn_conformance.cases import DIALECTS, Case, LedgerEntry, tokens_in
from acrn_dm import RECORDING, RELEASES, Fault, parse

_SHOWN = 100


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Releases that refuse an argv alike: the stage, and what acrn-dm says."""

    releases: tuple[str, ...]
    stage: str
    message: str


class Fate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fate of a golden argv in the releases."""

    id: str
    accepted: tuple[str, ...]
    refused: tuple[Refusal, ...]


def fates(cases: Iterable[Case]) -> Iterator[Fate]:
    """Yield the fate of each golden that is a command line of acrn-dm."""
    for case in cases:
        argv = tokens_in(case.expect.result, "argv")
        if argv is not None and case.request.method != "block_rescan":
            yield fate(case.id, argv)


def fate(name: str, argv: list[str]) -> Fate:
    """Return what the releases make of an argv."""
    verdicts = {release: parse(argv, release, RECORDING) for release in RELEASES}
    refusals: dict[tuple[str, str], list[str]] = {}
    for release, verdict in verdicts.items():
        if isinstance(verdict, Fault) and not verdict.accepted:
            # Verdicts differ in what they quote: the beginning of it is enough to tell them apart.
            message = ascii(verdict.message)[1:-1][:_SHOWN]
            refusals.setdefault((verdict.stage.value, message), []).append(release)
    return Fate(
        id=name,
        accepted=tuple(release for release, verdict in verdicts.items() if verdict.accepted),
        refused=tuple(
            Refusal(tuple(releases), stage, message)
            for (stage, message), releases in refusals.items()
        ),
    )


def refusing(entry: LedgerEntry) -> tuple[str, ...]:
    """Return the releases that refuse the argv which a ledger entry's input gives."""
    if entry.input is None:
        return ()
    answer = oracle.expected(DIALECTS[entry.dialect], entry.input).result
    argv = tokens_in(answer, "argv")
    if argv is None or entry.input.method == "block_rescan":
        return ()
    # A guest needs a name on every release; an entry's input is as short as it can be.
    named = argv if _named(entry) else [*argv, "vm"]
    return tuple(sorted(set(RELEASES) - set(fate(entry.id, named).accepted)))


def _named(entry: LedgerEntry) -> bool:
    params = entry.input.params if entry.input else {}
    config = params.get("config")
    return "id" in params or (isinstance(config, dict) and bool(config.get("name")))


def page(cases: Sequence[Case], found: Mapping[str, Fate]) -> str:
    """Return the tables of releases for people, one a dialect; fates by the ids of cases."""
    lines = [
        f"# The golden command lines on {len(RELEASES)} releases of acrn-dm",
        "",
        "Generated with the model of acrn-dm's command line, which agrees with the recorded",
        "verdicts of real binaries. The goldens say what an arch layer must build, not what runs:",
        "many are hostile texts, or have more devices than a bus has slots. `releases.json` has",
        "every case. Stages: `argv` before the hypervisor is asked, `vm` its answer, `device`.",
        "",
        "From v3.0 on acrn-dm takes no line without `--cpu_affinity`, and so none of kata-1.",
        "",
    ]
    for name in DIALECTS:
        mine = [found[c.id] for c in cases if name in c.dialects and c.id in found]
        lines += [f"## {name}", "", *_table(mine), ""]
    return "\n".join(lines[:-1]) + "\n"


def _table(found: Sequence[Fate]) -> Iterator[str]:
    yield "| release | accepted | refused | most frequent reasons |"
    yield "|---|---|---|---|"
    for release in RELEASES:
        reasons = Counter(
            f"`{refusal.stage}`: {_reason(refusal.message)}"
            for each in found
            for refusal in each.refused
            if release in refusal.releases
        )
        accepted = sum(release in each.accepted for each in found)
        common = "; ".join(f"{text} ({times})" for text, times in reasons.most_common(4))
        yield f"| {release} | {accepted} | {len(found) - accepted} | {common} |"


def _reason(message: str) -> str:
    """Return a message without what it quotes, fit for a table."""
    text = message.partition('"')[0].partition("'")[0].strip(" :") or "usage"
    return text.replace("|", "\\|")
