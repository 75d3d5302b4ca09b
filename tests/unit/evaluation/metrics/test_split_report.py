from __future__ import annotations

import numpy as np
import pytest

from core.domain import FER7
from core.domain.errors import EmptySplit
from core.evaluation import score_predictions


def test_evaluating_no_pictures_is_refused():
    with pytest.raises(EmptySplit):
        score_predictions(
            "x", np.zeros((0, 7)), np.zeros(0, dtype=np.int64), scheme=FER7, temperature=1.0
        )
