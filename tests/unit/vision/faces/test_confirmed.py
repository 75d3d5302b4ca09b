"""What was seen, as it turned out: people from their first sighting on, and no false face."""

from __future__ import annotations

from dataclasses import replace

from core.domain import AnalysedFrame
from core.vision import ConfirmationBuffer
from tests.make import make_moment, make_observation


def moment(time_s: float, *track_ids: int, was: dict[int, int] | None = None) -> AnalysedFrame:
    """With faces of these numbers.

    Args:
        was: number -> what it was before.
    """
    seen = [make_observation(time_s, track_id=number) for number in track_ids]
    known = was or {}
    return make_moment(time_s, *(replace(one, was_id=known.get(one.track_id)) for one in seen))


def numbers(moments: list[AnalysedFrame]) -> list[tuple[float, list[int]]]:
    return [(one.time_s, [seen.track_id for seen in one.observations]) for one in moments]


def test_where_nobody_is_tentative_no_moment_waits():
    confirmed = ConfirmationBuffer()
    for at in range(5):
        assert numbers(confirmed.add(moment(at / 10, 1, 2))) == [(at / 10, [1, 2])]
    assert len(confirmed) == 0
    assert confirmed.flush() == []


def test_a_face_that_is_confirmed_has_its_number_from_its_first_sighting_on():
    confirmed = ConfirmationBuffer()
    assert confirmed.add(moment(0.0, -1, 1)) == []
    assert confirmed.add(moment(0.1, 1)) == []
    assert len(confirmed) == 2
    ready = confirmed.add(moment(0.2, 1, 2, was={2: -1}))
    assert numbers(ready) == [(0.0, [1, 2]), (0.1, [1]), (0.2, [1, 2])]


def test_a_face_that_is_not_seen_again_in_the_window_is_left_out_and_holds_nothing_up_longer():
    confirmed = ConfirmationBuffer(window_s=2.0)
    assert confirmed.add(moment(0.0, -1, 1)) == []
    assert confirmed.add(moment(2.0, 1)) == []
    assert numbers(confirmed.add(moment(2.1, 1))) == [(0.0, [1]), (2.0, [1]), (2.1, [1])]


def test_where_frames_come_seldom_the_next_one_decides():
    confirmed = ConfirmationBuffer(window_s=2.0)
    assert confirmed.add(moment(0.0, -1)) == []
    assert numbers(confirmed.add(moment(5.0, 1, was={1: -1}))) == [(0.0, [1]), (5.0, [1])]
    assert confirmed.add(moment(10.0, 1, -2)) == []
    assert confirmed.add(moment(15.0, 1)) == []
    assert numbers(confirmed.add(moment(20.0, 1))) == [(10.0, [1]), (15.0, [1]), (20.0, [1])]


def test_two_who_come_one_after_the_other_are_told_apart():
    confirmed = ConfirmationBuffer()
    confirmed.add(moment(0.0, -1))
    confirmed.add(moment(0.1, -2, 1, was={1: -1}))
    ready = confirmed.add(moment(0.2, 1, 2, was={2: -2}))
    assert numbers(ready) == [(0.1, [1, 2]), (0.2, [1, 2])]


def test_at_the_end_who_was_seen_once_is_nobody_and_every_moment_is_given():
    confirmed = ConfirmationBuffer()
    given = confirmed.add(moment(0.0, 1))
    given += confirmed.add(moment(0.1, -1, 1))
    given += confirmed.flush()
    assert numbers(given) == [(0.0, [1]), (0.1, [1])]
    assert confirmed.flush() == []
