"""Folders of extracted faces, intact and damaged."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from core.datasets.readers.face_folder import (
    ABOUT_FILE,
    COLUMNS,
    FORMAT,
    PIXELS_FILE,
    TABLE_FILE,
    read_faces,
)
from core.domain.errors import UnknownDataset, UnreadableDataset
from core.storage.csv_injection import neutralise_formula, original

ROWS = [
    ("0001", "7", 0.25, 0.0, 0),
    ("0001", "7", 0.25, 1.0, 30),
    ("'=cmd()", "", "", 0.0, 0),
    ("'=cmd()", "", "", 0.0, 1),
]


def _write(folder, *, rows=ROWS, pixels=None, header=COLUMNS, about=None):
    folder.mkdir(exist_ok=True)
    pixels = (
        np.arange(len(rows) * 4, dtype=np.uint8).reshape(-1, 2, 2) if pixels is None else pixels
    )
    np.save(folder / PIXELS_FILE, pixels, allow_pickle=True)
    lines = [",".join(header)]
    lines += [",".join(map(str, (*row, 0.9, 0.5, 0.6, 1.0, 2.0, 3.0))) for row in rows]
    (folder / TABLE_FILE).write_text("\n".join(lines) + "\n")
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in (PIXELS_FILE, TABLE_FILE)
    }
    content = {"format": FORMAT, "files": files} if about is None else about
    (folder / ABOUT_FILE).write_text(json.dumps(content))
    return folder


@pytest.fixture
def folder(tmp_path):
    return _write(tmp_path / "few")


def test_pictures_stay_on_disk_and_every_row_belongs_to_one(folder):
    faces = read_faces(folder)
    assert len(faces) == 4
    assert isinstance(faces.pixels, np.memmap)
    assert not faces.pixels.flags.writeable
    assert faces.pixels[1].tolist() == [[4, 5], [6, 7]]
    assert faces.scores[:2].tolist() == [0.25, 0.25]
    assert np.isnan(faces.scores[2:]).all()
    assert faces.subjects.tolist() == ["7", "7", "", ""]
    assert faces.clips.tolist() == ["0001", "0001", "=cmd()", "=cmd()"]
    assert faces.times_s.tolist() == [0.0, 1.0, 0.0, 0.0]


def test_names_are_unique_even_where_a_damaged_video_repeats_a_time(folder):
    names = read_faces(folder).names.tolist()
    assert names == ["0001_0.000", "0001_1.000", "=cmd()_0.000", "=cmd()_0.000_1"]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "'quoted", "''", "plain", ""),
        *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x"),  # full-width forms
    ],
)
def test_no_cell_can_be_run_and_every_text_comes_back(text):
    assert not neutralise_formula(text).startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))
    assert original(neutralise_formula(text)) == text


def test_a_folder_of_something_else_is_unknown(tmp_path):
    with pytest.raises(UnknownDataset, match=r"holds no faces\.json"):
        read_faces(tmp_path)


@pytest.mark.parametrize("file", [PIXELS_FILE, TABLE_FILE])
def test_a_file_that_changed_or_is_gone_is_refused(folder, file):
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[:-1] + b"\x00")
    with pytest.raises(UnreadableDataset, match="sha256 differs"):
        read_faces(folder)
    (folder / file).unlink()
    with pytest.raises(UnreadableDataset, match="is missing"):
        read_faces(folder)


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ([], "does not say"),
        ({"files": []}, "does not say"),
        ({"files": {}}, "format None"),
        ({"files": {}, "format": FORMAT + 1}, "format 2"),
        ({"files": {}, "format": FORMAT}, "without keeping pictures"),
    ],
)
def test_an_about_file_that_says_too_little_is_refused(tmp_path, about, message):
    with pytest.raises(UnreadableDataset, match=message):
        read_faces(_write(tmp_path / "few", about=about))


def test_an_about_file_that_is_no_json_is_refused(folder):
    (folder / ABOUT_FILE).write_bytes(b"\xff{")
    with pytest.raises(UnreadableDataset, match="cannot be read"):
        read_faces(folder)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"rows": ROWS[:3], "pixels": np.zeros((4, 2, 2), np.uint8)}, "4 pictures and 3 rows"),
        ({"pixels": np.zeros((4, 2, 3), np.uint8)}, "holds uint8"),
        ({"pixels": np.zeros((4, 2, 2), np.float32)}, "holds float32"),
        ({"pixels": np.array([{}] * 4)}, "cannot be read"),
        ({"header": COLUMNS[::-1]}, "has the columns"),
        ({"rows": [("a", "b", "nan", 0, 0)]}, "row 2, is damaged"),
        ({"rows": [ROWS[0], ("a", "b", 0.5, "soon", 0)]}, "row 3, is damaged"),
        ({"rows": [("a", "b,b", 0.5, 0, 0)]}, "row 2, is damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_refused(tmp_path, damage, message):
    with pytest.raises(UnreadableDataset, match=message) as caught:
        read_faces(_write(tmp_path / "few", **damage))
    assert caught.value.advice
