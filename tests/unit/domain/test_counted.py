from __future__ import annotations

import pytest

from core.domain import Interval
from core.domain.counted import interval_ends, percent
from core.domain.wording import percent_ends


@pytest.mark.parametrize(
    ("low", "high", "written", "said"),
    [
        (67.14, 70.16, ".1f", "[67.1, 70.2]"),
        (-1.0, 3.5, "+.1f", "[-1.0, +3.5]"),
        (0.5, 0.625, ".1%", "[50.0%, 62.5%]"),
    ],
)
def test_both_ends_of_an_interval_are_written_alike(low, high, written, said):
    assert interval_ends(low, high, written) == said


def test_the_ends_of_a_share_are_written_times_a_hundred():
    found = Interval(0.687, 0.6714, 0.7016)
    assert percent_ends(found) == "[67.1, 70.2]"
    assert percent_ends(found, "+.0f") == "[+67, +70]"


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(0.0, "0 %"), (1 / 2040, "< 0.1 %"), (0.0006, "0.1 %"), (0.004, "0.4 %"), (0.07, "7 %")],
)
def test_a_share_that_is_not_zero_is_not_written_as_zero(fraction, said):
    assert percent(fraction) == said


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(0.0094, "0.9 %"), (0.0096, "1 %"), (0.01, "1 %"), (0.0104, "1 %")],
)
def test_one_percent_is_written_in_one_way(fraction, said):
    assert percent(fraction) == said
