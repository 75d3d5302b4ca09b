"""A small line without axes."""

from __future__ import annotations

import re

import numpy as np

from pages.parts.live.sparkline import sparkline


def _path(*values: float, scale: tuple[float, float] = (0.0, 1.0)) -> str:
    drawn = sparkline(np.array(values), scale, title="Facing")
    (path,) = re.findall(r' d="([^"]*)"', drawn)
    return str(path)


def test_the_top_of_the_scale_is_at_the_top() -> None:
    assert _path(0.0, 0.5, 1.0) == "M0 24 L0 24 1 12 2 0"
    assert _path(3.0, -1.0, scale=(-1.0, 3.0)) == "M0 0 L0 0 1 24"


def test_a_gap_is_not_bridged() -> None:
    assert _path(0.0, np.nan, 1.0, 1.0) == "M0 24 L0 24 M2 0 L2 0 3 0"


def test_without_any_value_there_is_no_line() -> None:
    assert _path(np.nan, np.nan) == ""


def test_its_title_is_escaped() -> None:
    assert "<b>" not in sparkline(np.zeros(2), (0.0, 1.0), title='"<b>')
