from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7, UNLABELLED, Dataset, PictureSet, SplitProtocol
from core.domain.errors import EmptySplit
from tests.make import make_dataset

PIXELS = np.arange(4 * 9, dtype=np.uint8).reshape(4, 3, 3)
LABELS = np.array([0, 3, UNLABELLED, 3])


def test_missing_columns_are_empty():
    pictures = PictureSet(PIXELS, LABELS)
    assert pictures.names.tolist() == pictures.subjects.tolist() == [""] * 4
    assert np.isnan(pictures.measured).all()
    assert (len(pictures), pictures.size_px) == (4, 3)


@pytest.mark.parametrize(
    ("pixels", "labels", "columns"),
    [
        (PIXELS.reshape(4, 9), LABELS, {}),
        (PIXELS[:, :2], LABELS, {}),
        (PIXELS.astype(np.float32), LABELS, {}),
        (PIXELS, LABELS[:3], {}),
        (PIXELS, LABELS, {"names": np.array(["a"])}),
        (PIXELS[:0], LABELS[:0], {"subjects": np.array(["a"])}),
    ],
)
def test_columns_that_do_not_fit_are_refused(pixels, labels, columns):
    with pytest.raises(ValueError, match=r"pictures|fit"):
        PictureSet(pixels, labels, **columns)


def test_pictures_are_taken_in_the_requested_order():
    pictures = PictureSet(PIXELS, LABELS, names=np.array(list("abcd")))
    taken = pictures.take(np.array([3, 0]))
    assert taken.names.tolist() == ["d", "a"]
    assert np.array_equal(taken.pixels, PIXELS[[3, 0]])
    assert len(pictures.take(np.zeros(0, dtype=np.int64))) == 0


def test_neighbours_are_taken_without_a_copy():
    assert PictureSet(PIXELS, LABELS).take(np.array([1, 2, 3])).pixels.base is PIXELS.base


def test_unlabelled_pictures_are_not_counted():
    counts = PictureSet(PIXELS, LABELS).counts(FER7)
    assert counts == {**dict.fromkeys(FER7.labels, 0), "angry": 1, "happy": 2}


def test_splits_are_found_by_name():
    dataset = make_dataset({"Training": [0, 1, 2], "Validation": [3], "Test": [4, 5]})
    assert {name: part.labels.tolist() for name, part in dataset.splits.items()} == {
        "Training": [0, 1, 2],
        "Validation": [3],
        "Test": [4, 5],
    }
    assert dataset.counts["Validation"]["happy"] == 1
    with pytest.raises(KeyError):
        dataset["Nobody"]


def test_a_protocol_names_splits_that_are_there():
    with pytest.raises(ValueError, match=r"has no split \['Nobody'\]"):
        Dataset(
            name="x",
            scheme=FER7,
            pictures=PictureSet(PIXELS, LABELS),
            split_names=("Training", "Test"),
            split_of=np.zeros(4, dtype=np.int64),
            protocol=SplitProtocol("Training", "Nobody", "Test"),
            content_hash="",
        )


def test_each_picture_is_in_a_split():
    with pytest.raises(ValueError, match="for 4 pictures"):
        Dataset("x", FER7, PictureSet(PIXELS, LABELS), ("a",), np.zeros(3, np.int64), None, "")


def test_a_split_has_one_role():
    with pytest.raises(ValueError, match="one role only"):
        SplitProtocol("Training", "Test", "Test")


def test_a_dataset_that_cannot_be_split_has_no_required_protocol():
    with pytest.raises(EmptySplit, match="cannot be split") as caught:
        _ = make_dataset({"a": [0]}).required_protocol
    assert caught.value.advice


def test_sizes_are_of_every_split_also_of_empty_ones():
    labels = {"Training": [0, UNLABELLED, 2], "Validation": [], "Test": [4]}
    dataset = make_dataset(labels)
    assert dataset.sizes == {"Training": 3, "Validation": 0, "Test": 1}
    assert {split: sum(one.values()) for split, one in dataset.counts.items()} == {
        "Training": 2,
        "Validation": 0,
        "Test": 1,
    }
