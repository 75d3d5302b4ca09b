from __future__ import annotations

import numpy as np
import pytest

from core.domain import UNLABELLED, PictureSet, softmax
from core.domain.errors import RunDiverged
from core.training.inputs.samples import SHOWN, SamplePictures, balanced_sample


def _labels(*counts):
    return np.repeat(np.arange(len(counts)), counts)


def test_every_class_is_there_however_rare():
    labels = np.random.default_rng(1).permutation(_labels(500, 3, 200, 1, 90))
    shown = labels[balanced_sample(labels, count=SHOWN, seed=7)]
    assert sorted(np.bincount(shown).tolist()) == [1, 2, 3, 3, 3]
    assert (np.diff(shown) >= 0).all()


def test_the_same_seed_chooses_the_same_pictures_and_another_seed_others():
    labels = _labels(50, 50, 50)
    first = balanced_sample(labels, count=12, seed=7).tolist()
    assert first == balanced_sample(labels, count=12, seed=7).tolist()
    assert first != balanced_sample(labels, count=12, seed=8).tolist()
    assert len(set(first)) == 12


def test_fewer_pictures_than_requested_are_all_shown_and_none_without_label():
    labels = np.array([1, UNLABELLED, 0, UNLABELLED, 1])
    assert sorted(balanced_sample(labels, count=12, seed=1).tolist()) == [0, 2, 4]
    assert len(balanced_sample(np.array([UNLABELLED]), count=12, seed=1)) == 0


def _chooses(count=40):
    return PictureSet(np.zeros((count, 8, 8), np.uint8), np.arange(count) % 4)


def test_the_reported_scores_are_those_of_the_sample_pictures():
    logits = np.random.default_rng(3).normal(size=(40, 4))
    told = SamplePictures(_chooses(), seed=7).predictions(3, logits)
    assert (told.epoch, len(told.positions)) == (3, SHOWN)
    assert told.positions == SamplePictures(_chooses(), seed=7).predictions(4, logits).positions
    assert np.allclose(told.scores, softmax(logits[told.positions]), atol=1e-4)
    assert all(type(at) is int for at in told.positions)


def test_answers_that_are_no_numbers_end_the_run_with_advice():
    logits = np.full((40, 4), np.nan)
    with pytest.raises(RunDiverged, match="epoch 3") as found:
        SamplePictures(_chooses(), seed=7).predictions(3, logits)
    assert "learning rate" in found.value.advice
