"""Whether a dataset can be learned from, said before hours are spent."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7, UNLABELLED, PictureSet
from core.domain.errors import EmptySplit, PlanError
from core.training.inputs.dataset_check import fingerprint, labelled_only, validate_dataset
from tests.make import make_dataset

EVERY = list(range(7))


def _dataset(training=EVERY, validation=EVERY, test=EVERY):
    return make_dataset({"Training": training, "Validation": validation, "Test": test})


def test_a_whole_dataset_is_left_as_it_is():
    dataset = _dataset()
    found = validate_dataset(labelled_only(dataset), batch_size=7)
    assert found.notes == dataset.notes
    assert found.sizes == dataset.sizes


def test_pictures_that_nobody_labelled_are_left_out_and_counted():
    """Else each would be learned as the last class."""
    dataset = _dataset(training=[0, UNLABELLED, 1, UNLABELLED], test=[2, UNLABELLED])
    found = labelled_only(dataset)
    assert found["Training"].labels.tolist() == [0, 1]
    assert found["Test"].labels.tolist() == [2]
    assert np.array_equal(found["Training"].pixels[1], dataset["Training"].pixels[2])
    assert found.notes[-1] == "3 pictures without a label were left out."


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"training": []}, "no labelled picture in its training split (Training)"),
        ({"validation": []}, "no labelled picture in its validation split (Validation)"),
        ({"test": [UNLABELLED]}, "no labelled picture in its test split (Test)"),
    ],
)
def test_a_side_without_pictures_is_refused(parts, said):
    with pytest.raises(EmptySplit) as caught:
        validate_dataset(labelled_only(_dataset(**parts)), batch_size=1)
    assert said in caught.value.message
    assert caught.value.advice


def test_a_single_class_is_refused():
    with pytest.raises(EmptySplit, match="All 5 pictures of Training are happy"):
        validate_dataset(_dataset(training=[FER7.index("happy")] * 5), batch_size=1)


def test_classes_that_are_missing_are_named_and_are_no_obstacle():
    found = validate_dataset(_dataset(training=[0, 2, 3, 4, 5, 6], test=[0, 2]), batch_size=1)
    assert found.notes == (
        "Training has no picture of disgust: the model cannot predict such a class.",
        "Test has no picture of disgust, happy, sad, surprise, neutral: its accuracy was not "
        "measured.",
    )


def test_fewer_pictures_than_one_step_takes_are_refused():
    with pytest.raises(
        PlanError, match="Training has 7 pictures, fewer than the batch size of 8"
    ) as caught:
        validate_dataset(_dataset(), batch_size=8)
    assert "at most 7 (batch_size)" in caught.value.advice
    assert validate_dataset(_dataset(), batch_size=7)


def test_a_fingerprint_changes_with_a_pixel_a_label_the_order_and_the_side():
    pictures = _dataset()["Training"]
    other = PictureSet(pictures.pixels.copy(), pictures.labels)
    other.pixels[3, 0, 0] ^= 1
    labels = PictureSet(pictures.pixels, np.roll(pictures.labels, 1))
    turned = pictures.take(np.arange(7)[::-1])
    some = pictures.take(np.arange(6))
    found = {
        fingerprint(pictures, pictures),
        fingerprint(other, pictures),
        fingerprint(labels, pictures),
        fingerprint(turned, pictures),
        fingerprint(pictures, turned),
        fingerprint(some, pictures),
        fingerprint(pictures, pictures, np.ones(3)),
    }
    assert len(found) == 7
    assert fingerprint(pictures, pictures) == fingerprint(pictures.take(np.arange(7)), pictures)
