"""Adding a dataset: upload or path, the run that reads it, and unknown labels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile as Upload

from core.datasets import DatasetSource
from core.datasets.catalogue import (
    UPLOADED_ENDINGS,
    OpenPlan,
    discard_upload,
    expect_free,
    keep_upload,
    name_from,
)
from core.datasets.face_extraction import discard_unfinished
from core.datasets.labels import ORIGINAL_LABELS
from core.datasets.readers import FER_PLUS, ColumnNames
from core.domain import SCHEMES, Run, RunStatus, new_id
from core.domain.errors import DatasetError, UnknownRun
from core.jobs import QUESTIONS, find
from pages.parts.explore import cached as explore_cached
from pages.parts.explore import columns as dataset_columns
from pages.parts.explore import extract_faces, labels
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state

_TITLES = {"open_dataset": "Opening the dataset", "faces": "Extracting faces"}
_UPLOAD, _PATH, _VIDEOS = "Upload", "Path on this machine", "Videos"
_DETECT = "Detect automatically"
_KEEP_LABELS = "Keep the labels as they are"
_LABELS_ADVICE = (
    "Choose the class of each label in the form above, or exclude its pictures. To keep the "
    f"labels, open the dataset again with “{_KEEP_LABELS}” under Label, column and file names."
)
_COLUMNS_ADVICE = "Choose the columns in the form above."
_FORMATS_HELP = (
    "A CSV file has one row per picture: the pixel values (2,304 for 48 x 48) in a column "
    "such as `pixels` and the label in a column such as `emotion`. A folder or archive of "
    "pictures has one folder per class, inside one folder per split if there are splits."
)


def draw_form(*, key: str) -> None:
    """Draw the form for a dataset's source, and start to open it.

    Args:
        key: unique on the page.
    """
    kind = st.segmented_control(
        "Source",
        [_UPLOAD, _PATH, _VIDEOS],
        default=_UPLOAD,
        required=True,
        key=f"{key}-where",
        wrap=True,
    )
    if kind == _VIDEOS:
        extract_faces.draw_form(key=key)
        return
    with st.form(f"{key}-form", border=False):
        file, path = _choose_source(kind == _UPLOAD, key)
        name = st.text_input("Name", placeholder="same as the file", key=f"{key}-name")
        options = _choose_options(key)
        st.caption(
            "The upload and a decoded copy stay in this installation's data folder until you "
            "remove the dataset."
        )
        if st.form_submit_button("Open", type="primary", key=f"{key}-open"):
            with error_box.on_error():
                _expect_source(file is not None, path)
                chosen_name = _free_name(name.strip(), file.name if file else path)
                at = _store_upload(file) if file is not None else path
                _start_opening(chosen_name, DatasetSource(at, **options))


def _free_name(name: str, path: str) -> str:
    """The given name, or one made from the file's; raises where it is taken."""
    datasets_dir = shell_cached.settings().datasets_dir
    chosen_name = name or name_from(Path(path))
    expect_free(datasets_dir, chosen_name)
    return chosen_name


def _choose_source(is_upload: bool, key: str) -> tuple[Upload | None, str]:
    """The uploaded file, or a path."""
    if is_upload:
        file = st.file_uploader(
            "A CSV file, or a ZIP or TAR archive",
            type=[one.removeprefix(".") for one in UPLOADED_ENDINGS],
            help=_FORMATS_HELP,
            key=f"{key}-file",
        )
        return file, ""
    path = st.text_input(
        "A CSV file, a ZIP or TAR archive, or a folder",
        placeholder="/home/ada/fer2013.csv",
        help=_FORMATS_HELP,
        key=f"{key}-path",
    )
    return None, path.strip()


def draw_demo_button() -> None:
    """Draw the button that opens the demo dataset."""
    if st.button("Open the demo (synthetic faces)", type="primary", key="add-demo-dataset"):
        with error_box.on_error():
            _start_opening(*explore_cached.demo_source())


def follow() -> bool:
    """Show the run that opens a dataset until it is over: this visitor's own, or the newest one,
    which may have been started in a tab that is closed now.

    Returns:
        Whether a dataset is being opened. After a failure none is: its advice may name a field of
        the form.
    """
    run_id = session_state.opening_run.get()
    if run_id is None:
        extract_faces.draw_unopened()
        running = run_panel.active_run(tuple(_TITLES))
        if running is not None:
            run_panel.show(running.id, title=_TITLES[running.kind])
        return running is not None
    try:
        kind = run_panel.current_run(run_id).kind
    except UnknownRun:  # deleted meanwhile
        _forget()
        return False
    run = run_panel.show(run_id, title=_TITLES.get(kind, "Opening the dataset"))
    if run.status is RunStatus.COMPLETED and run.finished is not None:
        _show_result(run.finished.result)
    elif run.status.is_over:
        advice = _draw_questions(run)
        run_panel.draw_end(run, forget=lambda: _discard(run), advice=advice)
    return not run.status.is_over


def _show_result(result: Mapping[str, str]) -> None:
    """Show the opened dataset, or the options for faces without scores."""
    _forget()
    if "dataset" in result:
        session_state.chosen_dataset.set(result["dataset"])
    else:
        session_state.unopened_faces.set(result.get("faces"))
    st.rerun()


def _choose_options(key: str) -> dict[str, Any]:
    """The reading options: values of a `DatasetSource`."""
    align = st.checkbox(
        "Detect, align and crop the face in each picture, as in FER2013",
        key=f"{key}-align",
        help="For photographs that show more than the face. Pictures without a detected face "
        "are excluded and listed.",
    )
    with st.expander("Label, column and file names"):
        schemes = {_DETECT: "", **{one.name: one.name for one in SCHEMES.values()}}
        schemes["FER+ majority vote (eight classes; needs its votes beside fer2013.csv)"] = FER_PLUS
        schemes[_KEEP_LABELS] = ORIGINAL_LABELS
        scheme = st.selectbox("Classes", list(schemes), key=f"{key}-scheme")
        columns = _choose_columns(key)
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


def _choose_columns(key: str) -> ColumnNames:
    st.caption(
        "Columns of a CSV file, or of a list beside pictures. Empty: detected by their usual names."
    )
    pixels, label, split, person = st.columns(4)
    picture, box = st.columns(2)
    return ColumnNames(
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


def _expect_source(has_file: bool, path: str) -> None:
    if not has_file and not path.strip():
        raise DatasetError("Nothing was chosen.", advice="Choose a file, or give a path.")


def _store_upload(file: Upload) -> str:
    upload_id = new_id(datetime.now(UTC), np.random.default_rng())
    return str(keep_upload(shell_cached.settings().uploads_dir, file, file.name, upload_id))


def _start_opening(name: str, source: DatasetSource) -> None:
    session_state.opening_run.set(
        run_panel.start_run("open_dataset", OpenPlan(name, source).to_json())
    )
    st.rerun()


def _forget() -> None:
    session_state.opening_run.set(None)


def _discard(run: Run) -> None:
    """Delete the upload or the extracted faces of a run that is dismissed."""
    _forget()
    folder = find(shell_cached.settings().runs_dir, run.id)
    kind, plan, _ = folder.read_plan()
    if kind == "faces":
        discard_unfinished(folder.path)
    discard_upload(shell_cached.settings().uploads_dir, str(plan.get("source", {}).get("path", "")))


def _draw_questions(run: Run) -> str:
    """Ask for unknown labels or columns, and open the dataset again with the answers.

    Returns:
        Advice that names the form; empty without one.
    """
    questions = run.finished.result if run.finished is not None else {}
    if not questions.keys() & set(QUESTIONS):
        return ""
    _, plan, _ = find(shell_cached.settings().runs_dir, run.id).read_plan()
    with error_box.on_error():
        if "labels" in questions:
            new_plan = labels.draw_form(plan, questions["labels"])
        else:
            new_plan = dataset_columns.draw_form(plan, questions["table"])
        if new_plan is not None:
            _start_opening(new_plan.name, new_plan.source)
    if "table" in questions:
        return _COLUMNS_ADVICE
    keeps_labels = plan.get("source", {}).get("scheme") == ORIGINAL_LABELS
    return "" if keeps_labels else _LABELS_ADVICE
