from __future__ import annotations

import numpy as np
import pytest

from core.evaluation.ranking import roc_auc


def test_scores_that_part_the_classes_have_an_area_of_one():
    found = roc_auc(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    assert found is not None
    assert (found.low, found.value, found.high) == (1.0, 1.0, 1.0)


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
