from __future__ import annotations

import numpy as np
import pytest

from core.datasets import DatasetSource
from core.datasets.labels.ferplus_votes import rows_of, votes_for
from core.domain import CONFIDENT2
from core.domain.errors import UnreadableDataset
from tests.make import make_dataset

HEADER = "Usage,name,anger,disgust,fear,happiness,sadness,surprise,neutral,contempt,unknown,NF"


def _votes(path, count):
    """Row after row: as many votes for angry as the row's number, one for "not a face"."""
    rows = [f"Training,,{number % 1000},0,0,0,0,0,0,0,0,1" for number in range(count)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows]))
    return path


def _dataset(*names, scheme=None):
    labels = {"Training": [0] * len(names)}
    dataset = make_dataset(labels) if scheme is None else make_dataset(labels, scheme=scheme)
    object.__setattr__(dataset.pictures, "names", np.array(names))
    return dataset


def test_each_picture_has_the_votes_of_its_row(tmp_path):
    path = _votes(tmp_path / "votes.csv", 50)
    names = ("fer2013.csv:7", "fer2013.csv:2", "fer2013.csv:51")
    found = votes_for(_dataset(*names), DatasetSource("x"), str(path))
    assert found.counts[:, 0].tolist() == [5, 0, 49]
    assert found.others.tolist() == [1, 1, 1]
    assert found.usage.tolist() == ["Training"] * 3


def test_the_split_files_of_kaggle_are_counted_on(tmp_path):
    path = _votes(tmp_path / "votes.csv", 28_720)
    names = ("train.csv:2", "test_with_emotions.csv:2", "test.csv:5")
    found = votes_for(_dataset(*names), DatasetSource("x"), str(path))
    assert found.counts[:, 0].tolist() == [0, 709, 712]


def test_pictures_without_a_known_row_have_no_votes(tmp_path):
    path = _votes(tmp_path / "votes.csv", 10)
    names = ("fer2013.csv:3", "fer2013.csv:99", "train/happy/1.png", "fer2013.csv:x", "a.csv:2")
    found = votes_for(_dataset(*names), DatasetSource("x"), str(path))
    assert found.counts.sum(axis=1).tolist() == [1, 0, 0, 0, 0]
    assert found.others.tolist() == [1, 0, 0, 0, 0]
    assert found.usage.tolist() == ["Training", "", "", "", ""]


@pytest.mark.parametrize("place", ["inside", "beside"])
@pytest.mark.parametrize("name", ["ferplus_votes.csv", "fer2013new.csv"])
def test_votes_are_found_where_the_dataset_lies(tmp_path, place, name):
    folder = tmp_path / "fer"
    _votes(folder / name, 10)
    (folder / "fer2013.csv").write_text("x")
    source = DatasetSource(str(folder if place == "inside" else folder / "fer2013.csv"))
    assert len(votes_for(_dataset("fer2013.csv:3"), source, "")) == 1


def test_without_votes_with_other_files_or_other_classes_there_are_none(tmp_path):
    path = _votes(tmp_path / "votes.csv", 10)
    source = DatasetSource(str(tmp_path / "empty" / "x.csv"))
    assert votes_for(_dataset("fer2013.csv:3"), source, "") is None
    assert votes_for(_dataset("happy/1.png"), source, str(path)) is None
    assert votes_for(_dataset("fer2013.csv:3", scheme=CONFIDENT2), source, str(path)) is None


def test_a_file_that_somebody_named_has_to_be_there(tmp_path):
    with pytest.raises(UnreadableDataset) as caught:
        votes_for(_dataset("fer2013.csv:3"), DatasetSource("x"), str(tmp_path / "gone.csv"))
    assert caught.value.advice


@pytest.mark.parametrize("row", ["²", "1" * 5_000, "-3", ""])
def test_a_name_without_a_readable_row_has_no_votes(row):
    assert rows_of([f"fer2013.csv:{row}", "fer2013.csv:2"]).tolist() == [-1, 0]
