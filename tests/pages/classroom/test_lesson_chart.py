"""A lesson over time: what is drawn, and what is never drawn as zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.classroom.board import FACING, PRESENT, Dip, Withheld
from core.domain.classroom import ClassMark, FlagKind, MarkKind, Shared
from pages.parts.classroom.charts import MOST_POINTS, grouped_mean, lesson_figure
from pages.parts.classroom.lesson import lesson_chart, mark_words
from pages.parts.classroom.mix_chart import mix_figure
from tests.boards import make_view, withheld_between

TWO_HOURS = 720


def traces(view, **options):
    return {one.name: one for one in lesson_figure(lesson_chart(view, **options)).data if one.name}


def hidden(why, first=10, last=20):
    view = make_view(60, shared=(Shared.PRESENT,))
    series = withheld_between(view.series[PRESENT], first, last, why)
    return replace(view, series={PRESENT: series})


@pytest.mark.parametrize("why", list(Withheld), ids=lambda one: one.value)
def test_a_window_without_a_figure_is_a_gap_and_a_band_and_never_zero(why):
    drawn = traces(hidden(why))
    assert all(value is None or np.isnan(value) for value in drawn["Present"].y[10:20])
    assert not (np.nan_to_num(drawn["Present"].y.astype(float), nan=1.0) == 0).any()
    band = drawn["Nobody measured" if why is Withheld.NOT_MEASURED else "Withheld"]
    assert set(drawn["Present"].x[10:20]) <= set(band.x)
    assert band.yaxis == "y2"


def test_learners_who_are_not_measured_have_an_axis_of_their_own():
    drawn = traces(make_view(60))
    assert drawn["Not measured"].yaxis == "y4"
    np.testing.assert_allclose(drawn["Not measured"].y.astype(float), 7.7)  # 2 of 26


def test_flags_lie_on_the_time_axis_of_the_shares():
    drawn = traces(make_view(60))
    lost = drawn["Lost"]
    assert lost.xaxis in (None, "x")
    counts = make_view(60).flags.by_kind[FlagKind.LOST]
    assert lost.y.sum() == counts.sum()
    assert "Lost" not in traces(make_view(60), for_all=True)


def test_a_lesson_of_two_hours_is_drawn_with_few_points():
    figure = lesson_figure(lesson_chart(make_view(TWO_HOURS)))
    lines = [one for one in figure.data if one.type == "scatter" and not one.fill]
    assert lines
    assert all(len(one.x) <= MOST_POINTS for one in lines)
    ends = figure.layout.xaxis.range
    assert ends[1] - ends[0] == np.timedelta64(7200, "s")


def test_texts_of_marks_stand_above_the_highest_share():
    marks = (ClassMark(60.0, MarkKind.TOPIC, "Light"),)
    marked, plain = (
        lesson_figure(lesson_chart(replace(make_view(60), marks=one))).layout for one in (marks, ())
    )
    assert plain.yaxis.range == (0, 100)
    assert marked.yaxis.range[1] > 110
    assert (marked.yaxis.tickvals[-1], marked.yaxis.ticktext[-1]) == (100, "100 %")
    # Bands of gaps end at 100 % as well.
    assert marked.yaxis2.range[1] == pytest.approx(marked.yaxis.range[1] / 100)


def test_bars_of_expressions_leave_no_gap_beside_a_shorter_last_group():
    middle_s = np.arange(MOST_POINTS + 1) * 10.0 + 5.0
    figure = mix_figure(middle_s, ("happy",), {"happy": np.ones(len(middle_s))}, last_s=2410.0)
    (bars,) = figure.data
    assert bars.width == np.diff(bars.x)[0] / np.timedelta64(1, "ms") == 20_000


def test_a_class_without_a_window_yet_has_a_figure():
    assert lesson_figure(lesson_chart(make_view(0))).layout.xaxis.range


def test_neighbours_are_averaged_over_what_is_shown():
    values = np.array([1.0, np.nan, 3.0, np.nan, np.nan, np.nan, 5.0])
    np.testing.assert_equal(grouped_mean(values, 3), [2.0, np.nan, 5.0])
    np.testing.assert_equal(grouped_mean(values, 1), values)


def test_slides_are_counted_and_topics_are_named():
    marks = [
        ClassMark(1.0, MarkKind.SLIDE),
        ClassMark(2.0, MarkKind.TOPIC),
        ClassMark(3.0, MarkKind.TOPIC, "Light"),
        ClassMark(4.0, MarkKind.SLIDE),
    ]
    assert [words for _, words in mark_words(marks)] == ["Slide 1", "Topic", "Light", "Slide 2"]


def test_a_window_in_which_one_figure_alone_is_withheld_has_its_band():
    view = make_view(12)
    facing = withheld_between(view.series[FACING], 4, 6, Withheld.ONE_CHANGED)
    drawn = traces(replace(view, series={**view.series, FACING: facing}))
    assert len(drawn["Withheld"].x) == 2


def test_a_dip_is_drawn_with_its_length_and_not_for_the_class():
    view = make_view(60, dips={PRESENT: (Dip(100.0, 160.0, 0.9, 0.7), Dip(500.0, None, 0.9, 0.7))})
    assert list(traces(view)["Dip"].width) == [60_000, 100_000]
    assert "Dip" not in traces(view, for_all=True)


def test_dips_of_two_figures_that_overlap_are_one_stretch():
    dips = {PRESENT: (Dip(100.0, 160.0, 0.9, 0.7),), FACING: (Dip(140.0, 200.0, 0.9, 0.7),)}
    assert list(traces(make_view(60, dips=dips))["Dip"].width) == [100_000]
