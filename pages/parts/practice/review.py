"""What is shown after an answer: first the person's own view, then what was measured."""

from __future__ import annotations

import streamlit as st

from core.domain.practice import Attempt, AttemptOutcome, Practice
from core.measures import NOT_CALIBRATED
from core.practice import (
    BY_NAME,
    SOUND_REASON_TEXT,
    AnswerMeasure,
    MeasuredAnswer,
    attempt_of,
)
from core.practice.answers import hindrance_text, remark_text, remedy_text
from pages.parts.practice import answer_charts, cached, tab_state
from pages.parts.practice.jump import draw_anchor, jump_to
from pages.parts.practice.moment_cards import draw_moments
from pages.parts.practice.own_report import ask_own_report, draw_own_report
from pages.parts.practice.tries import draw_tries
from pages.parts.sessions.cached import store
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import clock_time, duration, percent, plain

_CHARTS = ("facing_share", "expressiveness", "tension", "confident_share")
_SOUND_CARDS = ("speaking_share", "pauses", "longest_pause_s", "first_word_s", "loudness_sd_db")
_CARDS = (*_CHARTS, "smile_share", "nods", "blinks_per_min")
_CARD_PX, _CHART_PX = 168, 396  # two charts beside each other in a window of 1280 px


def draw_review(practice: Practice, attempt: Attempt) -> bool:
    """An answer, in the order that keeps the person's own view unbiased: their report, then what
    was measured.

    Args:
        attempt: read again, so that what was just said of it is seen.
    Returns:
        Whether there are figures: they are longer than a screen.
    Raises:
        StoreError, UnknownPractice.
    """
    attempt = attempt_of(store(), attempt.id)
    if attempt.outcome is AttemptOutcome.SKIPPED:
        st.caption("This question was skipped: nothing was measured.")
    elif not attempt.parts:
        draw_own_report(attempt)
        st.caption("Nothing is stored of this answer: it was deleted, or cut off at its begin.")
    elif attempt.revealed_at is None:
        ask_own_report(attempt)
    else:
        return _draw_measured(practice, attempt)
    return False


def _draw_measured(practice: Practice, attempt: Attempt) -> bool:
    answer = cached.measured(practice, attempt)
    figures = answer.figures
    st.markdown(
        f"**{percent(figures.usable_share)} of {duration(figures.length_s)} could be read.**",
        help=BY_NAME["usable_share"].limits,
    )
    if not answer.is_readable:
        _draw_remedy(answer)
        draw_own_report(attempt)
        return False
    _draw_remarks(answer)
    _draw_charts(answer)
    draw_own_report(attempt)
    _draw_figures(answer)
    draw_moments(answer)
    draw_tries(practice, attempt)
    return True


def _draw_remedy(answer: MeasuredAnswer) -> None:
    found = answer.figures.hindrance
    if found is None:
        st.info("That is too little to say anything about it.", icon=":material/visibility_off:")
        return
    st.info(
        f"That is too little to say anything about it. Mostly: {plain(hindrance_text(found))}. "
        f"For the next answer: {plain(remedy_text(found))}.",
        icon=":material/visibility_off:",
    )


def _draw_remarks(answer: MeasuredAnswer) -> None:
    for at, remark in enumerate(answer.remarks):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(remark_text(remark)), width="stretch")
            if st.button("Show", icon=":material/search:", key=f"show-{answer.attempt.id}-{at}"):
                jump_to(answer.attempt.id, remark.begins_s, remark.ends_s)


def _draw_figures(answer: MeasuredAnswer) -> None:
    st.markdown("**What was measured**", help="Point at the question marks for the limits.")
    with st.container(horizontal=True, gap="small"):
        for name in _CARDS:
            _draw_figure(BY_NAME[name], answer)
        if answer.figures.sound is not None:
            for name in _SOUND_CARDS:
                _draw_figure(BY_NAME[name], answer)
    if answer.figures.sound is not None and answer.figures.sound.reason is not None:
        st.caption(SOUND_REASON_TEXT[answer.figures.sound.reason])


def _draw_figure(measure: AnswerMeasure, answer: MeasuredAnswer) -> None:
    value = measure.value(answer)
    with st.container(width=_CARD_PX, gap=None):
        st.metric(
            plain(measure.title),
            plain(measure.written(value)),
            help=plain(f"{_first_upper(measure.meaning)}. {measure.limits}"),
        )
        basis = measure.basis(answer)
        if value is None:
            st.caption(f"not measured{': ' if basis else ''}{plain(basis)}")
        elif basis == NOT_CALIBRATED:
            st.caption("not calibrated")
        if measure.name == "expressiveness":
            _draw_percentile(answer)


def _draw_percentile(answer: MeasuredAnswer) -> None:
    among = BY_NAME["expressiveness_percentile"].value(answer)
    if among is None:
        st.caption("too few own earlier answers to compare")
    else:
        st.caption(f"higher than {percent(among)} of your own earlier answers")


def _draw_charts(answer: MeasuredAnswer) -> None:
    shown = _jumped_to(answer)
    if shown is not None:
        draw_anchor(answer.attempt.id)
        if _is_whole(shown, answer):  # that is what the charts show at all times
            shown = None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Over the answer**", width="stretch")
        if shown is not None:
            st.caption(
                f"{clock_time(shown[0])} to {clock_time(shown[1])} is shown", width="content"
            )
            if st.button("Show all", key=f"show-all-{answer.attempt.id}"):
                tab_state.practice_jump.set(None)
                st.rerun()
    with st.container(horizontal=True):
        for name in _CHARTS:
            with st.container(width=_CHART_PX, gap=None):
                _draw_chart(BY_NAME[name], answer, shown)
    marked = ", dotted lines your marks" if answer.marks else ""
    st.caption(f"Grey bands are the moments below{marked}; gaps could not be measured.")


def _draw_chart(
    measure: AnswerMeasure, answer: MeasuredAnswer, shown: answer_charts.Stretch | None
) -> None:
    is_relative = measure.basis(answer) == NOT_CALIBRATED
    title = "Confident and stressed, as shown" if measure.series == "confident" else measure.title
    st.markdown(
        plain(title) + (" · not calibrated" if is_relative else ""), help=plain(measure.limits)
    )
    if measure.value(answer) is None:
        st.caption("Too little of this was measured for a chart.")
        return
    figure = answer_charts.over_time(measure, answer, shown=shown)
    st.plotly_chart(
        shell_charts.escape_figure(figure),
        config=shell_charts.CONFIG,
        key=f"chart-{measure.name}-{answer.attempt.id}",
    )


def _jumped_to(answer: MeasuredAnswer) -> answer_charts.Stretch | None:
    jump = tab_state.practice_jump.get()
    if jump is None or jump[0] != answer.attempt.id:
        return None
    return jump[1], jump[2]


def _is_whole(stretch: answer_charts.Stretch, answer: MeasuredAnswer) -> bool:
    return stretch[0] <= 0.0 and stretch[1] >= answer.figures.length_s


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
