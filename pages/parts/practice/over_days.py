"""What changed over days, and how the person's own view agrees with what was measured."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain.counted import counted, interval_ends
from core.practice import (
    BY_NAME,
    CALM,
    FEWEST_PAIRS,
    Agreement,
    AnswerMeasure,
    MeasuredAnswer,
    NoCorrelation,
    PracticeTries,
    agreement,
    answered,
    daily_means,
    on_one_basis,
)
from pages.parts.practice import answer_charts, cached
from pages.parts.practice.moment_cards import draw_agreement
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import plain, zone

_OVER_DAYS = ("facing_share", "expressiveness", "tension", "calm", "satisfied")
_AGAINST = ("tension", "confident_share")
_MOST_ANSWERS = 60
_CHART_PX = 396


def draw_over_days(history: Sequence[PracticeTries]) -> None:
    """A measure over days, and agreement; nothing before the first answer was looked at.

    Raises:
        StoreError, UnknownPractice.
    """
    seen = [one for one in answered(history) if one.revealed_at is not None and one.parts]
    if not seen:
        return
    st.subheader("Over days")
    answers = cached.measured_all(seen[-_MOST_ANSWERS:])
    if len(seen) > _MOST_ANSWERS:
        st.caption(f"Of {len(seen)} answers the last {_MOST_ANSWERS} are shown.")
    readable = [one for one in answers if one.is_readable]
    if not readable:
        st.caption("No answer could be read well enough to be compared.")
        return
    _draw_days(readable)
    draw_agreement(readable, "In all these answers")
    st.markdown(
        "**Your own view against what was measured**",
        help="Spearman's rank correlation with its 95 % interval (Bonett & Wright 2000). It tells "
        "whether answers that you found calmer were also measured so, not which of both is right.",
    )
    with st.container(horizontal=True):
        for name in _AGAINST:
            with st.container(width=_CHART_PX, gap=None):
                _draw_agreement(BY_NAME[name], readable)


def _draw_days(answers: Sequence[MeasuredAnswer]) -> None:
    name = st.segmented_control(
        "Measure",
        _OVER_DAYS,
        default=_OVER_DAYS[0],
        format_func=lambda one: BY_NAME[one].title,
        key="practice-over-days",
        required=True,
        wrap=True,
    )
    measure = BY_NAME[name]
    same = on_one_basis(measure, answers)
    values = [
        (one.attempt.began_at, value) for one in same if (value := measure.value(one)) is not None
    ]
    if not values:
        st.caption("This was not measured in any answer.")
        return
    means = daily_means(values, zone())
    points = [(at.astimezone(zone()).date().isoformat(), value) for at, value in values]
    figure = answer_charts.days_chart(measure, points, means)
    st.plotly_chart(
        shell_charts.escape_figure(figure), config=shell_charts.CONFIG, key=f"days-{name}"
    )
    st.caption(
        f"{counted(len(values), 'answer')} on {counted(len(means), 'day')}; different questions "
        f"may differ for reasons of their own. {plain(measure.limits)}"
    )
    _say_left_out(measure, same, answers)


def _draw_agreement(measure: AnswerMeasure, answers: Sequence[MeasuredAnswer]) -> None:
    same = on_one_basis(measure, answers)
    pairs = [(CALM.value(one), measure.value(one)) for one in same]
    both = [(calm, value) for calm, value in pairs if calm is not None and value is not None]
    st.markdown(f"Calm against {plain(measure.title.lower())}", help=plain(measure.limits))
    reported, measured = [calm for calm, _ in both], [value for _, value in both]
    found = agreement(reported, measured)
    st.caption(agreement_text(found))
    _say_left_out(measure, same, answers)
    if both:
        figure = answer_charts.agreement_chart(measure, reported, measured)
        st.plotly_chart(
            shell_charts.escape_figure(figure),
            config=shell_charts.CONFIG,
            key=f"agreement-{measure.name}",
        )


def _say_left_out(
    measure: AnswerMeasure, same: Sequence[MeasuredAnswer], answers: Sequence[MeasuredAnswer]
) -> None:
    """That answers with another calibration are not in a series, where there are any."""
    others = sum(measure.value(one) is not None for one in answers) - len(same)
    if others:
        st.caption(
            f"{counted(others, 'answer is', 'answers are')} left out: those with and without "
            "calibration cannot be compared."
        )


def agreement_text(found: Agreement) -> str:
    """A correlation in words, or why there is none."""
    answers = counted(found.pairs, "answer")
    if found.why_none is NoCorrelation.TOO_FEW:
        return f"Too few to say: {answers} with both, of {FEWEST_PAIRS} that are needed."
    if found.correlation is None:
        return (
            f"n = {found.pairs}: one of both is the same in every answer, so nothing can be said."
        )
    rho = found.correlation
    ends = interval_ends(rho.low, rho.high, "+.2f")
    return f"rho = {rho.value:+.2f}, 95 % CI {ends}, n = {found.pairs}"
