from __future__ import annotations

import pytest

from core.domain.counted import interval_ends


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
