"""Pictures that show what a label stands for, before it is mapped."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.datasets.catalogue.opening import open_dataset
from core.datasets.readers.source import DatasetSource
from core.datasets.report.label_examples import MOST_LABELS, label_examples, label_sheet
from core.domain.errors import UnmappedLabels
from tests.datasets_on_disk import make_pictures, write_csv


@pytest.fixture
def cache_dir(tmp_path):
    return tmp_path / "cache"


def write(root, labels, *, each=2):
    """Pictures whose grey is their label's place."""
    for place, label in enumerate(labels):
        (root / label).mkdir(parents=True)
        for number in range(each):
            picture = np.full((24, 24), 3 * place, np.uint8)
            picture[number] = 255
            cv2.imwrite(str(root / label / f"{number}.png"), picture)
    return root


def read(source, cache_dir):
    with pytest.raises(UnmappedLabels):
        open_dataset(source, cache_dir)


def test_every_label_has_a_row_of_its_own_pictures_in_the_order_people_count(tmp_path, cache_dir):
    labels = ["0", "1", "2", "10"]
    source = DatasetSource(str(write(tmp_path / "mine", labels)))
    read(source, cache_dir)
    sheet = label_sheet(source, cache_dir)
    assert list(sheet.rows) == labels
    for place, row in enumerate(sheet.rows.values()):
        assert row.shape == (sheet.size_px, 2 * sheet.size_px)
        assert np.median(row) == 3 * place


def test_a_label_says_what_it_became_or_that_it_is_left_out(tmp_path, cache_dir):
    root = write(tmp_path / "mine", ["1", "2", "sad"])
    source = DatasetSource(str(root), label_map=(("1", "happy"), ("2", "")))
    open_dataset(source, cache_dir)
    assert list(label_sheet(source, cache_dir).rows) == ["1: happy", "2: excluded", "sad"]


def test_a_sheet_has_a_maximum_of_rows(tmp_path, cache_dir):
    labels = [f"person{number}" for number in range(MOST_LABELS + 5)]
    source = DatasetSource(str(write(tmp_path / "mine", labels, each=1)))
    read(source, cache_dir)
    assert list(label_sheet(source, cache_dir).rows) == labels[:MOST_LABELS]


def test_what_was_not_read_or_is_gone_or_carries_no_label_has_no_sheet(tmp_path, cache_dir):
    never_read = DatasetSource(str(write(tmp_path / "mine", ["1", "2"])))
    gone = DatasetSource(str(tmp_path / "gone"))
    plain = write_csv(tmp_path / "test.csv", make_pictures(size_px=24)[:4], header="pixels")
    unlabelled = DatasetSource(str(plain))
    open_dataset(unlabelled, cache_dir)
    for source in (never_read, gone, unlabelled):
        assert label_sheet(source, cache_dir) is None
    assert label_examples(gone, cache_dir, ["1"]) == {}


def test_labels_of_thousands_of_digits_are_sorted_as_numbers_too(tmp_path, cache_dir):
    labels = ["1" + "0" * 5_000, "9", "10", "007", "word"]
    path = tmp_path / "long.csv"
    grey = " ".join(["7"] * 64)
    path.write_text("\n".join(["emotion,pixels", *(f"{one},{grey}" for one in labels * 20)]))
    source = DatasetSource(str(path), scheme="own")
    open_dataset(source, cache_dir)
    assert list(label_sheet(source, cache_dir).rows) == ["007", "9", "10", labels[0], "word"]
