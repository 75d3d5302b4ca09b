"""The whole session in bounded memory."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain import CONFIDENT2, FER7, RejectReason
from core.live.meters import MAX_STEPS, RunningTrend
from core.measures import MergedView, view_named
from tests.make import make_observation, make_scores

HAPPY = FER7.index("happy")


def test_a_step_is_the_mean_of_the_faces_in_it() -> None:
    trend = RunningTrend(FER7)
    trend.update(0.2, [make_observation(0.2, scores=make_scores(happy=0.9))])
    trend.update(0.8, [make_observation(0.8, scores=make_scores(happy=0.5))])
    trend = trend.trend()
    assert trend.scores[0, HAPPY] == pytest.approx(0.7)
    assert trend.time_s.tolist() == [0.5]


def test_a_trend_in_a_view_is_the_mean_of_what_each_face_is_in_it() -> None:
    view = view_named(FER7, CONFIDENT2.name)
    assert isinstance(view, MergedView)
    seen = [
        make_observation(at, scores=make_scores(**shown))
        for at, shown in ((0.1, {"happy": 0.9}), (0.4, {"surprise": 0.8}), (1.2, {"sad": 0.7}))
    ]
    trend = RunningTrend(view.scheme, in_view=view.of_scores)
    for one in seen:
        trend.update(one.time_s, [one])
    one_by_one = [view.of_observation(one).steady.values for one in seen]
    expected = [(one_by_one[0] + one_by_one[1]) / 2, one_by_one[2]]
    assert trend.trend().scores == pytest.approx(np.array(expected), abs=1e-6)


def test_time_without_a_usable_face_is_a_gap() -> None:
    trend = RunningTrend(FER7)
    trend.update(0.0, [make_observation(0.0)])
    trend.update(1.5, [make_observation(1.5, reason=RejectReason.TOO_DARK)])
    trend.update(2.5, [])
    scores = trend.trend().scores
    assert np.isfinite(scores[0]).all()
    assert np.isnan(scores[1:]).all()


def test_hours_fit_into_the_same_number_of_steps_with_the_same_mean() -> None:
    trend = RunningTrend(FER7)
    for second in range(3 * 3600):
        happy = 0.9 if second < 5400 else 0.1
        trend.update(float(second), [make_observation(scores=make_scores(happy=happy))])
    trend = trend.trend()
    assert MAX_STEPS / 2 <= len(trend.time_s) <= MAX_STEPS
    assert trend.time_s[-1] == pytest.approx(3 * 3600, abs=32)
    assert trend.scores[:, HAPPY].mean() == pytest.approx(0.5, abs=0.01)
    half = len(trend.time_s) // 2
    assert trend.scores[: half - 2, HAPPY] == pytest.approx(0.9)
    assert trend.scores[half + 2 :, HAPPY] == pytest.approx(0.1)


def test_a_returned_trend_does_not_change() -> None:
    trend = RunningTrend(FER7)
    trend.update(0.0, [make_observation()])
    before = trend.trend()
    copy = before.scores.copy()
    trend.update(0.5, [make_observation(scores=make_scores(sad=0.9))])
    assert np.array_equal(before.scores, copy)
