"""The data room as a person types it; one journey with real workers, the rest in this process."""

from __future__ import annotations

import cv2
import pytest
from typer.testing import CliRunner

from core.cli import datasets
from core.cli.app import app
from core.cli.datasets import dataset_option
from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import add, entries, entry
from core.datasets.labels.corrections import Corrections, Exclude, save_corrections
from core.datasets.report.label_examples import label_sheet
from core.datasets.report.report_job import report_dir
from core.domain import FER7
from core.domain.errors import UnknownDataset
from tests.datasets_on_disk import (
    make_pictures,
    write_csv,
    write_face_folder,
    write_folders,
    write_numbered,
)


@pytest.fixture
def here(settings, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    monkeypatch.setenv("COLUMNS", "200")
    return settings


@pytest.fixture
def type_words(here):
    def type_(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return type_


@pytest.fixture
def csv_file(tmp_path):
    return write_csv(tmp_path / "faces.csv", make_pictures(size_px=24))


@pytest.fixture
def added(here, csv_file):
    source = DatasetSource(str(csv_file))
    return add(here.datasets_dir, "faces", source, here.datasets_cache_dir)


@pytest.fixture
def started(monkeypatch):
    """Runs are not started but remembered."""
    asked = []

    def remember(kind, plan):
        asked.append((kind, plan))
        return {"dataset": plan.get("dataset", ""), "report": "somewhere"}

    monkeypatch.setattr(datasets, "start_and_follow", remember)
    return asked


def test_a_dataset_is_added_audited_reported_listed_and_removed(type_words, here, csv_file):
    done = type_words("datasets", "add", csv_file)
    assert done.exit_code == 0, done.output
    assert "84 Training, 14 PublicTest, 14 PrivateTest" in done.output
    assert type_words("datasets", "list").output.split() == ["faces", str(csv_file)]
    done = type_words("audit", "--data", "faces")
    assert done.exit_code == 0, done.output
    assert "exact_duplicate        0    0.00 %" in done.output
    done = type_words("prepare", "--data", csv_file, "--pictures")
    assert done.exit_code == 0, done.output
    page = report_dir(here.datasets_dir / "faces", "") / "report.html"
    assert "class_weights.json, class_weights.txt, sample_sheet.png" in done.output
    assert f"The report: {page}" in done.output
    assert page.exists()
    assert type_words("datasets", "remove", "faces").exit_code == 0
    assert type_words("datasets", "list").output == ""
    assert csv_file.exists()


@pytest.mark.parametrize("command", ["orphaned", "leftovers"])  # the second is its earlier name
def test_orphaned_pictures_are_listed_and_deleted(type_words, here, command):
    assert type_words("datasets", command).output == "None.\n"
    folder = write_face_folder(here.faces_dir / "talks", count=3)
    assert "Faces extracted from videos  talks" in type_words("datasets", command).output
    assert folder.exists()
    done = type_words("datasets", command, "--delete", "other")
    assert "There are no orphaned files named 'other'" in done.output
    assert folder.exists()
    assert type_words("datasets", command, "--delete", "talks").exit_code == 0
    assert not folder.exists()


def test_extracted_faces_are_written_as_png_files_on_request(type_words, here, tmp_path):
    write_face_folder(here.faces_dir / "talks", count=3)
    done = type_words("datasets", "export-faces", "talks", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "3 faces were written" in done.output
    assert len(list((tmp_path / "out").glob("*.png"))) == 3
    again = type_words("datasets", "export-faces", "talks", tmp_path / "out")
    assert again.exit_code == 2
    assert "exists already" in again.output
    assert "no dataset 'other'" in type_words("datasets", "export-faces", "other", "x").output


@pytest.mark.parametrize(("words", "stays"), [((), False), (("--keep-faces",), True)])
def test_cut_out_faces_go_with_their_dataset_unless_they_are_kept(type_words, here, words, stays):
    folder = write_face_folder(here.faces_dir / "talks", count=3)
    add(here.datasets_dir, "talks", DatasetSource(str(folder)), here.datasets_cache_dir)
    assert type_words("datasets", "remove", "talks", *words).exit_code == 0
    assert folder.exists() is stays


def test_unknown_labels_are_reported_and_can_be_mapped(type_words, here, tmp_path):
    root = write_folders(tmp_path / "f", make_pictures(size_px=8), named=True)
    (root / "train" / "fear").rename(root / "train" / "contempt")
    done = type_words("datasets", "add", root)
    assert done.exit_code == 2
    assert "'contempt' is no label of fer7" in done.output
    assert entries(here.datasets_dir) == []
    done = type_words("datasets", "add", root, "--map", "contempt=disgust", "--name", "mapped")
    assert done.exit_code == 0, done.output
    assert entry(here.datasets_dir, "mapped").source.label_map == (("contempt", "disgust"),)


def test_what_is_typed_becomes_the_plan(type_words, started, csv_file):
    type_words("datasets", "add", csv_file, "--scheme", "own", "--map", "7=", "--map", "8= sad")
    columns = ("--label-column", "8", "--box-columns", "4,3,5,6", "--picture-column", "1")
    type_words("datasets", "add", csv_file, "--people", "{person}_*", *columns)
    (kind, plan), (_, other) = started
    assert other["source"]["people"] == "{person}_*"
    said = {what: name for what, name in other["source"]["columns"].items() if name}
    assert said == {"label": "8", "box": "4,3,5,6", "picture": "1"}
    assert kind == "open_dataset"
    assert plan["name"] == "faces"
    assert plan["source"]["scheme"] == "own"
    assert plan["source"]["label_map"] == [["7", ""], ["8", "sad"]]


def test_a_folder_that_a_dot_stands_for_gives_its_name(type_words, started, tmp_path, monkeypatch):
    (tmp_path / "my faces").mkdir()
    monkeypatch.chdir(tmp_path / "my faces")
    type_words("datasets", "add", ".")
    assert started[0][1]["name"] == "my faces"


@pytest.mark.parametrize(
    ("folder", "name"),
    [("CK+48", "CK-48"), ("+", "dataset"), ("a" * 80, "a" * 50), ("fer.tar.gz", "fer")],
)
def test_a_name_is_generated_and_printed_for_a_path(type_words, started, tmp_path, folder, name):
    (tmp_path / folder).mkdir()
    done = type_words("prepare", "--data", tmp_path / folder)
    assert started[0][1]["name"] == name
    assert f"under the name {name!r}" in done.output
    assert "--name" in done.output
    type_words("datasets", "add", tmp_path / folder)
    assert started[-1][1]["name"] == name


def test_another_folder_of_a_taken_name_gets_a_number(type_words, added, started, tmp_path):
    (tmp_path / "there" / "faces").mkdir(parents=True)
    type_words("prepare", "--data", tmp_path / "there" / "faces")
    assert started[0][1]["name"] == "faces (2)"


def test_a_dataset_that_is_there_is_not_added_again(type_words, added, started, csv_file):
    for data in ("faces", csv_file):
        type_words("prepare", "--data", data)
    assert [kind for kind, _ in started] == ["prepare", "prepare"]


def test_a_new_path_is_added_first_and_audited_on_request(type_words, here, started, csv_file):
    done = type_words("prepare", "--data", csv_file, "--audit", "--classes", "x")
    assert done.exit_code == 0, done.output
    assert [kind for kind, _ in started] == ["open_dataset", "audit", "prepare"]
    assert started[2][1]["classes"] == "x"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("datasets", "add", "a.csv", "--map", "happy"), "'happy' is no mapping"),
        (("datasets", "remove", "nobody"), "There is no dataset 'nobody'. There are: faces."),
        (("datasets", "remove", ".."), "There is no dataset '..'"),
        (("prepare", "--data", "nobody"), "There is no dataset 'nobody'"),
        (("audit", "--data", "nobody"), "There is no dataset 'nobody'"),
        (("audit", "--data", "faces", "--threads", "0"), "0 threads are not possible"),
    ],
)
def test_a_mistake_is_one_sentence(type_words, here, started, added, words, said):
    done = type_words(*words)
    assert done.exit_code == 2
    assert said in done.output
    assert len(done.output.strip().splitlines()) == 1
    assert started == []


def test_training_takes_a_name_with_its_corrections_or_a_path(here, added, csv_file):
    corrections = Corrections((Exclude(("faces.csv:2",), "blurred"),))
    save_corrections(here.datasets_dir / "faces", corrections)
    asked = {"dataset": "faces", "corrections": corrections.key}
    assert dataset_option("faces", corrected=True) == asked
    assert dataset_option("faces", corrected=False) == {"dataset": "faces", "corrections": ""}
    assert dataset_option(str(csv_file), corrected=True) == {"data": str(csv_file)}


def test_a_damaged_entry_is_reported_and_can_be_removed(type_words, here, added):
    (here.datasets_dir / "faces" / "source.json").write_text("{")
    done = type_words("prepare", "--data", "faces")
    assert done.exit_code == 2
    assert "The entry of faces is damaged" in done.output
    assert type_words("datasets", "remove", "faces").exit_code == 0
    with pytest.raises(UnknownDataset):
        entry(here.datasets_dir, "faces")


@pytest.fixture
def numbered(tmp_path):
    """Class folders named 1 to 7: nobody but their maker knows what they stand for."""
    return write_numbered(tmp_path / "mine", make_pictures(size_px=24), first=1)


def test_numbers_as_labels_are_refused_with_a_sheet_that_shows_pictures_of_each(
    type_words, here, numbered, tmp_path
):
    sheet = tmp_path / "labels.png"
    done = type_words("datasets", "add", numbered)
    assert done.exit_code == 2
    assert "--sample-sheet labels.png" in done.output
    done = type_words("datasets", "add", numbered, "--sample-sheet", sheet)
    assert done.exit_code == 2
    assert f"Sample pictures of each label: {sheet}" in done.output
    assert cv2.imread(str(sheet)).shape[0] >= 7 * 72
    assert entries(here.datasets_dir) == []


def test_the_sheet_of_an_added_dataset_shows_what_each_label_became(
    type_words, here, numbered, tmp_path
):
    sheet = tmp_path / "labels.png"
    maps = [word for n, label in enumerate(FER7.labels) for word in ("--map", f"{n + 1}={label}")]
    done = type_words("datasets", "add", numbered, *maps, "--sample-sheet", sheet)
    assert done.exit_code == 0, done.output
    assert sheet.exists()
    source = entry(here.datasets_dir, "mine").source
    rows = label_sheet(source, here.datasets_cache_dir).rows
    assert list(rows) == [f"{n + 1}: {label}" for n, label in enumerate(FER7.labels)]


@pytest.mark.parametrize(
    ("place", "said"), [("labels.jpg", "does not end in .png"), ("no/labels.png", "no folder")]
)
def test_a_sheet_that_cannot_be_written_is_reported_before_anything_is_read(
    type_words, started, numbered, tmp_path, place, said
):
    done = type_words("datasets", "add", numbered, "--sample-sheet", tmp_path / place)
    assert done.exit_code == 2
    assert said in done.output
    assert started == []
