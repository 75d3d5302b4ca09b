"""Audits end to end: by a worker in this process, and by a real one that is killed."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import time
from datetime import UTC, datetime

import numpy as np
import pytest

from core import jobs
from core.datasets import DatasetSource
from core.datasets.audit import audit_job
from core.datasets.audit.audit_job import PARTS
from core.datasets.audit.audit_store import load_audit
from core.datasets.audit.plan import AuditPlan
from core.datasets.audit.problem import ProblemKind
from core.datasets.catalogue.catalogue import add, remove
from core.domain import UNLABELLED, RunStatus
from core.domain.dataset import order_hash
from core.jobs.run_folder.lease import holder
from core.models import list_cards
from core.settings import PROJECT_DIR
from tests.audit_jobs import COMPUTED, GO
from tests.datasets_on_disk import make_pictures, write_csv, write_folders

PIXEL_KINDS = {"blurred", "too_dark", "low_contrast", "burnt_out", "drawing"}
REPEAT_KINDS = {"exact_duplicate", "near_duplicate"}


@pytest.fixture
def with_assets(settings, assets_dir):
    settings.assets_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.assets_dir.symlink_to(assets_dir, target_is_directory=True)


@pytest.fixture
def with_model(settings):
    settings.models_dir.symlink_to(PROJECT_DIR / "models", target_is_directory=True)


def _plan(name="faces", **how):
    return AuditPlan(name, **how).to_json()


def _kinds(audit):
    return {problem.kind.value for problem in audit.problems}


def _audit(settings, name="faces"):
    return load_audit(settings.datasets_dir / name)


def _listing(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_without_model_and_detector_the_rest_is_checked_and_both_are_reported(
    worker, settings, dataset
):
    run = worker.do("audit", _plan())
    assert run.status is RunStatus.COMPLETED
    audit = _audit(settings)
    assert _kinds(audit) == PIXEL_KINDS | REPEAT_KINDS
    faces, labels = audit.notes
    assert "Face detection was skipped: centerface.onnx is missing. Run make assets" in faces
    assert "Label noise was not checked: There is no model in models/." in labels
    assert set(audit.notes) <= set(worker.messages(run.id))
    assert (audit.model, audit.order_hash) == ("", order_hash(dataset.pictures))


def test_everything_is_checked_where_everything_is_there(
    worker, settings, dataset, with_assets, with_model
):
    run = worker.do("audit", _plan())
    assert run.status is RunStatus.COMPLETED
    audit = _audit(settings)
    faces = {"no_face", "off_centre"}
    assert _kinds(audit) == PIXEL_KINDS | REPEAT_KINDS | faces | {"label"}
    assert audit.model == list_cards(settings.models_dir)[0].name
    note = audit.of(ProblemKind.LABEL).note
    assert note.startswith("Labels checked with ")
    assert note not in audit.notes
    assert note in worker.messages(run.id)
    assert all(len(problem.scores) == len(dataset) for problem in audit.problems)
    repeats = audit.of(ProblemKind.EXACT_DUPLICATE)
    assert repeats.partners[[5, 100]].tolist() == [3, 4]
    flagged = np.logical_or.reduce([problem.flagged for problem in audit.problems])
    assert run.finished.result == {"dataset": "faces", "problems": str(int(flagged.sum()))}


def test_labels_of_another_scheme_are_not_checked_and_the_reason_is_reported(
    worker, settings, tmp_path, with_model
):
    root = write_folders(tmp_path / "f", make_pictures(size_px=8), named=True)
    source = DatasetSource(str(root), scheme="own")
    add(settings.datasets_dir, "own", source, settings.datasets_cache_dir)
    assert worker.do("audit", _plan("own")).status is RunStatus.COMPLETED
    audit = _audit(settings, "own")
    assert audit.of(ProblemKind.LABEL) is None
    assert "names angry, disgust" in audit.notes[1]
    assert "the dataset has other classes" in audit.notes[1]


@pytest.mark.parametrize("spoilt", ["model.tflite", "out_of_fold.npz", "card.json"])
def test_a_damaged_model_is_reported_and_the_audit_completes(
    worker, settings, dataset, tmp_path, spoilt
):
    folder = settings.models_dir / "compact-1"
    folder.mkdir(parents=True)
    for path in (PROJECT_DIR / "models" / "compact-1").glob("*.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    if spoilt == "out_of_fold.npz":
        card = json.loads((folder / "card.json").read_text())
        card["files"][spoilt] = "0" * 64
        (folder / "card.json").write_text(json.dumps(card))
    (folder / spoilt).write_bytes(b"damaged")
    run = worker.do("audit", _plan(model="compact-1"))
    assert run.status is RunStatus.COMPLETED
    assert "Label noise was not checked" in _audit(settings).notes[1]


def test_an_unknown_model_is_reported(worker, settings, dataset):
    assert worker.do("audit", _plan(model="nobody")).status is RunStatus.COMPLETED
    assert "There is no model 'nobody'" in _audit(settings).notes[1]


def test_votes_beside_the_file_are_counted(worker, settings, tmp_path):
    path = write_csv(tmp_path / "v" / "fer2013.csv", make_pictures(size_px=8))
    columns = "neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
    rows = ["Training,,0,0,0,0,10,0,0,0,0,0"] * 112
    path.with_name("ferplus_votes.csv").write_text("\n".join([f"Usage,name,{columns}", *rows]))
    source = DatasetSource(str(path))
    found = add(settings.datasets_dir, "faces", source, settings.datasets_cache_dir)
    worker.do("audit", _plan())
    disputed = _audit(settings).of(ProblemKind.DISPUTED)
    assert disputed.flagged.tolist() == (found.pictures.labels != 0).tolist()


@pytest.mark.parametrize("votes", ["nowhere.csv", ".", "damaged.csv"])
def test_votes_that_cannot_be_read_are_reported_and_the_audit_completes(
    worker, settings, dataset, tmp_path, votes
):
    (tmp_path / "damaged.csv").write_bytes(b"\xff\x00,")
    run = worker.do("audit", _plan(votes=str(tmp_path / votes)))
    assert run.status is RunStatus.COMPLETED
    assert "FER+ votes were not used" in _audit(settings).notes[-1]


@pytest.mark.parametrize("labels", [True, False])
def test_a_dataset_of_few_or_unlabelled_pictures_is_audited(
    worker, settings, tmp_path, with_assets, with_model, labels
):
    header = "emotion,pixels" if labels else "pixels"
    path = write_csv(tmp_path / "few.csv", make_pictures()[:1], header=header)
    source = DatasetSource(str(path))
    found = add(settings.datasets_dir, "few", source, settings.datasets_cache_dir)
    assert (found.pictures.labels == UNLABELLED).all() != labels
    assert worker.do("audit", _plan("few")).status is RunStatus.COMPLETED
    assert all(len(problem.scores) == 1 for problem in _audit(settings, "few").problems)


def test_a_cancelled_audit_leaves_the_one_before_and_nothing_half_written(
    worker, settings, dataset
):
    worker.do("audit", _plan())
    before, listing = _audit(settings), _listing(settings.datasets_dir)
    folder = worker.create("audit", _plan())
    folder.cancel.touch()
    assert worker.finish(folder).status is RunStatus.CANCELLED
    assert _audit(settings).made_at == before.made_at
    assert _listing(settings.datasets_dir) == listing


def test_a_full_disk_is_reported_and_leaves_nothing_half_written(
    worker, settings, dataset, monkeypatch
):
    listing = _listing(settings.datasets_dir)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("numpy.savez_compressed", full)
    run = worker.do("audit", _plan())
    assert run.finished.error == "The disk is full."
    assert _listing(settings.datasets_dir) == listing


def test_a_dataset_that_is_removed_meanwhile_is_reported_and_does_not_come_back(
    worker, settings, dataset, monkeypatch
):
    def removed_meanwhile(case, tell):
        remove(settings.datasets_dir, "faces", settings.uploads_dir, settings.datasets_cache_dir)
        return audit_job.PartResult(())

    parts = {"pixels": PARTS["pixels"], "faces": ("Faces", removed_meanwhile)}
    monkeypatch.setattr(audit_job, "PARTS", parts)
    run = worker.do("audit", _plan())
    assert run.status is RunStatus.FAILED
    assert "removed during the audit" in run.finished.error
    assert run.finished.advice
    assert list(settings.datasets_dir.iterdir()) == []


@pytest.mark.parametrize("name", ["nobody", "..", "", "a/b"])
def test_an_unknown_dataset_is_reported(worker, dataset, name):
    run = worker.do("audit", _plan(name))
    assert f"There is no dataset {name!r}" in run.finished.error
    assert run.finished.advice == "There are: faces."


def test_a_deleted_file_is_reported(worker, settings, tmp_path):
    path = write_csv(tmp_path / "a.csv", make_pictures(size_px=8))
    add(settings.datasets_dir, "a", DatasetSource(str(path)), settings.datasets_cache_dir)
    path.unlink()
    run = worker.do("audit", _plan("a"))
    assert "There is nothing at" in run.finished.error
    assert run.finished.advice


def _finished_parts(folder):
    return {path.parent.name for path in folder.path.glob("checkpoint/*/about.json")}


@pytest.mark.parametrize("spoilt", [b"", b"PK\x03\x04", b"[]"])
@pytest.mark.parametrize("file", ["about.json", "columns.npz"])
def test_a_damaged_part_is_computed_again(worker, settings, dataset, file, spoilt):
    folder = worker.create("audit", _plan())
    worker.finish(folder)
    (folder.path / "checkpoint" / "pixels" / file).write_bytes(spoilt)
    assert worker.finish(folder).status is RunStatus.COMPLETED
    assert _kinds(_audit(settings)) == PIXEL_KINDS | REPEAT_KINDS


def test_parts_of_other_pictures_are_computed_again(worker, settings, tmp_path, monkeypatch):
    path = write_csv(tmp_path / "a.csv", make_pictures(size_px=24))
    add(settings.datasets_dir, "a", DatasetSource(str(path)), settings.datasets_cache_dir)
    folder = worker.create("audit", _plan("a"))
    worker.finish(folder)
    before = _audit(settings, "a")
    dark = [type(one)(one.label, one.usage, one.pixels // 20) for one in make_pictures(size_px=24)]
    write_csv(path, dark)
    assert worker.finish(folder).status is RunStatus.COMPLETED
    after = _audit(settings, "a")
    assert after.order_hash != before.order_hash
    assert before.of(ProblemKind.TOO_DARK).count == 0
    assert after.of(ProblemKind.TOO_DARK).count == 112


def test_a_killed_audit_goes_on_with_the_part_it_was_at(worker, settings, dataset):
    folder = worker.create("audit", _plan())
    command = (sys.executable, "-m", "tests.audit_jobs")
    first = jobs.launch(folder, command)
    _until(lambda: "repeats" in _looked(folder))
    os.kill(holder(folder.lease), signal.SIGKILL)
    first.wait(10)
    _until(lambda: _status(settings, folder) is RunStatus.LOST)
    assert _finished_parts(folder) == {"pixels"}
    assert _audit(settings) is None
    (folder.path / GO).touch()
    jobs.resume(settings.runs_dir, folder.id, command=command)
    _until(lambda: _status(settings, folder) is RunStatus.COMPLETED)
    assert _looked(folder) == ["pixels", "repeats", "repeats", "faces", "labels", "votes"]
    assert _kinds(_audit(settings)) == PIXEL_KINDS | REPEAT_KINDS


def _looked(folder):
    path = folder.path / COMPUTED
    return path.read_text().splitlines() if path.exists() else []


def _status(settings, folder):
    return jobs.read_run(settings.runs_dir, folder.id, now=datetime.now(UTC)).status


def _until(true, within_s=30.0):
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
