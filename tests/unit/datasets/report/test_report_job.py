from __future__ import annotations

import errno
import json

import pytest

from core.datasets import DatasetSource
from core.datasets.audit.plan import AuditPlan
from core.datasets.catalogue.catalogue import add, remove
from core.datasets.labels.class_mapping import make_map, save_map
from core.datasets.labels.corrections import Corrections, Exclude, Merge, save_corrections
from core.datasets.report import report_job
from core.datasets.report.plan import PreparePlan
from core.datasets.report.report_folder import read_report
from core.datasets.report.report_job import report_dir
from core.domain import FER7, TO_CONFIDENT2, RunStatus
from tests.datasets_on_disk import make_pictures, write_csv

FILES = {
    *("report.html", "report.txt", "summary.json"),
    *("class_distribution.svg", "class_distribution.csv"),
    *("class_weights.json", "class_weights.txt"),
}


def _prepare(worker, name="faces", **how):
    return worker.do("prepare", PreparePlan(name, **how).to_json())


def _report(settings, name="faces", classes=""):
    return read_report(report_dir(settings.datasets_dir / name, classes))


def test_a_report_is_written_and_says_what_there_is(worker, settings, dataset):
    run = _prepare(worker)
    folder = report_dir(settings.datasets_dir / "faces", "")
    assert run.finished.result == {"dataset": "faces", "report": str(folder)}
    assert {path.name for path in folder.iterdir()} == FILES
    report = _report(settings)
    assert report.counts[-1].pictures == 112
    assert report.labels == FER7.labels
    assert "The pictures have not been audited yet." in report.notes


def test_pictures_are_shown_on_request_and_removed_by_the_next_report(worker, settings, dataset):
    _prepare(worker, pictures=True)
    folder = report_dir(settings.datasets_dir / "faces", "")
    assert {path.name for path in folder.iterdir()} == FILES | {"sample_sheet.png"}
    _prepare(worker)
    assert {path.name for path in folder.iterdir()} == FILES


def test_an_audit_is_reported_until_the_pictures_change(worker, settings, tmp_path):
    path = write_csv(tmp_path / "a.csv", make_pictures(size_px=24))
    add(settings.datasets_dir, "a", DatasetSource(str(path)), settings.datasets_cache_dir)
    worker.do("audit", AuditPlan("a").to_json())
    _prepare(worker, "a")
    assert any("Face detection was skipped" in note for note in _report(settings, "a").notes)
    write_csv(path, make_pictures(size_px=24)[:-1])
    _prepare(worker, "a")
    assert any("have changed since the audit" in note for note in _report(settings, "a").notes)


def test_corrections_are_applied_before_counting(worker, settings, dataset):
    steps = (Exclude(("fer2013.csv:2",), "blurred"), Merge("fear", "sad", "few"))
    save_corrections(settings.datasets_dir / "faces", Corrections(steps))
    _prepare(worker)
    report = _report(settings)
    assert report.counts[-1].pictures == 111
    assert "fear" not in report.labels


@pytest.mark.parametrize("mapping", [TO_CONFIDENT2.name, "My two"])
def test_a_report_under_other_classes_lies_beside_the_plain_one(worker, settings, dataset, mapping):
    pairs = {label: "glad" if label == "happy" else "not glad" for label in FER7.labels}
    save_map(settings.schemes_dir, make_map("My two", pairs))
    _prepare(worker)
    _prepare(worker, classes=mapping)
    assert len(_report(settings, classes=mapping).labels) == 2
    assert len(_report(settings).labels) == 7


def test_an_unknown_mapping_is_reported(worker, dataset):
    run = _prepare(worker, classes="nothing")
    assert "no mapping 'nothing'" in run.finished.error
    assert "confident or stressed" in run.finished.advice


@pytest.mark.parametrize("labels", [True, False])
def test_a_dataset_of_few_or_unlabelled_pictures_is_reported(worker, settings, tmp_path, labels):
    header = "emotion,pixels" if labels else "pixels"
    path = write_csv(tmp_path / "few.csv", make_pictures()[:1], header=header)
    add(settings.datasets_dir, "few", DatasetSource(str(path)), settings.datasets_cache_dir)
    run = _prepare(worker, "few", pictures=True)
    assert run.status is RunStatus.COMPLETED, run.finished
    assert _report(settings, "few").counts[-1].pictures == 1


def test_a_mapping_that_leaves_no_picture_is_reported_or_explained(worker, settings, tmp_path):
    few = [one for one in make_pictures(size_px=8) if one.label in {"surprise", "disgust"}]
    path = write_csv(tmp_path / "few.csv", few)
    add(settings.datasets_dir, "few", DatasetSource(str(path)), settings.datasets_cache_dir)
    run = _prepare(worker, "few", classes=TO_CONFIDENT2.name, pictures=True)
    assert "unexpected" not in run.finished.error
    assert run.status is RunStatus.COMPLETED or run.finished.advice


def test_a_cancelled_report_leaves_the_one_before(worker, settings, dataset):
    _prepare(worker)
    before = _report(settings)
    folder = worker.create("prepare", PreparePlan("faces").to_json())
    folder.cancel.touch()
    assert worker.finish(folder).status is RunStatus.CANCELLED
    assert _report(settings).made_at == before.made_at


def test_a_full_disk_is_reported_and_leaves_no_half_report(worker, settings, dataset, monkeypatch):
    _prepare(worker)
    before = _report(settings)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.datasets.report.report_folder.write_atomic", full)
    run = _prepare(worker)
    assert "No space left" in run.finished.error
    assert "free space" in run.finished.advice
    assert _report(settings).made_at == before.made_at


def test_a_dataset_removed_meanwhile_does_not_come_back_incomplete(
    worker, settings, dataset, monkeypatch
):
    describe = report_job.describe

    def removed_meanwhile(*given, **named):
        remove(settings.datasets_dir, "faces", settings.uploads_dir, settings.datasets_cache_dir)
        return describe(*given, **named)

    monkeypatch.setattr(report_job, "describe", removed_meanwhile)
    run = _prepare(worker)
    assert "There is no dataset 'faces'" in run.finished.error
    assert list(settings.datasets_dir.iterdir()) == []


@pytest.mark.parametrize("file", ["corrections.json", "audit/audit.json"])
def test_a_damaged_file_of_the_catalogue_is_reported(worker, settings, dataset, file):
    path = settings.datasets_dir / "faces" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("{")
    run = _prepare(worker)
    assert run.status is RunStatus.FAILED
    assert "damaged" in run.finished.error
    assert run.finished.advice


def test_figures_of_the_report_are_json(worker, settings, dataset):
    _prepare(worker)
    text = (report_dir(settings.datasets_dir / "faces", "") / "summary.json").read_text()
    assert json.loads(text)["dataset"]["content_hash"] == dataset.content_hash
