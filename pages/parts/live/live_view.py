"""Faces, trends and performance beside the camera's picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.domain import AnalysisSite, LabelScheme, ModelCard, Observation, RejectReason
from core.domain.palette import face_colour
from core.live import LiveView
from core.measures import (
    MEASURES,
    MEASURES_ONLY,
    NOT_SURE,
    MovementView,
    baseline_text,
    is_facing,
    percentile_text,
)
from core.vision import expression_text
from pages.parts.shell import charts, session_state
from pages.parts.shell.theme import duration, expression_word, percent, plain, reason_word

RECENT, WHOLE = "Last 10 s", "Whole session"
MAX_FACES = 6
"""Faces listed one by one; more are counted."""

NO_FRAME_S: Mapping[AnalysisSite, float] = {AnalysisSite.SERVER: 2.0, AnalysisSite.BROWSER: 5.0}
"""After this time without a frame, the camera or the browser counts as disconnected. Browsers send
their rows about once a second, and on a busy machine later."""

_PERFORMANCE_HELP = (
    "Usable: share of the time with at least one usable face. FPS: frames analysed per second. "
    "Latency: from a frame's arrival to its result, plus its network delay beyond the fastest "
    "frame's; median and 95th percentile. Where faces are read on this device, from its capture "
    "until its row has arrived: rows are sent about once a second. Skipped: share of the camera's "
    "frames that were not analysed, so that the newest one is; this is normal."
)


_DISCONNECTED: Mapping[AnalysisSite, str] = {
    AnalysisSite.SERVER: "No frame received for {age}. Check that the camera is plugged in, then "
    "switch it off and on again.",
    AnalysisSite.BROWSER: "No reading received for {age}. Readings that wait in this browser "
    "arrive later.",
}


def draw_faces(view: LiveView, card: ModelCard) -> None:
    """Every face in view with its number, expression and score; and all scores of one face."""
    with_scores = view.shown_as != MEASURES_ONLY
    if text := _empty_reason(view):
        st.caption(text)
        if view.session is not None and not view.paused and with_scores:
            _draw_bars(None, view.scheme)
        return
    parts = [_face_html(face, _headline(face, card, view)) for face in view.faces[:MAX_FACES]]
    if len(view.faces) > MAX_FACES:
        parts.append(f"and {len(view.faces) - MAX_FACES} more")
    says_facing = any(map(_says_facing, view.faces[:MAX_FACES]))
    limits = plain(MEASURES["facing"].limits) if says_facing else None
    st.markdown(" &emsp; ".join(parts), unsafe_allow_html=True, help=limits)
    if view.shown_as == MovementView().name:
        _draw_movement(view.faces[:MAX_FACES])
    chosen = _choose_face(view.faces)
    if with_scores:
        _draw_bars(chosen, view.scheme)


def _draw_movement(faces: Sequence[Observation]) -> None:
    """How much faces move compared with themselves, in words, and with what they are compared."""
    if text := " ".join(filter(None, (percentile_text(faces), baseline_text(faces)))):
        st.caption(text, help=MovementView().note)


def draw_trend(view: LiveView, choice: str) -> None:
    """The last ten seconds of one face, or the whole session of all faces together."""
    if choice == WHOLE:
        figure = charts.session_trend(view.whole, view.marks)
    else:
        face_id = session_state.watched_face.get()
        figure = charts.emotion_trend(view.recent, window_s=10.0, face_id=face_id, marks=view.marks)
    st.plotly_chart(charts.escape_figure(figure), config=charts.CONFIG, key=f"trend-{choice}")


def draw_strip(view: LiveView) -> None:
    """Performance, in small print."""
    figures = (
        ("Time", duration(view.duration_s)),
        ("Usable", percent(view.usable_share)),
        ("FPS", f"{view.fps:.0f}"),
        ("Latency", f"{view.age_p50_ms:,.0f} ms (p95 {view.age_p95_ms:,.0f} ms)"),
        ("Skipped", percent(view.skipped_share)),
    )
    # A name and its figure stay on one line.
    parts = [f"{name} **{value}**".replace(" ", "&nbsp;") for name, value in figures]
    text = " &ensp; ".join(parts)
    st.caption(text, help=_PERFORMANCE_HELP)


def draw_trouble(view: LiveView) -> None:
    """Errors and warnings, in sentences."""
    if view.trouble:
        unsaved = f" {view.unsaved:,} samples not saved yet." if view.unsaved else ""
        st.warning(f"{plain(view.trouble)}{unsaved}", icon=":material/warning:")


def eye_of(view: LiveView) -> AnalysisSite:
    """Where faces are read; on the server while that is unknown."""
    return view.moments[-1].eye if view.moments else AnalysisSite.SERVER


def is_disconnected(view: LiveView) -> bool:
    """Whether frames that came before come no more."""
    return view.frame_age_s > NO_FRAME_S[eye_of(view)]


def _empty_reason(view: LiveView) -> str:
    if view.session is None:
        return "Switch the camera on to start."
    if view.paused:
        return "Paused. The camera runs, but nothing is recorded."
    if not view.analysed:
        return "Waiting for the first frame."
    if is_disconnected(view):
        return _DISCONNECTED[eye_of(view)].format(age=duration(view.frame_age_s))
    if not view.faces:
        return "No face in view. Face the camera, with light on your face."
    return ""


def _choose_face(faces: Sequence[Observation]) -> Observation:
    """The face whose scores are shown: the first, or the chosen one of several."""
    numbers = [face.track_id for face in faces[:MAX_FACES]]
    picked = None
    if len(numbers) > 1:
        picked = st.segmented_control(
            "Face to show",
            numbers,
            format_func=lambda number: f"Face {number}",
            default=numbers[0],
            key="watched-face",
            label_visibility="collapsed",
            wrap=True,
        )
    at = numbers.index(picked) if picked in numbers else 0
    session_state.watched_face.set(numbers[at])
    return faces[at]


def _draw_bars(face: Observation | None, scheme: LabelScheme) -> None:
    """One face's smoothed scores; empty bars without a face keep the layout stable."""
    scores = None if face is None else face.steady
    figure = charts.distribution_bars(scores, scheme.labels)
    st.plotly_chart(charts.escape_figure(figure), config=charts.CONFIG, key="bars")


def _face_html(face: Observation, headline: str) -> str:
    """A face's colour, number and headline, as HTML on one line."""
    square = f"<span style='color:{face_colour(face.track_id)}'>&#9632;</span>"
    return (
        f"<span style='white-space:nowrap'>{square} {face.track_id} &nbsp; "
        f"<b>{plain(headline)}</b></span>"
    )


def _says_facing(face: Observation) -> bool:
    """Of a face that is too small for more, where its head points is said."""
    return face.quality.reason is RejectReason.TOO_SMALL and face.pose is not None


def _headline(face: Observation, card: ModelCard, view: LiveView) -> str:
    reason = face.quality.reason
    if reason is not None and face.pose is not None and _says_facing(face):
        faces = "facing the camera" if is_facing(face.pose) else "facing away"
        return f"{reason_word(reason.value)}, {faces}"
    if reason is not None:
        return f"{reason_word(reason.value)}: not usable"
    if view.shown_as == MEASURES_ONLY:
        return "Usable"
    if face.steady is None:
        return "Analysing"
    if expression_text(face, card.not_sure_below) == NOT_SURE:
        return f"Not sure ({expression_word(face.steady.top)} {percent(face.steady.top_score)}?)"
    return f"{expression_word(face.steady.top)} {percent(face.steady.top_score)}"
