"""Orphaned files."""

import io
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.datasets import DatasetSource, open_dataset
from core.datasets.catalogue.catalogue import SOURCE_FILE, add, keep_upload, remove
from core.datasets.orphaned_files import OrphanKind, delete_orphaned_files, find_orphaned_files
from core.domain import Finished, RunStatus
from core.domain.errors import DatasetError
from core.jobs import Lease, RunFolder
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.journal import Journal
from core.settings import Settings
from tests.datasets_on_disk import make_pictures, write_csv, write_face_folder, write_folders

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SMALL = make_pictures(size_px=6)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"MIEN_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def csv_file(tmp_path):
    return write_csv(tmp_path / "faces.csv", make_pictures(size_px=8))


def found_in(settings):
    return {(one.kind, one.name) for one in find_orphaned_files(settings, now=LATER)}


def upload(settings, csv_file, name):
    return keep_upload(settings.uploads_dir, io.BytesIO(csv_file.read_bytes()), f"{name}.csv", name)


def show(settings, name, path):
    add(settings.datasets_dir, name, DatasetSource(str(path)), settings.datasets_cache_dir)


def run_of(settings, kind, plan=None) -> RunFolder:
    folder = create(settings.runs_dir, kind, plan or {}, now=NOW, rng=np.random.default_rng(7))
    folder.mark_launched(0)  # long ago, whatever the machine's clock says
    return folder


def test_what_datasets_show_is_not_orphaned(settings, csv_file, tmp_path):
    assert found_in(settings) == set()
    show(settings, "uploaded", upload(settings, csv_file, "one"))
    show(settings, "elsewhere", csv_file)
    show(
        settings,
        "cut",
        write_folders(settings.faces_dir / "talks", make_pictures(size_px=8), named=True),
    )
    assert found_in(settings) == set()


def test_uploads_faces_and_copies_that_nothing_shows_are_found_and_deleted(settings, csv_file):
    kept = upload(settings, write_csv(csv_file.with_name("kept.csv"), SMALL), "shown")
    show(settings, "shown", kept)
    upload(settings, csv_file, "failed")
    write_face_folder(settings.faces_dir / "talks", count=3)
    write_folders(settings.faces_dir / "own", make_pictures(size_px=8), named=True)
    open_dataset(DatasetSource(str(csv_file)), settings.datasets_cache_dir)
    found = find_orphaned_files(settings, now=LATER)
    assert {(one.kind, one.name) for one in found} == {
        (OrphanKind.UPLOAD, "failed.csv"),
        (OrphanKind.EXTRACTED_FACES, "talks"),
        (OrphanKind.DECODED_COPY, "faces.csv"),
    }
    sizes = {one.kind: one.size_bytes for one in found}
    assert sizes[OrphanKind.UPLOAD] == csv_file.stat().st_size
    assert [one.size_bytes for one in found] == sorted(sizes.values(), reverse=True)
    delete_orphaned_files(found)
    delete_orphaned_files(found)  # somebody was faster
    assert found_in(settings) == set()
    assert kept.exists()
    assert csv_file.exists()


def test_faces_of_a_run_that_will_not_go_on_are_found(settings):
    run = run_of(settings, "faces")
    folders = run.path / "checkpoint", run.path / "result"
    for folder in folders:
        folder.mkdir()
        (folder / "pixels.bin").write_bytes(bytes(100))
    (one,) = find_orphaned_files(settings, now=LATER)
    assert (one.kind, one.name) == (OrphanKind.INTERRUPTED_EXTRACTION, run.id)
    assert (one.folders, one.size_bytes) == (folders, 200)
    delete_orphaned_files([one])
    assert find_orphaned_files(settings, now=LATER) == []


@pytest.mark.parametrize("kind", ["open_dataset", "faces", "import_model", "train"])
def test_nothing_is_offered_that_a_running_run_may_need(settings, csv_file, kind):
    upload(settings, csv_file, "failed")
    lease = Lease(run_of(settings, kind).lease)
    assert lease.take()
    with pytest.raises(DatasetError, match="is still running and may use pictures"):
        find_orphaned_files(settings, now=LATER)
    lease.release()
    assert found_in(settings) == {(OrphanKind.UPLOAD, "failed.csv")}


def test_nothing_is_offered_while_the_files_of_a_dataset_are_unknown(settings, csv_file):
    show(settings, "damaged", upload(settings, csv_file, "one"))
    (settings.datasets_dir / "damaged" / SOURCE_FILE).write_text("{")
    with pytest.raises(DatasetError, match="The entry of the dataset damaged is damaged"):
        find_orphaned_files(settings, now=LATER)


def test_what_lies_deeper_than_its_own_folder_is_shown_too(settings):
    write_folders(settings.faces_dir / "talks" / "deeper", make_pictures(size_px=8), named=True)
    show(settings, "deeper", settings.faces_dir / "talks" / "deeper")
    write_folders(settings.uploads_dir / "typed", make_pictures(size_px=8), named=True)
    show(settings, "typed", settings.uploads_dir / "typed")
    assert found_in(settings) == set()


def test_data_of_a_resumable_training_is_not_orphaned(settings):
    folder = write_face_folder(settings.faces_dir / "talks", count=30)
    run = run_of(settings, "train", {"data": str(folder)})
    assert found_in(settings) == set()
    Journal(run.events, clock=lambda: NOW).append(Finished(RunStatus.COMPLETED))
    assert found_in(settings) == {(OrphanKind.EXTRACTED_FACES, "talks")}


def test_previews_go_with_their_dataset(settings, csv_file):
    show(settings, "shown", csv_file)
    run_of(settings, "preview", {"dataset": "shown"})
    assert found_in(settings) == set()
    remove(settings.datasets_dir, "shown", settings.uploads_dir, settings.datasets_cache_dir)
    ((kind, _),) = found_in(settings)
    assert kind is OrphanKind.PREVIEW


def test_copies_that_a_dataset_could_not_be_read_without_stay(settings, csv_file, tmp_path):
    show(settings, "plain", csv_file)
    (copy,) = settings.datasets_cache_dir.iterdir()
    (copy / "paths.json").unlink()  # as of an earlier version, or after a full disk
    assert found_in(settings) == {(OrphanKind.DECODED_COPY, copy.name)}
    entry = settings.datasets_dir / "plain" / SOURCE_FILE
    entry.write_text(json.dumps({**json.loads(entry.read_text()), "align": True}))
    assert found_in(settings) == set()


def test_a_failing_disk_is_reported(settings, csv_file, monkeypatch):
    upload(settings, csv_file, "failed")

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.storage.own_files.shutil.rmtree", refuse)
    with pytest.raises(DatasetError, match=r"failed\.csv cannot be deleted: Permission denied"):
        delete_orphaned_files(find_orphaned_files(settings, now=LATER))


@pytest.mark.parametrize("takes_faces", [True, False])
def test_extracted_faces_go_with_their_dataset_on_request(settings, csv_file, takes_faces):
    folder = write_face_folder(settings.faces_dir / "talks", count=30)
    show(settings, "talks", folder)
    show(settings, "elsewhere", csv_file)
    faces_dir = settings.faces_dir if takes_faces else None
    for name in ("talks", "elsewhere"):
        remove(
            settings.datasets_dir,
            name,
            settings.uploads_dir,
            settings.datasets_cache_dir,
            faces_dir,
        )
    assert folder.exists() is not takes_faces
    assert csv_file.exists()


def test_faces_that_another_dataset_shows_stay(settings):
    folder = write_face_folder(settings.faces_dir / "talks", count=30)
    show(settings, "talks", folder)
    show(settings, "again", folder)
    folders = settings.uploads_dir, settings.datasets_cache_dir, settings.faces_dir
    remove(settings.datasets_dir, "talks", *folders)
    assert folder.exists()
    remove(settings.datasets_dir, "again", *folders)
    assert not folder.exists()


def test_a_link_to_somebodys_own_faces_is_not_orphaned(settings, tmp_path):
    own = write_face_folder(tmp_path / "own", count=30)
    settings.faces_dir.mkdir(parents=True)
    (settings.faces_dir / "linked").symlink_to(own, target_is_directory=True)
    assert found_in(settings) == set()


def test_nothing_is_deleted_that_became_a_link_after_it_was_found(settings, tmp_path):
    own = write_face_folder(tmp_path / "own", count=30)
    folder = write_face_folder(settings.faces_dir / "talks", count=30)
    found = find_orphaned_files(settings, now=LATER)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(own, target_is_directory=True)
    with pytest.raises(DatasetError, match="talks cannot be deleted: it is a link"):
        delete_orphaned_files(found)
    assert len(list(own.iterdir())) > 2
