from __future__ import annotations

import numpy as np

from core.evaluation.metrics.confusion_matrix_metrics import macro_f1_interval


def test_the_bootstrap_interval_holds_the_value_and_narrows_with_more_pictures():
    counts = np.diag([30] * 7) + 3
    few = macro_f1_interval(counts, seed=1)
    many = macro_f1_interval(counts * 100, seed=1)
    assert few.low < few.value < few.high
    assert many.high - many.low < (few.high - few.low) / 5
