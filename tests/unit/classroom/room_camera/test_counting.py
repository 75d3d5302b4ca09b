from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.classroom.room_camera import Head, HeadCounter, SeatGrid, directions_of
from core.domain.classroom import RoomSecond

LEFT, RIGHT = 0.2, 0.8


def _heads(towards=0, away=0, unknown=0, x=LEFT):
    said = [True] * towards + [False] * away + [None] * unknown
    return [Head(x, 0.5, one) for one in said]


@pytest.fixture
def counter():
    return HeadCounter(SeatGrid(), smallest_group=5)


def test_a_group_is_counted_with_its_directions(counter):
    second = counter.count(3, _heads(towards=4, away=2, unknown=1))
    assert second == RoomSecond(3, 7, 6, 4, ((7, 6, 4),))


def test_of_fewer_than_the_smallest_group_only_heads_are_counted(counter):
    assert counter.count(0, _heads(towards=4, unknown=3)) == RoomSecond(0, 7, 0, 0, ((7, 0, 0),))


def test_where_no_direction_may_be_counted_there_are_only_heads():
    counter = HeadCounter(SeatGrid(), smallest_group=None)
    assert counter.count(0, _heads(towards=20)) == RoomSecond(0, 20, 0, 0, ((20, 0, 0),))


def test_a_group_that_lost_one_head_waits_with_its_direction(counter):
    counter.count(0, _heads(towards=7))
    assert counter.count(1, _heads(towards=6)).known == 0


@pytest.mark.parametrize("heads", [5, 7, 9])
def test_a_group_as_large_or_different_by_two_heads_is_counted(counter, heads):
    counter.count(0, _heads(towards=7))
    assert counter.count(1, _heads(towards=heads)).known == heads


def test_after_a_minute_a_group_that_differs_by_one_is_counted(counter):
    counter.count(0, _heads(towards=7))
    assert counter.count(59, _heads(towards=6)).known == 0
    assert counter.count(60, _heads(towards=6)).known == 6


def test_a_group_is_compared_with_the_one_counted_last_not_with_one_that_waited(counter):
    counter.count(0, _heads(towards=8))
    counter.count(1, _heads(towards=7))
    assert counter.count(2, _heads(towards=6)).known == 6


def test_another_grid_hides_no_head_that_left(counter):
    counter.count(0, _heads(towards=7))
    counter.divide(SeatGrid(1, 2))
    second = counter.count(1, _heads(towards=6))
    assert (second.known, len(second.seats)) == (0, 2)


def test_regions_are_counted_row_by_row():
    counter = HeadCounter(SeatGrid(rows=2, columns=3), smallest_group=5)
    corner = [Head(0.99, 0.99, True)] * 5
    top = [Head(0.0, 0.0, False)] * 5
    seats = counter.count(0, corner + top).seats
    assert seats == ((5, 5, 0), *[(0, 0, 0)] * 4, (5, 5, 5))


@pytest.mark.parametrize("place", [(-0.1, 0.5), (0.0, -3.0), (0.49, 0.49)])
def test_a_head_beyond_the_edge_counts_in_the_region_at_it(place):
    assert SeatGrid(2, 2).region_at(*place) == (0 if place[1] < 0.5 else 2)


def test_a_region_keeps_its_direction_back_where_the_rest_would_be_too_few():
    counter = HeadCounter(SeatGrid(columns=2), smallest_group=5)
    second = counter.count(0, [*_heads(towards=6), *_heads(away=3, x=RIGHT)])
    assert second.known == 9
    assert second.seats == ((6, 0, 0), (3, 0, 0))


@pytest.mark.parametrize("side", [0, 7])
def test_a_grid_without_or_with_too_many_regions_is_refused(side):
    with pytest.raises(ValueError, match="1 to 6 rows"):
        SeatGrid(rows=side)


def test_directions_of_several_seconds_are_weighted_by_heads():
    seconds = [
        RoomSecond(0, 9, 8, 8, ((9, 8, 8),)),
        RoomSecond(1, 9, 0, 0, ((9, 0, 0),)),
        RoomSecond(2, 9, 6, 0, ((9, 6, 0),)),
    ]
    assert directions_of(seconds) == (7, 8 / 14)
    assert directions_of(seconds, region=0) == (7, 8 / 14)
    assert directions_of(seconds[1:2]) == (0, 0.0)


_PLACES = st.builds(Head, st.floats(0, 1), st.floats(0, 1), st.sampled_from([True, False, None]))


@given(
    st.lists(st.lists(_PLACES, max_size=30), min_size=1, max_size=5),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_no_direction_of_fewer_than_five_follows_from_the_counts_of_a_second(pictures, rows, cols):
    counter = HeadCounter(SeatGrid(rows, cols), smallest_group=5)
    for number, heads in enumerate(pictures):
        second = counter.count(number, heads)
        assert second.heads == len(heads) == sum(seat[0] for seat in second.seats)
        assert all(known == 0 or known >= 5 for _, known, _ in second.seats)
        with_direction = sum(head.towards is not None for head in heads)
        assert second.known in {0, with_direction}
        rest = with_direction - sum(known for _, known, _ in second.seats)
        assert rest == 0 or rest >= 5 or not any(known for _, known, _ in second.seats)
