"""The form for importing a model: its file, its labels, and the run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile as Upload

from core.conversion.importing import (
    IMPORTED_FORMATS,
    IMPORTERS,
    MAX_BYTES,
    ORDERS,
    ImportPlan,
    discard_model_upload,
    keep_description,
    keep_model_upload,
    read_labels,
)
from core.datasets.catalogue import discard_upload
from core.domain import OutputKind, Run, new_id
from core.domain.errors import PlanError
from core.jobs import find
from core.settings import expand_home
from core.vision.faces import CROPS
from pages.parts.explore import cached as explore_cached
from pages.parts.publish import imported_models
from pages.parts.publish.cached import KIND, imported
from pages.parts.publish.form_checks import expect_labels, expect_one
from pages.parts.shell import cached as shell_cached
from pages.parts.shell import error_box, run_panel, session_state
from pages.parts.shell.theme import plain

_UPLOAD, _PATH = "Upload", "Path on this machine"
_FILE, _TYPED = "From a labels file", "Enter labels"
_MEASURED = "Detect with labelled pictures"
_NO_PICTURES = "None"
_CROP_HELP = "Use the face crop of its training pictures."
_FIELD_WIDTH_PX = 420

_SCALING_OPTIONS = {"": "Detect automatically"} | {
    one.value: words for one, words in imported_models.SCALING_NAMES.items()
}
_INTERPOLATION_OPTIONS = {"": "Detect automatically"} | {
    one.value: words for one, words in imported_models.INTERPOLATION_NAMES.items()
}
_ORDER_OPTIONS = {"": "Detect automatically"} | {
    one.value: words for one, words in imported_models.ORDER_NAMES.items()
}
_OUTPUT_OPTIONS = {
    "": "Detect automatically",
    OutputKind.LOGITS: "Logits",
    OutputKind.PROBABILITIES: "Probabilities",
    OutputKind.SIGMOIDS: "Independent sigmoids (multi-label)",
    OutputKind.SHARE: "Single sigmoid: probability of the second label",
}


def draw() -> None:
    """Imported models, and the form for another one."""
    st.subheader("Import a model trained elsewhere", anchor=False)
    st.caption(
        f"A file ({IMPORTED_FORMATS}) whose input is one face picture. The file is inspected, "
        "its code is never executed, and it stays on this machine. The model can then be "
        "evaluated and used like any other."
    )
    is_running = run_panel.follow(
        session_state.import_run,
        {KIND: "Importing the model"},
        on_completed=_open_imported,
        on_close=_discard_upload,
    )
    found = imported()
    if found:
        imported_models.draw(found)
    if not is_running:
        with st.expander("Import a model", expanded=not found, icon=":material/upload_file:"):
            _draw_form()


def _open_imported(result: dict[str, str]) -> None:
    session_state.import_run.set(None)
    session_state.imported_model.set(result.get("model"))
    st.rerun()


def _discard_upload(run: Run) -> None:
    _, plan, _ = find(shell_cached.settings().runs_dir, run.id).read_plan()
    discard_model_upload(shell_cached.settings(), plan)


def _draw_form() -> None:
    where = st.segmented_control(
        "Source",
        [_UPLOAD, _PATH],
        default=_UPLOAD,
        required=True,
        key="import-where",
        wrap=True,
    )
    file, path = _ask_where(where == _UPLOAD)
    st.caption(f"{IMPORTED_FORMATS}. Export a PyTorch model as ONNX where it was trained.")
    dataset = _ask_pictures()
    labels, leave_out, is_measured = _ask_labels(has_pictures=bool(dataset))
    described, described_path = _ask_description(where == _UPLOAD)
    name = st.text_input(
        "Name", placeholder="same as the file", key="import-name", width=_FIELD_WIDTH_PX
    )
    preprocessing = _ask_preprocessing()
    if st.button("Import", type="primary", key="import-start"):
        with error_box.on_error():
            expect_one(file is not None, path)
            expect_labels(is_known=bool(labels) or is_measured)
            preprocessing["dataset"] = dataset
            at = _store_upload(file) if file is not None else _resolved(path)
            preprocessing["architecture"] = _resolved(described_path)
            if file is not None and described is not None:
                preprocessing["architecture"] = str(keep_description(Path(at), described))
            _begin(at, labels, leave_out, name.strip(), is_upload=file is not None, **preprocessing)


def _ask_where(uploads: bool) -> tuple[Upload | None, str]:
    if uploads:
        file = st.file_uploader(
            "Model file",
            type=[ending.removeprefix(".") for ending in IMPORTERS],
            max_upload_size=MAX_BYTES // 2**20,
            key="import-file",
        )
        return file, ""
    path = st.text_input("Model file", placeholder="/home/ada/model.onnx", key="import-path")
    return None, path.strip()


def _ask_description(uploads: bool) -> tuple[Upload | None, str]:
    """The architecture of a network whose file holds weights only; usually not needed."""
    label = "Model architecture (JSON from model.to_json())"
    with st.expander("If the file holds weights only"):
        if uploads:
            return st.file_uploader(label, type="json", key="import-description"), ""
        path = st.text_input(label, placeholder="/home/ada/model.json", key="import-description-at")
        return None, path.strip()


def _resolved(path: str) -> str:
    return str(Path(expand_home(path)).resolve()) if path else ""


def _ask_pictures() -> str:
    """The dataset to measure with; empty for none."""
    names = [entry.name for entry in explore_cached.datasets()]
    if not names:
        return ""
    remembered = session_state.chosen_dataset.get()
    chosen = st.selectbox(
        "Labelled pictures",
        [_NO_PICTURES, *names],
        index=1 + (names.index(remembered) if remembered in names else 0),
        help="Model files do not contain the pixel scaling. Each scaling is tested on some of "
        "these pictures, and the most accurate is used if it is significantly better. "
        "Without pictures, synthetic faces only tell [0, 255] from small ranges.",
        key="import-dataset",
        width=_FIELD_WIDTH_PX,
    )
    return "" if chosen == _NO_PICTURES else str(chosen)


def _ask_labels(*, has_pictures: bool) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The labels in the order of the model's outputs, those to exclude, and whether to measure.

    Args:
        has_pictures: whether there are labelled pictures to measure the order with.
    """
    order = st.selectbox(
        "Class order",
        [*ORDERS, *([_MEASURED] if has_pictures else []), _FILE, _TYPED],
        index=None,
        placeholder="Choose the order used in training",
        help="A model file does not contain which class each output stands for. Keras sorts "
        "folders alphabetically; FER2013 has its own order.",
        key="import-order",
        width=_FIELD_WIDTH_PX,
    )
    labels: tuple[str, ...] = ORDERS.get(order or "", ())
    with error_box.on_error():
        if order == _FILE:
            file = st.file_uploader(
                "Labels file (text, CSV or JSON)",
                type=["txt", "csv", "json"],
                key="import-labels-file",
            )
            labels = read_labels(file.getvalue()) if file is not None else ()
        elif order == _TYPED:
            typed = st.text_area(
                "One label per line, in the order of the model's outputs", key="import-labels"
            )
            labels = read_labels(typed.encode()) if typed.strip() else ()
    if not labels:
        return (), (), order == _MEASURED
    st.caption(" · ".join(f"{index} {plain(label)}" for index, label in enumerate(labels)))
    if order in ORDERS:
        return labels, (), False
    excluded = st.multiselect(
        "Exclude", labels, help="Their outputs are not used.", key=f"import-leave-{len(labels)}"
    )
    return labels, tuple(excluded), False


def _ask_preprocessing() -> dict[str, str | int]:
    """Preprocessing; empty values are detected."""
    with st.expander("Preprocessing"):
        st.caption(
            "Detected from the file and the pictures unless set here; the result is shown "
            "after the import."
        )
        left, right = st.columns(2)
        found = {
            "crop": _selectbox(left, "Face crop", CROPS, "import-crop", _CROP_HELP),
            "scaling": _selectbox(right, "Pixel scaling", _SCALING_OPTIONS, "import-scaling"),
            "colour_order": _selectbox(left, "Colour order", _ORDER_OPTIONS, "import-colour"),
            "answers": _selectbox(right, "Output type", _OUTPUT_OPTIONS, "import-answers"),
            "interpolation": _selectbox(
                left,
                "Upsampling",
                _INTERPOLATION_OPTIONS,
                "import-interpolation",
                imported_models.INTERPOLATION_HELP,
            ),
        }
        size_px = right.number_input(
            "Input size (pixels)", 0, 1024, key="import-size", help="0: read from the file."
        )
    return {**found, "size_px": int(size_px)}


def _selectbox(
    column: DeltaGenerator,
    label: str,
    options: Mapping[str, str],
    key: str,
    help_text: str | None = None,
) -> str:
    return str(
        column.selectbox(
            label, list(options), format_func=options.__getitem__, help=help_text, key=key
        )
    )


def _store_upload(file: Upload) -> str:
    upload_id = new_id(datetime.now(UTC), np.random.default_rng())
    return str(keep_model_upload(shell_cached.settings().uploads_dir, file, file.name, upload_id))


def _begin(
    path: str,
    labels: tuple[str, ...],
    leave_out: tuple[str, ...],
    name: str,
    *,
    is_upload: bool,
    **preprocessing: str | int,
) -> None:
    try:
        plan = ImportPlan.from_json(
            {
                "path": path,
                "labels": labels,
                "leave_out": leave_out,
                "name": name,
                "is_upload": is_upload,
                **preprocessing,
            }
        )
    except PlanError:
        if is_upload:
            discard_upload(shell_cached.settings().uploads_dir, path)
        raise
    session_state.import_run.set(run_panel.start_run(KIND, plan.to_json()))
    st.rerun()
