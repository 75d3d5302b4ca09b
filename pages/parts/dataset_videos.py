"""Cutting labelled faces out of videos: what is asked before it begins."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from core.datasets.source import LEVELS
from core.errors import DatasetError
from core.faces import FacesPlan, pictures_zip
from pages.parts import memory, notice, run_view, shared_data

_LEVEL_WORDS = {
    LEVELS[0]: "As published (-0.303 and 0.294)",
    LEVELS[1]: "Thirds of the people that are learned from",
}


def draw_form(*, key: str) -> None:
    """Ask which videos, how densely, and under which licence; then begin.

    Args:
        key: unique on the page.
    """
    with st.form(f"{key}-videos", border=False):
        path = st.text_input(
            "A RecruitView folder, a folder of videos, or one video",
            placeholder="/home/ada/recruitview",
            key=f"{key}-videos-path",
        )
        name = st.text_input("Name", placeholder="as the folder", key=f"{key}-videos-name")
        pause, levels = st.columns(2)
        every_s = pause.number_input(
            "Seconds between two faces", 0.0, 60.0, 1.0, 0.5, key=f"{key}-videos-pause"
        )
        wanted = levels.selectbox(
            "Levels of expressiveness",
            list(LEVELS),
            format_func=_LEVEL_WORDS.__getitem__,
            key=f"{key}-levels",
        )
        accepted = st.checkbox(
            "RecruitView is licensed CC BY-NC 4.0: I use it for non-commercial purposes only.",
            key=f"{key}-licence",
        )
        st.caption(
            "**The faces are kept as pictures** in this installation's data folder, grey and "
            "48 px wide. Use only videos whose people agreed to it."
        )
        if st.form_submit_button(
            "Cut out and keep the faces", type="primary", key=f"{key}-videos-begin"
        ):
            with notice.on_error():
                memory.wanted_levels.set(wanted)
                _begin(path.strip(), name.strip(), every_s, accepted)


def _begin(path: str, name: str, every_s: float, accepted: bool) -> None:
    if not path:
        raise DatasetError("Nothing was chosen.", advice="Give the path of a folder or a video.")
    plan = FacesPlan(
        path=path,
        name=name or PurePath(path).stem.lower().replace(" ", "-"),
        licence_accepted=accepted,
        every_s=every_s,
    )
    memory.opening_run.set(run_view.begin("faces", plan.to_json()))
    st.rerun()


def draw_export(name: str) -> None:
    """For faces that were cut out of videos: take them home as picture files."""
    folder = shared_data.faces_folder(name)
    if folder is None:
        return
    st.download_button(
        "Faces as PNG files (ZIP)",
        lambda: pictures_zip(folder),
        file_name=f"{folder.name}.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        key="download-faces",
        help="The archive shows people: give it only to those who may see them.",
    )
