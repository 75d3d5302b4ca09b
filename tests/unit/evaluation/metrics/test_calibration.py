from __future__ import annotations

import numpy as np
import pytest

from core.evaluation.metrics.calibration import expected_calibration_error, not_sure_threshold


def test_confidence_in_two_bins_gives_the_calibration_error_worked_by_hand():
    scores = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    truth = np.array([0, 1, 0, 0])
    # bin of 0.9: accuracy 0.5, gap 0.4, half the pictures; bin of 0.6: accuracy 1, gap 0.4.
    assert expected_calibration_error(scores, truth) == pytest.approx(0.4)


def test_a_model_that_is_confidently_wrong_is_never_sure():
    scores = np.full((10, 7), 0.05 / 6)
    scores[:, 0] = 0.95
    assert not_sure_threshold(scores, np.ones(10, dtype=np.int64), target_accuracy=0.8) == 0.95
