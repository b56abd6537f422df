"""Replies are taken by hundreds for as long as each is, byte by byte, the one that is foreseen."""

import pytest

from acrn_conformance.cases import Request
from acrn_conformance.implementation import AsForeseen, Event, Result, prepare, singly
from acrn_conformance.implementation.form import Form
from acrn_conformance.implementation.lineup import LineUp
from acrn_conformance.implementation.ticket import Ticket

FORM = Form(b'{"id":', b',"result":', b"}\n")
UNFORESEEN = prepare(Request("limits"))


def reply(number: int) -> bytes:
    return b'{"id":%d,"result":{"n":%d}}\n' % (number, number)


def tickets(*numbers: int, unforeseen: int = 0) -> dict[int, Ticket[int]]:
    """Return requests in flight, to one of which no reply is foreseen."""
    return {
        number: Ticket(
            number,
            UNFORESEEN if number == unforeseen else prepare(Request("limits"), {"n": number}),
        )
        for number in numbers
    }


def test_all_that_agrees_is_taken_at_once() -> None:
    """Whose replies they are is said in the order in which they were asked."""
    line_up = LineUp(FORM, tickets(8, 9, 10))
    data = b"".join(map(reply, (8, 9, 10)))
    numbers, taken, at = line_up.agreed(data, 0)
    assert (numbers, [ticket.key for ticket in taken], at) == ([8, 9, 10], [8, 9, 10], len(data))
    assert line_up.done


@pytest.mark.parametrize("count", [0, 1, 2, 63, 64, 255, 298, 299])
def test_the_first_reply_that_differs_ends_it(count: int) -> None:
    """However many stand before it, and whatever stands behind it."""
    numbers = range(1, 301)
    wrong = reply(count + 1).replace(b'"n"', b'"N"')
    data = b"".join(map(reply, range(1, count + 1))) + wrong
    data += b"".join(map(reply, range(count + 2, 301)))
    line_up = LineUp(FORM, tickets(*numbers))
    assert line_up.agreed(data, 0)[0] == list(range(1, count + 1))
    line_up.passed(count + 1)
    behind = data.index(wrong) + len(wrong)
    assert line_up.agreed(data, behind)[0] == list(range(count + 2, 301))


@pytest.mark.parametrize("cut", range(1, len(reply(2)) + 1))
def test_a_reply_that_is_not_whole_is_not_taken(cut: int) -> None:
    """The rest of it may be anything."""
    line_up = LineUp(FORM, tickets(1, 2))
    data = (reply(1) + reply(2))[:-cut]
    assert line_up.agreed(data, 0) == ([1], [tickets(1)[1]], len(reply(1)))


def test_a_request_whose_answer_is_not_foreseen_ends_it_whatever_comes() -> None:
    """Its reply is read with care, and then it goes on."""
    line_up = LineUp(FORM, tickets(1, 2, 3, unforeseen=2))
    data = b"".join(map(reply, (1, 2, 3)))
    numbers, _, at = line_up.agreed(data, 0)
    assert numbers == [1]
    assert line_up.agreed(data, at)[0] == []
    line_up.passed(2)
    assert line_up.agreed(data, at + len(reply(2)))[0] == [3]


def test_replies_out_of_their_order_end_it_for_good() -> None:
    """What was written down stands in the order in which it was asked."""
    line_up = LineUp(FORM, tickets(1, 2, 3))
    line_up.passed(2)
    assert line_up.done
    assert line_up.agreed(reply(1) + reply(3), 0) == ([], [], 0)


def test_replies_that_came_together_are_told_one_by_one_to_who_wants_it() -> None:
    """The first has the time that all of them took."""
    asked = list(tickets(1, 2).values())
    told: list[Event[int]] = list(singly([AsForeseen(asked, 0.5)]))
    assert [event[1:] for event in told] == [(Result({"n": 1}), 0.5), (Result({"n": 2}), 0.0)]
