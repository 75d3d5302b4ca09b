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


def test_without_tentative_faces_no_moment_is_held_back():
    confirmed = ConfirmationBuffer()
    for at in range(5):
        assert numbers(confirmed.add(moment(at / 10, 1, 2))) == [(at / 10, [1, 2])]
    assert len(confirmed) == 0
    assert confirmed.flush() == []


def test_a_confirmed_face_has_its_number_from_its_first_detection_on():
    confirmed = ConfirmationBuffer()
    assert confirmed.add(moment(0.0, -1, 1)) == []
    assert confirmed.add(moment(0.1, 1)) == []
    assert len(confirmed) == 2
    ready = confirmed.add(moment(0.2, 1, 2, was={2: -1}))
    assert numbers(ready) == [(0.0, [1, 2]), (0.1, [1]), (0.2, [1, 2])]


def test_a_face_not_detected_again_in_the_window_is_dropped():
    confirmed = ConfirmationBuffer(window_s=2.0)
    assert confirmed.add(moment(0.0, -1, 1)) == []
    assert confirmed.add(moment(2.0, 1)) == []
    assert numbers(confirmed.add(moment(2.1, 1))) == [(0.0, [1]), (2.0, [1]), (2.1, [1])]


def test_at_a_low_frame_rate_the_next_frame_decides():
    confirmed = ConfirmationBuffer(window_s=2.0)
    assert confirmed.add(moment(0.0, -1)) == []
    assert numbers(confirmed.add(moment(5.0, 1, was={1: -1}))) == [(0.0, [1]), (5.0, [1])]
    assert confirmed.add(moment(10.0, 1, -2)) == []
    assert confirmed.add(moment(15.0, 1)) == []
    assert numbers(confirmed.add(moment(20.0, 1))) == [(10.0, [1]), (15.0, [1]), (20.0, [1])]


def test_two_faces_that_appear_one_after_the_other_have_two_numbers():
    confirmed = ConfirmationBuffer()
    confirmed.add(moment(0.0, -1))
    confirmed.add(moment(0.1, -2, 1, was={1: -1}))
    ready = confirmed.add(moment(0.2, 1, 2, was={2: -2}))
    assert numbers(ready) == [(0.1, [1, 2]), (0.2, [1, 2])]


def test_flushing_drops_unconfirmed_faces_and_returns_every_moment():
    confirmed = ConfirmationBuffer()
    given = confirmed.add(moment(0.0, 1))
    given += confirmed.add(moment(0.1, -1, 1))
    given += confirmed.flush()
    assert numbers(given) == [(0.0, [1]), (0.1, [1])]
    assert confirmed.flush() == []
