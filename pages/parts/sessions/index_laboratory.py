"""The index laboratory: parts of the engagement index over time, and weights to move."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.measures import (
    DEFAULT_WEIGHTS,
    MEASURES,
    PART_TITLES,
    IndexWeights,
    IndexWindows,
    WeightSensitivity,
    weight_sensitivity,
    weights_from,
)
from pages.parts.policy import consent_gate
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import charts, summary_tables
from pages.parts.sessions.excerpt import Excerpt
from pages.parts.shell import charts as shell_charts
from pages.parts.shell import session_state
from pages.parts.shell.theme import percent, plain

NOT_IN_CLASSROOMS = (
    "No engagement index is shown with this region and purpose: in the EU and EEA it is prohibited "
    "in classrooms (AI Act, Article 5(1)(f))."
)

_NOTHING = (
    "No window of 10 s has an index here. It needs at least 6 s of a usable face whose head pose, "
    "eyes and facial movement were measured; sessions of earlier versions have no facial movement."
)
_WEIGHTS_HELP = "Only the ratios of the weights matter: the index always lies between 0 and 100."
_HOW_TO_READ = (
    "Each bar is a window of 10 s. Its height is the index, its colours are what each part adds; a "
    "gap is a window in which too little was measured."
)
_VERDICT = (
    "The verdict of a window is whether its index is above the median of the windows shown: no "
    "threshold of such an index has been validated."
)


def draw_laboratory(excerpt: Excerpt, face_id: int | None) -> None:
    """The laboratory of one face once it is switched on, or what is missing.

    Args:
        excerpt: what of the session is shown.
        face_id: whose index; None where the session has no face.
    """
    if not consent_gate.may_show_expressions():
        st.caption(NOT_IN_CLASSROOMS)
        return
    measure = MEASURES["engagement_index"]
    if not st.toggle("Index laboratory", key="index-laboratory", help=plain(measure.definition)):
        return
    whose = "" if face_id is None else f" of face {face_id}"
    st.markdown(f"**{plain(measure.title)}**{whose} · its parts in windows of 10 s")
    st.caption(plain(measure.limits))
    if face_id is None:
        st.info("No face was detected in this session.", icon=":material/info:")
        return
    windows = sessions_cached.index_windows_of(excerpt, face_id)
    st.caption(plain(windows.basis))
    if not windows.is_measured.any():
        st.info(_NOTHING, icon=":material/info:")
        return
    weights = _choose_weights()
    if weights is None:
        st.info("At least one weight must be above 0.", icon=":material/info:")
        return
    _draw_windows(windows, weights, key=f"index-{excerpt.session_id}")


def _choose_weights() -> IndexWeights | None:
    """The weights of the parts, and a button that resets them; None where all are 0."""
    defaults = DEFAULT_WEIGHTS.by_part
    if any(session_state.is_not_drawn_yet(_key_of(part)) for part in defaults):
        _reset_weights()
    columns = st.columns(len(defaults), gap="medium")
    chosen = {
        part: column.slider(
            f"{PART_TITLES[part]}: weight",
            min_value=0.0,
            max_value=1.0,
            step=0.05,
            key=_key_of(part),
            help=_WEIGHTS_HELP,
        )
        for column, part in zip(columns, defaults, strict=True)
    }
    st.button(
        "Reset weights",
        icon=":material/restart_alt:",
        key="index-weights-reset",
        on_click=_reset_weights,
        disabled=chosen == defaults,
        help="Back to the weights of the index in the session file.",
    )
    return weights_from(chosen)


def _reset_weights() -> None:
    for part, weight in DEFAULT_WEIGHTS.by_part.items():
        session_state.set_widget(_key_of(part), weight)


def _key_of(part: str) -> str:
    return f"index-weight-{part}"


def _draw_windows(windows: IndexWindows, weights: IndexWeights, *, key: str) -> None:
    sensitivity = weight_sensitivity(windows, weights)
    st.plotly_chart(
        shell_charts.escape_figure(charts.index_parts(windows, weights, sensitivity.median)),
        config=shell_charts.CONFIG,
        key=key,
        alt="Stacked bars: what each part adds to the engagement index, every ten seconds; a line: "
        "the published concentration index.",
    )
    st.caption(_HOW_TO_READ)
    st.markdown(plain(sensitivity.sentence))
    st.caption(_VERDICT)
    _draw_flips(sensitivity, weights)
    published = MEASURES["concentration_index"]
    words = f"{sensitivity.published_sentence} {published.limits}"
    st.caption(f"**{plain(published.title)}** · {plain(words)}")


def _draw_flips(sensitivity: WeightSensitivity, weights: IndexWeights) -> None:
    table = pd.DataFrame(
        {
            "Part": [PART_TITLES[part] for part in sensitivity.flips],
            "Share of the weights": [percent(share) for share in weights.shares.values()],
            "Flips": [f"{flips} of {sensitivity.windows}" for flips in sensitivity.flips.values()],
        }
    )
    if not sensitivity.is_enough:
        table = table.drop(columns="Flips")
    st.dataframe(table, hide_index=True, height=summary_tables.height_of(table), key="index-flips")
