"""How far dips and flags agree."""

import numpy as np
import pytest
from scipy import stats

from core.classroom.board.agreement import FEWEST_MINUTES, dip_agreement


def minutes(dips, flagged):
    return dip_agreement(np.array(dips, dtype=bool), np.array(flagged, dtype=bool))


def test_minutes_are_counted_by_dip_and_flag():
    found = minutes([1, 1, 1, 0, 0, 0, 0], [1, 0, 0, 1, 1, 0, 0])
    counts = (found.dip_minutes, found.flagged_dip_minutes)
    assert counts == (3, 1)
    assert (found.other_minutes, found.flagged_other_minutes) == (4, 2)
    assert found.difference is None
    assert found.sentence.endswith("too few to say whether dips and flags go together.")


def test_the_difference_is_newcombes():
    """Against the worked example of the paper, table II (a): 56 of 70 and 48 of 80."""
    found = minutes([1] * 70 + [0] * 80, [1] * 56 + [0] * 14 + [1] * 48 + [0] * 32)
    assert found.difference.value == pytest.approx(0.2)
    assert found.difference.low == pytest.approx(0.0524, abs=5e-5)
    assert found.difference.high == pytest.approx(0.3339, abs=5e-5)
    assert "went together, which tells no cause" in found.sentence


def test_the_difference_follows_from_the_two_wilson_intervals():
    found = minutes([1] * 6 + [0] * 30, [1] * 3 + [0] * 3 + [1] * 12 + [0] * 18)
    ends = [
        stats.binomtest(hits, of).proportion_ci(0.95, "wilson") for hits, of in ((3, 6), (12, 30))
    ]
    low = 0.1 - ((0.5 - ends[0].low) ** 2 + (ends[1].high - 0.4) ** 2) ** 0.5
    high = 0.1 + ((ends[0].high - 0.5) ** 2 + (0.4 - ends[1].low) ** 2) ** 0.5
    assert (found.difference.low, found.difference.high) == pytest.approx((low, high))
    assert "may be chance" in found.sentence


@pytest.mark.parametrize("few", [0, FEWEST_MINUTES - 1])
def test_few_minutes_of_either_kind_say_nothing(few):
    assert minutes([1] * few + [0] * 50, [0] * (few + 50)).difference is None
    assert minutes([0] * few + [1] * 50, [0] * (few + 50)).difference is None
    assert minutes([1] * 5 + [0] * 50, [0] * 55).difference is not None
