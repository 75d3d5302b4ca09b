"""Laws of the tracker and the smoother."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.domain import FER7, Box, Face, normalised
from core.vision import ConfirmationBuffer, OverlapTracker, ScoreSmoother
from core.vision.faces.tracker import CONFIRMED_HITS
from tests.make import make_moment, make_observation

SCORES = st.lists(st.floats(0, 1), min_size=7, max_size=7).filter(lambda values: sum(values) > 0.01)


def _face(left, top=100.0):
    return Face(Box(left, top, left + 80, top + 100), 0.9)


@st.composite
def walks(draw):
    """Faces in lanes 200 px apart that sway by up to 30 px: their boxes never overlap."""
    lanes = draw(st.integers(1, 6))
    steps = draw(st.integers(2, 15))
    sway = st.lists(st.floats(-30, 30), min_size=steps, max_size=steps)
    return [[lane * 200 + one for one in draw(sway)] for lane in range(lanes)]


@given(walks(), st.randoms())
def test_numbers_never_swap_while_boxes_do_not_overlap(lanes, dice):
    tracker = OverlapTracker()
    owners = {}
    for step in range(len(lanes[0])):
        order = list(range(len(lanes)))
        dice.shuffle(order)
        tracked = tracker.update([_face(lanes[lane][step]) for lane in order], step / 10)
        for lane, face in zip(order, tracked, strict=True):
            assert owners.setdefault(lane, face.track_id) == face.track_id


@given(walks(), st.randoms())
def test_shuffling_the_faces_of_a_frame_changes_nothing(lanes, dice):
    one, other = OverlapTracker(), OverlapTracker()
    for step in range(len(lanes[0])):
        faces = [_face(lane[step]) for lane in lanes]
        shuffled = faces[:]
        dice.shuffle(shuffled)
        wanted = {face.box: face.track_id for face in one.update(faces, step / 10)}
        got = {face.box: face.track_id for face in other.update(shuffled, step / 10)}
        assert wanted == got


@given(walks(), st.integers(1, 30))
def test_waiting_for_a_second_sighting_changes_no_number_only_when_it_is_given(lanes, fps):
    at_once, stream = OverlapTracker(), OverlapTracker(min_hits=CONFIRMED_HITS)
    for step in range(len(lanes[0])):
        faces = [_face(lane[step]) for lane in lanes]
        wanted = [face.track_id for face in at_once.update(faces, step / fps)]
        got = [face.track_id for face in stream.update(faces, step / fps)]
        assert all(number < 0 for number in got) if step == 0 else got == wanted


@given(
    st.lists(st.booleans(), min_size=2, max_size=60),
    st.floats(1.0, 30.0),
    st.randoms(use_true_random=False),
)
def test_faces_that_are_seen_in_one_frame_only_never_get_a_number(shows_false, fps, dice):
    """One person all the time; beside them, in some frames, a face where none was before."""
    tracker, numbers = OverlapTracker(min_hits=CONFIRMED_HITS), set()
    for number, shows in enumerate(shows_false):
        faces = [_face(100.0), *([_face(400.0, 400.0 * number)] if shows else [])]
        dice.shuffle(faces)
        numbers |= {face.track_id for face in tracker.update(faces, number / fps)}
    assert {number for number in numbers if number > 0} == {1}


@given(
    st.lists(st.sets(st.integers(0, 3)), min_size=1, max_size=30),
    st.lists(st.floats(0.01, 5.0), min_size=30, max_size=30),
)
def test_every_moment_is_given_once_in_order_and_without_tentative_faces(who, pauses_s):
    """Four places where faces come and go, at times that may lie seconds apart."""
    tracker, confirmed = OverlapTracker(min_hits=CONFIRMED_HITS), ConfirmationBuffer()
    given_back, time_s, shown = [], 0.0, set()
    for present, pause_s in zip(who, pauses_s, strict=False):
        time_s += pause_s
        tracked = tracker.update([_face(400.0 * place) for place in present], time_s)
        seen = [
            replace(make_observation(time_s, track_id=face.track_id), was_id=face.was_id)
            for face in tracked
        ]
        shown |= {(time_s, one.track_id) for one in seen if not one.is_tentative}
        given_back += confirmed.add(make_moment(time_s, *seen))
    given_back += confirmed.flush()
    assert [one.time_s for one in given_back] == list(accumulate(pauses_s[: len(who)]))
    stored = {(one.time_s, seen.track_id) for one in given_back for seen in one.observations}
    assert min((number for _, number in stored), default=1) > 0
    assert shown <= stored
    # Whoever was shown at all is stored twice or more: from the first sighting on.
    for number in {number for _, number in shown}:
        assert sum(one == number for _, one in stored) >= 2


@given(SCORES, st.lists(st.floats(0.001, 1.0), min_size=1, max_size=20))
def test_steady_in_gives_steady_out(values, pauses):
    smoother, scores, time_s = ScoreSmoother(), normalised(FER7, values), 0.0
    for pause in pauses:
        time_s += pause
        assert np.allclose(smoother.update(1, time_s, scores).values, scores.values, atol=1e-6)


@given(SCORES, SCORES, st.integers(1, 60), st.integers(1, 60))
def test_the_frame_rate_does_not_change_the_answer(before, after, one_fps, other_fps):
    def answer(fps):
        smoother = ScoreSmoother()
        smoother.update(1, 0.0, normalised(FER7, before))
        for number in range(1, fps + 1):
            shown = smoother.update(1, number / fps, normalised(FER7, after))
        return shown.values

    assert np.allclose(answer(one_fps), answer(other_fps), atol=1e-5)


@given(st.lists(st.tuples(SCORES, st.floats(0, 5)), min_size=1, max_size=20))
def test_what_is_shown_is_always_valid(looks):
    smoother, time_s = ScoreSmoother(), 0.0
    for values, pause in looks:
        time_s += pause
        shown = smoother.update(1, time_s, normalised(FER7, values))  # checks itself at birth
        assert shown.scheme is FER7
