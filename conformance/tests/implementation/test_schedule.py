"""Which request is asked next, and who is to blame, without any process."""

from collections.abc import Iterable

import pytest

from acrn_conformance.cases import Request
from acrn_conformance.implementation import (
    Answered,
    Broken,
    Event,
    Mode,
    Overdue,
    Result,
    Retracted,
    Settings,
    prepare,
    settled,
    singly,
)
from acrn_conformance.implementation.schedule import Schedule
from acrn_conformance.implementation.ticket import Care

REQUEST = prepare(Request("limits"))
CRASH = Broken("it ended (exit status 1) before it answered", ended=True)


def schedule(
    keys: Iterable[str], mode: Mode = Mode.STREAM, *, endless: bool = False
) -> Schedule[str]:
    made = Schedule[str](Settings(("x",), mode), endless=endless)
    made.feed((key, REQUEST) for key in keys)
    return made


def test_requests_are_asked_in_their_order_and_together() -> None:
    """Until something goes wrong no request needs more care than another."""
    made = schedule("ab")
    assert made.care is Care.TOGETHER
    assert [ticket.key for ticket in made.take(3)] == ["a", "b"]
    assert made.empty


def test_in_exec_mode_every_request_has_a_process_of_its_own() -> None:
    """So that whatever happens is due to it."""
    assert schedule("a", Mode.EXEC).care is Care.ISOLATED


def test_what_was_in_flight_when_a_process_died_is_asked_first_and_alone() -> None:
    """Which of them was the cause is not known yet, so none is blamed."""
    made = schedule("abc")
    made.unanswered(made.take(2), Care.TOGETHER, CRASH, "")
    assert made.care is Care.ALONE
    assert list(made.events()) == []
    assert [ticket.key for ticket in made.take(3)] == ["a", "b", "c"]
    assert made.remarks == {f"asked again, one by one: {CRASH.message}": 1}


def test_who_dies_alone_is_asked_once_more_in_a_fresh_process_and_then_blamed() -> None:
    """State of earlier requests may be the cause; a process that has no other has none."""
    made = schedule("a")
    made.unanswered(made.take(1), Care.ALONE, CRASH, "")
    assert made.care is Care.ISOLATED
    made.unanswered(made.take(1), Care.ISOLATED, CRASH, "; its stderr ends: no")
    (event,) = made.events()
    assert isinstance(event, Answered)
    assert event.outcome == Broken(f"{CRASH.message}; its stderr ends: no", ended=True)


def test_three_waits_are_enough_while_nothing_has_been_answered() -> None:
    """Also where no request is blamed yet: each wait for a start is a long one."""
    made = schedule("abc")
    for care in (Care.TOGETHER, Care.ALONE, Care.TOGETHER):
        made.unanswered(made.take(1), care, Overdue("no answer within 10 s"), "")
    assert made.take(3) == []
    outcomes = [event.outcome for event in made.events() if isinstance(event, Answered)]
    assert len(outcomes) == 3
    assert all(isinstance(outcome, Overdue) and outcome.not_asked for outcome in outcomes)


def test_a_second_answer_takes_the_first_one_back() -> None:
    """A wrong id may make another's answer look like it: all concerned are asked again."""
    made = schedule("ab")
    first, second = made.take(2)
    made.answered(first, Result(1), 0.0)
    made.answered_twice(first, [second], Care.TOGETHER)
    assert [event.key for event in singly(made.events())] == ["a", "a"]
    assert [(ticket.key, ticket.care) for ticket in made.take(2)] == [
        ("a", Care.ALONE),
        ("b", Care.ALONE),
    ]


def test_a_second_answer_to_what_was_asked_alone_needs_a_process_of_its_own() -> None:
    """However late it comes, so that nothing is asked again and again."""
    made = schedule("ab")
    first, second = made.take(2)
    for care in (Care.ALONE, Care.ISOLATED):
        made.answered(first, Result(1), 0.0)
        made.answered_twice(first, [second], Care.TOGETHER)
        first, second = made.take(2)
        assert first.key == "a"
        assert first.care is care


def test_second_answers_that_asking_again_heals_are_chance_from_the_fifth_on() -> None:
    """What is answered twice whenever it is asked is none, however many there are of that kind."""
    made = schedule("abcdefghij")
    for number, ticket in enumerate(made.take(10)):
        assert made.doubled_by_chance is (number > 5)
        made.answered(ticket, Result(1), 0.0)
        made.answered_twice(ticket, [], Care.TOGETHER)
        (again,) = made.take(1)
        made.answered(again, Result(1), 0.0)
        if number == 0:
            made.answered_twice(again, [], Care.ISOLATED)


def test_who_answers_twice_in_a_process_of_its_own_is_blamed() -> None:
    """The last word on it is that it was answered twice."""
    made = schedule("a")
    (ticket,) = made.take(1)
    made.answered(ticket, Result(1), 0.0)
    made.answered_twice(ticket, [], Care.ISOLATED)
    assert settled(made.events())["a"].outcome == Broken(
        "the request was answered twice", breach="answered-twice"
    )


@pytest.mark.parametrize(("mode", "blamed"), [(Mode.STREAM, False), (Mode.EXEC, True)])
def test_garbage_after_the_last_answer_belongs_to_a_request_in_exec_mode_alone(
    mode: Mode, *, blamed: bool
) -> None:
    """In a stream it could be anybody's, so that it is a remark."""
    made = schedule("a", mode)
    (ticket,) = made.take(1)
    made.answered(ticket, Result(1), 0.0)
    made.late(ticket, Broken("not JSON"))
    assert isinstance(settled(made.events())["a"].outcome, Broken) is blamed
    assert bool(made.remarks) is not blamed


def test_an_implementation_that_answers_nothing_is_given_up() -> None:
    """What is not worth asking has its outcome at once, marked as not asked."""
    made = schedule("abcde")
    for ticket in made.take(3):
        made.unanswered([ticket], Care.ISOLATED, Overdue("no answer"), "")
    assert made.take(1) == []
    outcomes = [event.outcome for event in made.events() if isinstance(event, Answered)]
    assert [isinstance(o, Overdue) and o.not_asked for o in outcomes] == [False] * 3 + [True] * 2


def test_what_is_given_up_for_faults_is_told_the_first_of_them() -> None:
    """The cause stands at every request that it cost."""
    made = schedule(map(str, range(22)))
    for number, ticket in enumerate(made.take(20)):
        fault = Broken(f"not JSON; its line: debug {number}", breach="not-json")
        made.unanswered([ticket], Care.ISOLATED, fault, "")
    assert made.take(1) == []
    *_, last = made.events()
    assert isinstance(last, Answered)
    first = "not asked: nothing has been answered as it must so far, first: not JSON"
    assert last.outcome == Broken(f"{first}; its line: debug 0", breach="not-json", not_asked=True)


def test_a_search_never_gives_up() -> None:
    """It is asked on, so that what was found can be made smaller."""
    made = schedule("abcde", endless=True)
    for ticket in made.take(3):
        made.unanswered([ticket], Care.ISOLATED, Overdue("no answer"), "")
    assert made.take(1)


def test_a_source_without_end_that_is_given_up_is_not_drawn_at_once() -> None:
    """Its outcomes wait to be taken, lest they fill the memory."""
    made = schedule(map(str, range(10**9)))
    for ticket in made.take(3):
        made.unanswered([ticket], Care.ISOLATED, Overdue("no answer"), "")
    assert made.take(1) == []
    assert not made.empty
    assert len(list(made.events())) < 10_000


def test_a_retraction_of_an_earlier_answer_is_followed_by_the_one_that_holds() -> None:
    """What is taken back need not be among the events at hand."""
    events: list[Event[str]] = [Retracted("a"), Answered("a", Result(2), 0.0)]
    assert settled(events)["a"].outcome == Result(2)
