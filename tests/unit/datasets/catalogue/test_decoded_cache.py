from __future__ import annotations

import errno
import json
import shutil

import numpy as np
import pytest

from core.datasets import DatasetSource
from core.datasets.catalogue.decoded_cache import (
    MOST_LABELS,
    cache_key,
    open_cached,
    read_into_cache,
)
from core.datasets.readers.archive import open_tree
from core.datasets.readers.csv_pixels import ColumnNames
from core.domain.errors import UnreadableDataset
from tests.datasets_on_disk import make_pictures, write_csv

COLUMNS = ("labels", "splits", "names", "subjects", "measured")


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """A source and the folder it was read into."""
    folder = tmp_path_factory.mktemp("read")
    source = DatasetSource(str(write_csv(folder / "faces.csv", make_pictures(size_px=8))))
    tree = open_tree(folder / "faces.csv")
    raw = read_into_cache(tree, source, folder / "cache")
    return source, tree, folder / "cache" / raw.key


@pytest.fixture
def kept(read, tmp_path):
    return shutil.copytree(read[2], tmp_path / "cache" / read[2].name)


def _opened(kept):
    return open_cached(kept.parent, kept.name)


def _rows(path, label, split, count=1):
    rows = [f"{label(n)},{split(n)},{' '.join([str(n % 256)] * 64)}" for n in range(count)]
    path.write_text("\n".join(["emotion,Usage,pixels", *rows]))
    return path


def test_what_was_read_is_kept_as_the_file_says_it(kept):
    raw = _opened(kept)
    assert raw.pixels.shape == (112, 8, 8)
    assert raw.written == tuple("0123456")
    assert raw.split_names == ("Training", "PublicTest", "PrivateTest")
    assert raw.names[0] == "faces.csv:2"
    assert np.bincount(raw.labels).tolist() == [16] * 7
    assert np.isnan(raw.measured).all()
    made = make_pictures(size_px=8)
    assert np.array_equal(raw.pixels, np.stack([one.pixels for one in made]))
    assert not raw.pixels.flags.writeable


def test_a_folder_of_the_cache_can_be_read_by_others(kept):
    assert kept.stat().st_mode & 0o755 == 0o755


@pytest.mark.parametrize(
    "other",
    [
        DatasetSource("x", format="pixels-csv"),
        DatasetSource("x", size_px=48),
        DatasetSource("x", columns=ColumnNames(label="emotion")),
    ],
)
def test_another_way_of_reading_has_another_key(read, other):
    assert cache_key(read[1], other) != cache_key(read[1], read[0])


def test_what_only_changes_labels_and_splits_is_not_read_again(read):
    other = DatasetSource("x", name="y", scheme="own", label_map=(("0", ""),), seed=3)
    assert cache_key(read[1], other) == cache_key(read[1], read[0])


def test_nothing_kept_is_none(tmp_path):
    assert open_cached(tmp_path, "0" * 24) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY", b"{", b"[" * 100_000])
@pytest.mark.parametrize("file", ["about.json", "pixels", *(f"{name}.npy" for name in COLUMNS)])
def test_a_damaged_file_makes_the_folder_none(kept, file, content):
    (kept / file).write_bytes(content)
    assert _opened(kept) is None


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_of_other_pictures_makes_the_folder_none(kept, column):
    path = kept / f"{column}.npy"
    np.save(path, np.load(path)[:-1])
    assert _opened(kept) is None


@pytest.mark.parametrize("column", ["labels", "splits"])
@pytest.mark.parametrize("number", [-1, 7])
def test_a_number_without_a_word_makes_the_folder_none(kept, column, number):
    path = kept / f"{column}.npy"
    numbers = np.load(path)
    numbers[3] = number
    np.save(path, numbers)
    assert _opened(kept) is None


@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_of_another_kind_makes_the_folder_none(kept, column):
    np.save(kept / f"{column}.npy", np.zeros(112, dtype=np.complex128))
    assert _opened(kept) is None


@pytest.mark.parametrize(
    "change",
    [
        *({"shape": [112, 64]}, {"shape": [1e400, 8, 8]}, {"shape": [112, 4, 16]}, {"shape": None}),
        *({"format": "other"}, {"format": ["pictures"]}, {"format": None}),
        *({"written": [0, 1, 2, 3, 4, 5, 6]}, {"written": []}, {"split_names": 5}),
    ],
)
def test_words_that_do_not_fit_make_the_folder_none(kept, change):
    about = json.loads((kept / "about.json").read_text())
    (kept / "about.json").write_text(json.dumps({**about, **change}))
    assert _opened(kept) is None


@pytest.mark.parametrize(
    "where",
    [
        "core.datasets.catalogue.decoded_cache._save",
        "pathlib.Path.write_text",
        "pathlib.Path.rename",
    ],
)
def test_a_full_disk_leaves_nothing(read, tmp_path, monkeypatch, where):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(where, full)
    with pytest.raises(OSError, match="No space"):
        read_into_cache(read[1], read[0], tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_row_damaged_in_the_middle_leaves_nothing(tmp_path):
    path = write_csv(tmp_path / "a.csv", make_pictures(size_px=8) * 50)
    path.write_text(path.read_text() + "3,1 2 3,Training\n")
    with pytest.raises(UnreadableDataset, match="row 5602"):
        read_into_cache(open_tree(path), DatasetSource(str(path)), tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_more_labels_than_expressions_there_can_be_are_refused(tmp_path):
    count = MOST_LABELS + 1
    path = _rows(tmp_path / "a.csv", label=str, split=lambda _: "train", count=count)
    with pytest.raises(UnreadableDataset, match="more than 250 different labels") as caught:
        read_into_cache(open_tree(path), DatasetSource(str(path)), tmp_path / "cache")
    assert "column" in caught.value.advice


def test_a_column_that_is_no_split_is_refused(tmp_path):
    path = _rows(tmp_path / "a.csv", label=lambda _: "1", split=str, count=60)
    with pytest.raises(UnreadableDataset, match="more than 50 different splits, such as '0'"):
        read_into_cache(open_tree(path), DatasetSource(str(path)), tmp_path / "cache")


def test_what_cannot_be_read_back_is_reported(read, tmp_path, monkeypatch):
    monkeypatch.setattr("core.datasets.catalogue.decoded_cache.open_cached", lambda *_: None)
    with pytest.raises(UnreadableDataset, match="could not be read back") as caught:
        read_into_cache(read[1], read[0], tmp_path / "cache")
    assert caught.value.advice


def test_a_disk_that_is_full_says_so_by_its_number(read, tmp_path):
    """What numpy writes by itself tells neither that the disk is full nor which file it was."""
    limits = pytest.importorskip("resource")
    before = limits.getrlimit(limits.RLIMIT_FSIZE)
    limits.setrlimit(limits.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="too large") as caught:
            read_into_cache(read[1], read[0], tmp_path / "cache")
    finally:
        limits.setrlimit(limits.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
    assert list((tmp_path / "cache").iterdir()) == []
