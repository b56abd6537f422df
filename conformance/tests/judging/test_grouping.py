"""Failures in groups: those without an answer are one fault, whatever their cases are about."""

from implementations import CASES

from acrn_conformance.cases import Case
from acrn_conformance.implementation import Broken, Outcome, Overdue
from acrn_conformance.judging import Mark, Verdict, grouped, judge

LATE = Overdue("no answer within 2 s (--timeout)")
CRASH = Broken("it ended (exit status 1) before it answered", ended=True)


def of_rule(rule: str) -> list[Case]:
    return [case for case in CASES if case.rule == rule]


def judged(cases: list[Case], outcome: Outcome) -> list[Verdict]:
    return [judge(case, outcome) for case in cases]


def test_no_answer_in_cases_of_many_rules_is_one_group_without_a_rule() -> None:
    """Who never answers breaks no rule of the arch layer."""
    verdicts = judged(list(CASES), LATE)
    (group,) = grouped(verdicts)
    assert group.rule == ""
    assert len(group.verdicts) == len(CASES)
    assert {verdict.mark for verdict in group.verdicts} == {Mark.TIMEOUT}


def test_no_answer_in_the_cases_of_one_rule_keeps_the_rule() -> None:
    """Who crashes over one thing is told which."""
    nul = of_rule("nul-in-text")
    (group,) = grouped(judged(nul, CRASH))
    assert group.rule == "nul-in-text"


def test_ways_of_not_answering_are_told_apart() -> None:
    """Who is late with everything and crashes over one thing has two faults, the larger first."""
    others = [case for case in CASES if case.rule != "nul-in-text"]
    groups = grouped([*judged(of_rule("nul-in-text"), CRASH), *judged(others, LATE)])
    assert [group.rule for group in groups] == ["", "nul-in-text"]


def test_replies_that_break_the_contract_in_cases_of_many_rules_are_one_group() -> None:
    """What was asked and what was given up for it are one fault, whatever line each reply was."""
    asked, not_asked = CASES[:20], CASES[20:]
    verdicts = [
        judge(case, Broken(f"not JSON; its line: debug {case.id}", breach="not-json"))
        for case in asked
    ]
    given_up = Broken("not asked, first: not JSON", breach="not-json", not_asked=True)
    (group,) = grouped([*verdicts, *judged(list(not_asked), given_up)])
    assert group.rule == ""
    assert len(group.verdicts) == len(CASES)
    assert group.text == "the reply breaks the contract of the wire: not-json"


def test_a_reply_that_breaks_the_contract_in_the_cases_of_one_rule_keeps_the_rule() -> None:
    """Who writes a raw control character over one thing is told which."""
    nul = of_rule("nul-in-text")
    (group,) = grouped(judged(nul, Broken("not JSON", breach="not-json")))
    assert group.rule == "nul-in-text"


def test_the_case_that_is_shown_was_asked() -> None:
    """One that was given up before says nothing of how it fails."""
    given_up = Overdue("not asked: 5 block_rescan requests in a row unanswered", not_asked=True)
    cases = of_rule("rescan-argv")
    plainest = grouped(judged(cases, LATE))[0].verdicts[0]
    others = [case for case in cases if case is not plainest.case]
    (group,) = grouped([*judged([plainest.case], given_up), *judged(others, LATE)])
    assert group.verdicts[0].outcome == LATE


def test_who_ends_with_the_same_last_words_has_one_fault() -> None:
    """Whatever rules its cases are of, and whatever lines and values it names on the way."""
    died = "it ended (exit status 1) before it answered; its stderr ends: Traceback (most recent ca"
    words = (" | File 'a.py', line 10, in f | KeyError: 'bridge'", " | in g | KeyError: 'lpc'")
    first, second = (Broken(died + each, ended=True) for each in words)
    halves = judged(of_rule("rescan-argv"), first) + judged(of_rule("rescan-range"), second)
    (group,) = grouped(halves)
    assert group.text == "it ended (exit status N): KeyError: '...'"
    assert len(group.verdicts) == len(halves)
    others = judged(of_rule("nul-in-text"), Broken(f"{died} | ValueError: no", ended=True))
    assert len(grouped([*halves, *others])) == 2
