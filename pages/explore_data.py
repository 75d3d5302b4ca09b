"""Explore data: open labelled pictures, see what they hold, find what is wrong, correct it."""

from __future__ import annotations

import streamlit as st

from core.datasets.catalogue.catalogue import Entry, remove
from core.domain import Dataset, RunStatus
from core.domain.errors import UnknownRun
from pages.parts import (
    dataset_add,
    dataset_labels,
    dataset_maps,
    dataset_overview,
    dataset_pictures,
    dataset_problems,
    dataset_report,
    dataset_videos,
    memory,
    notice,
    run_view,
    shared,
    shared_data,
)
from pages.parts.frame import EXPLORE_DATA, open_page
from pages.parts.shared_data import View

_TITLES = {"audit": "Auditing", "prepare": "Making the report"}
# While a run is under way their buttons would start a second one.
_MADE_BY_RUNS = ("Problems", "Differences", "Report")
_SECTIONS = ("Overview", "Pictures", "Problems", "Differences", "Corrections", "Report")


def _draw_empty() -> None:
    st.write(
        "Bring a dataset of labelled faces: FER2013 in any of its forms, CK+ as CSV, or folders of "
        "your own. Mien counts it, shows it, and looks for what is wrong with it."
    )
    dataset_add.draw_demo_button()
    with st.container(border=True, width=760):
        dataset_add.draw_form(key="first")


def _choose(entries: list[Entry]) -> str:
    names = [entry.name for entry in entries]
    remembered = memory.chosen_dataset.get()
    at = names.index(remembered) if remembered in names else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # A list of other names is another widget: it then shows the dataset just opened.
        name = st.selectbox("Dataset", names, index=at, key=f"dataset-{'/'.join(names)}")
        with st.popover("Add", icon=":material/add:"):
            dataset_add.draw_form(key="more")
        with st.popover("Remove", icon=":material/delete:"):
            _draw_remove(name)
    memory.chosen_dataset.set(name)
    return name


def _draw_remove(name: str) -> None:
    st.write("Its corrections, audit and reports go too. Files elsewhere stay.")
    here, takes_faces = shared.settings(), True
    with notice.on_error():
        if shared_data.faces_folder(name) is not None:
            takes_faces = st.checkbox(
                "Delete the faces that were cut out of videos for it, too",
                value=True,
                key=f"remove-faces-{name}",
            )
    if st.button("Remove it", type="primary", key=f"remove-dataset-{name}"):
        faces_dir = here.faces_dir if takes_faces else None
        remove(here.datasets_dir, name, here.uploads_dir, here.datasets_cache_dir, faces_dir)
        memory.chosen_dataset.set(None)
        st.rerun()


def _follow_run() -> bool:
    """Show the audit or report under way; whether the rest of the page may wait."""
    running = run_view.running(tuple(_TITLES))
    run_id = running.id if running is not None else memory.data_run.get()
    if run_id is None:
        return False
    try:
        kind = run_view.look_at(run_id).kind
    except UnknownRun:
        memory.data_run.set(None)
        return False
    run = run_view.show(run_id, title=_TITLES.get(kind, "Working"))
    memory.data_run.set(run_id)
    if run.status is RunStatus.COMPLETED:
        memory.data_run.set(None)
        return False
    if run.status.is_over:
        run_view.draw_end(run, forget=lambda: memory.data_run.set(None))
    return not run.status.is_over


def _draw_dataset(name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = dataset_maps.choose_view(name)
    section = st.segmented_control(
        "Look at", _SECTIONS, default=_SECTIONS[0], required=True, key="data-section", wrap=True
    )
    dataset = shared_data.dataset(view)
    waits = _follow_run()
    if waits and section in _MADE_BY_RUNS:
        return
    _draw_section(section, view, dataset)


def _draw_section(section: str, view: View, dataset: Dataset) -> None:
    match section:
        case "Pictures":
            dataset_pictures.draw(dataset)
        case "Problems":
            dataset_problems.draw(view.name, shared_data.dataset(View(view.name)))
        case "Differences":
            dataset_report.draw_classes(view, dataset)
        case "Corrections":
            # Corrections come before any mapping, and each one after those before it.
            corrected = View(view.name, corrected=shared_data.corrections_of(view.name).key)
            dataset_problems.draw_corrections(view.name, shared_data.dataset(corrected))
        case "Report":
            dataset_report.draw_report(view, dataset)
        case _:
            dataset_overview.draw(dataset)
            dataset_labels.draw_mapping(view.name)
            dataset_videos.draw_export(view.name)


def _draw_page() -> None:
    follows = dataset_add.follow()
    entries = shared_data.datasets()
    if entries:
        _draw_dataset(_choose(entries))
    elif not follows:
        _draw_empty()


open_page(EXPLORE_DATA.path)
st.title(EXPLORE_DATA.title, anchor=False)
with notice.on_error():
    _draw_page()
