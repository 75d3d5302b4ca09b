"""A sweep's life, with real trial processes that only pretend to learn."""

from __future__ import annotations

import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.domain import LogMessage, PartDone, RunStatus
from core.domain.errors import RunError, StoreError
from core.jobs import (
    JobContext,
    Journal,
    RunCancelled,
    all_runs,
    cancel,
    follow,
    force_stop,
    launch,
    read_run,
)
from core.jobs.run_folder.folder import RunFolder, create
from core.training import TrainingPlan
from core.training.recipes import recipe_from
from core.training.sweeps import SweepPlan, TrialState, read_sweep
from core.training.sweeps.job import run
from core.training.sweeps.study import Study
from core.training.sweeps.study_view import sweep_names, sweep_summary
from tests.sweep_jobs import PRETEND


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def plan(tmp_path):
    """Two epochs each of a recipe whose learning rate is searched."""
    base = TrainingPlan(recipe="two-block", data=str(tmp_path), epochs=2, pictures=50)
    return SweepPlan(base, {"learning_rate": "1e-4..1e-1:log"}, trials=3, pruner="none")


@pytest.fixture
def sweep(settings, monkeypatch):
    """Run a plan in a folder of its own, stopping when told to."""
    monkeypatch.setattr("core.training.sweeps.job.POLL_INTERVAL_S", 0.05)

    def sweep_of(plan, folder=None, stops=lambda: False):
        folder = folder or _folder(settings, plan)
        context = JobContext(folder.path, Journal(folder.events, clock=_now), stops, settings, _now)
        return run(plan.to_json(), context, command=PRETEND), folder

    return sweep_of


def _folder(settings, plan) -> RunFolder:
    rng = np.random.default_rng()
    return create(settings.runs_dir, "sweep", plan.to_json(), now=_now(), rng=rng)


def _trials(settings):
    return [one for one in all_runs(settings.runs_dir, now=_now()) if one.kind == "train"]


def test_a_sweep_runs_the_planned_number_of_trials_and_finds_the_best(settings, plan, sweep):
    result, folder = sweep(plan)
    seen = read_sweep(settings.runs_dir, folder.id)
    assert [one.state for one in seen.trials] == [TrialState.COMPLETED] * 3
    assert all(len(one.course) == 2 for one in seen.trials)
    best = max(seen.trials, key=lambda one: one.accuracy)
    assert (result["sweep"], result["trial"]) == (folder.id, str(best.number))
    assert float(result["val_accuracy"]) == pytest.approx(best.accuracy)
    assert sweep_summary(settings.database_url, folder.id).trials == seen.trials


def test_the_best_values_are_a_recipe_of_their_own(settings, plan, sweep):
    result, folder = sweep(plan)
    written = tomllib.loads(Path(result["recipe_file"]).read_text(encoding="utf-8"))
    recipe = recipe_from({"name": "found", **written})
    best = read_sweep(settings.runs_dir, folder.id).best
    assert recipe.learning_rate == best.values["learning_rate"]
    assert recipe.augmentation == plan.base.chosen_recipe.augmentation
    assert recipe.epochs == plan.base.chosen_recipe.epochs


def test_every_trial_is_a_run_that_names_its_sweep(settings, plan, sweep):
    _, folder = sweep(plan)
    plans = [
        TrainingPlan.from_json(RunFolder(settings.runs_dir / one.id).read_plan()[1])
        for one in _trials(settings)
    ]
    assert sorted(one.trial for one in plans) == [1, 2, 3]
    assert {one.trial_of for one in plans} == {folder.id}
    assert {one.seed for one in plans} == {plan.base.seed}
    assert len({one.options["learning_rate"] for one in plans}) == 3


def test_a_sweep_tells_how_far_it_is(settings, plan, sweep):
    _, folder = sweep(plan)
    told = [event for event in follow(settings.runs_dir, folder.id)[0]]
    parts = [event for event in told if isinstance(event, PartDone)]
    assert [one.part for one in parts] == sorted(one.part for one in parts)
    assert parts[-1] == PartDone(3, 3, "Trial 3 of 3", 1.0)
    assert any("Best: trial" in one.sentence for one in told if isinstance(one, LogMessage))


def test_the_same_seed_tries_the_same_values(settings, plan):
    drawn = []
    for name in ("one", "two"):
        with Study.open(settings.database_url, SweepPlan(**{**vars(plan), "name": name})) as study:
            drawn.append([study.ask("run").values for _ in range(3)])
    assert drawn[0] == drawn[1]
    assert len({one["learning_rate"] for one in drawn[0]}) == 3


def test_a_failed_trial_is_counted_and_the_sweep_continues(settings, plan, sweep):
    search = {"learning_rate": "1e-4..1e-1:log", "dropout": "0.1,0.9"}
    _, folder = sweep(SweepPlan(plan.base, search, trials=5, pruner="none", seed=3))
    seen = read_sweep(settings.runs_dir, folder.id)
    failed = [one for one in seen.trials if one.state is TrialState.FAILED]
    assert len(seen.trials) == 5
    assert failed
    assert all(one.values["dropout"] == 0.9 for one in failed)
    assert all(one.why == "Everything was dropped." for one in failed)


def test_three_failures_in_a_row_end_the_sweep_with_the_reason(settings, plan, sweep):
    base = TrainingPlan(**{**vars(plan.base), "options": {"dropout": 0.9}})
    with pytest.raises(RunError, match="3 trials in a row failed") as error:
        sweep(SweepPlan(base, plan.search, trials=9))
    assert "Everything was dropped." in error.value.message
    assert error.value.advice == "Drop less."
    assert len(_trials(settings)) == 3


def test_an_unpromising_trial_is_pruned(settings, plan, sweep):
    base = TrainingPlan(**{**vars(plan.base), "epochs": 12})
    plan = SweepPlan(base, plan.search, trials=9, pruner="median")
    _, folder = sweep(plan)
    seen = read_sweep(settings.runs_dir, folder.id)
    pruned = [one for one in seen.trials if one.state is TrialState.PRUNED]
    assert pruned
    assert all(0 < len(one.course) < 12 for one in pruned)
    assert all(one.accuracy == one.course[-1] < seen.best.accuracy for one in pruned)
    states = {one.id: one.status for one in _trials(settings)}
    assert all(states[one.run] is RunStatus.CANCELLED for one in pruned)


def test_a_cancelled_sweep_cancels_its_trial_and_resumes_it_later(settings, plan, sweep):
    base = TrainingPlan(**{**vars(plan.base), "options": {"dropout": 0.8}})
    plan = SweepPlan(base, plan.search, trials=2, pruner="none")
    folder = _folder(settings, plan)
    with pytest.raises(RunCancelled):
        sweep(plan, folder, lambda: any(run.epochs for run in _trials(settings)))
    (trial,) = _trials(settings)
    assert trial.status is RunStatus.CANCELLED
    assert read_sweep(settings.runs_dir, folder.id).count(TrialState.RUNNING) == 1
    sweep_again = SweepPlan(base, plan.search, trials=1, pruner="none")
    result, _ = sweep(sweep_again, folder)
    assert result["trial"] == "1"
    assert [one.id for one in _trials(settings)] == [trial.id]


def test_a_killed_sweep_resumes_with_the_trial_that_continued(settings, plan, monkeypatch):
    monkeypatch.setenv("MIEN_DATA_DIR", str(settings.data_dir))
    base = TrainingPlan(**{**vars(plan.base), "epochs": 60})  # three seconds
    folder = _folder(settings, SweepPlan(base, plan.search, trials=2, pruner="none"))
    launch(folder, PRETEND)
    _wait_for(lambda: any(run.epochs for run in _trials(settings)))
    assert force_stop(settings.runs_dir, folder.id, kill=True)
    _wait_for(lambda: _look(settings, folder).status is RunStatus.LOST)
    (trial,) = _trials(settings)
    launch(folder, PRETEND)
    _wait_for(lambda: _look(settings, folder).status.is_over)
    assert _look(settings, folder).status is RunStatus.COMPLETED
    seen = read_sweep(settings.runs_dir, folder.id)
    assert [one.state for one in seen.trials] == [TrialState.COMPLETED] * 2
    assert seen.trials[0].run == trial.id
    assert len(seen.trials[0].course) == 60
    assert len(_trials(settings)) == 2


def _look(settings, folder):
    return read_run(settings.runs_dir, folder.id, now=_now())


def _wait_for(condition):
    end = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_trial_whose_run_was_deleted_is_a_failure(settings, plan, sweep):
    folder = _folder(settings, plan)
    named = SweepPlan(**{**vars(plan), "name": folder.id})
    with Study.open(settings.database_url, named) as study:
        study.assign_run(study.ask(folder.id), "2026-11-21-0000-gone-otter")
    sweep(plan, folder)
    seen = read_sweep(settings.runs_dir, folder.id)
    assert [one.state for one in seen.trials] == [TrialState.FAILED] + [TrialState.COMPLETED] * 2


def test_a_suggested_trial_that_was_never_started_is_started(settings, plan, sweep):
    folder = _folder(settings, plan)
    named = SweepPlan(**{**vars(plan), "name": folder.id})
    with Study.open(settings.database_url, named) as study:
        suggestion = study.ask(folder.id)
    sweep(plan, folder)
    seen = read_sweep(settings.runs_dir, folder.id)
    assert [one.state for one in seen.trials] == [TrialState.COMPLETED] * 3
    assert seen.trials[0].values == suggestion.values


def test_a_cancelled_trial_is_reported_as_cancelled(settings, plan, sweep):
    base = TrainingPlan(**{**vars(plan.base), "options": {"dropout": 0.8}})
    cancelled = []

    def cancel_each():
        for trial in _trials(settings):
            if trial.epochs and trial.id not in cancelled:
                cancelled.append(trial.id)
                cancel(settings.runs_dir, trial.id)
        return False

    with pytest.raises(RunError, match="It was cancelled"):
        sweep(SweepPlan(base, plan.search, trials=9), stops=cancel_each)


def test_two_runs_of_one_name_share_a_sweep(settings, plan, sweep):
    shared = SweepPlan(**{**vars(plan), "name": "shared", "trials": 2})
    sweep(shared)
    _, second = sweep(SweepPlan(**{**vars(shared), "trials": 3}))
    seen = read_sweep(settings.runs_dir, second.id)
    assert [one.number for one in seen.trials] == [1, 2, 3]
    assert len({one.values["learning_rate"] for one in seen.trials}) == 3
    assert sweep_names(settings.database_url) == ["shared"]


def test_a_missing_sweep_is_reported_with_the_existing_ones(settings, plan, sweep):
    sweep(SweepPlan(**{**vars(plan), "name": "shared", "trials": 1}))
    with pytest.raises(StoreError, match="no sweep 'other'") as error:
        sweep_summary(settings.database_url, "other")
    assert "shared" in error.value.advice
