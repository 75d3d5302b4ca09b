from __future__ import annotations

import numpy as np
import pytest

from core.evaluation.metrics.curves import roc_auc


@pytest.mark.parametrize(("pictures", "low"), [(4, 0.16), (200, 0.96)])
def test_scores_that_part_the_classes_have_an_area_of_one_as_sure_as_pictures_are_many(
    pictures, low
):
    positive = np.arange(pictures) >= pictures // 2
    found = roc_auc(np.arange(pictures) / pictures, positive)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(low, abs=0.005)
    turned = roc_auc(np.arange(pictures) / pictures, ~positive)
    assert (turned.value, turned.low) == (0.0, 0.0)
    assert turned.high == pytest.approx(1 - low, abs=0.005)


def test_the_interval_of_scores_that_part_holds_what_may_well_have_parted_them_by_chance():
    rng = np.random.default_rng(3)
    positive = np.arange(20) >= 10
    areas = [roc_auc(rng.normal(size=20) + 2.0 * positive, positive) for _ in range(2000)]
    # Scores of this kind have an area of 0.921 (Phi(2 / sqrt 2)).
    parted = [one for one in areas if one.value == 1.0]
    assert len(parted) > 50
    assert all(one.low < 0.921 for one in parted)


def test_one_picture_of_a_class_says_next_to_nothing():
    scores = np.concatenate([[0.9], np.linspace(0, 1, 1000)])
    found = roc_auc(scores, np.arange(1001) == 0)
    assert found.value == pytest.approx(0.9, abs=0.01)
    assert (found.low, found.high) == (pytest.approx(0.025), pytest.approx(0.975))


def test_without_one_of_the_classes_there_is_no_area():
    assert roc_auc(np.array([0.1, 0.9]), np.array([True, True])) is None
    assert roc_auc(np.array([0.1, 0.9]), np.array([False, False])) is None


def test_the_interval_is_as_wide_as_resampling_finds_it():
    rng = np.random.default_rng(5)
    positive = rng.random(400) < 0.4
    scores = rng.normal(size=400) + positive
    found = roc_auc(scores, positive)
    assert found is not None
    resampled = []
    for _ in range(400):
        drawn = rng.integers(0, 400, 400)
        again = roc_auc(scores[drawn], positive[drawn])
        assert again is not None
        resampled.append(again.value)
    low, high = np.percentile(resampled, [2.5, 97.5])
    assert found.low == pytest.approx(low, abs=0.015)
    assert found.high == pytest.approx(high, abs=0.015)
