"""The memory of a sweep, in SQLite and in PostgreSQL, also where several machines hold it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import optuna
import pytest
from sqlalchemy import create_engine, text

from core.domain.errors import PlanError, StoreError
from core.sessions import SessionStore
from core.settings import PROJECT_DIR
from core.training import TrainingPlan
from core.training.sweeps import SweepPlan, TrialState
from core.training.sweeps.optuna_storage import warnings_suppressed
from core.training.sweeps.study import Study
from core.training.sweeps.study_view import sweep_names, sweep_summary
from tests.unit.sessions.postgres import postgres_url

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def postgres_server():
    with postgres_url() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new folder/sessions.db"
    server, name = request.getfixturevalue("postgres_server"), f"mien_{time.monotonic_ns()}"
    admin = create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.format(name).replace("postgresql+psycopg", "postgresql")


@pytest.fixture
def opened():
    """Opens studies, and closes them after the test."""
    with ExitStack() as stack:
        yield lambda url, plan: stack.enter_context(Study.open(url, plan))


@pytest.fixture
def plan(tmp_path):
    base = TrainingPlan(recipe="two-block", data=str(tmp_path), epochs=8)
    search = {"learning_rate": "1e-4..1e-2:log", "dropout": "0..0.5", "batch_size": "32,64"}
    return SweepPlan(base, search, trials=20, name="mine")


def _long_ago(url):
    """Make the first trial's last sign of life old."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    first = "(SELECT min(trial_id) FROM trial_heartbeats)"
    old = f"UPDATE trial_heartbeats SET heartbeat = '2020-01-01 00:00:00' WHERE trial_id = {first}"
    with engine.begin() as connection:
        connection.execute(text(old))
    engine.dispose()


def test_what_is_reported_of_a_trial_is_stored(url, plan, opened):
    study = opened(url, plan)
    suggestion = study.assign_run(study.ask("sweep-1"), "run-1")
    assert set(suggestion.values) == set(plan.search)
    assert 0.0 <= suggestion.values["dropout"] <= 0.5
    assert suggestion.values["batch_size"] in {32, 64}
    for epoch in (1, 2):
        assert not study.report(suggestion, epoch, 0.2 * epoch)
    study.complete(suggestion, 0.41, "these pictures")
    (seen,) = sweep_summary(url, "mine").trials
    assert (seen.number, seen.state, seen.accuracy) == (1, TrialState.COMPLETED, 0.41)
    assert (seen.course, seen.run, seen.values) == ((0.2, 0.4), "run-1", suggestion.values)


def test_sweeps_and_sessions_live_in_one_database(url, plan, opened):
    opened(url, plan).ask("sweep-1")
    with SessionStore.open(url) as store:
        assert store.sessions() == []
    assert sweep_names(url) == ["mine"]


def test_two_machines_get_different_trials_of_one_sweep(url, plan, opened):
    here, there = opened(url, plan), opened(url, plan)
    suggestion = [one.ask(f"sweep-{at}") for one in (here, there) for at in range(3)]
    assert sorted(one.number for one in suggestion) == [1, 2, 3, 4, 5, 6]
    assert len({one.values["learning_rate"] for one in suggestion}) == 6
    assert (here.trial_count(), there.trial_count()) == (6, 6)


def test_a_trial_is_taken_up_by_the_run_that_began_it_and_by_no_other(url, plan, opened):
    study = opened(url, plan)
    mine, theirs = (
        study.assign_run(study.ask(name), f"run of {name}") for name in ("mine", "theirs")
    )
    found = opened(url, plan).unfinished("mine", NOW)
    assert [(one.number, one.values, one.run) for one in found] == [
        (mine.number, mine.values, "run of mine")
    ]
    study.fail(mine, "The disk is full.")
    assert study.unfinished("mine", NOW) == []
    assert study.summary().trials[theirs.number - 1].state is TrialState.RUNNING


def test_a_trial_that_nobody_signs_for_is_given_up(url, plan, opened):
    study = opened(url, plan)
    suggestion = study.ask("machine that burnt down")
    study.ask("ours")
    assert study.summary().trials[suggestion.number - 1].state is TrialState.RUNNING
    _long_ago(url)
    opened(url, plan).ask("ours")
    assert study.summary().trials[suggestion.number - 1].state is TrialState.FAILED
    study.complete(suggestion, 0.9, "these pictures")  # it lives after all: too late, and no error
    assert study.summary().trials[suggestion.number - 1].state is TrialState.FAILED


def test_a_trial_that_is_taken_up_after_a_night_is_not_given_up(url, plan, opened):
    study = opened(url, plan)
    suggestion = study.ask("ours")
    _long_ago(url)
    study.unfinished("ours", NOW)
    study.ask("ours")
    assert study.summary().trials[suggestion.number - 1].state is TrialState.RUNNING


def test_a_trial_killed_before_it_was_anybodys_is_given_up(tmp_path, plan, opened):
    study = opened(f"sqlite:///{tmp_path}/sessions.db", plan)
    with warnings_suppressed():
        study._study.ask()
    assert study.unfinished("ours", NOW) == []
    assert study.summary().trials[0].state is TrialState.RUNNING
    study.unfinished("ours", NOW + timedelta(hours=1))
    assert study.summary().trials[0].state is TrialState.FAILED


def test_a_machine_that_slept_ends_the_trial_that_was_given_up_for_it(tmp_path, plan, opened):
    study = opened(f"sqlite:///{tmp_path}/s.db", plan)
    suggestion = study.ask("run-1")
    assert not study.report(suggestion, 1, 0.3)
    study.fail(suggestion, "")  # as another machine does after three minutes of silence
    assert study.report(suggestion, 2, 0.4)
    study.prune(suggestion)
    assert study.summary().trials[0].state is TrialState.FAILED


def test_an_epoch_reported_twice_counts_once(tmp_path, plan, opened):
    study = opened(f"sqlite:///{tmp_path}/sessions.db", plan)
    suggestion = study.ask("ours")
    study.report(suggestion, 1, 0.3)
    assert not study.report(suggestion, 1, 0.1)
    assert study.summary().trials[0].course == (0.3,)


def test_a_sweep_goes_on_although_recipes_have_a_new_option(tmp_path, plan, opened):
    url = f"sqlite:///{tmp_path}/sessions.db"
    opened(url, plan)
    stored = optuna.load_study(study_name=plan.name, storage=url)
    facts = json.loads(stored.user_attrs["facts"])
    del facts["recipe"]["stops_after"], facts["recipe"]["augmentation"]["mixup_alpha"]
    stored.set_user_attr("facts", json.dumps(facts))
    opened(url, plan)
    changed = TrainingPlan(
        **{
            **vars(plan.base),
            "options": {**plan.base.options, "augmentation": {"mixup_alpha": 0.3}},
        }
    )
    stored.set_user_attr("facts", json.dumps(facts))
    with pytest.raises(PlanError, match="has another search space"):
        opened(url, SweepPlan(**{**vars(plan), "base": changed}))


def test_another_search_under_the_same_name_is_refused(tmp_path, plan, opened):
    url = f"sqlite:///{tmp_path}/sessions.db"
    opened(url, plan)
    opened(url, SweepPlan(**{**vars(plan), "trials": 50}))
    with pytest.raises(PlanError, match="has another search space"):
        opened(url, SweepPlan(**{**vars(plan), "search": {"dropout": "0..0.4"}}))
    base = TrainingPlan(**{**vars(plan.base), "epochs": 9})
    with pytest.raises(PlanError, match="has another search space"):
        opened(url, SweepPlan(**{**vars(plan), "base": base}))


def test_accuracies_on_other_pictures_are_refused(tmp_path, plan, opened):
    study = opened(f"sqlite:///{tmp_path}/sessions.db", plan)
    first, second = study.ask("ours"), study.ask("ours")
    study.complete(first, 0.4, "these pictures")
    with pytest.raises(PlanError, match="other pictures"):
        study.complete(second, 0.9, "those pictures")


def test_what_decides_is_found_to_matter(tmp_path, plan, opened):
    study = opened(f"sqlite:///{tmp_path}/sessions.db", plan)
    for _ in range(12):
        suggestion = study.ask("ours")
        study.complete(suggestion, float(suggestion.values["dropout"]), "these pictures")
    importance = study.summary().importance
    assert sum(importance.values()) == pytest.approx(1, abs=0.01)
    assert max(importance, key=importance.get) == "dropout"


def test_a_missing_database_raises_a_store_error_with_advice(plan, opened):
    with pytest.raises(StoreError) as error:
        opened("postgresql://mien@127.0.0.1:1/mien", plan)
    assert error.value.advice


def test_processes_that_start_at_once_make_one_sweep(url, plan, tmp_path):
    code = (
        "import json, sys; from core.training.sweeps import SweepPlan;"
        "from core.training.sweeps.study import Study;"
        "from contextlib import ExitStack; plan = SweepPlan.from_json(json.loads(sys.argv[2]));"
        "study = ExitStack().enter_context(Study.open(sys.argv[1], plan));"
        "[study.complete(study.ask('x'), 0.5, 'same') for _ in range(3)]"
    )
    command = [sys.executable, "-c", code, url, json.dumps(plan.to_json())]
    started = [subprocess.Popen(command, cwd=PROJECT_DIR) for _ in range(2)]
    assert [one.wait() for one in started] == [0, 0]
    assert [one.number for one in sweep_summary(url, "mine").trials] == list(range(1, 7))
