"""What stands beside the camera's picture: faces, trends, and how well it runs."""

from __future__ import annotations

import streamlit as st

from core.live import LiveView
from core.measures import NOT_SURE
from core.perception import shown_words
from core.vocabulary import LabelScheme, ModelCard, Observation
from core.vocabulary.palette import face_colour
from pages.parts import charts
from pages.parts.theme import duration, expression_word, percent, reason_word

RECENT, WHOLE = "Last 10 s", "Whole session"
MOST_FACES = 4
"""Faces shown with bars of their own; more are counted in a line."""


def draw_faces(view: LiveView, card: ModelCard) -> None:
    """One block for each face in view: number, what is shown, how sure, and all scores."""
    if view.session is None:
        st.caption("Nobody is watched. Switch the camera on to begin.")
        return
    if view.paused:
        st.caption("Paused. The camera runs, but no frame is looked at.")
        return
    if not view.faces:
        st.caption("No face in view. Look into the camera, with light on your face.")
        charts_for(None, card.scheme, key="bars-nobody")
        return
    for face in view.faces[:MOST_FACES]:
        _draw_face(face, card, alone=len(view.faces) == 1)
    if len(view.faces) > MOST_FACES:
        st.caption(f"and {len(view.faces) - MOST_FACES} more in view")


def draw_presence(view: LiveView) -> None:
    """How many are there, and nothing about their expressions."""
    st.metric("In view", len(view.faces))


def draw_trend(view: LiveView, choice: str) -> None:
    """The last ten seconds of the first face, or the whole session of all faces together."""
    if choice == WHOLE:
        figure = charts.session_trend(view.whole)
    else:
        first = view.recent.face_ids[:1]
        recent = view.recent.of_face(first[0]) if first else view.recent
        figure = charts.emotion_trend(recent, window_s=10.0)
    st.plotly_chart(figure, config=charts.CONFIG, key=f"trend-{choice}")


def draw_strip(view: LiveView) -> None:
    """How well it runs, in one line of small print, and what does not work."""
    usable = view.usable_s / view.watched_s if view.watched_s > 0 else 0.0
    total = view.analysed + view.skipped
    figures = (
        ("Time", duration(view.duration_s)),
        ("Usable", percent(usable)),
        ("Frames a second", f"{view.fps:.0f}"),
        ("Result age", f"{view.age_p50_ms:.0f} ms, 95 % under {view.age_p95_ms:.0f} ms"),
        ("Skipped", percent(view.skipped / total) if total else "0 %"),
    )
    st.caption(
        " &ensp;·&ensp; ".join(f"{name} **{value}**" for name, value in figures),
        help="Usable: share of the time in which a face could be judged. Result age: from a "
        "frame's arrival to its result. Skipped: frames passed over for newer ones.",
    )
    if view.trouble:
        st.warning(view.trouble, icon=":material/warning:")


def charts_for(face: Observation | None, scheme: LabelScheme, *, key: str) -> None:
    """Bars of one face's smoothed scores; empty ones for nobody."""
    scores = None if face is None else face.steady
    figure = charts.distribution_bars(scores, scheme.labels)
    st.plotly_chart(figure, config=charts.CONFIG, key=key)


def _draw_face(face: Observation, card: ModelCard, *, alone: bool) -> None:
    number = f"<span style='color:{face_colour(face.track_id)}'>&#9632;</span> {face.track_id}"
    st.markdown(f"{number} &nbsp; **{_headline(face, card)}**", unsafe_allow_html=True)
    if alone:
        charts_for(face, card.scheme, key="bars-alone")
    elif face.steady is not None:
        st.progress(face.steady.top_score)


def _headline(face: Observation, card: ModelCard) -> str:
    if face.quality.reason is not None:
        return f"{reason_word(face.quality.reason.value)}: not judged"
    if face.steady is None:
        return "Looking"
    if shown_words(face, card.not_sure_below) == NOT_SURE:
        return f"Not sure ({expression_word(face.steady.top)} {percent(face.steady.top_score)}?)"
    return f"{expression_word(face.steady.top)} {percent(face.steady.top_score)}"
