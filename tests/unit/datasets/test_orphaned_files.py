"""Pictures that Mien keeps and no dataset shows any more."""

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
from core.storage.settings import Settings
from tests.datasets_on_disk import make_pictures, write_csv, write_face_folder, write_folders

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SMALL = make_pictures(size_px=6)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(tmp_path):
    return Settings.from_environment({"MIEN_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def csv_file(tmp_path):
    return write_csv(tmp_path / "faces.csv", make_pictures(size_px=8))


def found_in(here):
    return {(one.kind, one.name) for one in find_orphaned_files(here, now=LATER)}


def upload(here, csv_file, name):
    return keep_upload(here.uploads_dir, io.BytesIO(csv_file.read_bytes()), f"{name}.csv", name)


def show(here, name, path):
    add(here.datasets_dir, name, DatasetSource(str(path)), here.datasets_cache_dir)


def run_of(here, kind, plan=None) -> RunFolder:
    folder = create(here.runs_dir, kind, plan or {}, now=NOW, rng=np.random.default_rng(7))
    folder.mark_launched(0)  # long ago, whatever the machine's clock says
    return folder


def test_what_datasets_show_is_no_leftover(here, csv_file, tmp_path):
    assert found_in(here) == set()
    show(here, "uploaded", upload(here, csv_file, "one"))
    show(here, "elsewhere", csv_file)
    show(here, "cut", write_folders(here.faces_dir / "talks", make_pictures(size_px=8), named=True))
    assert found_in(here) == set()


def test_uploads_faces_and_copies_that_nothing_shows_are_found_and_deleted(here, csv_file):
    kept = upload(here, write_csv(csv_file.with_name("kept.csv"), SMALL), "shown")
    show(here, "shown", kept)
    upload(here, csv_file, "failed")
    write_face_folder(here.faces_dir / "talks", count=3)
    write_folders(here.faces_dir / "own", make_pictures(size_px=8), named=True)
    open_dataset(DatasetSource(str(csv_file)), here.datasets_cache_dir)
    found = find_orphaned_files(here, now=LATER)
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
    assert found_in(here) == set()
    assert kept.exists()
    assert csv_file.exists()


def test_faces_of_a_run_that_will_not_go_on_are_found(here):
    run = run_of(here, "faces")
    folders = run.path / "checkpoint", run.path / "result"
    for folder in folders:
        folder.mkdir()
        (folder / "pixels.bin").write_bytes(bytes(100))
    (one,) = find_orphaned_files(here, now=LATER)
    assert (one.kind, one.name) == (OrphanKind.INTERRUPTED_EXTRACTION, run.id)
    assert (one.folders, one.size_bytes) == (folders, 200)
    delete_orphaned_files([one])
    assert find_orphaned_files(here, now=LATER) == []


@pytest.mark.parametrize("kind", ["open_dataset", "faces", "import_model", "train"])
def test_nothing_is_offered_that_a_run_at_work_may_need(here, csv_file, kind):
    upload(here, csv_file, "failed")
    lease = Lease(run_of(here, kind).lease)
    assert lease.take()
    with pytest.raises(DatasetError, match="is still running and may use pictures"):
        find_orphaned_files(here, now=LATER)
    lease.release()
    assert found_in(here) == {(OrphanKind.UPLOAD, "failed.csv")}


def test_nothing_is_offered_while_nobody_knows_what_a_dataset_shows(here, csv_file):
    show(here, "damaged", upload(here, csv_file, "one"))
    (here.datasets_dir / "damaged" / SOURCE_FILE).write_text("{")
    with pytest.raises(DatasetError, match="The entry of the dataset damaged is damaged"):
        find_orphaned_files(here, now=LATER)


def test_what_lies_deeper_than_its_own_folder_is_shown_too(here):
    write_folders(here.faces_dir / "talks" / "deeper", make_pictures(size_px=8), named=True)
    show(here, "deeper", here.faces_dir / "talks" / "deeper")
    write_folders(here.uploads_dir / "typed", make_pictures(size_px=8), named=True)
    show(here, "typed", here.uploads_dir / "typed")
    assert found_in(here) == set()


def test_what_a_training_that_can_go_on_learns_from_is_no_leftover(here):
    folder = write_face_folder(here.faces_dir / "talks", count=30)
    run = run_of(here, "train", {"data": str(folder)})
    assert found_in(here) == set()
    Journal(run.events, clock=lambda: NOW).append(Finished(RunStatus.COMPLETED))
    assert found_in(here) == {(OrphanKind.EXTRACTED_FACES, "talks")}


def test_previews_go_with_their_dataset(here, csv_file):
    show(here, "shown", csv_file)
    run_of(here, "preview", {"dataset": "shown"})
    assert found_in(here) == set()
    remove(here.datasets_dir, "shown", here.uploads_dir, here.datasets_cache_dir)
    ((kind, _),) = found_in(here)
    assert kind is OrphanKind.PREVIEW


def test_copies_that_a_dataset_could_not_be_read_without_stay(here, csv_file, tmp_path):
    show(here, "plain", csv_file)
    (copy,) = here.datasets_cache_dir.iterdir()
    (copy / "paths.json").unlink()  # as of an earlier version, or after a full disk
    assert found_in(here) == {(OrphanKind.DECODED_COPY, copy.name)}
    entry = here.datasets_dir / "plain" / SOURCE_FILE
    entry.write_text(json.dumps({**json.loads(entry.read_text()), "align": True}))
    assert found_in(here) == set()


def test_a_disk_that_refuses_is_told(here, csv_file, monkeypatch):
    upload(here, csv_file, "failed")

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.storage.own_files.shutil.rmtree", refuse)
    with pytest.raises(DatasetError, match=r"failed\.csv cannot be deleted: Permission denied"):
        delete_orphaned_files(find_orphaned_files(here, now=LATER))


@pytest.mark.parametrize("takes_faces", [True, False])
def test_cut_out_faces_go_with_their_dataset_where_that_is_wanted(here, csv_file, takes_faces):
    folder = write_face_folder(here.faces_dir / "talks", count=30)
    show(here, "talks", folder)
    show(here, "elsewhere", csv_file)
    faces_dir = here.faces_dir if takes_faces else None
    for name in ("talks", "elsewhere"):
        remove(here.datasets_dir, name, here.uploads_dir, here.datasets_cache_dir, faces_dir)
    assert folder.exists() is not takes_faces
    assert csv_file.exists()


def test_faces_that_another_dataset_shows_stay(here):
    folder = write_face_folder(here.faces_dir / "talks", count=30)
    show(here, "talks", folder)
    show(here, "again", folder)
    folders = here.uploads_dir, here.datasets_cache_dir, here.faces_dir
    remove(here.datasets_dir, "talks", *folders)
    assert folder.exists()
    remove(here.datasets_dir, "again", *folders)
    assert not folder.exists()


def test_a_link_to_somebodys_own_faces_is_no_leftover(here, tmp_path):
    own = write_face_folder(tmp_path / "own", count=30)
    here.faces_dir.mkdir(parents=True)
    (here.faces_dir / "linked").symlink_to(own, target_is_directory=True)
    assert found_in(here) == set()


def test_nothing_is_deleted_that_became_a_link_after_it_was_found(here, tmp_path):
    own = write_face_folder(tmp_path / "own", count=30)
    folder = write_face_folder(here.faces_dir / "talks", count=30)
    found = find_orphaned_files(here, now=LATER)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(own, target_is_directory=True)
    with pytest.raises(DatasetError, match="talks cannot be deleted: it is a link"):
        delete_orphaned_files(found)
    assert len(list(own.iterdir())) > 2
