"""Corrections of a dataset: made, confirmed, listed and undone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.datasets.labels import Correction, Exclude, Merge, Relabel, confirmation
from core.domain import Dataset
from pages.parts.explore import cached as explore_cached
from pages.parts.shell import error_box, session_state
from pages.parts.shell.theme import plain


def correct(name: str, *steps: Correction) -> None:
    """Make corrections; then the page is drawn again, with their confirmation."""
    with error_box.on_error():
        key = explore_cached.correct(name, *steps)
        session_state.last_correction.set((name, key, len(steps)))
        st.rerun()


def draw_confirmation(name: str, dataset: Dataset) -> None:
    """Say what this visitor's last corrections did, and offer to undo them."""
    corrections = explore_cached.corrections_of(name)
    made = session_state.last_correction.get()
    if made is None or made[:2] != (name, corrections.key):
        return
    steps = corrections.steps[-made[2] :]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(plain(confirmation(dataset, steps)), icon=":material/check_circle:")
        if st.button("Undo", icon=":material/undo:", key=f"undo-last-{corrections.key}"):
            with error_box.on_error():
                explore_cached.undo_correction(name, expected_key=corrections.key, steps=len(steps))
                st.rerun()


def draw(name: str, dataset: Dataset) -> None:
    """Draw the corrections, undo, and the form that merges classes."""
    corrections = explore_cached.corrections_of(name)
    if corrections.steps:
        st.dataframe(pd.DataFrame([_row(step) for step in corrections.steps]), hide_index=True)
        st.caption(
            f"Version {corrections.key}: training applies these corrections, and the "
            "model card names the version."
        )
        if st.button("Undo", icon=":material/undo:", key=f"undo-{corrections.key}"):
            with error_box.on_error():
                explore_cached.undo_correction(name, expected_key=corrections.key)
                st.rerun()
    else:
        st.write("No corrections yet. Review the problems, or merge classes here.")
    if len(dataset.scheme) > 2:
        _draw_merge(name, dataset, since=corrections.key)


def _draw_merge(name: str, dataset: Dataset, *, since: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.selectbox("Merge class", dataset.scheme.labels, key="merge-from")
        rest = [label for label in dataset.scheme.labels if label != source]
        into = st.selectbox("into", rest, key="merge-into")
        # The key changes with the corrections, so that a click cannot apply to another version.
        if st.button("Merge", key=f"merge{since}"):
            correct(name, Merge(source, into, "merged"))


def _row(step: Correction) -> dict[str, str]:
    match step:
        case Exclude(names, reason):
            return {"Correction": "Excluded", "Pictures": f"{len(names):,}", "Reason": reason}
        case Relabel(names, label, reason):
            return {
                "Correction": f"Relabelled as {label}",
                "Pictures": f"{len(names):,}",
                "Reason": reason,
            }
        case Merge(label, into, reason):
            return {
                "Correction": f"{label} merged into {into}",
                "Pictures": "all",
                "Reason": reason,
            }
