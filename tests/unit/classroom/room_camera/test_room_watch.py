from __future__ import annotations

import numpy as np
import pytest

from core.classroom.room_camera import WINDOW_S, Head, HeadCounter, RoomWatch, SeatGrid

PICTURE = np.zeros((72, 128, 3), dtype=np.uint8)
GROUP = [Head(0.5, 0.5, True)] * 6


class Room:
    """A room whose heads and clock are set by the test."""

    def __init__(self):
        self.second = 100.0
        self.asked = 0
        self.heads = GROUP
        self.watch = RoomWatch(
            self.find, HeadCounter(SeatGrid(), smallest_group=5), second_now=lambda: self.second
        )

    def find(self, rgb):
        self.asked += 1
        if self.heads is None:
            raise RuntimeError("no heads today")
        return self.heads

    def picture(self, at_s):
        self.second = at_s
        self.watch.process_frame(PICTURE, 0.0)


@pytest.fixture
def room():
    return Room()


def test_one_picture_a_second_is_looked_at(room):
    for at_s in (100.0, 100.3, 100.9, 101.0, 101.5):
        room.picture(at_s)
    assert room.asked == 2
    assert [one.second for one in room.watch.take()] == [100, 101]


def test_what_was_taken_is_asked_for_once_and_what_was_refused_comes_again_in_order(room):
    for at_s in (100, 101):
        room.picture(at_s)
    taken = room.watch.take()
    assert room.watch.take() == ()
    room.picture(102)
    room.watch.give_back(taken)
    assert [one.second for one in room.watch.take()] == [100, 101, 102]


def test_a_clock_that_was_put_back_counts_no_second_twice(room):
    for at_s in (100, 90, 100.5, 101):
        room.picture(at_s)
    assert [one.second for one in room.watch.take()] == [100, 101]


def test_the_view_is_of_the_last_seconds(room):
    for at_s in range(100, 130):
        room.picture(at_s)
    view = room.watch.view()
    assert [one.second for one in view.seconds] == list(range(120, 130))
    assert view.age_s == 0
    room.second = 130 + 2 * WINDOW_S
    assert room.watch.view().seconds == ()


def test_another_grid_begins_a_new_view_and_loses_no_count(room):
    room.picture(100)
    room.watch.divide(SeatGrid(2, 2))
    assert room.watch.view().seconds == ()
    room.picture(101)
    assert [len(one.seats) for one in room.watch.take()] == [1, 4]
    assert room.watch.view().grid == SeatGrid(2, 2)


def test_an_error_is_told_and_ends_nothing(room):
    room.heads = None
    room.picture(100)
    assert room.watch.view().failed
    room.heads = GROUP
    room.picture(101)
    assert not room.watch.view().failed
    assert [one.second for one in room.watch.take()] == [101]


def test_after_the_end_nothing_is_looked_at(room):
    room.watch.end()
    room.picture(100)
    assert room.asked == 0
    assert room.watch.take() == ()
