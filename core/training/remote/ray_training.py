"""A run that trains on a Ray cluster; for the rest of Mien it is like any other run.

Sent are the plan, the pictures (decoded and split, with their corrections), `core` itself, and the
saved models that the recipe needs. Fetched are the events, the checkpoint at most every half
minute, and the finished model. No disk is shared. A run whose connection was lost is resumed from
the checkpoint, on the cluster or on this machine.

The cluster's machines need the same version of Python, the packages of requirements.txt and those
of requirements-cluster.txt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset, LogMessage, ModelCard, PictureSet
from core.domain.counted import counted
from core.domain.errors import DamagedModel
from core.domain.plain_values import parse_json
from core.jobs import JobContext, RunCancelled
from core.models import CARD_FILE, digest
from core.storage.own_files import discard_ours
from core.training.networks.pretrained import BACKBONES, pretrained_file
from core.training.plan import TrainingPlan
from core.training.remote.file_transfer import (
    CHECKPOINT,
    files_in,
    newest_checkpoint,
    states_by_age,
    write_files,
)
from core.training.remote.ray_actor import JobPayload, RemoteOutcome
from core.training.remote.ray_connection import ClusterConnection
from core.training.trainer.trainer import register_model

POLL_INTERVAL_S = 0.5
CHECKPOINT_EVERY_S = 30.0  # ten megabytes each: a few seconds on a slow connection


def train_on_ray(
    dataset: Dataset, votes: NDArray[np.float32] | None, plan: TrainingPlan, context: JobContext
) -> dict[str, str]:
    """Train on the plan's cluster; events and files are written as if it were local.

    Returns:
        As `job.run`.
    Raises:
        RunCancelled: a stop was requested; the checkpoint was fetched.
        RunError: Ray is not installed, the cluster does not answer or has no such machine, or the
            connection was lost; resume it.
        MienError: as `job.run`.
    """
    with ClusterConnection.connect(plan.cluster) as connection:
        connection.start(context.folder.name, cores=plan.threads)
        context.journal.append(
            LogMessage(f"Sending {counted(len(dataset), 'picture')} to {plan.cluster}.")
        )
        connection.train(_payload(votes, plan, context), _held_in_memory(dataset))
        _wait_for_resources(connection, context)
        outcome = _follow(connection, context)
        if outcome.result is None:
            _fetch_checkpoint(connection, context)
        return _fetch_result(outcome, connection, plan, context)


def _payload(
    votes: NDArray[np.float32] | None, plan: TrainingPlan, context: JobContext
) -> JobPayload:
    models_dir, recipe = context.settings.models_dir, plan.chosen_recipe
    model_names = {*(recipe.teachers if recipe.teaching else ()), recipe.begins_with} - {""}
    models = {
        f"{name}/{file}": content
        for name in model_names
        for file, content in files_in(models_dir / name).items()
    }
    backbone = pretrained_file(models_dir, recipe.network)
    if backbone is not None:
        models[f"{BACKBONES}/{backbone.name}"] = backbone.read_bytes()
    return JobPayload(
        run_id=context.folder.name,
        plan=plan,
        votes=votes,
        folder=newest_checkpoint(context.folder),
        models=models,
        schemes=files_in(context.settings.schemes_dir),
    )


def _held_in_memory(dataset: Dataset) -> Dataset:
    """A copy in memory: its columns may be memory-mapped files of this machine."""
    columns = ("pixels", "labels", "names", "subjects", "measured")
    pictures = PictureSet(*(np.array(getattr(dataset.pictures, name)) for name in columns))
    return replace(dataset, pictures=pictures, split_of=np.array(dataset.split_of))


def _wait_for_resources(connection: ClusterConnection, context: JobContext) -> None:
    context.journal.append(LogMessage("Waiting for free resources on the cluster."))
    while not connection.is_ready(within_s=POLL_INTERVAL_S):
        if context.stop_requested():
            raise RunCancelled


def _follow(connection: ClusterConnection, context: JobContext) -> RemoteOutcome:
    """Append the events from the cluster to the journal, until training has ended."""
    fetched_at, cursor, stop_sent = monotonic(), 0, False
    while True:
        is_over = connection.is_over(within_s=POLL_INTERVAL_S)
        if context.stop_requested() and not stop_sent:
            stop_sent = True
            connection.stop()
        events, cursor = connection.new_events(cursor)
        for event in events:
            context.journal.append(event)
        if is_over:
            return connection.outcome()
        if monotonic() - fetched_at > CHECKPOINT_EVERY_S:
            fetched_at = monotonic()
            _fetch_checkpoint(connection, context)


def _fetch_checkpoint(connection: ClusterConnection, context: JobContext) -> None:
    """Fetch what the run can resume from; the state before it is deleted afterwards."""
    files = connection.checkpoint()
    write_files(context.folder, files)
    for old in states_by_age(context.folder / CHECKPOINT)[2:]:
        old.unlink(missing_ok=True)


def _fetch_result(
    outcome: RemoteOutcome, connection: ClusterConnection, plan: TrainingPlan, context: JobContext
) -> dict[str, str]:
    """The result, with its files on this machine; an error if they are incomplete."""
    if outcome.cancelled:
        raise RunCancelled
    if outcome.error is not None:
        raise outcome.error
    result = dict(outcome.result or {})
    files, model_files = connection.result_files(result.get("model", ""))
    write_files(context.folder, files)
    if "model" in result:
        result["model"] = _register(model_files, context)
    if "out_of_fold" in result:
        result["out_of_fold"] = str(context.folder / "result" / Path(result["out_of_fold"]).name)
    if plan.trial_of:
        discard_ours(context.folder / CHECKPOINT, within=context.folder)
    return result


def _register(model_files: Mapping[str, bytes], context: JobContext) -> str:
    """Save the fetched model on this machine; its name."""
    card = ModelCard.from_json(parse_json(model_files[CARD_FILE]))
    folder = context.folder / "result"
    write_files(folder, {name: model_files[name] for name in card.files})
    for name, expected in card.files.items():
        if digest(folder / name) != expected:
            raise DamagedModel(
                f"{name} was damaged on its way from the cluster.",
                advice="Resume the run: it continues from its checkpoint.",
            )
    return register_model(card, {name: folder / name for name in card.files}, context).name
