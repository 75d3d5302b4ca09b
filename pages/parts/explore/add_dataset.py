"""Bringing a dataset in: upload or path, the run that reads it, and labels nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile as Upload

from core.datasets import DatasetSource, OpenPlan
from core.datasets.catalogue import (
    UPLOADED_ENDINGS,
    discard_upload,
    expect_free,
    keep_upload,
    name_from,
)
from core.datasets.face_extraction import discard_unfinished
from core.datasets.labels import OWN
from core.datasets.readers import FER_PLUS, Columns
from core.domain import SCHEMES, Run, RunStatus, new_id
from core.domain.errors import DatasetError, UnknownRun
from core.jobs import find
from pages.parts.explore import cached as explore_cached
from pages.parts.explore import columns as dataset_columns
from pages.parts.explore import extract_faces, labels
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state

_TITLES = {"open_dataset": "Opening the dataset", "faces": "Extracting faces"}
_UPLOAD, _PATH, _VIDEOS = "Upload", "Path on this machine", "Videos"
_RECOGNISE = "Detect automatically"
_FORMS = (
    "A CSV file has one row per picture: the pixel values (2,304 for 48 x 48) in a column "
    "such as `pixels` and the label in a column such as `emotion`. A folder or archive of "
    "pictures has one folder per class, inside one folder per split if there are splits."
)


def draw_form(*, key: str) -> None:
    """Ask where a dataset lies, and begin to open it.

    Args:
        key: unique on the page.
    """
    where = st.segmented_control(
        "Source",
        [_UPLOAD, _PATH, _VIDEOS],
        default=_UPLOAD,
        required=True,
        key=f"{key}-where",
        wrap=True,
    )
    if where == _VIDEOS:
        extract_faces.draw_form(key=key)
        return
    with st.form(f"{key}-form", border=False):
        file, path = _ask_where(where == _UPLOAD, key)
        name = st.text_input("Name", placeholder="same as the file", key=f"{key}-name")
        options = _ask_how(key)
        st.caption(
            "The upload and a decoded copy stay in this installation's data folder until you "
            "remove the dataset."
        )
        if st.form_submit_button("Open", type="primary", key=f"{key}-open"):
            with error_box.on_error():
                _expect_one(file is not None, path)
                called = _called(name.strip(), file.name if file else path)
                at = _keep(file) if file is not None else path
                _begin(called, DatasetSource(at, **options))


def _called(name: str, path: str) -> str:
    """The name that was given, where it is free; else one made of the file's."""
    datasets_dir = shell_cached.settings().datasets_dir
    called = name or name_from(Path(path))
    expect_free(datasets_dir, called)
    return called


def _ask_where(uploads: bool, key: str) -> tuple[Upload | None, str]:
    """The uploaded file, or a path."""
    if uploads:
        file = st.file_uploader(
            "A CSV file, or a ZIP or TAR archive",
            type=[one.removeprefix(".") for one in UPLOADED_ENDINGS],
            help=_FORMS,
            key=f"{key}-file",
        )
        return file, ""
    path = st.text_input(
        "A CSV file, a ZIP or TAR archive, or a folder",
        placeholder="/home/ada/fer2013.csv",
        help=_FORMS,
        key=f"{key}-path",
    )
    return None, path.strip()


def draw_demo_button() -> None:
    """One click for visitors who have no dataset."""
    if st.button("Open the demo (synthetic faces)", type="primary", key="add-demo-dataset"):
        with error_box.on_error():
            _begin(*explore_cached.demo_source())


def follow() -> bool:
    """Show the run that opens a dataset, until it is over: this visitor's own, or the newest one,
    which may have been begun in a tab that is closed now.

    Returns:
        Whether there is one.
    """
    run_id = session_state.opening_run.get()
    if run_id is None:
        extract_faces.draw_unopened()
        under_way = run_panel.active_run(tuple(_TITLES))
        if under_way is not None:
            run_panel.show(under_way.id, title=_TITLES[under_way.kind])
        return under_way is not None
    try:
        kind = run_panel.current_run(run_id).kind
    except UnknownRun:  # deleted meanwhile
        _forget()
        return False
    run = run_panel.show(run_id, title=_TITLES.get(kind, "Opening the dataset"))
    if run.status is RunStatus.COMPLETED and run.finished is not None:
        _go_on(run.finished.result)
    elif run.status.is_over:
        _draw_questions(run)
        run_panel.draw_end(run, forget=lambda: _give_up(run))
    return True


def _go_on(result: Mapping[str, str]) -> None:
    """Show the dataset that was opened, or what can be done with faces that carry no scores."""
    _forget()
    if "dataset" in result:
        session_state.chosen_dataset.set(result["dataset"])
    else:
        session_state.unopened_faces.set(result.get("faces"))
    st.rerun()


def _ask_how(key: str) -> dict[str, Any]:
    """How it is to be read: values of a `DatasetSource`."""
    align = st.checkbox(
        "Detect, align and crop the face in each picture, as in FER2013",
        key=f"{key}-align",
        help="For photographs that show more than the face. Pictures without a detected face "
        "are excluded and listed.",
    )
    with st.expander("Label, column and file names"):
        schemes = {_RECOGNISE: "", **{one.name: one.name for one in SCHEMES.values()}}
        schemes["FER+ majority vote (eight classes; needs its votes beside fer2013.csv)"] = FER_PLUS
        schemes["Keep the labels as they are"] = OWN
        scheme = st.selectbox("Classes", list(schemes), key=f"{key}-scheme")
        columns = _ask_columns(key)
        people = st.text_input(
            "Person and sequence in file names",
            placeholder="{person}_{sequence}_{frame}",
            key=f"{key}-people",
            help="Empty: detected automatically. Otherwise give a pattern: {person} and "
            "{sequence} in their places, * for anything, a slash for a folder. `none` if "
            "file names do not identify people.",
        )
    return {
        "align": align,
        "scheme": schemes[scheme],
        "columns": columns,
        "people": people.strip(),
    }


def _ask_columns(key: str) -> Columns:
    st.caption(
        "Columns of a CSV file, or of a list beside pictures. Empty: detected by their usual names."
    )
    pixels, label, split, person = st.columns(4)
    picture, box = st.columns(2)
    return Columns(
        pixels=pixels.text_input("Pixels", key=f"{key}-pixels"),
        label=label.text_input("Label", key=f"{key}-label"),
        split=split.text_input("Split", key=f"{key}-split"),
        subject=person.text_input("Person", key=f"{key}-person"),
        picture=picture.text_input("Picture", key=f"{key}-picture"),
        box=box.text_input(
            "Face bounding box",
            placeholder="left,top,right,bottom",
            key=f"{key}-box",
            help="One column, or four separated by commas.",
        ),
    )


def _expect_one(has_file: bool, path: str) -> None:
    if not has_file and not path.strip():
        raise DatasetError("Nothing was chosen.", advice="Choose a file, or give a path.")


def _keep(file: Upload) -> str:
    upload_id = new_id(datetime.now(UTC), np.random.default_rng())
    return str(keep_upload(shell_cached.settings().uploads_dir, file, file.name, upload_id))


def _begin(name: str, source: DatasetSource) -> None:
    session_state.opening_run.set(
        run_panel.start_run("open_dataset", OpenPlan(name, source).to_json())
    )
    st.rerun()


def _forget() -> None:
    session_state.opening_run.set(None)


def _give_up(run: Run) -> None:
    """Nobody wants it any more: what was uploaded for it, or cut out until then, goes too."""
    _forget()
    folder = find(shell_cached.settings().runs_dir, run.id)
    kind, plan, _ = folder.read_plan()
    if kind == "faces":
        discard_unfinished(folder.path)
    discard_upload(shell_cached.settings().uploads_dir, str(plan.get("source", {}).get("path", "")))


def _draw_questions(run: Run) -> None:
    """Ask what nobody could tell of the files, and open the dataset again with the answers."""
    told = run.finished.result if run.finished is not None else {}
    if not told.keys() & {"labels", "table"}:
        return
    _, plan, _ = find(shell_cached.settings().runs_dir, run.id).read_plan()
    with error_box.on_error():
        if "labels" in told:
            answered = labels.draw_form(plan, told["labels"])
        else:
            answered = dataset_columns.draw_form(plan, told["table"])
        if answered is not None:
            _begin(answered.name, answered.source)
