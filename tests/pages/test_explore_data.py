"""Explore data: bring a dataset, look at it, audit it, correct it, report on it."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.datasets import DatasetSource
from core.datasets.audit.audit_store import Audit, save_audit
from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.catalogue.catalogue import add, entries, remove
from core.datasets.labels.corrections import Merge, Relabel, load_corrections, save_corrections
from core.datasets.readers.face_folder import ABOUT_FILE
from core.datasets.report.plan import PreparePlan
from core.domain import FER7, UNLABELLED, Dataset, Started
from core.domain.dataset import order_hash
from core.jobs import Journal, Lease, all_runs
from core.jobs.run_folder.folder import create
from core.settings import Settings
from pages.parts.shell.navigation import EXPLORE_DATA
from scripts.make_recruitview import Invented, make
from tests.clips import write_face_video
from tests.datasets_on_disk import (
    make_pictures,
    write_csv,
    write_folders,
    write_numbered,
    write_sequences,
)
from tests.pages.conftest import ROOT
from tests.pages.visits import as_read, open_at, words_of

WAITS_S = 60.0


@pytest.fixture
def faces(tmp_path: Path, installation: Settings) -> Dataset:
    """A small FER2013 in the catalogue, under the name "small"."""
    source = DatasetSource(str(write_csv(tmp_path / "fer2013.csv", make_pictures())))
    return add(installation.datasets_dir, "small", source, installation.datasets_cache_dir)


@pytest.fixture
def audited(faces: Dataset, installation: Settings) -> Dataset:
    """The same, audited: its first three training pictures are too dark, the next repeats them."""
    scores = np.zeros(len(faces), dtype=np.float32)
    scores[:3] = (0.9, 0.8, 0.7)
    dark = Problem(ProblemKind.TOO_DARK, scores, scores > 0.5, "Dark is under 15 % of white.")
    partners = np.full(len(faces), -1)
    partners[5] = 2
    repeats = (partners >= 0).astype(np.float32)
    exact = Problem(
        ProblemKind.EXACT_DUPLICATE, repeats, repeats > 0, "Equal pixels.", partners=partners
    )
    nothing = np.zeros(len(faces), dtype=np.float32)
    near = Problem(ProblemKind.NEAR_DUPLICATE, nothing, nothing > 0, "Alike.")
    audit = Audit(
        order_hash(faces.pictures), "2026-11-21T08:00:00", "compact-1", (dark, exact, near)
    )
    save_audit(installation.datasets_dir / "small", audit)
    return faces


@pytest.fixture
def mislabelled(faces: Dataset, installation: Settings) -> Dataset:
    """The same, audited: the labels of its first three pictures are likely wrong."""
    scores = np.zeros(len(faces), dtype=np.float32)
    scores[:3] = (0.9, 0.8, 0.7)
    suggested = np.full(len(faces), UNLABELLED)
    suggested[:3] = [faces.scheme.labels.index(one) for one in ("happy", "sad", "happy")]
    note = "Labels checked with compact-1."
    wrong = Problem(
        ProblemKind.LABEL, scores, scores > 0.5, "Unlikely.", suggested=suggested, note=note
    )
    dark = Problem(ProblemKind.TOO_DARK, scores, scores > 0.5, "Dark is under 15 % of white.")
    audit = Audit(order_hash(faces.pictures), "2026-11-21T08:00:00", "compact-1", (wrong, dark))
    save_audit(installation.datasets_dir / "small", audit)
    return faces


def look_at(visitor: AppTest, section: str) -> AppTest:
    return visitor.button_group(key="data-section").select(section).run()


def wait(visitor: AppTest, installation: Settings) -> AppTest:
    """Until no run is under way; then the page is drawn once more."""
    from datetime import UTC, datetime

    deadline = time.monotonic() + WAITS_S
    while any(
        not run.status.is_over for run in all_runs(installation.runs_dir, now=datetime.now(UTC))
    ):
        assert time.monotonic() < deadline, "the run does not end"
        time.sleep(0.2)
    return visitor.run().run()


def test_an_empty_install_offers_a_demo_and_opens_it(
    visitor: AppTest, installation: Settings
) -> None:
    open_at(visitor, EXPLORE_DATA)
    visitor.button(key="add-demo-dataset").click().run()
    wait(visitor, installation)
    assert not visitor.exception
    assert [one.name for one in entries(installation.datasets_dir)] == ["Demo faces"]
    assert visitor.metric[0].value == "392"


def test_a_path_is_opened_under_a_chosen_name(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    path = write_folders(tmp_path / "faces", make_pictures(), named=True)
    open_at(visitor, EXPLORE_DATA)
    visitor.button_group(key="first-where").select("Path on this machine").run()
    visitor.text_input(key="first-path").set_value(str(path))
    visitor.text_input(key="first-name").set_value("Mine")
    visitor.button(key="first-open").click().run()
    wait(visitor, installation)
    assert [one.name for one in entries(installation.datasets_dir)] == ["Mine"]
    assert "**Training** is the training split" in words_of(visitor)


def test_nothing_chosen_is_reported(visitor: AppTest, installation: Settings) -> None:
    open_at(visitor, EXPLORE_DATA).button(key="first-open").click().run()
    assert "Nothing was chosen" in visitor.error[0].value


def open_letters(visitor: AppTest, installation: Settings, folder: Path) -> None:
    """Open a table that is no dataset, and wait until that is told."""
    (folder / "letters.csv").write_text("a,b\n1,2\n")
    open_at(visitor, EXPLORE_DATA)
    visitor.button_group(key="first-where").select("Path on this machine").run()
    visitor.text_input(key="first-path").set_value(str(folder / "letters.csv"))
    visitor.button(key="first-open").click().run()
    wait(visitor, installation)


def test_what_is_no_dataset_is_explained(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    open_letters(visitor, installation, tmp_path)
    assert not visitor.exception
    assert "no column pixels" in visitor.error[0].value
    assert "Resume" not in [one.label for one in visitor.button]
    assert "Close" in [one.label for one in visitor.button]
    assert entries(installation.datasets_dir) == []


def test_after_a_failure_the_form_that_its_advice_names_is_on_the_page(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    open_letters(visitor, installation, tmp_path)
    assert "Label, column and file names" in visitor.error[0].value
    assert "Label, column and file names" in [one.label for one in visitor.expander]
    visitor.text_input(key="first-pixels").set_value("a")
    visitor.button(key="first-open").click().run()
    assert not visitor.exception


def test_unknown_labels_are_asked_about(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    root = write_folders(tmp_path / "faces", make_pictures(), named=True)
    (root / "train" / "fear").rename(root / "train" / "contempt")
    open_at(visitor, EXPLORE_DATA)
    visitor.button_group(key="first-where").select("Path on this machine").run()
    visitor.text_input(key="first-path").set_value(str(root))
    visitor.button(key="first-open").click().run()
    wait(visitor, installation)
    assert "in the form above" in visitor.error[0].value
    assert "--map" not in visitor.error[0].value
    visitor.selectbox(key="unmapped-contempt").select("disgust")
    visitor.button(key="unmapped-open").click().run()
    wait(visitor, installation)
    assert not visitor.exception
    assert [one.name for one in entries(installation.datasets_dir)] == ["faces"]


def test_numbers_of_folders_are_shown_with_pictures_and_asked_about_one_by_one(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    root = write_numbered(tmp_path / "numbered", make_pictures(), first=1)
    open_at(visitor, EXPLORE_DATA)
    visitor.button_group(key="first-where").select("Path on this machine").run()
    visitor.text_input(key="first-path").set_value(str(root))
    visitor.button(key="first-open").click().run()
    wait(visitor, installation)
    shown = [one.proto.body for one in visitor.get("html") if "Pictures labelled" in one.proto.body]
    assert len(shown) == 7
    assert [visitor.selectbox(key=f"unmapped-{n}").value for n in range(1, 8)] == [None] * 7
    visitor.selectbox(key="unmapped-7").select("neutral")
    visitor.button(key="unmapped-open").click().run()
    assert any("Nothing was chosen for '1'" in one.value for one in visitor.error)
    for number, label in enumerate(FER7.labels, start=1):
        visitor.selectbox(key=f"unmapped-{number}").select(label)
    visitor.button(key="unmapped-open").click().run()
    wait(visitor, installation)
    assert not visitor.exception
    (labels,) = [one for one in visitor.expander if one.label == "Original labels"]
    assert labels.dataframe[0].value["Class"].tolist() == list(FER7.labels)


def test_the_columns_of_a_list_are_chosen_on_screen(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    root = write_folders(tmp_path / "listed", make_pictures(size_px=8), named=True)
    lines = ["image,a,b"]
    (root / "all").mkdir()
    for at, file in enumerate(sorted(root.rglob("*.png"))):
        lines.append(f"{at}.png,{file.parent.name},x")
        file.rename(root / "all" / f"{at}.png")
    (root / "labels.csv").write_text("\n".join(lines))
    open_at(visitor, EXPLORE_DATA)
    visitor.button_group(key="first-where").select("Path on this machine").run()
    visitor.text_input(key="first-path").set_value(str(root))
    visitor.button(key="first-open").click().run()
    wait(visitor, installation)
    assert "does not say which column holds the labels" in visitor.error[0].value
    assert "--label-column" not in visitor.error[0].value
    assert visitor.dataframe[0].value["a"].tolist()[0] == "angry"
    visitor.selectbox(key="columns-label").select("a")
    visitor.button(key="columns-open").click().run()
    wait(visitor, installation)
    assert not visitor.exception
    assert [one.name for one in entries(installation.datasets_dir)] == ["listed"]


def test_a_pattern_for_names_is_taken_and_shown(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    root = write_sequences(tmp_path / "frames", people=12)
    open_at(visitor, EXPLORE_DATA)
    visitor.button_group(key="first-where").select("Path on this machine").run()
    visitor.text_input(key="first-path").set_value(str(root))
    visitor.text_input(key="first-people").set_value("{person}_*")
    visitor.button(key="first-open").click().run()
    wait(visitor, installation)
    assert not visitor.exception
    assert any(
        "Read from the file names: 12 people, with the pattern" in as_read(one.value)
        for one in visitor.info
    )
    assert "No person is in more than one split" in words_of(visitor)


def test_the_overview_counts_and_names_the_protocol(visitor: AppTest, faces: Dataset) -> None:
    open_at(visitor, EXPLORE_DATA)
    assert not visitor.exception
    assert [one.value for one in visitor.metric] == ["112", "7", "48 px", "1.0"]
    assert "**PrivateTest** the test split, used once" in words_of(visitor)
    assert visitor.get("plotly_chart")


def test_another_dataset_can_be_chosen_again_and_again(
    visitor: AppTest, faces: Dataset, installation: Settings, tmp_path: Path
) -> None:
    for name, count in (("tiny", 60), ("whole", 112)):
        path = write_csv(tmp_path / f"{name}.csv", make_pictures()[-count:])
        add(
            installation.datasets_dir,
            name,
            DatasetSource(str(path)),
            installation.datasets_cache_dir,
        )
    open_at(visitor, EXPLORE_DATA)
    for name, count in (("tiny", "60"), ("whole", "112"), ("tiny", "60"), ("small", "112")):
        visitor.selectbox(key="dataset-small/tiny/whole").select(name).run()
        assert visitor.metric[0].value == count


def test_classes_can_be_shown_as_two(visitor: AppTest, faces: Dataset) -> None:
    open_at(visitor, EXPLORE_DATA)
    visitor.selectbox(key="classes-small").select("Confident or stressed").run()
    assert visitor.metric[0].value == "80"
    assert visitor.metric[1].value == "2"


def test_a_mapping_called_original_does_not_hide_the_classes_of_the_files(
    visitor: AppTest, faces: Dataset
) -> None:
    open_at(visitor, EXPLORE_DATA)
    visitor.text_input(key="map-name").set_value("original")
    visitor.text_input(key="map-small-surprise").set_value("")
    visitor.button(key="map-save").click().run()
    assert visitor.metric[0].value == "112"
    options = visitor.selectbox(key="classes-small").options
    assert options[0] == "As in the files"
    assert "Original" in options


def test_a_custom_mapping_is_saved(
    visitor: AppTest, faces: Dataset, installation: Settings
) -> None:
    open_at(visitor, EXPLORE_DATA)
    visitor.text_input(key="map-name").set_value("Pleased")
    for label in faces.scheme.labels:
        to = {"happy": "pleased", "surprise": ""}.get(label, "other")
        visitor.text_input(key=f"map-small-{label}").set_value(to)
    visitor.button(key="map-save").click().run()
    visitor.selectbox(key="classes-small").select("Pleased").run()
    assert not visitor.exception
    assert visitor.metric[0].value == "96"


def test_pictures_are_shown_by_split_and_class(visitor: AppTest, faces: Dataset) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Pictures")
    assert "112 of 112 pictures" in words_of(visitor)
    visitor.selectbox(key="pictures-split").select("PublicTest")
    visitor.selectbox(key="pictures-label").select("sad").run()
    assert "2 of 112 pictures" in words_of(visitor)
    assert not visitor.exception


def test_without_an_audit_one_is_offered(visitor: AppTest, faces: Dataset) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Problems")
    assert "Not audited yet" in words_of(visitor)
    assert visitor.button(key="audit").label == "Audit"


def test_a_problem_shows_its_pictures_worst_first(visitor: AppTest, audited: Dataset) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Problems")
    rows = visitor.dataframe[0].value
    assert rows["Name"].tolist() == audited.pictures.names[:3].tolist()
    assert rows["Severity"].tolist() == [90, 80, 70]


def test_a_duplicate_is_shown_beside_its_original(visitor: AppTest, audited: Dataset) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Problems")
    visitor.button_group(key="problem-kind").select("exact_duplicate").run()
    assert not visitor.exception
    rows = visitor.dataframe[0].value
    assert {"Duplicate of", "Original's label", "Original's split"} <= set(rows.columns)
    assert "leak across splits" in words_of(visitor)


def test_flagged_pictures_can_be_excluded_and_restored(
    visitor: AppTest, audited: Dataset, installation: Settings
) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Problems").button(key="exclude-all").click().run()
    folder = installation.datasets_dir / "small"
    assert load_corrections(folder).steps[0].names == tuple(audited.pictures.names[:3].tolist())
    look_at(visitor, "Overview")
    assert visitor.metric[0].value == "109"
    key = load_corrections(installation.datasets_dir / "small").key
    look_at(visitor, "Corrections").button(key=f"undo-{key}").click().run()
    assert load_corrections(folder).steps == ()
    look_at(visitor, "Overview")
    assert visitor.metric[0].value == "112"


def _select_rows(visitor: AppTest, kind: ProblemKind, *rows: int) -> AppTest:
    """Select rows of the table of a problem, as a visitor does with its check boxes."""
    visitor.button_group(key="problem-kind").select(str(kind)).run()
    (key,) = [key for key in visitor.session_state if key.startswith(f"problem-rows-small-{kind}-")]
    visitor.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return visitor.run()


def test_selected_label_errors_get_the_labels_that_the_audit_suggests(
    visitor: AppTest, mislabelled: Dataset, installation: Settings
) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Problems")
    _select_rows(visitor, ProblemKind.LABEL, 0, 1, 2)
    visitor.button(key="relabel").click().run()
    assert not visitor.exception
    names = mislabelled.pictures.names[:3].tolist()
    assert load_corrections(installation.datasets_dir / "small").steps == (
        Relabel((names[0], names[2]), "happy", "likely label error"),
        Relabel((names[1],), "sad", "likely label error"),
    )


def test_how_labels_were_checked_is_told_with_label_errors_only(
    visitor: AppTest, mislabelled: Dataset
) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Problems")
    assert "Labels checked with compact-1." in words_of(visitor)
    visitor.button_group(key="problem-kind").select(str(ProblemKind.TOO_DARK)).run()
    assert "Labels checked with compact-1." not in words_of(visitor)


def test_a_relabelling_is_confirmed_shows_the_new_label_and_can_be_undone(
    visitor: AppTest, mislabelled: Dataset, installation: Settings
) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Problems")
    _select_rows(visitor, ProblemKind.LABEL, 0, 1, 2)
    visitor.button(key="relabel").click().run()
    assert [one.value for one in visitor.success] == [
        "2 pictures relabelled as happy. 1 picture relabelled as sad."
    ]
    assert visitor.dataframe[0].value["Corrected label"].tolist() == ["happy", "sad", "happy"]
    key = load_corrections(installation.datasets_dir / "small").key
    visitor.button(key=f"undo-last-{key}").click().run()
    assert not visitor.exception
    assert load_corrections(installation.datasets_dir / "small").steps == ()
    assert not visitor.success
    assert "Corrected label" not in visitor.dataframe[0].value.columns


def test_without_suggestions_no_label_is_chosen_for_the_visitor(
    visitor: AppTest, audited: Dataset, installation: Settings
) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Problems")
    _select_rows(visitor, ProblemKind.TOO_DARK, 0)
    assert visitor.button(key="relabel").disabled
    visitor.selectbox(key="relabel-to-too_dark").select("fear").run()
    visitor.button(key="relabel").click().run()
    (step,) = load_corrections(installation.datasets_dir / "small").steps
    assert step == Relabel((str(audited.pictures.names[0]),), "fear", "too dark")


def test_classes_can_be_merged(visitor: AppTest, faces: Dataset) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Corrections")
    visitor.selectbox(key="merge-from").select("disgust").run()
    visitor.selectbox(key="merge-into").select("angry")
    visitor.button(key="merge").click().run()
    look_at(visitor, "Overview")
    assert not visitor.exception
    assert visitor.metric[1].value == "6"


def test_a_report_is_made_and_offered(
    visitor: AppTest, faces: Dataset, installation: Settings
) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Report").checkbox(key="report-pictures").check()
    visitor.button(key="prepare").click().run()
    wait(visitor, installation)
    assert not visitor.exception
    assert "Next steps" in [one.value for one in visitor.subheader]
    assert [one.label for one in visitor.get("download_button")] == [
        "Report (HTML)",
        "Report (text)",
        "Summary (JSON)",
        "Class distribution (SVG)",
        "Class distribution (CSV)",
        "Class weights (JSON)",
        "Class weights (text)",
        "Sample sheet (PNG)",
    ]
    look_at(visitor, "Differences")
    assert not visitor.exception
    assert visitor.get("plotly_chart")


def test_while_a_report_is_made_no_second_one_can_be_started(
    visitor: AppTest, faces: Dataset, installation: Settings
) -> None:
    open_at(visitor, EXPLORE_DATA)
    for section in ("Report", "Differences"):
        assert look_at(visitor, section).button(key="prepare")
    now = datetime.now(UTC)
    plan, seed = PreparePlan("small").to_json(), np.random.default_rng(0)
    folder = create(installation.runs_dir, "prepare", plan, now=now, rng=seed)
    Journal(folder.events, clock=lambda: now).append(Started(1))
    lease = Lease(folder.lease)
    assert lease.take()
    for section in ("Report", "Differences"):
        look_at(visitor, section)
        assert not visitor.exception
        assert "prepare" not in [one.key for one in visitor.button], section
    lease.release()


def test_a_report_on_other_pictures_is_not_shown_as_this_ones(
    visitor: AppTest, audited: Dataset, installation: Settings
) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Report").button(key="prepare").click().run()
    wait(visitor, installation)
    look_at(visitor, "Problems").button(key="exclude-all").click().run()
    look_at(visitor, "Report")
    assert "out of date" in visitor.warning[0].value


def test_a_dataset_can_be_removed(visitor: AppTest, faces: Dataset, installation: Settings) -> None:
    open_at(visitor, EXPLORE_DATA).button(key="remove-dataset-small").click().run()
    assert not visitor.exception
    assert entries(installation.datasets_dir) == []
    assert visitor.button(key="add-demo-dataset")


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("spelt", ["faces/talks", "runs/../faces/talks/", "linked/talks"])
def test_extracted_faces_go_with_their_dataset_unless_they_are_kept(
    visitor: AppTest, installation: Settings, keeps: bool, spelt: str
) -> None:
    folder = write_folders(installation.faces_dir / "talks", make_pictures(), named=True)
    installation.runs_dir.mkdir(parents=True, exist_ok=True)
    (installation.data_dir / "linked").symlink_to("faces", target_is_directory=True)
    source = DatasetSource(f"{installation.data_dir}/{spelt}")
    add(installation.datasets_dir, "talks", source, installation.datasets_cache_dir)
    (folder / ABOUT_FILE).write_text("{}", encoding="utf-8")  # as the cutting leaves it
    open_at(visitor, EXPLORE_DATA)
    if keeps:
        visitor.checkbox(key="remove-faces-talks").uncheck().run()
    visitor.button(key="remove-dataset-talks").click().run()
    assert not visitor.exception
    assert entries(installation.datasets_dir) == []
    assert folder.exists() is keeps


def test_another_dataset_under_the_same_name_is_shown_as_it_is(
    visitor: AppTest, faces: Dataset, installation: Settings, tmp_path: Path
) -> None:
    assert open_at(visitor, EXPLORE_DATA).metric[0].value == "112"
    cache_dir = installation.datasets_cache_dir
    remove(installation.datasets_dir, "small", installation.uploads_dir, cache_dir)
    other = write_csv(tmp_path / "other.csv", make_pictures()[:98])
    source = DatasetSource(str(other))
    add(installation.datasets_dir, "small", source, installation.datasets_cache_dir)
    assert visitor.run().metric[0].value == "98"


def test_corrections_are_made_to_the_classes_of_the_files_whatever_is_shown(
    visitor: AppTest, faces: Dataset
) -> None:
    classes = open_at(visitor, EXPLORE_DATA).selectbox(key="classes-small")
    classes.select("Confident or stressed").run()
    assert visitor.metric[1].value == "2"
    look_at(visitor, "Corrections")
    assert visitor.selectbox(key="merge-from").options == list(faces.scheme.labels)


def test_a_merge_that_comes_after_another_tabs_changes_nothing(
    visitor: AppTest, faces: Dataset, installation: Settings
) -> None:
    look_at(open_at(visitor, EXPLORE_DATA), "Corrections")
    visitor.selectbox(key="merge-from").select("disgust").run()
    merge = visitor.button(key="merge")
    folder = installation.datasets_dir / "small"
    before = load_corrections(folder).with_step(Merge("disgust", "angry", "in another tab"))
    save_corrections(folder, before)
    merge.click().run()
    assert not visitor.exception
    assert load_corrections(folder) == before


@pytest.fixture
def eyes(assets_dir: Path, installation: Settings) -> None:
    """The installation has what finds faces."""
    shutil.copytree(assets_dir, installation.assets_dir)


def ask_for_faces(visitor: AppTest, path: Path, name: str) -> AppTest:
    open_at(visitor, EXPLORE_DATA)
    visitor.button_group(key="first-where").select("Videos").run()
    visitor.text_input(key="first-videos-path").set_value(str(path))
    visitor.text_input(key="first-videos-name").set_value(name)
    visitor.checkbox(key="first-licence").check()
    visitor.number_input(key="first-videos-pause").set_value(0.5)
    return visitor.button(key="first-videos-begin").click().run()


@pytest.mark.usefixtures("eyes")
def test_extracted_faces_are_there_for_a_visitor_in_a_new_tab(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    ask_for_faces(visitor, make(tmp_path / "rv", Invented(people=2, clips=2, seconds=1.0)), "talks")
    assert not visitor.exception
    later = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    open_at(later, EXPLORE_DATA)
    assert "Extracting faces" in words_of(later)
    assert not [one for one in later.button_group if one.key == "first-where"]
    wait(later, installation)
    assert not later.exception
    assert [one.name for one in entries(installation.datasets_dir)] == ["talks"]
    assert later.get("download_button")[0].label == "Faces as PNG files (ZIP)"


@pytest.mark.usefixtures("eyes")
def test_faces_without_scores_can_be_downloaded(
    visitor: AppTest, installation: Settings, tmp_path: Path
) -> None:
    ask_for_faces(visitor, write_face_video(tmp_path / "one.mp4", frames=30), "mine")
    wait(visitor, installation)
    assert not visitor.exception
    assert "The faces of mine were extracted" in words_of(visitor)
    assert "have no scores" in words_of(visitor)
    assert visitor.get("download_button")[0].label == "Faces as PNG files (ZIP)"
    visitor.button(key="close-unopened").click().run()
    assert "were extracted" not in words_of(visitor)


def test_a_run_that_was_deleted_meanwhile_is_forgotten(visitor: AppTest, faces: Dataset) -> None:
    open_at(visitor, EXPLORE_DATA)
    visitor.session_state["slot:data_run"] = "2026-11-21-0000-gone-gull"
    visitor.session_state["slot:opening_run"] = "2026-11-21-0000-gone-goat"
    visitor.run()
    assert not visitor.exception
    assert not visitor.error
    assert visitor.metric[0].value == "112"


def test_files_that_are_gone_are_one_sentence(
    visitor: AppTest, faces: Dataset, tmp_path: Path
) -> None:
    (tmp_path / "fer2013.csv").unlink()
    open_at(visitor, EXPLORE_DATA)
    assert not visitor.exception
    assert "nothing at" in visitor.error[0].value


def test_a_damaged_audit_is_one_sentence(
    visitor: AppTest, audited: Dataset, installation: Settings
) -> None:
    (installation.datasets_dir / "small" / "audit" / "problems.npz").write_bytes(b"x")
    look_at(open_at(visitor, EXPLORE_DATA), "Problems")
    assert not visitor.exception
    assert "Audit the dataset again" in visitor.error[0].value
