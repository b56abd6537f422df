"""Pages that are made of data: lint's rules and refusals, and the ledger of upstream's oddities."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from acrn_cmdline.capture import FACTS
from acrn_cmdline.lint import REFUSALS, RULES, Refusal, Rule, Severity, ranges
from acrn_conformance.cases import DIALECTS, LedgerEntry, golden
from acrn_conformance.invariants import kata_lint

_MEANING = {
    Severity.REFUSED: "acrn-dm takes no such line.",
    Severity.SILENT: "acrn-dm takes it, says nothing, and does not do what was meant.",
    Severity.RISKY: "It works, unless what it depends on is otherwise.",
    Severity.STYLE: "It does no harm.",
}

_INTRODUCTION = """# Lint rules

`acrn-conformance lint` reports each finding under the id of a rule: in the text behind the
severity, in `--json` as `rule`, in SARIF as `ruleId`. That id is also the anchor on this page, so
`lint-rules.html#tap-not-opened` is a link that holds wherever the site is put; `--json` and SARIF
have this part of it as `page`. A whole address they cannot have: the site has no host that the tool
could know.

Ids are stable. `refused` is what the model of acrn-dm refuses; the other three severities are what
it takes.
"""

_LEDGER = """# The ledger of upstream's oddities

Where the original is odd: what it does, and why that matters. Cases pin each entry; where the
answer of the original is not the only good one, they are quirks ([the contract](golden.md)).
"""

_SHOWN = 6
"""Cases of an entry that are named; of more, how many there are."""


def lint_rules() -> str:
    """Return the page of lint: one section a rule, its anchor the rule's id."""
    kata = {rule.id: rule for dialect in DIALECTS.values() for rule in kata_lint.rules(dialect)}
    parts = (
        ("Rules for every command line", RULES),
        ("Rules of `--profile kata`", [*kata.values()]),
        ("Refusals", [*REFUSALS.values()]),
    )
    lines = [_INTRODUCTION]
    for title, rules in parts:
        lines += [f"## {title}", ""]
        lines += _of_severities(rules)
    lines += ["## Rescans that `capture` sees", ""]
    for fault, (fact, remedy) in FACTS.items():
        lines += [f"({fault.value})=", f"### {fault.value}", "", _plain(fact), ""]
        lines += [f"*Remedy:* {_plain(remedy)}.", ""]
    return "\n".join(lines)


def _of_severities(rules: Sequence[Rule | Refusal]) -> Iterator[str]:
    for severity in Severity:
        found = sorted((rule for rule in rules if rule.severity is severity), key=lambda r: r.id)
        if found:
            yield from (f"**{severity}**: {_MEANING[severity]}", "")
        for rule in found:
            yield from (f"({rule.id})=", f"### {rule.id}", "", f"*{severity}.* {_plain(rule.fact)}")
            yield from ("", f"*Remedy:* {_plain(rule.remedy)}.", "")


def ledger() -> str:
    """Return the page of the ledger: one section an oddity, with the cases that pin it."""
    entries = golden.ledger(golden.folder())
    lines = [_LEDGER]
    for entry in entries:
        lines += _entry(entry)
    return "\n".join(lines)


def _entry(entry: LedgerEntry) -> Iterator[str]:
    yield from (f"## {entry.id}", "", f"{entry.dialect}; {_plain(entry.where)}", "")
    yield from (_plain(entry.upstream), "", f"*Why it matters:* {_plain(entry.why)}", "")
    if entry.refused_by:
        yield from (f"*Refused by acrn-dm:* {ranges(entry.refused_by)}.", "")
    shown = ", ".join(f"`{name}`" for name in entry.cases[:_SHOWN])
    more = f" and {len(entry.cases) - _SHOWN} more" if len(entry.cases) > _SHOWN else ""
    yield from (f"*Cases:* {shown}{more}." if shown else "*Cases:* none.", "")
    if entry.input:
        asked = msgspec.json.encode(entry.input).decode("utf-8")
        yield from ("```json", asked, "```", "")


def _plain(text: str) -> str:
    """Return a text in which no character is Markdown."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|$~@" else c for c in text)


PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"lint_rules": lint_rules, "ledger": ledger}
)
