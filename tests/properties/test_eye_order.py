"""However messages travel, each row is stored once and in order."""

from __future__ import annotations

import json
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from core.eye.rate_limit import RateLimit
from core.eye.sequence import MessageOrder, Turn


@cache
def bodies(writer: str) -> tuple[bytes, ...]:
    return tuple(json.dumps([writer, number]).encode() for number in range(120))


@given(st.lists(st.integers(0, 119), max_size=200))
def test_messages_are_taken_once_and_in_their_order(arrivals: list[int]) -> None:
    order, taken = MessageOrder(), []
    for number in arrivals:
        if order.turn(number, bodies("a")[number]) is Turn.NOW:
            taken.append(number)
            order.advance(bodies("a")[number])
    assert taken == list(range(len(taken)))
    assert order.next_number == len(taken)


@given(st.lists(st.sampled_from(["arrives", "answer lost", "lost"]), min_size=1, max_size=120))
def test_a_sender_that_repeats_what_was_not_answered_loses_nothing(network: list[str]) -> None:
    """The browser's rule: the same message until its answer arrives, then the one asked for."""
    order, taken, sends = MessageOrder(), [], 0
    for what in network:
        message = bodies("a")[sends]
        if what == "lost":
            continue
        turn = order.turn(sends, message)
        assert turn in {Turn.NOW, Turn.AGAIN}
        if turn is Turn.NOW:
            taken.append(sends)
            order.advance(message)
        if what == "arrives":
            sends = order.next_number
    assert taken == list(range(len(taken)))
    assert len(taken) - sends in {0, 1}


@given(st.integers(1, 100), st.integers(0, 99))
def test_a_second_writer_is_known_by_its_first_message_and_takes_no_turn(
    first: int, number: int
) -> None:
    order = MessageOrder()
    for one in bodies("a")[:first]:
        order.advance(one)
    assert order.turn(0, bodies("b")[0]) is Turn.OTHER_WRITER
    is_known = first - 64 <= number < first or number == 0
    turn = order.turn(number, bodies("b")[number])
    assert (turn is Turn.OTHER_WRITER) == is_known
    assert (turn is Turn.NOW) == (number == first)


@given(st.lists(st.floats(0.0, 0.5), min_size=1, max_size=200))
def test_no_more_is_let_through_than_the_limit_says(pauses_s: list[float]) -> None:
    limit, clock_s, taken = RateLimit(per_second=4.0, burst=6.0), 0.0, 0
    for pause_s in pauses_s:
        clock_s += pause_s
        if limit.wait_s(1, clock_s) == 0:
            limit.take(1)
            taken += 1
        assert taken <= 6 + 4.0 * (clock_s - pauses_s[0]) + 1e-6


@given(st.floats(0.0, 1e3), st.floats(0.1, 50.0))
def test_after_the_wait_that_was_told_it_is_let_through(began_s: float, amount: float) -> None:
    limit = RateLimit(per_second=4.0, burst=6.0)
    limit.wait_s(6, began_s)
    limit.take(6)
    wait_s = limit.wait_s(amount, began_s)
    assert wait_s > 0
    assert limit.wait_s(amount, began_s + wait_s + 1e-6) == 0
