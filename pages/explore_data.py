"""Explore data: open a labelled dataset, summarise it, find problems and correct them."""

from __future__ import annotations

import streamlit as st

from core.datasets.catalogue import DatasetEntry, remove
from core.domain import Dataset
from pages.parts.explore import (
    add_dataset,
    corrections,
    extract_faces,
    labels,
    overview,
    pictures,
    problems,
    report,
    view_choice,
)
from pages.parts.explore import cached as explore_cached
from pages.parts.explore.cached import DatasetView
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.navigation import EXPLORE_DATA, open_page

_TITLES = {"audit": "Auditing", "prepare": "Creating the report"}
# While a run is active, their buttons would start a second one.
_NEED_A_RUN = ("Problems", "Differences", "Report")
_SECTIONS = ("Overview", "Pictures", "Problems", "Differences", "Corrections", "Report")


def _draw_empty() -> None:
    st.write(
        "Open a dataset of labelled faces: FER2013 in any format, CK+ as CSV, or folders of "
        "your own. Mien shows its class distribution and its pictures, and checks it for "
        "duplicates, label errors and poor picture quality."
    )
    add_dataset.draw_demo_button()
    with st.container(border=True, width=760):
        add_dataset.draw_form(key="first")


def _choose(entries: list[DatasetEntry]) -> str:
    names = [entry.name for entry in entries]
    remembered = session_state.chosen_dataset.get()
    at = names.index(remembered) if remembered in names else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # A key per list of names: a new widget then shows the dataset just opened.
        name = st.selectbox("Dataset", names, index=at, key=f"dataset-{'/'.join(names)}")
        with st.popover("Add", icon=":material/add:"):
            add_dataset.draw_form(key="more")
        with st.popover("Remove", icon=":material/delete:"):
            _draw_remove(name)
    session_state.chosen_dataset.set(name)
    return name


def _draw_remove(name: str) -> None:
    st.write("Its corrections, audit and reports are deleted too. The original files stay.")
    settings, with_faces = shell_cached.settings(), True
    with error_box.on_error():
        if explore_cached.faces_folder(name) is not None:
            with_faces = st.checkbox(
                "Also delete the faces that were extracted from videos for it",
                value=True,
                key=f"remove-faces-{name}",
            )
    if st.button("Remove dataset", type="primary", key=f"remove-dataset-{name}"):
        faces_dir = settings.faces_dir if with_faces else None
        cache_dir = settings.datasets_cache_dir
        remove(settings.datasets_dir, name, settings.uploads_dir, cache_dir, faces_dir)
        session_state.chosen_dataset.set(None)
        st.rerun()


def _follow_run() -> bool:
    """Show the running audit or report; whether one is running."""
    running = run_panel.active_run(tuple(_TITLES))
    if running is not None:
        session_state.data_run.set(running.id)
    return run_panel.follow(session_state.data_run, _TITLES)


def _draw_dataset(name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = view_choice.choose_view(name)
    section = st.segmented_control(
        "Section",
        _SECTIONS,
        default=_SECTIONS[0],
        required=True,
        label_visibility="collapsed",
        key="data-section",
        wrap=True,
    )
    dataset = explore_cached.dataset(view)
    is_running = _follow_run()
    if is_running and section in _NEED_A_RUN:
        return
    _draw_section(section, view, dataset)


def _draw_section(section: str, view: DatasetView, dataset: Dataset) -> None:
    match section:
        case "Pictures":
            pictures.draw(dataset)
        case "Problems":
            problems.draw(view.name, explore_cached.dataset(DatasetView(view.name)))
        case "Differences":
            report.draw_classes(view, dataset)
        case "Corrections":
            # Corrections come before any mapping, and each one after those before it.
            corrected = DatasetView(
                view.name, corrected=explore_cached.corrections_of(view.name).key
            )
            corrections.draw(view.name, explore_cached.dataset(corrected))
        case "Report":
            report.draw_report(view, dataset)
        case _:
            overview.draw(dataset)
            labels.draw_mapping(view.name)
            extract_faces.draw_export(view.name)


def _draw_page() -> None:
    follows = add_dataset.follow()
    entries = explore_cached.datasets()
    if entries:
        _draw_dataset(_choose(entries))
    elif not follows:
        _draw_empty()


open_page(EXPLORE_DATA.path)
st.title(EXPLORE_DATA.title, anchor=False)
with error_box.on_error():
    _draw_page()
