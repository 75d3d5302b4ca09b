"""Laws of the tracker and the smoother."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.perception import OverlapTracker, ScoreSmoother
from core.vocabulary import FER7, Box, Face, normalised

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
