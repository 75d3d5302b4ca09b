from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import MediaError
from core.perception import (
    CenterFaceDetector,
    Eyes,
    FaceAnalyser,
    OverlapTracker,
    ScoreSmoother,
    build_analyser,
    from_picture,
    from_video,
)
from core.vocabulary import Box, Frame
from tests.face_clip import draw_face
from tests.fakes import FakeDetector, FakeLandmarker, FakeRecognizer

NEAR = Box(200.0, 120.0, 360.0, 320.0)
NOISE = np.random.default_rng(3).integers(60, 200, (480, 640, 3), dtype=np.uint8)
GOLDEN = Path(__file__).parents[2] / "golden" / "solvay1927_faces.json"


def _frame(time_s, index=0):
    return Frame(NOISE, time_s, index)


@pytest.fixture
def near():
    return FakeLandmarker([NEAR])


@pytest.fixture
def close_up():
    return FakeLandmarker(in_cut_outs=True)


@pytest.fixture
def scout():
    return FakeDetector()


@pytest.fixture
def recognizer():
    return FakeRecognizer()


@pytest.fixture
def analyser(near, close_up, scout, recognizer):
    return FaceAnalyser(
        Eyes(near, close_up, scout),
        recognizer,
        tracker=OverlapTracker(),
        smoother=ScoreSmoother(),
    )


def _places(count, side=60.0):
    return [
        Box(x * 62.0, y * 75.0, x * 62.0 + side, y * 75.0 + side + 10)
        for y in range(6)
        for x in range(10)
    ][:count]


def test_a_near_face_is_judged_in_every_frame(analyser, recognizer):
    for number in range(10):
        (seen,) = analyser.analyse(_frame(number / 30, number))
        assert seen.quality.usable
        assert seen.scores.top == "happy"
        assert seen.pose is not None
        assert (seen.track_id, seen.frame_index) == (1, number)
    assert recognizer.batches == [1] * 10


def test_while_all_faces_are_near_the_scout_looks_once_a_second(analyser, scout):
    for number in range(90):
        analyser.analyse(_frame(number / 30))
    assert scout.looks == pytest.approx([0.0, 1.0, 2.0])


def test_alone_the_scout_looks_five_times_a_second(analyser, near, scout):
    near.boxes = []
    for number in range(31):
        assert analyser.analyse(_frame(number / 30)) == ()
    assert len(scout.looks) == 6


def test_far_faces_are_followed_in_every_frame_and_read_in_turns(
    analyser, near, close_up, scout, recognizer
):
    near.boxes, scout.boxes = [], _places(10)
    for number in range(8):
        seen = analyser.analyse(_frame(number / 30))
        assert [one.track_id for one in seen] == list(range(1, 11))
    assert len(scout.looks) == 8
    assert close_up.reads == 10 + 7 * 3  # newcomers at once, then in turns
    assert all(one.quality.usable for one in seen)
    assert recognizer.batches[-1] == 10


def test_pictures_that_come_seldom_show_everybody(analyser, near, close_up, scout):
    """A recording looked at once a second: there is no next frame to leave some faces to."""
    near.boxes, scout.boxes = [], _places(27)
    for number in range(4):
        seen = analyser.analyse(_frame(1.0 * number))
        assert [one.quality.reason for one in seen] == [None] * 27
    assert close_up.reads == 4 * 27


def test_a_crowd_on_a_slow_machine_stays_judged(analyser, near, scout):
    near.boxes, scout.boxes = [], _places(30)
    for number in range(60):
        seen = analyser.analyse(_frame(number / 8))
        assert all(one.quality.usable for one in seen)


def test_people_who_turn_away_take_nobody_elses_turn(analyser, near, close_up, scout):
    near.boxes, scout.boxes = [], _places(10)
    turned = NOISE.copy()
    turned[:80, :320] = 0  # the first five
    for number in range(60):
        seen = analyser.analyse(Frame(turned, number / 30, number))
    assert [one.quality.reason for one in seen[:5]] == ["turned_away"] * 5 or [
        one.quality.usable for one in seen[:5]
    ] == [False] * 5
    assert all(one.quality.usable for one in seen[5:])


def test_few_far_faces_are_read_no_oftener_than_they_change(analyser, near, close_up, scout):
    near.boxes, scout.boxes = [], _places(2)
    for number in range(30):
        analyser.analyse(_frame(number / 30))
    assert close_up.reads == 2 + 29


def test_a_face_of_both_eyes_is_one_face(analyser, scout):
    scout.boxes = [Box(205.0, 100.0, 355.0, 310.0)]
    assert len(analyser.analyse(_frame(0.0))) == 1


def test_thirty_faces_are_one_batch(analyser, near, scout, recognizer):
    near.boxes, scout.boxes = [], _places(30)
    for number in range(12):
        seen = analyser.analyse(_frame(number / 30))
    assert len(seen) == 30
    assert recognizer.batches[-1] == 30


def test_a_face_too_small_to_judge_is_seen_but_not_read(analyser, near, close_up, scout):
    near.boxes, scout.boxes = [], [Box(10.0, 10.0, 40.0, 45.0)]
    (seen,) = analyser.analyse(_frame(0.0))
    assert seen.quality.reason == "too_small"
    assert seen.scores is None
    assert close_up.reads == 0


def test_a_camera_that_changes_its_resolution_moves_nobody(analyser, near):
    assert [one.track_id for one in analyser.analyse(_frame(0.0))] == [1]
    half = Box(NEAR.left / 2, NEAR.top / 2, NEAR.right / 2, NEAR.bottom / 2)
    near.boxes = [half]
    small = Frame(np.ascontiguousarray(NOISE[::2, ::2]), 0.1, 1)
    assert [one.track_id for one in analyser.analyse(small)] == [1]


def test_time_that_goes_back_is_refused_until_a_reset(analyser):
    analyser.analyse(_frame(5.0))
    with pytest.raises(ValueError, match="time went back"):
        analyser.analyse(_frame(4.9))
    analyser.reset()
    assert analyser.analyse(_frame(0.0))[0].track_id == 1


def test_closing_frees_both_landmarkers(analyser, near, close_up):
    analyser.close()
    assert (near.closed, close_up.closed) == (1, 1)


def _real(assets_dir):
    return build_analyser(
        assets_dir / "face_landmarker.task", assets_dir / "centerface.onnx", FakeRecognizer()
    )


def test_the_same_frames_give_the_same_observations(assets_dir):
    """A drawn face, so that this holds everywhere; also what a 30-second memory test plays."""
    frames = [Frame(draw_face(shift_px=2 * n), n / 30, n) for n in range(12)]

    def watch():
        analyser = _real(assets_dir)
        seen = [analyser.analyse(frame) for frame in frames]
        analyser.close()
        analyser.close()
        return seen

    for one, other in zip(watch(), watch(), strict=True):
        assert len(one) == len(other) == 1
        assert one[0].box == other[0].box
        assert one[0].pose == other[0].pose
        assert np.array_equal(one[0].blendshapes, other[0].blendshapes)
        assert one[0].track_id == 1


def test_a_picture_without_a_face_has_none(assets_dir):
    analyser = _real(assets_dir)
    assert analyser.analyse(_frame(0.0)) == ()
    analyser.close()


def test_a_portrait_frame_is_looked_at_too(assets_dir):
    analyser = _real(assets_dir)
    tall = np.ascontiguousarray(draw_face()[:, 140:500])
    (seen,) = analyser.analyse(Frame(tall, 0.0, 0))
    assert seen.box.center[0] == pytest.approx(180, abs=15)
    analyser.close()


def test_the_faces_of_a_group_photograph_are_found_and_nothing_else(assets_dir, media):
    golden = json.loads(GOLDEN.read_text())
    frame = from_picture(media(golden["picture"]))
    assert (frame.width_px, frame.height_px) == (golden["width_px"], golden["height_px"])
    true = [Box(*sides) for sides in golden["boxes"]]
    found = CenterFaceDetector(assets_dir / "centerface.onnx").detect(frame)
    hits = {
        place
        for place, box in enumerate(true)
        if any(face.box.overlap(box) >= 0.3 for face in found)
    }
    false = [face for face in found if all(face.box.overlap(box) < 0.3 for box in true)]
    assert len(hits) >= 24
    assert len(false) <= 2


@pytest.mark.parametrize(("clip", "usable"), [("single_face.mp4", True), ("no_face.mp4", None)])
def test_real_clips_show_who_is_there(assets_dir, media, clip, usable):
    analyser = _real(assets_dir)
    seen = [one for frame in from_video(media(clip)) for one in analyser.analyse(frame)]
    analyser.close()
    if usable is None:
        assert seen == []
    else:
        assert np.mean([one.quality.usable for one in seen]) > 0.9
        assert {one.track_id for one in seen} == {1}


def test_a_picture_that_is_none_is_refused(tmp_path):
    for name, content in (("empty.jpg", b""), ("text.png", b"not a picture")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(MediaError, match=name):
            from_picture(tmp_path / name)
    with pytest.raises(MediaError):
        from_picture(tmp_path / "nothing.jpg")
