"""Numbers that stay with people: by place at any frame rate, and by appearance after a gap."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks.bench_tracking import CLIPS, TRUTH, at_times, open_analyser, watch
from benchmarks.identities import LabelledFrame, compare, read_truth
from core.domain import Box, Face
from core.vision import OverlapTracker
from core.vision.faces.appearance import appearance_distance, appearance_of, blended
from core.vision.faces.tracker import CONFIRMED_HITS
from tests.make import make_photo

CLOTHES = ((150, 40, 40), (40, 60, 150), (50, 120, 60), (170, 160, 60))
SKIN = (190, 150, 130)


def a_person(colour, *, light=1.0) -> tuple[np.ndarray, Box]:
    """A picture of a face with hair above and clothes below it."""
    rgb = np.full((200, 160, 3), 90, dtype=np.uint8)
    rgb[20:60, 50:110] = (60, 45, 40)
    rgb[50:100, 55:105] = SKIN
    rgb[105:, 20:140] = colour
    grain = make_photo(3, size_px=200)[:, :160, None] / 128.0
    return np.clip(rgb * grain * light, 0, 255).astype(np.uint8), Box(55, 40, 105, 100)


@cache
def a_look(person: int, light: float) -> np.ndarray:
    return appearance_of(*a_person(CLOTHES[person], light=light))


def a_face(left: float, person: int | None = None, *, confidence=0.9, light=1.0) -> Face:
    look = None if person is None else a_look(person, light)
    return Face(Box(left, 100.0, left + 80, 200.0), confidence, appearance=look)


def ids(tracker, time_s, *faces):
    """Numbers; None also for who is tentative."""
    found = [face.track_id for face in tracker.update(faces, time_s)]
    return [None if number is None or number < 0 else number for number in found]


def stream_tracker() -> OverlapTracker:
    """As streams have it."""
    return OverlapTracker(min_hits=CONFIRMED_HITS)


def test_a_person_who_returns_much_later_elsewhere_gets_the_same_number():
    tracker = OverlapTracker()
    assert ids(tracker, 0.0, a_face(0, 0), a_face(300, 1)) == [1, 2]
    assert ids(tracker, 600.0, a_face(450, 0, light=0.95), a_face(100, 1)) == [1, 2]


def test_another_person_at_the_same_position_after_a_gap_gets_a_new_number():
    tracker = OverlapTracker()
    assert ids(tracker, 0.0, a_face(0, 0)) == [1]
    assert ids(tracker, 8.0, a_face(0, 1)) == [2]
    assert ids(tracker, 16.0, a_face(0, 0)) == [1]


def test_where_two_people_look_alike_neither_is_re_identified():
    tracker = OverlapTracker()
    assert ids(tracker, 0.0, a_face(0, 0), a_face(300, 0)) == [1, 2]
    assert ids(tracker, 60.0, a_face(600, 0)) == [3]


def test_without_an_appearance_no_face_is_re_identified_after_two_seconds():
    tracker = OverlapTracker()
    assert ids(tracker, 0.0, a_face(0)) == [1]
    assert ids(tracker, 2.1, a_face(0)) == [2]


def test_a_low_confidence_face_keeps_its_number_and_never_starts_one():
    tracker = OverlapTracker()
    assert ids(tracker, 0.0, a_face(0), a_face(300, confidence=0.4)) == [1, None]
    assert ids(tracker, 0.5, a_face(5, confidence=0.31), a_face(300, confidence=0.4)) == [1, None]
    assert ids(tracker, 1.0, a_face(5), a_face(300, confidence=0.5)) == [1, 2]


def test_two_people_who_pass_each_other_keep_their_numbers_at_two_fps():
    tracker = OverlapTracker()
    for step in range(9):
        left, right = a_face(40.0 * step, 0), a_face(320.0 - 40.0 * step, 1)
        assert ids(tracker, step / 2, left, right) == [1, 2]


@pytest.mark.parametrize("fps", [2, 3, 5, 10, 30])
def test_four_people_with_missed_detections_stay_four(fps):
    """A minute as a detector sees small faces: half of them unsure, one in five not found."""
    rng = np.random.default_rng(fps)
    tracker = stream_tracker()
    truth, seen = [], []
    for number in range(60 * fps):
        people, faces = {}, []
        for person in range(4):
            left = 150.0 * person + rng.normal(0, 4)
            people[f"{person}"] = Box(left, 100.0, left + 80, 200.0)
            if number and rng.random() < 0.2:
                continue
            sure = rng.random() < 0.5 or not number
            faces.append(a_face(left, person, confidence=0.7 if sure else 0.35))
        time_s = number / fps
        numbered = tracker.update(faces, time_s)
        truth.append(LabelledFrame(time_s, people))
        seen.append({face.track_id: face.box for face in numbered if (face.track_id or 0) > 0})
    found = compare(truth, seen)
    assert found.switches == 0
    assert {number for moment in seen for number in moment} == {1, 2, 3, 4}
    assert found.idf1 > 0.85


def test_no_more_tracks_are_kept_than_the_limit():
    tracker = OverlapTracker()
    for number in range(200):
        tracker.update([a_face(0.0)], number * 10.0)
    assert len(tracker._tracks) <= 64


def test_in_a_stream_a_face_gets_its_number_with_the_second_detection():
    tracker = stream_tracker()
    assert ids(tracker, 0.0, a_face(300), a_face(0)) == [None, None]
    assert ids(tracker, 0.5, a_face(300), a_face(0)) == [2, 1]


def test_a_newly_numbered_face_has_its_tentative_id_once():
    tracker = stream_tracker()
    before = tracker.update([a_face(300), a_face(0)], 0.0)
    now = tracker.update([a_face(300), a_face(0)], 0.5)
    assert [face.was_id for face in now] == [face.track_id for face in before]
    assert len({face.track_id for face in before}) == 2
    assert all(face.was_id is None for face in tracker.update([a_face(300), a_face(0)], 1.0))
    (at_once,) = OverlapTracker().update([a_face(0)], 0.0)
    assert (at_once.track_id, at_once.was_id) == (1, None)


def test_a_face_in_one_frame_gets_no_number_and_uses_none_up():
    tracker = stream_tracker()
    ids(tracker, 0.0, a_face(0))
    assert ids(tracker, 0.1, a_face(0), a_face(300)) == [1, None]
    assert ids(tracker, 2.0, a_face(0)) == [1]
    assert ids(tracker, 2.2, a_face(0), a_face(300)) == [1, None]
    assert ids(tracker, 2.3, a_face(0), a_face(300)) == [1, 2]


def test_a_second_detection_after_the_gap_counts_as_a_first_one():
    tracker = stream_tracker()
    assert ids(tracker, 0.0, a_face(0)) == [None]
    assert ids(tracker, 1.0) == []
    assert ids(tracker, 2.1, a_face(0)) == [None]
    assert ids(tracker, 4.1, a_face(0)) == [1]


def test_a_low_confidence_detection_confirms_no_face_but_moves_it():
    tracker = stream_tracker()
    assert ids(tracker, 0.0, a_face(0)) == [None]
    assert ids(tracker, 0.5, a_face(100, confidence=0.4)) == [None]
    assert ids(tracker, 1.0, a_face(200)) == [1]


def test_a_face_that_is_seldom_confident_is_not_confirmed():
    """As a pattern on a wall: an unsure face all the time, a sure one every three seconds."""
    tracker = stream_tracker()
    for step in range(120):
        sure = step % 30 == 0
        assert ids(tracker, step / 10, a_face(0, confidence=0.6 if sure else 0.4)) == [None]


def test_a_person_who_moves_fast_is_confirmed_by_appearance():
    tracker = stream_tracker()
    assert ids(tracker, 0.0, a_face(0, 0)) == [None]
    assert ids(tracker, 0.5, a_face(300, 0)) == [1]


def test_at_a_low_frame_rate_the_next_frame_confirms():
    tracker = stream_tracker()
    assert ids(tracker, 0.0, a_face(0)) == [None]
    assert ids(tracker, 5.0, a_face(5)) == [1]


def test_false_detections_do_not_displace_lost_tracks():
    tracker = stream_tracker()
    for time_s in (0.0, 0.1):
        ids(tracker, time_s, a_face(0, 0))
    for number in range(200):
        ids(tracker, 1.0 + number / 200, a_face(1000.0 * number))
    assert len(tracker._tracks) <= 2 * 64
    assert ids(tracker, 600.0, a_face(450, 0)) == [1]


def test_a_tracker_that_never_confirms_a_face_is_refused():
    with pytest.raises(ValueError, match="1 detection or more"):
        OverlapTracker(min_hits=0)


def test_appearance_distinguishes_colours_and_not_lightness():
    looks = [appearance_of(*a_person(colour)) for colour in CLOTHES]
    for at, look in enumerate(looks):
        darker = appearance_of(*a_person(CLOTHES[at], light=0.9))
        assert appearance_distance(look, look) == pytest.approx(0.0, abs=1e-5)
        nearest = min(appearance_distance(look, other) for other in looks if other is not look)
        assert appearance_distance(look, darker) < 0.02 < nearest


def test_regions_outside_the_picture_are_not_compared():
    rgb, box = a_person(CLOTHES[0])
    cut_off = appearance_of(rgb[:110], box)
    assert np.isnan(cut_off[2]).all()
    assert appearance_distance(appearance_of(rgb, box), cut_off) == pytest.approx(0.0, abs=0.01)
    both = blended(cut_off, appearance_of(rgb, box), weight=0.5)
    assert not np.isnan(both).any()
    outside = appearance_of(rgb, Box(900.0, 900.0, 950.0, 960.0))
    assert appearance_distance(outside, cut_off) is None


BOXES = {"left": Box(0, 0, 50, 50), "right": Box(100, 0, 150, 50)}


def test_idf1_and_switches_are_those_of_their_definitions():
    """Four moments, two people; numbers swap after the first: 6 of 8 faces bear the best number."""
    truth = [LabelledFrame(float(at), BOXES) for at in range(4)]
    left, right = BOXES["left"], BOXES["right"]
    seen = [{1: left, 2: right}, *[{2: left, 1: right}] * 3]
    found = compare(truth, seen)
    assert (found.idf1, found.switches, found.missed) == (6 / 8, 2, 0)
    found = compare(truth, [{1: left}, {1: left}, {}, {1: left, 7: Box(500, 0, 550, 50)}])
    assert found.idf1 == 2 * 3 / (8 + 4)
    assert (found.switches, found.missed) == (0, 5)


@pytest.mark.data
@pytest.mark.parametrize("clip", CLIPS)
@pytest.mark.parametrize("fps", [2, 5])
def test_people_of_real_clips_keep_their_numbers_at_low_frame_rates(assets_dir, media, clip, fps):
    truth = read_truth(TRUTH, clip)
    analyser = open_analyser()
    seen = list(watch(analyser, media(clip), fps=fps))
    analyser.close()
    people = len({who for moment in truth for who in moment.people})
    assert len({one.track_id for _, faces in seen for one in faces}) <= people + 1
    found = compare(truth, at_times(truth, seen))
    assert found.switches <= 1
    assert found.idf1 > 0.95
