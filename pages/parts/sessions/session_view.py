"""One session on screen: its figures, trend, expression changes and rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from core.domain import ModelCard, SourceKind
from core.measures import (
    MovementView,
    ScoreView,
    SessionSummary,
    Trend,
    has_movement,
)
from core.sessions import (
    SessionEntry,
    ShownAs,
    unreadable_calibrations,
    unreadable_text,
)
from core.sessions.exporters import source_of
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import (
    downloads,
    group_synchrony,
    index_laboratory,
    measure_figures,
    summary_tables,
)
from pages.parts.sessions.excerpt import Excerpt
from pages.parts.sessions.summary_tables import word_of
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import charts
from pages.parts.shell.theme import clock_time, duration, expression_word, percent, plain

SOURCE_NAMES = {
    SourceKind.CAMERA: "Live camera",
    SourceKind.RECORDING: "Recording",
    SourceKind.PICTURE: "Picture",
    SourceKind.DEMO: "Synthetic",
}
"""Source -> its name on screen."""

NO_TITLE = "A session needs a title: the earlier one is kept."
"""What is said where an empty title is saved."""

_ROWS_A_PAGE = 100
_SLIDER_STEPS = 200  # more are useless at this width
_MIN_RANGE_S = 10.0
_NO_TIME = "No face was usable in this part."
_NO_FACE = "No face was detected in this part."


def draw_session(entry: SessionEntry, shown_as: ScoreView) -> None:
    """A stored session: choose a face and a time range, and see its figures."""
    excerpt = _choose_excerpt(entry, shown_as)
    unknown = entry.session.not_sure_below is None and _card_of(entry) is None
    if unknown and entry.session.source is not SourceKind.DEMO:
        st.caption(
            f"The model {plain(entry.session.card_name)} is not installed here, so its threshold "
            'for "not sure" is unknown: each row counts as the expression with the highest score.'
        )
    _draw_missing_movement(excerpt)
    unreadable = unreadable_calibrations(sessions_cached.store(), entry.session.id)
    if unreadable:
        st.warning(plain(unreadable_text(unreadable)), icon=":material/warning:")
    summary = sessions_cached.summary_of(excerpt)
    draw_numbers(summary)
    if entry.session.source is not SourceKind.PICTURE:  # a single moment has no rate and no trend
        summary_tables.draw_rate(summary)
        draw_trend(summary, sessions_cached.trend_of(excerpt), key=entry.session.id)
    draw_shares(summary, key=entry.session.id)
    summary_tables.draw_faces(summary)
    face_id = None
    if entry.session.source is not SourceKind.PICTURE:
        face_id = measure_figures.choose_face(excerpt, _face_ids(entry))
    if face_id is not None:
        measure_figures.draw_measures(excerpt, face_id)
    summary_tables.draw_changes(summary)
    summary_tables.draw_marks(summary.marks)
    if entry.session.source is not SourceKind.PICTURE:
        index_laboratory.draw_laboratory(excerpt, face_id)
        group_synchrony.draw_synchrony(entry, excerpt)
    _draw_rows(excerpt)


def draw_downloads(entry: SessionEntry, shown_as: ScoreView) -> None:
    """Downloads of the whole session, whatever part is shown, by its stored calibrations.

    Raises:
        UnknownSession, StoreError.
    """
    timeline = sessions_cached.rows_of(entry.session.id, entry.rows)
    not_sure_below = sessions_cached.whole_session(entry).not_sure_below
    # What the pages' caches give is taken here: the files are made in another thread.
    make = partial(
        source_of,
        sessions_cached.store(),
        (entry.session, timeline),
        card=_card_of(entry),
        not_sure_below=not_sure_below,
        shown_as=shown_as,
    )
    downloads.draw_downloads(
        entry.session,
        timeline.scheme,
        make,
        shown_as=ShownAs(shown_as.scheme.labels, not_sure_below),
    )


def draw_numbers(summary: SessionSummary) -> None:
    """The four main figures."""
    # In a line that wraps: on a phone two are side by side, and none is cut off.
    with st.container(horizontal=True, gap="medium"):
        _draw_times(summary)
        st.metric(
            f"Most frequent {plain(word_of(summary))}",
            _most_frequent(summary.shares),
            width="content",
        )
    summary_tables.draw_hardly_usable(summary)


def draw_times(summary: SessionSummary) -> None:
    """The same without what was shown."""
    with st.container(horizontal=True, gap="medium"):
        _draw_times(summary)
    summary_tables.draw_hardly_usable(summary)


def _draw_times(summary: SessionSummary) -> None:
    st.metric("Duration", duration(summary.duration_s), width="content")
    st.metric(
        "Usable time",
        percent(summary.usable_share),
        help="Share of the analysed time with at least one usable face: large, sharp, well lit "
        "and frontal enough. Every share below is a share of usable time.",
        width="content",
    )
    st.metric("Faces", len(summary.faces), width="content")


def draw_trend(summary: SessionSummary, trend: Trend, *, key: str) -> None:
    """Mean scores over time; gaps are unusable time. Without any, what is missing."""
    if not summary.shares:
        st.caption(f"{_missing(summary)} There are no scores to draw.")
        return
    st.plotly_chart(
        charts.escape_figure(charts.session_trend(trend, summary.marks)),
        config=charts.CONFIG,
        key=f"trend-{key}",
        alt=f"Line chart: the mean score of each {word_of(summary)} over the session.",
    )


def draw_shares(summary: SessionSummary, *, key: str) -> None:
    """Shares of the expressions shown, and why time was unusable."""
    shown, lost = st.columns(2, gap="large")
    with shown:
        title = "Expressiveness" if word_of(summary) == "level" else "Expression shown"
        st.markdown(f"**{title}** · share of usable time")
        if summary.shares:
            st.plotly_chart(
                charts.escape_figure(charts.share_bars(summary.shares, summary.labels)),
                config=charts.CONFIG,
                key=f"shares-{key}",
            )
        else:
            st.caption(_missing(summary))
    with lost:
        draw_lost(summary, key=key)


def draw_lost(summary: SessionSummary, *, key: str) -> None:
    """Why time was unusable."""
    st.markdown("**Unusable time** · by reason, summed over faces")
    if summary.lost:
        st.plotly_chart(
            charts.escape_figure(charts.lost_bars(summary.lost)),
            config=charts.CONFIG,
            key=f"lost-{key}",
        )
    else:
        st.caption("All of the time was usable." if summary.faces else _NO_FACE)


def _missing(summary: SessionSummary) -> str:
    return _NO_TIME if summary.faces else _NO_FACE


def _draw_missing_movement(excerpt: Excerpt) -> None:
    if excerpt.shown_as != MovementView().name:
        return
    if not has_movement(sessions_cached.rows_of(excerpt.session_id, excerpt.rows)):
        st.info(
            "No facial movement is stored for this session; it was recorded by an earlier version. "
            "Expressiveness cannot be computed. Choose another view under Show as.",
            icon=":material/info:",
        )


def _card_of(entry: SessionEntry) -> ModelCard | None:
    return next((one for one in shell_cached.cards() if one.name == entry.session.card_name), None)


def _choose_excerpt(entry: SessionEntry, shown_as: ScoreView) -> Excerpt:
    excerpt = sessions_cached.whole_session(entry, shown_as)
    with st.container(horizontal=True, gap="large", vertical_alignment="top"):
        face_ids = _face_ids(entry)
        if len(face_ids) > 1:
            excerpt = replace(excerpt, face_id=_choose_face(entry.session.id, face_ids))
        if entry.last_s >= _MIN_RANGE_S:
            excerpt = _choose_range(excerpt, entry.last_s)
    return excerpt


def _face_ids(entry: SessionEntry) -> tuple[int, ...]:
    return sessions_cached.rows_of(entry.session.id, entry.rows).face_ids


def _choose_face(session_id: str, face_ids: Sequence[int]) -> int | None:
    return st.selectbox(
        "Face",
        [None, *face_ids],
        format_func=lambda one: "All faces" if one is None else f"Face {one}",
        key=f"face-{session_id}",
        width=180,
    )


def steps_of(last_s: float) -> list[tuple[str, float]]:
    """The steps of the time range: a distinct name, and seconds since the session began.

    At least a second apart: a slider identifies its steps by name, and takes the first of equal
    ones, so that a session would lose its end.
    """
    steps = max(1, min(_SLIDER_STEPS, int(last_s)))
    named = [(clock_time(at / steps * last_s), at / steps * last_s) for at in range(steps)]
    # Rounded like the session's duration: otherwise they would differ by a second.
    return [*named, (clock_time(round(last_s)), last_s)]


def _choose_range(excerpt: Excerpt, last_s: float) -> Excerpt:
    steps = dict(steps_of(last_s))
    first, *_, last = steps
    start, end = st.select_slider(
        "Time range",
        options=list(steps),
        value=(first, last),
        key=f"part-{excerpt.session_id}",
    )
    if (start, end) == (first, last):
        return excerpt  # the whole session exactly, without rounding
    return replace(excerpt, from_s=steps[start], to_s=steps[end])


def _most_frequent(shares: dict[str, float]) -> str:
    if not shares:
        return "None"
    label = max(shares, key=shares.__getitem__)
    return plain(f"{expression_word(label)} {percent(shares[label])}")


def _draw_rows(excerpt: Excerpt) -> None:
    if not st.toggle("Show all rows", key="show-rows"):
        return
    table = sessions_cached.table_of(excerpt)
    pages = max(1, -(-len(table) // _ROWS_A_PAGE))
    page = st.pagination(pages, key=f"rows-page-{excerpt.session_id}") if pages > 1 else 1
    shown = table.iloc[(page - 1) * _ROWS_A_PAGE : page * _ROWS_A_PAGE]
    st.dataframe(shown.drop(columns="session_id"), hide_index=True, key="rows")
