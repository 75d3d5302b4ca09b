"""Faces that were read elsewhere become what the server's own frames would have given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.domain import QUALITY_PX, Box, Frame, HeadPose, RejectReason, softmax
from core.domain.errors import DamagedModel
from core.vision import (
    FaceAnalyser,
    FaceModels,
    FaceReading,
    FrameReading,
    OverlapTracker,
    ReadingAnalyser,
    ScoreSmoother,
)
from core.vision.faces.crop import crop_by_landmarks
from core.vision.faces.quality import sharpness
from core.vision.faces.tracker import CONFIRMED_HITS
from tests.fakes import FakeDetector, FakeLandmarker, FakeRecognizer, make_landmarks
from tests.make import make_card, make_scores

NEAR, BESIDE = Box(200.0, 120.0, 360.0, 320.0), Box(400.0, 130.0, 560.0, 330.0)
NOISE = np.random.default_rng(3).integers(60, 200, (480, 640, 3), dtype=np.uint8)
CARD = replace(make_card(), temperature=1.0)
OUTPUTS = np.log(make_scores(happy=0.8).values)


def read(box: Box = NEAR, **changes: object) -> FaceReading:
    """What a browser reads of a face in `NOISE`, which the model calls happy."""
    landmarks = make_landmarks(box)
    crop = crop_by_landmarks(NOISE, landmarks.eyes_and_mouth, size_px=QUALITY_PX)
    reading = FaceReading(
        box=landmarks.box,
        confidence=1.0,
        pose=landmarks.pose,
        blendshapes=landmarks.blendshapes,
        lip_gap=landmarks.lip_gap,
        brightness=float(crop.mean()),
        sharpness=sharpness(crop),
        outputs=OUTPUTS,
    )
    return replace(reading, **changes)  # type: ignore[arg-type]


def frame(*faces: FaceReading, width_px: int = 640) -> FrameReading:
    return FrameReading(0.0, 0, width_px=width_px, latency_ms=40.0, faces=faces)


def seen_of(observation):
    """Everything of an observation that can be compared."""
    named = vars(observation).copy()
    for scores in ("scores", "steady"):
        named[scores] = named[scores] and named[scores].values.tolist()
    named["blendshapes"] = named["blendshapes"].tolist()
    return named


@pytest.fixture
def analyser() -> ReadingAnalyser:
    return ReadingAnalyser(CARD)


def test_a_face_that_was_read_elsewhere_gives_the_observation_of_the_picture(analyser) -> None:
    near = FakeLandmarker([NEAR, BESIDE])
    pictures = FaceAnalyser(
        FaceModels(near, FakeLandmarker(in_cut_outs=True), FakeDetector()),
        FakeRecognizer(),
        tracker=OverlapTracker(min_hits=CONFIRMED_HITS),
        smoother=ScoreSmoother(),
    )
    for number in range(20):
        near.boxes = [NEAR, BESIDE] if number % 5 else [BESIDE]
        time_s = number / 8
        expected = pictures.analyse(Frame(NOISE, time_s, number))
        found = analyser.analyse(frame(*map(read, near.boxes)), time_s, number)
        assert [seen_of(one) for one in found] == [
            {
                **seen_of(one),
                "scores": pytest.approx(one.scores.values.tolist(), abs=1e-6),
                "steady": pytest.approx(one.steady.values.tolist(), abs=1e-6),
            }
            for one in expected
        ]


def test_outputs_become_scores_by_the_temperature_of_the_card() -> None:
    card = replace(CARD, temperature=2.0)
    (seen,) = ReadingAnalyser(card).analyse(frame(read()), 0.0, 0)
    expected = softmax(OUTPUTS[None].astype(np.float64) / 2.0)[0]
    assert seen.scores.values == pytest.approx(expected, abs=1e-6)


def test_a_face_that_the_model_was_not_asked_about_has_no_scores(analyser) -> None:
    (seen,) = analyser.analyse(frame(read(outputs=None)), 0.0, 0)
    assert seen.quality.usable
    assert seen.scores is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"brightness": 0.05}, RejectReason.TOO_DARK),
        ({"sharpness": 0.01}, RejectReason.BLURRED),
        ({"pose": HeadPose(60.0, 0.0, 0.0)}, RejectReason.TURNED_AWAY),
        ({"pose": HeadPose(0.0, 0.0, 175.0)}, RejectReason.UPSIDE_DOWN),
        ({"box": Box(200.0, 120.0, 220.0, 140.0)}, RejectReason.TOO_SMALL),
    ],
)
def test_a_face_that_is_not_usable_has_the_first_reason_and_no_scores(
    analyser, changes, reason
) -> None:
    (seen,) = analyser.analyse(frame(read(**changes)), 0.0, 0)
    assert seen.quality.reason == reason
    assert seen.scores is None


def test_landmarks_of_an_inverted_face_are_not_trusted(analyser) -> None:
    (seen,) = analyser.analyse(frame(read(pose=HeadPose(0.0, 0.0, 175.0))), 0.0, 0)
    assert (seen.eyes_open, seen.blendshapes, seen.lip_gap) == (None, None, None)


def test_a_face_keeps_its_number_when_the_frame_becomes_wider(analyser) -> None:
    numbers = []
    for number, by in enumerate((1, 1, 2, 2)):
        box = Box(*(side * by for side in NEAR.sides))
        (seen,) = analyser.analyse(frame(read(box=box), width_px=640 * by), number / 8, number)
        numbers.append(seen.track_id)
    assert numbers[1:] == [1, 1, 1]


def test_outputs_of_another_model_are_refused(analyser) -> None:
    with pytest.raises(DamagedModel):
        analyser.analyse(frame(read(outputs=OUTPUTS[:3])), 0.0, 0)
