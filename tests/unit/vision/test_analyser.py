from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.domain import Box, Face, Frame, RejectReason
from core.domain.errors import MediaError
from core.recordings import moments_of
from core.vision import (
    CenterFaceDetector,
    ConfirmationBuffer,
    FaceAnalyser,
    FaceModels,
    OverlapTracker,
    ScoreSmoother,
    build_analyser,
    from_picture,
    from_video,
)
from core.vision.build import build_still_analyser
from core.vision.faces.tracker import CONFIRMED_HITS
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
def detector():
    return FakeDetector()


@pytest.fixture
def recognizer():
    return FakeRecognizer()


@pytest.fixture
def analyser(near, close_up, detector, recognizer):
    return FaceAnalyser(
        FaceModels(near, close_up, detector),
        recognizer,
        tracker=OverlapTracker(),
        smoother=ScoreSmoother(),
    )


@pytest.fixture
def stream(near, close_up, detector, recognizer):
    """As streams have it: somebody from the second sighting on."""
    return FaceAnalyser(
        FaceModels(near, close_up, detector),
        recognizer,
        tracker=OverlapTracker(min_hits=CONFIRMED_HITS),
        smoother=ScoreSmoother(),
    )


def _numbers(seen):
    """Of those who are shown."""
    return [one.track_id for one in seen if not one.is_tentative]


def _stored(analyser, frames):
    """Everybody in every frame, as it turned out."""
    confirmed = ConfirmationBuffer()
    moments = [one for moment in moments_of(analyser, frames) for one in confirmed.add(moment)]
    return [moment.observations for moment in [*moments, *confirmed.flush()]]


def _places(count, side=60.0):
    return [
        Box(x * 62.0, y * 75.0, x * 62.0 + side, y * 75.0 + side + 10)
        for y in range(6)
        for x in range(10)
    ][:count]


def test_a_near_face_is_recognised_in_every_frame(analyser, recognizer):
    for number in range(10):
        (seen,) = analyser.analyse(_frame(number / 30, number))
        assert seen.quality.usable
        assert seen.scores.top == "happy"
        assert seen.pose is not None
        assert (seen.track_id, seen.frame_index) == (1, number)
    assert recognizer.batches == [1] * 10


def test_while_all_faces_are_near_the_detector_runs_once_a_second(analyser, detector):
    for number in range(90):
        analyser.analyse(_frame(number / 30))
    assert detector.looks == pytest.approx([0.0, 1.0, 2.0])


def test_without_faces_the_detector_runs_five_times_a_second(analyser, near, detector):
    near.boxes = []
    for number in range(31):
        assert analyser.analyse(_frame(number / 30)) == ()
    assert len(detector.looks) == 6


def test_far_faces_are_tracked_in_every_frame_and_read_in_turns(
    analyser, near, close_up, detector, recognizer
):
    near.boxes, detector.boxes = [], _places(10)
    for number in range(8):
        seen = analyser.analyse(_frame(number / 30))
        assert [one.track_id for one in seen] == list(range(1, 11))
    assert len(detector.looks) == 8
    assert close_up.reads == 10 + 7 * 3  # newcomers at once, then in turns
    assert all(one.quality.usable for one in seen)
    assert recognizer.batches[-1] == 10


def test_at_a_low_frame_rate_every_face_is_read(analyser, near, close_up, detector):
    """A recording looked at once a second: there is no next frame to leave some faces to."""
    near.boxes, detector.boxes = [], _places(27)
    for number in range(4):
        seen = analyser.analyse(_frame(1.0 * number))
        assert [one.quality.reason for one in seen] == [None] * 27
    assert close_up.reads == 4 * 27


def test_a_crowd_on_a_slow_machine_stays_recognised(analyser, near, detector):
    near.boxes, detector.boxes = [], _places(30)
    for number in range(60):
        seen = analyser.analyse(_frame(number / 8))
        assert all(one.quality.usable for one in seen)


def test_faces_turned_away_do_not_take_the_turns_of_others(analyser, near, close_up, detector):
    near.boxes, detector.boxes = [], _places(10)
    turned = NOISE.copy()
    turned[:80, :320] = 0  # the first five
    for number in range(60):
        seen = analyser.analyse(Frame(turned, number / 30, number))
    assert [one.quality.reason for one in seen[:5]] == ["turned_away"] * 5 or [
        one.quality.usable for one in seen[:5]
    ] == [False] * 5
    assert all(one.quality.usable for one in seen[5:])


def test_few_far_faces_are_read_at_the_read_interval(analyser, near, close_up, detector):
    near.boxes, detector.boxes = [], _places(2)
    for number in range(30):
        analyser.analyse(_frame(number / 30))
    assert close_up.reads == 2 + 29


FALSE = Box(440.0, 60.0, 500.0, 130.0)


@pytest.mark.parametrize("found_by", ["near", "detector"])
@pytest.mark.parametrize("frame", [0, 30, 45])
def test_a_false_detection_in_one_frame_of_a_stream_gets_no_number(
    stream, near, detector, found_by, frame
):
    for number in range(60):
        false = [FALSE] if number == frame else []
        near.boxes = [NEAR, *(false if found_by == "near" else [])]
        detector.boxes = [NEAR, *(false if found_by == "detector" else [])]
        assert _numbers(stream.analyse(_frame(number / 30, number))) == ([1] if number else [])
    near.boxes = [NEAR, FALSE]  # somebody after all: no number was lost
    stream.analyse(_frame(5.0))
    assert _numbers(stream.analyse(_frame(5.03))) == [1, 2]


@pytest.mark.parametrize("alone", [True, False])
def test_a_face_found_by_the_detector_has_a_number_in_the_next_frame(stream, near, detector, alone):
    """Also while it looks only now and then: a face that is new makes it look again."""
    near.boxes = detector.boxes = [] if alone else [NEAR]
    for number in range(30):
        stream.analyse(_frame(number / 30))
    detector.boxes = [*near.boxes, FALSE]
    first, second = stream.analyse(_frame(1.0)), stream.analyse(_frame(1.0 + 1 / 30))
    assert len(_numbers(second)) == len(_numbers(first)) + 1
    assert second[-1].quality.usable


def test_confirmed_rows_equal_those_of_a_tracker_that_numbers_at_once(
    stream, analyser, near, detector
):
    """Nothing is lost of the first sighting, and nothing is looked at twice for it."""
    near.boxes, detector.boxes = [NEAR], _places(4)
    frames = [_frame(number / 30, number) for number in range(20)]
    for one, other in zip(_stored(stream, frames), map(analyser.analyse, frames), strict=True):
        assert _numbers(one) == [1, 2, 3, 4, 5]
        for seen, wanted in zip(one, other, strict=True):
            assert (seen.box, seen.quality, seen.pose) == (wanted.box, wanted.quality, wanted.pose)
            assert np.array_equal(seen.steady.values, wanted.steady.values)


def test_a_crowd_is_read_as_often_as_with_a_tracker_that_numbers_at_once(
    stream, near, close_up, detector, recognizer
):
    near.boxes, detector.boxes = [], _places(10)
    for number in range(8):
        stream.analyse(_frame(number / 30))
    assert close_up.reads == 10 + 7 * 3
    assert recognizer.batches == [10] * 8


def test_a_face_found_by_both_models_is_one_face(analyser, detector):
    detector.boxes = [Box(205.0, 100.0, 355.0, 310.0)]
    assert len(analyser.analyse(_frame(0.0))) == 1


def test_thirty_faces_are_one_batch(analyser, near, detector, recognizer):
    near.boxes, detector.boxes = [], _places(30)
    for number in range(12):
        seen = analyser.analyse(_frame(number / 30))
    assert len(seen) == 30
    assert recognizer.batches[-1] == 30


def _points(box, *, inverted=False):
    """Five points of a face that looks ahead."""
    shares = np.array([[0.3, 0.35], [0.7, 0.35], [0.5, 0.55], [0.35, 0.75], [0.65, 0.75]])
    shares = 1 - shares if inverted else shares
    corner, side = (box.left, box.top), (box.width_px, box.height_px)
    return (np.array(corner) + shares * np.array(side)).astype(np.float32)


SMALL = Box(10.0, 10.0, 35.0, 42.0)


@pytest.mark.parametrize("marked", [True, False])
def test_a_face_too_small_to_recognise_is_present_with_its_pose(
    analyser, near, close_up, detector, marked
):
    near.boxes = []
    detector.detect = lambda frame: [Face(SMALL, 0.9, points=_points(SMALL))]
    if not marked:
        close_up.read = lambda *_: []
    for number in range(3):
        (seen,) = analyser.analyse(_frame(number / 2, number))
        assert (seen.track_id, seen.quality.reason) == (1, RejectReason.TOO_SMALL)
        assert seen.scores is None
        assert abs(seen.pose.yaw) < 5
        assert (seen.pose.pitch is not None) == marked


def test_an_inverted_near_face_is_never_read_upright(analyser, near, detector):
    detector.detect = lambda frame: [Face(NEAR, 0.8, points=_points(NEAR, inverted=True))]
    for number in range(60):
        (seen,) = analyser.analyse(_frame(number / 30, number))
        assert seen.quality.reason == RejectReason.UPSIDE_DOWN
        assert seen.scores is None
    detector.detect = lambda frame: [Face(NEAR, 0.8, points=_points(NEAR))]
    seen = [analyser.analyse(_frame(2.0 + at / 30, 60 + at))[0] for at in range(31)]
    assert seen[-1].quality.usable


def test_after_a_pause_faces_keep_their_numbers_and_are_read_again(
    analyser, near, close_up, detector
):
    places = _places(4)
    near.boxes, detector.boxes = [], places
    analyser.analyse(_frame(1.0))
    reads = close_up.reads
    analyser.resume()
    seen = analyser.analyse(_frame(1.03))
    assert [one.track_id for one in seen] == [1, 2, 3, 4]
    assert close_up.reads == reads + 4


def test_a_change_of_resolution_keeps_the_numbers(analyser, near):
    assert [one.track_id for one in analyser.analyse(_frame(0.0))] == [1]
    half = Box(NEAR.left / 2, NEAR.top / 2, NEAR.right / 2, NEAR.bottom / 2)
    near.boxes = [half]
    small = Frame(np.ascontiguousarray(NOISE[::2, ::2]), 0.1, 1)
    assert [one.track_id for one in analyser.analyse(small)] == [1]


def test_decreasing_time_is_refused_until_a_reset(analyser):
    analyser.analyse(_frame(5.0))
    with pytest.raises(ValueError, match="time went back"):
        analyser.analyse(_frame(4.9))
    analyser.reset()
    assert analyser.analyse(_frame(0.0))[0].track_id == 1


def test_closing_frees_both_landmarkers(analyser, near, close_up):
    analyser.close()
    assert (near.closed, close_up.closed) == (1, 1)


def _real(assets_dir, build=build_analyser):
    return build(
        assets_dir / "face_landmarker.task", assets_dir / "centerface.onnx", FakeRecognizer()
    )


def test_faces_are_numbered_at_once_in_a_picture_and_in_the_second_frame_of_a_stream(assets_dir):
    still, stream = _real(assets_dir, build_still_analyser), _real(assets_dir)
    frames = [Frame(draw_face(), at / 30, at) for at in range(2)]
    assert _numbers(still.analyse(frames[0])) == [1]
    assert [_numbers(stream.analyse(frame)) for frame in frames] == [[], [1]]
    still.close()
    stream.close()


def test_the_same_frames_give_the_same_observations(assets_dir):
    """A synthetic face, so that this holds everywhere; also what a 30-second memory test plays."""
    frames = [Frame(draw_face(shift_px=2 * n), n / 30, n) for n in range(12)]

    def watch():
        analyser = _real(assets_dir)
        seen = _stored(analyser, frames)
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


def test_a_portrait_frame_is_analysed_too(assets_dir):
    analyser = _real(assets_dir, build_still_analyser)
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
def test_faces_of_real_clips_are_found(assets_dir, media, clip, usable):
    analyser = _real(assets_dir)
    seen = [one for faces in _stored(analyser, from_video(media(clip))) for one in faces]
    analyser.close()
    if usable is None:
        assert seen == []
    else:
        assert np.mean([one.quality.usable for one in seen]) > 0.9
        assert {one.track_id for one in seen} == {1}


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    for name, content in (("empty.jpg", b""), ("text.png", b"not a picture")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(MediaError, match=name):
            from_picture(tmp_path / name)
    with pytest.raises(MediaError):
        from_picture(tmp_path / "nothing.jpg")


@pytest.mark.data
@pytest.mark.parametrize("clip", ["fakecam_expressive_640x480.mjpeg", "single_face.mp4"])
def test_real_inverted_faces_are_not_recognised(assets_dir, media, clip):
    analyser = _real(assets_dir)
    seen = []
    for frame in from_video(media(clip), every_s=0.25):
        inverted = np.ascontiguousarray(np.rot90(frame.rgb, 2))
        seen += analyser.analyse(Frame(inverted, frame.time_s, frame.index))
    analyser.close()
    assert len(seen) >= 5
    assert not any(one.quality.usable for one in seen)


@pytest.mark.data
def test_every_face_of_a_class_has_presence_and_facing(assets_dir, media):
    analyser = _real(assets_dir)
    clip = media("classroom_4adults_960x540_24s.mp4")
    seen = _stored(analyser, from_video(clip, every_s=0.5))
    analyser.close()
    assert np.mean([len(faces) for faces in seen]) > 3.8
    faces = [one for moment in seen for one in moment]
    assert all(one.pose is not None for one in faces)
    assert {one.track_id for one in faces} == {1, 2, 3, 4}
