from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7
from core.domain.errors import DamagedModel, EmptySplit
from core.evaluation import not_sure_threshold, score_predictions
from core.evaluation.metrics import basics
from core.models.prediction import litert_logits
from core.storage.settings import PROJECT_DIR


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Reference: statsmodels.stats.proportion.proportion_confint(method="wilson").
    [(0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (2500, 3589, 0.68130, 0.71141)],
)
def test_wilson_intervals_are_the_published_ones(hits, of, low, high):
    interval = basics.wilson_interval(hits, of)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


def test_confidence_in_two_bins_gives_the_calibration_error_worked_by_hand():
    scores = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    truth = np.array([0, 1, 0, 0])
    # bin of 0.9: accuracy 0.5, gap 0.4, half the pictures; bin of 0.6: accuracy 1, gap 0.4.
    assert basics.expected_calibration_error(scores, truth) == pytest.approx(0.4)


def test_the_bootstrap_interval_holds_the_value_and_narrows_with_more_pictures():
    counts = np.diag([30] * 7) + 3
    few = basics.macro_f1_interval(counts, seed=1)
    many = basics.macro_f1_interval(counts * 100, seed=1)
    assert few.low < few.value < few.high
    assert many.high - many.low < (few.high - few.low) / 5


def test_evaluating_no_pictures_is_refused():
    with pytest.raises(EmptySplit):
        score_predictions(
            "x", np.zeros((0, 7)), np.zeros(0, dtype=np.int64), scheme=FER7, temperature=1.0
        )


def test_a_model_that_is_confidently_wrong_is_never_sure():
    scores = np.full((10, 7), 0.05 / 6)
    scores[:, 0] = 0.95
    assert not_sure_threshold(scores, np.ones(10, dtype=np.int64), target_accuracy=0.8) == 0.95


def test_pictures_of_another_size_are_resized_before_prediction():
    file = PROJECT_DIR / "models" / "compact-1" / "model.tflite"
    small = np.random.default_rng(2).integers(0, 256, (3, 48, 48), np.uint8)
    large = small.repeat(2, axis=1).repeat(2, axis=2)  # halving it by area gives it back
    wanted = litert_logits(file, small, threads=1)
    assert np.allclose(litert_logits(file, large, threads=1), wanted, atol=1e-4)


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(DamagedModel, match="it is no LiteRT file"):
        litert_logits(path, np.zeros((1, 48, 48), np.uint8), threads=1)
