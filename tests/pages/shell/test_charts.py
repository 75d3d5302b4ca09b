"""Figures from values; looked at as data, not as pixels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.domain import (
    CONFIDENT2,
    EXPRESSIVENESS3,
    FER7,
    LabelScheme,
    RejectReason,
    Timeline,
    normalised,
)
from core.domain.palette import EXPRESSION_COLOURS, NOT_SURE_COLOUR, label_styles
from core.measures import binned_trend
from pages.parts.shell import charts
from tests.make import make_moment, make_observation, make_scores, make_timeline


def test_the_trend_has_one_line_for_each_expression_in_its_own_colour() -> None:
    figure = charts.emotion_trend(make_timeline(3), window_s=10)
    assert [line.name for line in figure.data] == [one.capitalize() for one in FER7.labels]
    assert [line.line.color for line in figure.data] == [EXPRESSION_COLOURS[x] for x in FER7.labels]


def test_the_trend_ends_now_and_shows_no_more_than_its_window() -> None:
    figure = charts.emotion_trend(make_timeline(30), window_s=10)
    happy = figure.data[FER7.index("happy")]
    assert max(happy.x) == 0
    assert min(happy.x) >= -10
    assert tuple(figure.layout.xaxis.range) == (-10, 0)
    assert np.allclose(happy.y, 80)


def test_unusable_time_is_a_gap_in_every_line() -> None:
    moments = [
        make_moment(0.0, make_observation(0.0)),
        make_moment(0.1, make_observation(0.1, reason=RejectReason.TOO_DARK)),
        make_moment(0.2),
        make_moment(0.3, make_observation(0.3)),
    ]
    figure = charts.emotion_trend(Timeline.from_frames(FER7, moments), window_s=10)
    for line in figure.data:
        assert np.isnan(line.y).tolist() == [False, True, True, False]
        assert not line.connectgaps


def test_the_trend_of_one_face_has_a_gap_where_only_others_were_seen() -> None:
    both = [make_observation(0.0), make_observation(0.0, track_id=2)]
    moments = [
        make_moment(0.0, *both),
        make_moment(1.0, both[0]),
        make_moment(2.0, *both),
        make_moment(3.0, both[0]),
    ]
    timeline = Timeline.from_frames(FER7, moments)
    happy = charts.emotion_trend(timeline, window_s=10, face_id=2).data[FER7.index("happy")]
    assert list(happy.x) == [-3, -2, -1, 0]
    assert np.isnan(happy.y).tolist() == [False, True, False, True]


def test_a_trend_of_nothing_is_an_empty_figure_with_its_axes() -> None:
    figure = charts.emotion_trend(make_timeline(0), window_s=10)
    assert all(len(line.x) == 0 for line in figure.data)
    assert tuple(figure.layout.yaxis.range) == (0, 100)


def test_bars_show_percent_and_keep_their_order_while_not_usable() -> None:
    scores = make_scores(happy=0.7)
    shown = charts.distribution_bars(scores, FER7.labels).data[0]
    empty = charts.distribution_bars(None, FER7.labels).data[0]
    assert shown.x[FER7.index("happy")] == 70
    assert list(shown.y) == list(empty.y)
    assert set(empty.x) == {0}


def test_lost_time_is_shown_longest_first() -> None:
    bars = charts.lost_bars({"no_face": 2.0, "turned_away": 65.0}).data[0]
    assert list(bars.y) == ["Turned away", "No face"]
    assert list(bars.text) == ["1 min 05 s", "2 s"]


def test_a_session_is_drawn_on_a_clock_with_its_marks_and_gaps() -> None:
    moments = [make_moment(float(at), make_observation(float(at))) for at in (0, 1, 3700)]
    trend = binned_trend(Timeline.from_frames(FER7, moments), every_s=1)
    figure = charts.session_trend(trend, [(60.0, "paused")])
    happy = figure.data[FER7.index("happy")]
    assert str(happy.x[-1])[:16] == "1970-01-01T01:01"
    assert np.isnan(happy.y).any()
    assert figure.layout.annotations[0].text == "paused"
    # As `clock_time` writes a moment in tables and on the slider: "1:01:40", and "0:20".
    short = charts.session_trend(binned_trend(make_timeline(20), every_s=1))
    clocks = [one.layout.xaxis.tickformat for one in (figure, short)]
    assert clocks == ["%-H:%M:%S", "%-M:%S"]


@pytest.mark.parametrize(("largest", "step"), [(1, 1), (2, 1), (10, 1), (12, 2), (60, 10)])
def test_an_axis_of_counts_has_whole_steps_and_at_most_ten(largest: int, step: int) -> None:
    assert charts.count_step(largest) == step


def _heights(figure: Any) -> list[float]:
    return [one.yshift for one in figure.layout.annotations]


def test_the_texts_of_marks_close_together_stand_below_one_another() -> None:
    trend = binned_trend(make_timeline(80), every_s=1)
    marks = [(40.0, "resumed after 5 s"), (42.0, "Question 1"), (43.0, "b"), (79.0, "Question 2")]
    top, second, third, far = _heights(charts.session_trend(trend, marks))
    assert top > second > third
    assert far == top


def test_many_marks_at_one_time_stay_in_the_upper_part_of_a_chart() -> None:
    timeline = make_timeline(20)
    newest_s = float(timeline.time_s[-1])
    figure = charts.emotion_trend(timeline, window_s=10, marks=[(newest_s - 2, "mark")] * 40)
    assert min(_heights(figure)) > -figure.layout.height / 2


def test_marks_of_the_last_seconds_are_drawn_and_their_text_is_escaped() -> None:
    timeline = make_timeline(20)
    newest_s = float(timeline.time_s[-1])
    marks = [(2.0, "too long ago"), (newest_s - 4, "<b>now</b>")]
    figure = charts.emotion_trend(timeline, window_s=10, marks=marks)
    (words,) = figure.layout.annotations
    assert words.x == pytest.approx(-4)
    assert charts.escape_figure(figure).layout.annotations[0].text == "&lt;b&gt;now&lt;/b&gt;"


def test_a_refreshed_figure_keeps_zoom_and_stays_see_through() -> None:
    figures = [charts.emotion_trend(make_timeline(seconds), window_s=10) for seconds in (1, 2)]
    assert len({figure.layout.uirevision for figure in figures}) == 1
    assert all(figure.layout.paper_bgcolor == "rgba(0,0,0,0)" for figure in figures)


@pytest.mark.parametrize("scheme", [CONFIDENT2, EXPRESSIVENESS3, LabelScheme("own", tuple("abcd"))])
def test_no_two_classes_are_drawn_alike_in_lines_or_bars(scheme: LabelScheme) -> None:
    scores = normalised(scheme, np.ones(len(scheme)))
    seen = replace(make_observation(), scores=scores, steady=scores)
    timeline = Timeline.from_frames(scheme, [make_moment(0.0, seen)])
    lines = charts.emotion_trend(timeline, window_s=10).data
    whole = charts.session_trend(binned_trend(timeline, every_s=1)).data
    colours = list(charts.distribution_bars(scores, scheme.labels).data[0].marker.color)
    assert len(set(colours)) == len(scheme)
    assert colours == [line.line.color for line in lines] == [line.line.color for line in whole]
    assert len({(line.line.color, line.line.dash) for line in lines}) == len(scheme)


def test_shares_keep_their_colours_whatever_their_order() -> None:
    labels = ("calm", "tense", "bored")
    bars = charts.share_bars({"bored": 0.6, "not sure": 0.3, "calm": 0.1}, labels).data[0]
    looks = label_styles(labels)
    assert list(bars.marker.color) == [
        looks["bored"].colour,
        NOT_SURE_COLOUR,
        looks["calm"].colour,
    ]


def test_ticks_closer_than_a_second_show_their_tenths() -> None:
    figure = charts.session_trend(binned_trend(make_timeline(3), every_s=0.5))
    fine, rest = figure.layout.xaxis.tickformatstops
    assert (fine.dtickrange, fine.value) == ((None, 999), "%-M:%S.%1f")
    assert (rest.dtickrange, rest.value) == ((1000, None), "%-M:%S")
