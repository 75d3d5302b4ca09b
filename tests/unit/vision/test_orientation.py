"""Which way up a recording is, told by its faces."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import Box, Face, Frame
from core.storage.recording_files import TimeRange
from core.vision import CenterFaceDetector, from_video
from core.vision.orientation import quarter_rotations, rotated

UPRIGHT = np.array([[-10, -10], [10, -10], [0, 0], [-8, 12], [8, 12]], dtype=np.float32)
BOX = Box(10.0, 10.0, 50.0, 60.0)


class SeesWhereTheTopIs:
    """Finds one face whose top is where the picture is brightest."""

    def detect(self, frame: Frame) -> list[Face]:
        grey = frame.rgb[..., 0].astype(float)
        sides = [grey[0].mean(), grey[:, -1].mean(), grey[-1].mean(), grey[:, 0].mean()]
        turn = np.radians(90.0 * int(np.argmax(sides)))
        matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        return [Face(BOX, 0.8, points=(UPRIGHT @ matrix.T).astype(np.float32))]


class SeesNobody:
    """Finds no face."""

    def detect(self, frame: Frame) -> list[Face]:
        return []


def frames(count: int = 4) -> list[Frame]:
    rgb = np.zeros((60, 80, 3), dtype=np.uint8)
    rgb[:5] = 200
    return [Frame(rgb, float(at), at) for at in range(count)]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_rotated_frames_are_set_upright_and_keep_their_times(turns):
    lying = list(rotated(frames(), turns))
    upright = list(rotated(lying, quarter_rotations(lying, SeesWhereTheTopIs())))
    for one, other in zip(upright, frames(), strict=True):
        assert np.array_equal(one.rgb, other.rgb)
        assert (one.time_s, one.index) == (other.time_s, other.index)


def test_without_a_face_or_a_frame_nothing_is_rotated():
    assert quarter_rotations(frames(), SeesNobody()) == 0
    assert quarter_rotations([], SeesWhereTheTopIs()) == 0


def test_a_few_inverted_frames_rotate_nothing():
    mixed = [*frames(6), *rotated(frames(4), 2)]
    assert quarter_rotations(mixed, SeesWhereTheTopIs()) == 0


@pytest.mark.data
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "clip", ["fakecam_expressive_640x480.mjpeg", "classroom_4adults_960x540_24s.mp4"]
)
def test_real_clips_are_set_upright(assets_dir, media, clip, turns):
    detector = CenterFaceDetector(assets_dir / "centerface.onnx")
    beginning = list(from_video(media(clip), every_s=2.0, time_range=TimeRange(0, 10)))
    assert quarter_rotations(rotated(beginning, turns), detector) == (4 - turns) % 4
