"""Curves of runs, as figures."""

from __future__ import annotations

from core.vocabulary import ResourcePoint
from pages.parts.train_charts import cores_curve, memory_curve


def readings(*times_s: float) -> list[ResourcePoint]:
    return [ResourcePoint(time_s, 1.0, 2000.0) for time_s in times_s]


def test_no_line_is_drawn_across_a_pause_of_the_run():
    figure = cores_curve(readings(*range(0, 60, 5), *range(3600, 3660, 5)))
    (line,) = figure.data
    assert list(line.y).count(None) == 1
    at = list(line.y).index(None)
    assert line.x[at - 1] == 0.92
    assert line.x[at + 1] == 60.0


def test_a_run_without_a_pause_is_one_line():
    for few in (readings(), readings(5.0), readings(*range(0, 600, 5))):
        figure = memory_curve(few)
        assert None not in figure.data[0].y
        assert len(figure.data[0].x) == len(few)
