from __future__ import annotations

import errno

import pytest

from core.datasets.catalogue.catalogue import entries, open_entry
from core.domain import RunStatus
from tests.datasets_on_disk import make_pictures, write_csv, write_folders, write_numbered


def _left(settings):
    """Everything in the catalogue and in the cache."""
    folders = (settings.datasets_dir, settings.datasets_cache_dir)
    return [path.name for folder in folders if folder.exists() for path in folder.iterdir()]


def test_files_become_a_dataset_of_the_catalogue(worker, settings, csv_file):
    run = worker.open("faces", csv_file)
    assert run.status is RunStatus.COMPLETED
    assert run.finished.result == {"dataset": "faces"}
    found = open_entry(settings.datasets_dir, "faces", settings.datasets_cache_dir)
    assert len(found) == 112
    assert worker.messages(run.id)[0] == "Scanning the files."


def test_what_was_decided_is_reported(worker, tmp_path):
    path = write_csv(tmp_path / "a.csv", make_pictures(size_px=8), header="emotion,pixels")
    run = worker.open("a", path)
    assert any("held out for the test" in message for message in worker.messages(run.id))


def test_unknown_labels_are_handed_back_and_nothing_is_added(worker, settings, tmp_path):
    root = write_folders(tmp_path / "f", make_pictures(size_px=8), named=True)
    (root / "train" / "fear").rename(root / "train" / "contempt")
    run = worker.open("f", root)
    assert run.status is RunStatus.FAILED
    assert worker.labels(run) == ["contempt"]
    assert "exclude it" in run.finished.advice
    assert entries(settings.datasets_dir) == []
    again = worker.open("f", root, label_map=(("contempt", "disgust"),))
    assert again.status is RunStatus.COMPLETED


def test_numbers_of_class_folders_are_asked_about_and_the_whole_mapping_is_reported(
    worker, settings, tmp_path
):
    root = write_numbered(tmp_path / "f", make_pictures(size_px=8), first=1)
    run = worker.open("f", root, label_map=(("7", "neutral"),))
    assert run.status is RunStatus.FAILED
    assert worker.labels(run) == ["1", "2", "3", "4", "5", "6"]
    classes = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    pairs = tuple((str(at), label) for at, label in enumerate(classes, start=1))
    again = worker.open("f", root, label_map=pairs)
    assert again.status is RunStatus.COMPLETED
    note = next(message for message in worker.messages(again.id) if message.startswith("Labels:"))
    assert note.startswith("Labels: 1 is angry, 2 is disgust")
    assert note.endswith("7 is neutral.")


@pytest.mark.parametrize("when", ["before", "between"])
def test_a_cancelled_opening_keeps_nothing(worker, settings, tmp_path, monkeypatch, when):
    path = write_csv(tmp_path / "a.csv", make_pictures(size_px=8))
    folder = worker.create(
        "open_dataset", {"name": "a", "source": {"path": str(path), "format": ""}}
    )
    if when == "before":
        folder.cancel.touch()
    else:
        monkeypatch.setattr("core.datasets.readers.csv_pixels.ROWS_AT_ONCE", 10)
        pixels = []
        read = type(folder.path).exists

        def cancelled_later(self):
            pixels.append(self.name == "cancel")
            return sum(pixels) > 4 if self.name == "cancel" else read(self)

        monkeypatch.setattr("pathlib.Path.exists", cancelled_later)
    run = worker.finish(folder)
    assert run.status is RunStatus.CANCELLED
    assert _left(settings) == []


@pytest.mark.parametrize(
    "where",
    [
        "core.datasets.catalogue.decoded_cache._save",
        "core.datasets.catalogue.catalogue._write_json",
        "core.storage.atomic.mkdtemp",
    ],
)
def test_a_full_disk_is_reported_and_leaves_nothing_half_written(
    worker, settings, csv_file, monkeypatch, where
):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(where, full)
    run = worker.open("faces", csv_file)
    assert run.status is RunStatus.FAILED
    assert run.finished.error == "The disk is full."
    assert run.finished.advice
    assert entries(settings.datasets_dir) == []
    assert not [name for name in _left(settings) if name.startswith(".")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"emotion,pixels\n", "holds no pictures"),
        (b"emotion,pixels\n1,1 2 3\n", "row 2"),
        (b"PK\x03\x04", "not a readable ZIP"),
        (b"\xff\xfe\x00", "not a readable CSV"),
    ],
)
def test_files_that_are_damaged_are_reported(worker, settings, tmp_path, content, message):
    (tmp_path / "a.csv").write_bytes(content)
    run = worker.open("a", tmp_path / "a.csv")
    assert run.status is RunStatus.FAILED
    assert message in run.finished.error
    assert run.finished.advice
    assert _left(settings) == []


def test_a_taken_name_is_reported(worker, dataset, csv_file):
    run = worker.open("faces", csv_file)
    assert "There is a dataset faces already" in run.finished.error


@pytest.mark.parametrize("plan", [{}, {"name": "a"}, {"name": "a", "source": 5}, {"source": {}}])
def test_a_plan_that_is_none_is_reported(worker, plan):
    run = worker.do("open_dataset", plan)
    assert run.status is RunStatus.FAILED
    assert run.finished.advice
    assert "unexpected" not in run.finished.error
