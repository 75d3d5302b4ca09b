from __future__ import annotations

import numpy as np
import pytest

from core.training.inputs.folds import LEFT_OUT, assign_folds, without_fold
from tests.make import make_dataset, make_photo

FOLDS = 4


@pytest.fixture(scope="module")
def dataset():
    """Twenty training pictures, of which two are repeated; two splits beside them."""
    photos = [make_photo(seed) for seed in range(24)]
    photos[7], photos[15] = photos[2], photos[3][:, ::-1]
    labels = {"Training": [n % 7 for n in range(20)], "Validation": [0, 1], "Test": [2, 3]}
    return make_dataset(labels, pixels=np.stack(photos))


def _left_out(dataset, fold):
    return without_fold(dataset, fold=fold, folds=FOLDS, seed=1)


def test_each_training_picture_is_left_out_once(dataset):
    parts = [_left_out(dataset, fold)[LEFT_OUT] for fold in range(1, FOLDS + 1)]
    together = np.concatenate([part.pixels for part in parts])
    training = dataset["Training"].pixels
    assert sorted(one.tobytes() for one in together) == sorted(one.tobytes() for one in training)


def test_the_held_out_fold_is_not_trained_on_and_replaces_the_test_split(dataset):
    found = _left_out(dataset, 2)
    assert found.protocol.roles == ("Training", "Validation", LEFT_OUT)
    assert set(found.split_names) == {"Training", "Validation", LEFT_OUT}
    assert len(found["Training"]) + len(found[LEFT_OUT]) == 20
    assert np.array_equal(found["Validation"].pixels, dataset["Validation"].pixels)
    assert found.notes[-1] == "Fold 2 of 4 was held out of training."


def test_labels_stay_with_their_pictures(dataset):
    label_of = {
        one.tobytes(): label
        for one, label in zip(dataset.pictures.pixels, dataset.pictures.labels, strict=True)
        if one.tobytes() != dataset.pictures.pixels[2].tobytes()
    }
    found = _left_out(dataset, 1)[LEFT_OUT]
    for one, label in zip(found.pixels, found.labels, strict=True):
        assert label_of.get(one.tobytes(), label) == label


def test_repeats_share_their_part_and_the_same_seed_gives_the_same_parts(dataset):
    pixels = dataset["Training"].pixels
    for seed in range(8):
        parts = assign_folds(pixels, folds=FOLDS, seed=seed)
        assert parts[7] == parts[2]
        assert parts[15] == parts[3]
        assert np.array_equal(parts, assign_folds(pixels, folds=FOLDS, seed=seed))
        assert np.bincount(parts, minlength=FOLDS).min() >= 3
    assert len({assign_folds(pixels, folds=FOLDS, seed=seed).tobytes() for seed in range(8)}) > 1


def test_no_pictures_make_no_parts():
    assert len(assign_folds(np.zeros((0, 48, 48), np.uint8), folds=FOLDS, seed=1)) == 0
