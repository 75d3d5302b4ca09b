"""Form that starts a face extraction, and options for faces without scores."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from core.datasets.catalogue import expect_free
from core.datasets.face_extraction import NO_SCORES, FacesPlan, pictures_zip
from core.datasets.readers import LEVELS
from core.domain.errors import DatasetError
from pages.parts.explore import cached as explore_cached
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.theme import plain

_LEVEL_WORDS = {
    LEVELS[0]: "Published thresholds (-0.303 and 0.294)",
    LEVELS[1]: "Tertiles of the training split",
}


def draw_form(*, key: str) -> None:
    """Draw the form for videos, sampling interval and licence, and start.

    Args:
        key: unique on the page.
    """
    st.caption(
        "Faces are extracted from videos and kept as training pictures. A RecruitView folder "
        "(a dataset of interviews) includes expressiveness scores; other videos have no "
        "labels."
    )
    with st.form(f"{key}-videos", border=False):
        path = st.text_input(
            "A RecruitView folder, a folder of videos, or one video",
            placeholder="/home/ada/recruitview",
            key=f"{key}-videos-path",
        )
        name = st.text_input("Name", placeholder="same as the folder", key=f"{key}-videos-name")
        options = _choose_options(key)
        st.caption(
            "**The faces are kept as pictures** in this installation's data folder, greyscale "
            "and 48 px wide. Use only videos of people who consented to it."
        )
        if st.form_submit_button(
            "Extract and keep faces", type="primary", key=f"{key}-videos-begin"
        ):
            with error_box.on_error():
                _start_extraction(path.strip(), name.strip(), options)


def _choose_options(key: str) -> dict[str, Any]:
    """Further values of a `FacesPlan`."""
    interval, levels = st.columns(2)
    return {
        "every_s": interval.number_input(
            "Sampling interval (seconds)", 0.0, 60.0, 1.0, 0.5, key=f"{key}-videos-pause"
        ),
        "levels": levels.selectbox(
            "Expressiveness levels",
            list(LEVELS),
            format_func=_LEVEL_WORDS.__getitem__,
            help="Thresholds that divide RecruitView's facial expression score into reserved, "
            "balanced and expressive. Other videos have no such score.",
            key=f"{key}-levels",
        ),
        "licence_accepted": st.checkbox(
            "RecruitView is licensed CC BY-NC 4.0: I use it for non-commercial purposes only.",
            key=f"{key}-licence",
        ),
    }


def _start_extraction(path: str, name: str, options: Mapping[str, Any]) -> None:
    if not path:
        raise DatasetError("Nothing was chosen.", advice="Give the path of a folder or a video.")
    plan = FacesPlan(path, name or PurePath(path).stem.lower().replace(" ", "-"), **options)
    expect_free(shell_cached.settings().datasets_dir, plan.name)
    session_state.opening_run.set(run_panel.start_run("faces", plan.to_json()))
    st.rerun()


def draw_unopened() -> None:
    """Draw the options for extracted faces without scores, which cannot be opened as a dataset."""
    name = session_state.unopened_faces.get()
    folder = shell_cached.settings().faces_dir / (name or "")
    if name is None or not folder.is_dir():
        return
    with st.container(border=True):
        st.markdown(f"**The faces of {plain(name)} were extracted.** But {NO_SCORES}")
        st.write(
            "Download them as picture files, sort them into one folder per expression, and "
            "open that folder here. The copies that Mien keeps can be deleted on the page "
            "Responsible use."
        )
        with st.container(horizontal=True):
            _draw_download(folder)
            if st.button("Close", key="close-unopened"):
                session_state.unopened_faces.set(None)
                st.rerun()


def draw_export(name: str) -> None:
    """Draw the download of a dataset's faces as PNG, if they were extracted from videos here."""
    folder = explore_cached.faces_folder(name)
    if folder is not None:
        _draw_download(folder)


def _draw_download(folder: Path) -> None:
    st.download_button(
        "Faces as PNG files (ZIP)",
        lambda: pictures_zip(folder),
        file_name=f"{folder.name}.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        key="download-faces",
        help="The archive shows people's faces: share it only with those who may see them.",
    )
