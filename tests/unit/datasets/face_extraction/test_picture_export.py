"""Export of faces as picture files."""

from __future__ import annotations

import zipfile

import cv2
import numpy as np
import pytest

from core.datasets.face_extraction import export_pictures, job, picture_export
from core.datasets.face_extraction.plan import FacesPlan
from core.datasets.readers.face_folder import read_faces
from core.domain.errors import PlanError
from tests.clips import write_face_video
from tests.face_jobs import fake_main_face


@pytest.fixture
def folder(tmp_path, context, monkeypatch):
    """Two clips whose names differ only in what no file name may hold."""
    monkeypatch.setattr(job, "open_main_face", fake_main_face)
    (tmp_path / "videos" / "a").mkdir(parents=True)
    write_face_video(tmp_path / "videos" / "a" / "b.mp4", frames=6)
    write_face_video(tmp_path / "videos" / "a_b.mp4", frames=6)
    plan = FacesPlan(str(tmp_path / "videos"), "few", every_s=0.1)
    job.run(plan.to_json(), context)
    return context.settings.faces_dir / "few"


def test_every_face_is_a_picture_named_after_clip_and_time(folder, tmp_path):
    faces = read_faces(folder)
    assert export_pictures(folder, tmp_path / "out") == len(faces) == 4
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "LICENCE.txt",
        "a_b.mp4_0.000.png",
        "a_b.mp4_0.000_2.png",
        "a_b.mp4_0.100.png",
        "a_b.mp4_0.100_2.png",
    ]
    picture = cv2.imread(str(tmp_path / "out" / "a_b.mp4_0.000.png"), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(picture, faces.pixels[0])


def test_an_archive_holds_the_same_pictures(folder, tmp_path):
    export_pictures(folder, tmp_path / "out")
    export_pictures(folder, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        for path in (tmp_path / "out").iterdir():
            assert archive.read(path.name) == path.read_bytes()


def test_what_exists_is_not_written_over(folder, tmp_path):
    (tmp_path / "out.zip").write_text("dear")
    with pytest.raises(PlanError, match="exists already"):
        export_pictures(folder, tmp_path / "out.zip")
    assert (tmp_path / "out.zip").read_text() == "dear"


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_a_failing_disk_leaves_nothing_behind(folder, tmp_path, monkeypatch, name):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(picture_export.cv2, "imencode", refuse)
    before = set(tmp_path.iterdir())
    with pytest.raises(OSError, match="No space"):
        export_pictures(folder, tmp_path / name)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_what_somebody_keeps_beside_the_pictures_stays(folder, tmp_path, name):
    kept = tmp_path / f"{name}.new"
    kept.mkdir()
    (kept / "dear.txt").touch()
    export_pictures(folder, tmp_path / name)
    assert (kept / "dear.txt").exists()
