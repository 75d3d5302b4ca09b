"""The checkpoint of a face extraction."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from core.datasets.face_extraction.checkpoint import (
    CLIPS,
    RAW_PIXELS,
    RAW_TABLE,
    ClipRecord,
    FaceFiles,
    clip_records,
)
from core.datasets.face_extraction.main_face import ExtractedFace
from core.datasets.face_extraction.sources import SourceClip
from core.datasets.readers.face_folder import COLUMNS
from core.domain import HeadPose
from tests.make import make_frame, make_quality

FILES = (RAW_PIXELS, RAW_TABLE, CLIPS)


def _fill(folder, *, clips=3, keeps_pictures=True):
    """Clips `c0`, `c1`, ... with one, two, ... faces each."""
    with FaceFiles(folder, keeps_pictures=keeps_pictures) as files:
        for number in range(clips):
            if f"c{number}" in files.done:
                continue
            _add(files, f"c{number}", number + 1)
            files.finish_clip(ClipRecord(f"c{number}", "ann", number + 1, number + 1, {}))


def _add(files, clip, faces):
    for at in range(faces):
        pixels = np.full((48, 48), at + 1, dtype=np.uint8)
        face = ExtractedFace(pixels, 0.9, make_quality(), HeadPose(1.0, 2.0, 3.0))
        files.add(SourceClip(clip, None, "ann", 0.5), make_frame(at / 10), face)


def _contents(folder):
    return {name: (folder / name).read_bytes() for name in FILES}


def test_a_clip_that_was_not_finished_leaves_no_trace(tmp_path):
    _fill(tmp_path)
    whole = _contents(tmp_path)
    with FaceFiles(tmp_path, keeps_pictures=True) as files:
        _add(files, "c3", 40)
    assert _contents(tmp_path) != whole
    FaceFiles(tmp_path, keeps_pictures=True).close()
    assert _contents(tmp_path) == whole


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8, 0.999])
def test_truncated_anywhere_complete_clips_stay_and_the_rest_is_done_again(tmp_path, name, share):
    _fill(tmp_path)
    whole = _contents(tmp_path)
    (tmp_path / name).write_bytes(whole[name][: int(len(whole[name]) * share)])
    with FaceFiles(tmp_path, keeps_pictures=True) as files:
        kept = len(files.done)
        assert files.done == {f"c{number}" for number in range(kept)}
        assert files.faces == sum(range(1, kept + 1))
    assert kept < 3
    _fill(tmp_path)
    assert _contents(tmp_path) == whole


def test_a_damaged_line_ends_the_checkpoint(tmp_path):
    _fill(tmp_path)
    lines = (tmp_path / CLIPS).read_bytes().splitlines(keepends=True)
    (tmp_path / CLIPS).write_bytes(lines[0] + b"\x00\x00\n" + lines[2])
    assert [record.clip for record in clip_records(tmp_path)] == ["c0"]


def test_without_pictures_no_pixel_is_written(tmp_path):
    _fill(tmp_path, keeps_pictures=False)
    assert (tmp_path / RAW_PIXELS).read_bytes() == b""
    assert len((tmp_path / RAW_TABLE).read_text().splitlines()) == 6


def test_a_row_has_every_column_once(tmp_path):
    _fill(tmp_path, clips=1)
    rows = list(csv.reader(io.StringIO((tmp_path / RAW_TABLE).read_text())))
    assert dict(zip(COLUMNS, rows[0], strict=True)) == {
        "clip": "c0",
        "subject": "ann",
        "score": "0.5",
        "time_s": "0.0",
        "frame": "0",
        "confidence": "0.9",
        "brightness": "0.5",
        "blur": "120.0",
        "yaw": "1.0",
        "pitch": "2.0",
        "roll": "3.0",
    }
