"""Models tried under conditions by a worker, on synthetic faces."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from core import jobs
from core.datasets.catalogue.catalogue import open_entry, remove
from core.domain import LogMessage, RunStatus
from core.domain.errors import PlanError
from core.evaluation.predictions.evaluation_files import GROUPS_FILE, ROBUSTNESS_FILE
from core.evaluation.predictions.evaluation_store import load_evaluation, read_part
from core.evaluation.robustness.plan import KIND, RobustnessPlan
from core.evaluation.robustness.report import RobustnessReport
from core.evaluation.subgroups.report import read_groups
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.journal import read_events
from core.jobs.worker import main
from tests.face_clip import draw_face
from tests.robustness_results import MODEL, SPLIT, put_evaluated

QUICK = {"corruptions": ("darker", "noise"), "pictures": 20, "poses": False, "threads": 1}


@pytest.fixture
def do(settings, monkeypatch):
    """Does a run in this process, as its worker would."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MIEN_MODELS_DIR", str(settings.models_dir))
    before = signal.getsignal(signal.SIGTERM)

    def do_(evaluation, *, asked_to_stop=False, **how):
        plan = RobustnessPlan(MODEL, evaluation.slug, **{**QUICK, **how})
        now = datetime.now(UTC)
        folder = create(
            settings.runs_dir, KIND, plan.to_json(), now=now, rng=np.random.default_rng()
        )
        if asked_to_stop:
            folder.cancel.touch()
        main(str(folder.path))
        return jobs.read_run(settings.runs_dir, folder.id, now=now)

    yield do_
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def judged(settings):
    return put_evaluated(settings)


@pytest.fixture
def with_assets(settings, assets_dir):
    settings.assets_dir.parent.mkdir(parents=True, exist_ok=True)
    settings.assets_dir.symlink_to(assets_dir, target_is_directory=True)


def _part(settings, evaluation, name):
    now = load_evaluation(settings.models_dir, evaluation.model, evaluation.slug)
    return read_part(settings.models_dir, now, name)


def _report(settings, evaluation):
    return RobustnessReport.from_bytes(_part(settings, evaluation, ROBUSTNESS_FILE))


def _said(settings, run):
    events, _ = read_events(settings.runs_dir / run.id / "events.jsonl")
    return [event.sentence for event in events if isinstance(event, LogMessage)]


def test_curves_are_put_beside_the_evaluation(do, settings, judged):
    run = do(judged)
    assert run.status is RunStatus.COMPLETED
    assert run.finished.result == {"model": MODEL, "evaluation": "drawn"}
    report = _report(settings, judged)
    assert [curve.name for curve in report.curves] == ["darker", "noise"]
    assert (report.split, report.pictures, report.judged) == (SPLIT, 20, 56)
    assert [len(curve.points) for curve in report.curves] == [5, 6]
    assert [one.name for one in report.natural] == ["brightness", "contrast", "fineness"]
    assert report.finding is None
    said = _said(settings, run)
    assert "over all levels of 2 corruptions" in said[0]
    assert "20 of 56 pictures of PrivateTest were sampled at random (seed 7)." in said
    assert any("Only 20 pictures were used" in one for one in said)


def test_the_same_seed_gives_the_same_figures(do, settings, judged):
    do(judged)
    first = _report(settings, judged)
    do(judged)
    assert _report(settings, judged).curves == first.curves
    do(judged, seed=8)
    assert _report(settings, judged).curves != first.curves


def test_poses_that_cannot_be_estimated_give_a_note(do, settings, judged):
    do(judged, poses=True)
    report = _report(settings, judged)
    assert len(report.natural) == 3
    assert "Head pose was not measured" in report.notes[-1]


def test_poses_are_read_where_set_up_is_complete(do, settings, judged, with_assets):
    do(judged, poses=True)
    poses = {one.name: one for one in _report(settings, judged).natural}
    yaw = poses["yaw"]
    assert sum(one.pictures for one in yaw.bins) + yaw.not_measured == 20


def test_groups_of_a_table_are_kept_as_figures_over_the_whole_split(do, settings, judged, tmp_path):
    dataset = open_entry(settings.datasets_dir, "drawn", settings.datasets_cache_dir)
    names = dataset[SPLIT].names
    table = tmp_path / "groups.csv"
    rows = [f"{name},{'one' if at < 26 else 'other'}" for at, name in enumerate(names)]
    table.write_text("\n".join(["picture,camera", *rows]))
    run = do(judged, groups=str(table))
    assert run.status is RunStatus.COMPLETED
    (report,) = read_groups(_part(settings, judged, GROUPS_FILE))
    assert {one.group: one.pictures for one in report.groups} == {"one": 26, "other": 30}
    assert report.gap is None
    assert any(one.startswith("camera: Fewer than two groups") for one in _said(settings, run))


def test_faces_are_found_in_frames(do, settings, judged, with_assets, tmp_path):
    for number, smile in enumerate((0.0, 0.5, 1.0)):
        cv2.imwrite(str(tmp_path / f"{number}.png"), draw_face(smile=smile)[..., ::-1])
    run = do(judged, corruptions=("darker",), frames=str(tmp_path), faces=3)
    assert run.status is RunStatus.COMPLETED
    finding = _report(settings, judged).finding
    assert (finding.faces, finding.files) == (3, 3)
    assert finding.curves[0].points[-1].usable.value == 0.0


def test_frames_without_a_face_cost_only_what_they_were_for(
    do, settings, judged, with_assets, tmp_path
):
    cv2.imwrite(str(tmp_path / "wall.png"), np.full((240, 320, 3), 128, np.uint8))
    run = do(judged, corruptions=("darker",), frames=str(tmp_path))
    assert run.status is RunStatus.COMPLETED
    report = _report(settings, judged)
    assert len(report.curves) == 1
    assert report.finding is None
    assert "Face detection was not measured: No face was found" in report.notes[-1]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"split": "Training"}, "was not evaluated on a split 'Training'"),
        ({"groups": "/nowhere/groups.csv"}, "groups.csv cannot be read"),
        ({"frames": "/nowhere"}, "no pictures and no videos"),
        ({"folder": 1}, "No picture lies 1 folders deep"),
    ],
)
def test_what_cannot_be_done_is_an_error_and_nothing_is_stored(do, settings, judged, how, message):
    run = do(judged, **how)
    assert run.status is RunStatus.FAILED
    assert message in run.finished.error
    assert run.finished.advice
    assert _part(settings, judged, ROBUSTNESS_FILE) is None


def test_without_the_pictures_it_says_where_to_open_them(do, settings, judged):
    remove(settings.datasets_dir, "drawn", settings.uploads_dir, settings.datasets_cache_dir)
    run = do(judged)
    assert run.status is RunStatus.FAILED
    assert "not on this machine" in run.finished.error


def test_unlabelled_pictures_cannot_be_read_worse(do, settings):
    run = do(put_evaluated(settings, unlabelled=True))
    assert run.status is RunStatus.FAILED
    assert "has a label" in run.finished.error


def test_a_model_that_was_replaced_is_noticed(do, settings, judged):
    path = settings.models_dir / MODEL / "evaluations" / "drawn"
    record = json.loads((path / "evaluation.json").read_text())
    record["views"] = "ten-crop"  # another way of asking stands for another model
    (path / "evaluation.json").write_text(json.dumps(record))
    run = do(judged)
    assert run.status is RunStatus.FAILED
    assert "another class than when it was evaluated" in run.finished.error


def test_a_request_to_stop_keeps_nothing(do, settings, judged):
    run = do(judged, asked_to_stop=True)
    assert run.status is RunStatus.CANCELLED
    assert _part(settings, judged, ROBUSTNESS_FILE) is None


@pytest.mark.parametrize(
    "how",
    [
        {"corruptions": ("fog",)},
        {"corruptions": "blur"},
        {"pictures": 0},
        {"faces": 0},
        {"threads": 0},
        {"seed": -1},
        {"folder": -1},
    ],
)
def test_plans_that_make_no_sense_are_refused(how):
    with pytest.raises(PlanError) as error:
        RobustnessPlan("small", "one", **how)
    assert error.value.advice


def test_a_plan_is_read_back_and_empty_means_all_conditions():
    plan = RobustnessPlan("small", "one", corruptions=("noise", "blur"))
    assert RobustnessPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan
    assert [one.name for one in plan.chosen] == ["blur", "noise"]
    assert len(RobustnessPlan("small", "one").chosen) == 14
    with pytest.raises(PlanError, match="no plan of corruptions"):
        RobustnessPlan.from_json({"model": "small"})
