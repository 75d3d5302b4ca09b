from __future__ import annotations

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from core.datasets.summary.class_counts import balanced_weights, count_classes
from core.domain import CONFIDENT2, FER7, UNLABELLED
from tests.make import make_dataset


def test_each_split_is_counted_and_all_together_at_the_end():
    dataset = make_dataset(
        {"Training": [0, 0, 0, 1], "PublicTest": [1], "PrivateTest": [0]}, scheme=CONFIDENT2
    )
    training, public, private, whole = count_classes(dataset)
    assert [one.pictures for one in training.classes] == [3, 1]
    assert [one.pictures for one in public.classes] == [0, 1]
    assert private["confident"].share == 1.0
    assert (whole.split, whole.pictures) == ("All", 6)
    assert training.imbalance == 3.0


def test_weights_by_hand_and_as_scikit_learn_has_them():
    weights = balanced_weights(np.array([30, 10]))
    assert weights == pytest.approx([40 / 60, 40 / 20])
    labels = np.repeat(np.arange(3), [5, 9, 2])
    theirs = compute_class_weight("balanced", classes=np.arange(3), y=labels)
    assert balanced_weights(np.array([5, 9, 2])) == pytest.approx(theirs)


def test_pictures_without_a_label_are_counted_separately():
    (counts, _) = count_classes(make_dataset({"All": [0, UNLABELLED, 3, UNLABELLED]}))
    assert (counts.pictures, counts.unlabelled, counts.labelled) == (4, 2, 2)
    assert sum(one.pictures for one in counts.classes) == 2
    assert counts["happy"].share == 0.5


def test_an_empty_class_has_no_weight_and_no_imbalance_is_claimed():
    (counts, _) = count_classes(make_dataset({"All": [0, 3]}))
    assert counts["disgust"].weight is None
    assert counts["happy"].weight == 1.0
    assert counts.imbalance is None
    assert set(counts.empty) == set(FER7.labels) - {"angry", "happy"}
