"""What all visitors share of the training room, and each thing's lifetime.

What these functions answer is read-only by agreement.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import plotly.graph_objects as go
import streamlit as st

from core.datasets.catalogue import entry, open_requested_dataset
from core.datasets.labels import votes_for
from core.domain import Dataset, LabelScheme, Run, RunStatus
from core.domain.errors import MienError
from core.jobs import TRAINING_KINDS, RunFolder, all_runs
from core.training import Recipe, TrainingPlan
from core.training.monitoring import (
    RunComparison,
    RunRow,
    comparable_pace,
    compare_runs,
    damaged_runs,
    run_row,
    total_s,
)
from core.training.networks import weights_status
from pages.parts.explore import cached as explore_cached
from pages.parts.explore.cached import DatasetView
from pages.parts.shell import cached as shell_cached
from pages.parts.shell.cached import plan_of

KIND = "train"


def figures_of(run: Run, draw: Callable[[Run], dict[str, go.Figure]]) -> dict[str, go.Figure]:
    """A run's figures; drawn again only when it has new events."""
    state = f"{len(run.epochs)} {run.batch} {run.resources[-1:]}"
    return _figures_of(run.id, state, run, draw)


@st.cache_resource(max_entries=16, show_spinner=False)
def _figures_of(
    run_id: str,  # noqa: ARG001 - part of the key
    state: str,  # noqa: ARG001 - part of the key
    _run: Run,
    _draw: Callable[[Run], dict[str, go.Figure]],
) -> dict[str, go.Figure]:
    return _draw(_run)


def recipe_of(run_id: str) -> Recipe | None:
    """The recipe as changed for a run; None if it is unknown here."""
    return _recipe(plan_of(run_id))


def _all_runs() -> list[Run]:
    runs_dir = shell_cached.settings().runs_dir
    return all_runs(runs_dir, now=datetime.now(UTC), cache=shell_cached.run_cache())


def queue() -> list[Run]:
    """Trainings and sweeps that run, then those that are queued, in their order."""
    runs_dir = shell_cached.settings().runs_dir
    found = [run for run in _all_runs() if run.kind in TRAINING_KINDS and not run.status.is_over]
    return sorted(
        (run for run in found if not plan_of(run.id).get("trial_of")),
        key=lambda run: (
            run.status in {RunStatus.STARTING, RunStatus.QUEUED},
            RunFolder(runs_dir / run.id).launched_ns,
        ),
    )


def first_active(kind: str) -> str | None:
    """Id of the first running or queued run of a kind; None if there is none."""
    return next((run.id for run in queue() if run.kind == kind), None)


def sweeps() -> list[str]:
    """Ids of all sweeps, newest first."""
    return [run.id for run in _all_runs() if run.kind == "sweep"]


def rows() -> list[RunRow]:
    """Every training run, newest first; trials of a sweep are listed with their sweep."""
    cards = {card.name: card for card in shell_cached.cards()}
    found = [(run, plan_of(run.id)) for run in _all_runs() if run.kind == KIND]
    return [run_row(run, plan, cards) for run, plan in found if not plan.get("trial_of")]


def newest_completed() -> str | None:
    """Id of the newest completed run that is no trial of a sweep; None where there is none."""
    done = (row.run.id for row in rows() if row.run.status is RunStatus.COMPLETED)
    return next(done, None)


def damaged() -> list[str]:
    """Folders among the runs that cannot be read."""
    return damaged_runs(shell_cached.settings().runs_dir)


def comparison(first: RunRow, second: RunRow, *, on_test_split: bool) -> RunComparison:
    """Which of two models is better on a split.

    Raises:
        DamagedModel: saved predictions cannot be read.
    """
    return compare_runs(
        shell_cached.settings().runs_dir, first, second, on_test_split=on_test_split
    )


def dataset_of(plan: TrainingPlan) -> Dataset:
    """A plan's dataset, with the corrections of that time.

    Raises:
        MienError: it was deleted, or cannot be read.
    """
    if plan.dataset and plan.corrections in {"", explore_cached.corrections_of(plan.dataset).key}:
        return explore_cached.dataset(DatasetView(plan.dataset, plan.classes, plan.corrections))
    return _dataset_of(json.dumps(plan.to_json(), sort_keys=True))


@st.cache_resource(max_entries=2, show_spinner="Opening the dataset …")
def _dataset_of(plan: str) -> Dataset:
    return open_requested_dataset(TrainingPlan.from_json(json.loads(plan)), shell_cached.settings())


def scheme_of(view: DatasetView) -> LabelScheme:
    """The classes of a dataset, after its mapping.

    Raises:
        DatasetError: its files cannot be read.
    """
    if view.classes:
        return explore_cached.maps_of(DatasetView(view.name))[view.classes].target
    return explore_cached.dataset(DatasetView(view.name)).scheme


def training_pictures(name: str, *, limit: int) -> int:
    """Number of pictures that are trained on.

    Args:
        name: of the dataset.
        limit: train on at most so many pictures of its training split; 0: on all.
    Raises:
        DatasetError: it cannot be read, or not be divided.
    """
    found = explore_cached.dataset(DatasetView(name))
    training = found.sizes[found.required_protocol.train]
    return min(limit, training) if limit else training


def has_votes(name: str) -> bool:
    """Whether FER+'s votes lie beside a dataset's pictures."""
    return _has_votes(name, explore_cached.dataset(DatasetView(name)).content_hash)


@st.cache_data(max_entries=8, show_spinner=False)
def _has_votes(name: str, content_hash: str) -> bool:  # noqa: ARG001 - part of the key
    source = entry(shell_cached.settings().datasets_dir, name).source
    try:
        return votes_for(explore_cached.dataset(DatasetView(name)), source, "") is not None
    except MienError:
        return False


@st.cache_data(max_entries=8, ttl=60, show_spinner=False)
def pretrained(network: str) -> str:
    """One sentence on the pretrained weights of a network; empty where none are published."""
    return weights_status(shell_cached.settings().models_dir, network)


def estimate(plan: TrainingPlan) -> tuple[float, str] | None:
    """Estimated seconds of a run, and the earlier run it is based on; None without one.

    Raises:
        DatasetError: the plan's dataset cannot be read.
    """
    recipe = plan.chosen_recipe
    found = _last_pace(recipe, plan.threads, _journals_changed())
    if found is None:
        return None
    pace, run_id = found
    pictures = training_pictures(plan.dataset, limit=plan.pictures)
    return total_s(recipe, epochs=plan.chosen_epochs, pictures=pictures, pace=pace), run_id


def _journals_changed() -> float:
    """When a run was added or removed last."""
    try:
        return shell_cached.settings().runs_dir.stat().st_mtime
    except OSError:
        return 0.0


@st.cache_data(max_entries=32, ttl=60, show_spinner=False)
def _last_pace(recipe: Recipe, threads: int, changed_at: float) -> tuple[float, str] | None:  # noqa: ARG001
    for row in rows():
        if row.plan["recipe"] != recipe.name or row.plan["threads"] != threads:
            continue
        known = recipe_of(row.run.id)
        pace = comparable_pace(row.run.epochs, known, recipe) if known is not None else None
        if pace is not None:
            return pace, row.run.id
    return None


def _recipe(plan: dict[str, object]) -> Recipe | None:
    try:
        return TrainingPlan.from_json({**plan, "data": "", "dataset": "any"}).chosen_recipe
    except MienError:
        return None
