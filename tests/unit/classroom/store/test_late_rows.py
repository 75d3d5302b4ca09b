"""When rows came late is known from the blocks that hold them."""

from core.classroom import append_seconds
from core.classroom.store.late_rows import late_arrivals
from tests.classes import joined, opened, seconds


def stored(store, room, *rows):
    append_seconds(store, room.id, seconds(rows))


def looks(store, room):
    return [one.second for one in late_arrivals(store, room.id, window_s=10, settle_s=2)]


def test_a_class_without_late_rows_is_looked_at_once(store):
    room = opened(store).classroom
    joined(store, room.id)
    assert looks(store, room) == []
    for second in range(40):
        stored(store, room, (second, 1))
    assert looks(store, room) == []


def test_late_rows_are_met_after_a_look_without_them(store):
    room = opened(store).classroom
    for _ in range(2):
        joined(store, room.id)
    for second in range(20):
        stored(store, room, (second, 1))
    stored(store, room, (5, 2), (20, 1))
    stored(store, room, (21, 1))
    found = late_arrivals(store, room.id, window_s=10, settle_s=2)
    assert [one.second for one in found] == [20, 20]
    assert found[0].key < found[1].key


def test_rows_within_the_time_that_a_window_waits_are_not_late(store):
    room = opened(store).classroom
    for _ in range(2):
        joined(store, room.id)
    stored(store, room, (11, 1))
    stored(store, room, (9, 2))
    assert looks(store, room) == []
    stored(store, room, (12, 1), (9, 2))
    assert looks(store, room) == [12, 12]


def test_a_class_opened_again_the_next_day_is_looked_at_as_closely(store):
    room = opened(store).classroom
    for _ in range(2):
        joined(store, room.id)
    day = [second for begin in (0, 86_400) for second in range(begin + 40, begin + 100, 20)]
    for second in day:
        stored(store, room, (second - 30, 2), (second, 1))
    assert looks(store, room) == [*day[1:], day[-1]]


def test_many_late_rows_are_met_in_a_few_hundred_looks(store):
    room = opened(store).classroom
    for _ in range(2):
        joined(store, room.id)
    for second in range(30, 7200, 10):
        stored(store, room, (second - 30, 2), (second, 1))
    assert 100 < len(looks(store, room)) <= 400
