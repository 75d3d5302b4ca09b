"""When somebody withdraws, what stays is that somebody did, and when they had shared."""

from core.classroom import append_seconds, learners_of, read_seconds, withdraw
from core.classroom.store.losses import losses_of
from tests.classes import joined, opened, seconds


def test_who_withdraws_leaves_counts_by_ten_seconds_and_nothing_else(store):
    room = opened(store).classroom
    ana, ben, _ = (joined(store, room.id, name).learner for name in ("Ana", "Ben", "Cem"))
    ones = {"measured": 1.0, "usable": 1.0}
    append_seconds(store, room.id, seconds([(at, 1) for at in range(26)], **ones))
    unusable = [(at, 2) for at in range(4, 26)] + [(at, 3) for at in range(10)]
    append_seconds(store, room.id, seconds(unusable, measured=1.0, usable=0.5))
    assert losses_of(store, room.id) == {}
    withdraw(store, ana.id)
    assert losses_of(store, room.id) == {0: (1, 1), 1: (1, 1), 2: (1, 1)}
    withdraw(store, ben.id)
    assert losses_of(store, room.id) == {0: (2, 1), 1: (2, 1), 2: (2, 1)}
    assert set(read_seconds(store, room.id)[0].learner.tolist()) == {3}


def test_a_stretch_that_counts_in_no_window_is_no_loss(store):
    room = opened(store).classroom
    ana = joined(store, room.id).learner
    append_seconds(store, room.id, seconds([(at, 1) for at in range(5)], measured=1.0))
    withdraw(store, ana.id)
    assert losses_of(store, room.id) == {}


def test_who_shared_nothing_leaves_nothing(store):
    room = opened(store).classroom
    withdraw(store, joined(store, room.id).learner.id)
    assert (losses_of(store, room.id), learners_of(store, room.id)) == ({}, ())
