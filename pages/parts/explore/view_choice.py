"""Selection of the class mapping and corrections under which a dataset is shown."""

from __future__ import annotations

import streamlit as st

from core.datasets.labels import make_map, save_map
from core.domain.counted import counted
from pages.parts.explore import cached as explore_cached
from pages.parts.explore.cached import AS_IN_THE_FILES, AS_IN_THE_FILES_TEXT, DatasetView
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, session_state
from pages.parts.shell.theme import plain


def choose_view(name: str) -> DatasetView:
    """Draw the selection; returns the view.

    Args:
        name: in the catalogue.
    """
    corrections = explore_cached.corrections_of(name)
    corrected = ""
    if corrections.steps:
        words = f"With {counted(len(corrections.steps), 'correction')}"
        if st.toggle(words, value=session_state.shows_corrected.get(), key=f"corrected-{name}"):
            corrected = corrections.key
        session_state.shows_corrected.set(bool(corrected))
    maps = explore_cached.maps_of(DatasetView(name))
    choices = {AS_IN_THE_FILES_TEXT: AS_IN_THE_FILES, **{one.capitalize(): one for one in maps}}
    chosen = st.selectbox("Classes", list(choices), key=f"classes-{name}")
    with st.popover("Map classes", icon=":material/account_tree:"):
        _draw_form(name)
    return DatasetView(name, choices[chosen], corrected)


def _draw_form(name: str) -> None:
    st.caption("New class for each class; leave a field empty to exclude its pictures.")
    scheme = explore_cached.dataset(DatasetView(name)).scheme
    with st.form("map-classes", border=False):
        name_typed = st.text_input("Name of the mapping", key="map-name")
        pairs = {
            label: st.text_input(plain(label.capitalize()), value=label, key=f"map-{name}-{label}")
            for label in scheme.labels
        }
        if st.form_submit_button("Save", type="primary", key="map-save"):
            with error_box.on_error():
                save_map(shell_cached.settings().schemes_dir, make_map(name_typed.strip(), pairs))
                st.rerun()
