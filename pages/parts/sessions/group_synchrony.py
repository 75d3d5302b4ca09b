"""Synchrony of a group of faces, where a session may show it; otherwise why not."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.measures import MEASURES, synchrony_text, why_no_synchrony
from core.policy import Purpose
from core.sessions import SessionEntry
from pages.parts.policy import consent_gate
from pages.parts.sessions import cached as sessions_cached
from pages.parts.sessions import charts
from pages.parts.sessions.excerpt import Excerpt
from pages.parts.shell import charts as shell_charts
from pages.parts.shell.theme import plain


def draw_synchrony(entry: SessionEntry, excerpt: Excerpt) -> None:
    """Synchrony once it is switched on, or why it is not shown; nothing for a single face.

    Args:
        excerpt: its time range is looked at, with all faces.

    Raises:
        UnknownSession, StoreError.
    """
    if entry.faces < 2 or not consent_gate.may_show_expressions():
        return
    is_research = entry.session.purpose == Purpose.RESEARCH
    why_not = why_no_synchrony(faces=entry.faces, is_research=is_research)
    if why_not:
        st.caption(why_not)
        return
    measure = MEASURES["synchrony"]
    if not st.toggle("Synchrony of the group", key="synchrony", help=plain(measure.definition)):
        return
    st.markdown("**Synchrony** · of the smiles of all faces, in windows of 10 s")
    st.caption(plain(measure.limits))
    found = sessions_cached.synchrony_of(excerpt)
    st.markdown(plain(synchrony_text(found)))
    if not np.isfinite(found.correlation).any():
        return
    st.plotly_chart(
        shell_charts.escape_figure(charts.synchrony_bars(found, from_s=excerpt.from_s)),
        config=shell_charts.CONFIG,
        key=f"synchrony-{excerpt.session_id}",
        alt="Bars: the mean cross-correlation of each window of ten seconds; a line: that of "
        "surrogates with shuffled windows.",
    )
