"""Faces in frames: gathered, shown under conditions, found or not."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.domain import Box, RejectReason
from core.domain.errors import MediaError
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.evaluation.robustness.detection_rate import FRAME_SIDES_PX, measure_detection
from core.evaluation.robustness.frame_faces import (
    FACE_PX,
    VIEW_PX,
    SourceFace,
    gather_faces,
    media_under,
    view_of,
)
from core.vision.assets import DETECTOR, LANDMARKER
from core.vision.build import build_still_analyser
from tests.face_clip import draw_face, write_face_clip
from tests.fakes import FakeRecognizer
from tests.make import make_observation


class Watcher:
    """Sees a face in the middle of whatever it is shown, while that is bright enough."""

    scheme = FakeRecognizer().scheme

    def __init__(self, *, side_px=110.0, least=0):
        self.side_px, self.least, self.resets = side_px, least, 0

    def analyse(self, frame):
        if frame.rgb.mean() < self.least:
            return ()
        wide, high = frame.width_px / 2, frame.height_px / 2
        half = self.side_px / 2
        box = Box(wide - half, high - half, wide + half, high + half)
        return (replace(make_observation(), box=box),)

    def reset(self):
        self.resets += 1

    def close(self):
        pass


def _picture(path, level=180, size=(400, 400)):
    cv2.imwrite(str(path), np.full((*size, 3), level, dtype=np.uint8))
    return path


def test_media_are_found_below_a_folder_and_others_left_alone(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.JPG", "a.mp4", "below/c.png", "notes.txt", ".hidden/d.png"):
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in media_under(tmp_path)]
    assert found == ["a.mp4", "b.JPG", "below/c.png"]


@pytest.mark.parametrize("name", ["notes.txt", "nowhere"])
def test_a_folder_without_media_is_refused(tmp_path, name):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(MediaError, match="no pictures and no videos"):
        media_under(tmp_path / name)


def test_faces_are_gathered_from_many_files_and_small_or_damaged_ones_counted(tmp_path):
    files = [_picture(tmp_path / f"{number}.png") for number in range(3)]
    (tmp_path / "broken.png").write_bytes(b"no picture")
    found = gather_faces([*files, tmp_path / "broken.png"], Watcher(), most=10, every_s=1.0)
    assert (len(found.faces), found.files, found.too_small, found.unreadable) == (3, 3, 0, 1)
    small = gather_faces(files, Watcher(side_px=40.0), most=10, every_s=1.0)
    assert (len(small.faces), small.files, small.too_small) == (0, 0, 3)
    assert len(gather_faces(files, Watcher(), most=2, every_s=1.0).faces) == 2


def test_a_frame_has_the_face_in_its_centre_at_the_requested_size():
    rgb = np.zeros((600, 800, 3), dtype=np.uint8)
    cv2.rectangle(rgb, (500, 200), (599, 299), (255, 255, 255), -1)
    face = SourceFace(rgb, Box(500.0, 200.0, 600.0, 300.0))
    for side_px in (162.0, 54.0):
        view, place = view_of(face, side_px=side_px)
        assert view.shape == (VIEW_PX[1], VIEW_PX[0], 3)
        assert place.side == side_px
        assert place.middle == (320.0, 240.0)
        rows, columns = np.nonzero(view[..., 0] > 128)
        assert np.ptp(rows) + 1 == pytest.approx(side_px / 1.08, abs=2)
        assert (rows.mean(), columns.mean()) == (
            pytest.approx(239.5, abs=1),
            pytest.approx(319.5, abs=1),
        )


def test_faces_lost_in_the_dark_are_counted_and_others_keep_their_answer(tmp_path):
    files = [_picture(tmp_path / f"{number}.png") for number in range(4)]
    watcher = Watcher(least=90)
    gathered = gather_faces(files, watcher, most=10, every_s=1.0)
    progress = []
    report = measure_detection(
        gathered,
        [CORRUPTIONS["darker"], CORRUPTIONS["shift"]],
        watcher,
        seed=1,
        on_progress=lambda *done: progress.append(done),
    )
    (curve,) = report.curves  # a frame is not cut out beside the face
    assert (report.faces, report.files, report.face_px) == (4, 4, FACE_PX)
    assert [point.found.value for point in curve.points] == [1, 1, 0, 0, 0]
    assert curve.points[0].same_label.value == 1.0
    assert curve.points[-1].same_label is None
    assert curve.points[-1].fewer.accuracy.value == -1.0
    assert progress[-1] == (5, 5)


def test_a_smaller_face_is_one_further_away(tmp_path):
    watcher = Watcher()
    gathered = gather_faces([_picture(tmp_path / "one.png")], watcher, most=1, every_s=1.0)
    report = measure_detection(gathered, [CORRUPTIONS["face_size"]], watcher, seed=1)
    (curve,) = report.curves
    assert curve.amounts == FRAME_SIDES_PX
    # The watcher always answers with one and the same box: far off, that is another face.
    assert curve.points[0].found.value == 1.0
    assert curve.points[-1].found.value == 0.0


def test_nothing_to_begin_with_is_refused(tmp_path):
    class Blind(Watcher):
        def analyse(self, frame):
            one = super().analyse(frame)[0]
            return (replace(one, scores=None, steady=None, quality=_turned(one)),)

    gathered = gather_faces([_picture(tmp_path / "one.png")], Watcher(), most=1, every_s=1.0)
    with pytest.raises(MediaError, match="No face was found"):
        measure_detection(gathered, [CORRUPTIONS["blur"]], Blind(), seed=1)


def _turned(one):
    return replace(one.quality, usable=False, reason=RejectReason.TURNED_AWAY)


def test_the_real_detector_finds_a_synthetic_face_and_loses_it_in_the_dark(assets_dir, tmp_path):
    clip = write_face_clip(tmp_path / "face.mjpeg")
    cv2.imwrite(str(tmp_path / "face.png"), draw_face()[..., ::-1])
    analyser = build_still_analyser(
        assets_dir / LANDMARKER, assets_dir / DETECTOR, FakeRecognizer()
    )
    try:
        gathered = gather_faces([clip, tmp_path / "face.png"], analyser, most=4, every_s=2.0)
        report = measure_detection(
            gathered, [CORRUPTIONS["darker"], CORRUPTIONS["face_size"]], analyser, seed=1
        )
    finally:
        analyser.close()
    darker, smaller = report.curves
    assert report.files == 2
    assert darker.points[0].usable.value == 1.0
    assert darker.points[-1].usable.value == 0.0
    assert smaller.points[-1].usable.value == 0.0
