"""A run that trains on a Ray cluster: this process is its door, and everything else stays as it is.

Sent are the plan, the pictures (decoded and divided, with their corrections), `core` itself, and
what the recipe needs of the shelf. Brought back are the journal line by line, the checkpoint at
most every half minute, and the finished model. No disk is shared. A run whose connection was lost
goes on from the checkpoint, there or here.

The cluster's machines need the same version of Python, the packages of requirements.txt and those
of requirements-cluster.txt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset, LogMessage, ModelCard, PictureSet
from core.domain.counted import counted
from core.domain.errors import DamagedModel
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

LOOK_EVERY_S = 0.5
CHECKPOINT_EVERY_S = 30.0  # ten megabytes each: a slow line carries them in a few seconds


def train_on_ray(
    dataset: Dataset, votes: NDArray[np.float32] | None, plan: TrainingPlan, context: JobContext
) -> dict[str, str]:
    """Train on the plan's cluster, telling and keeping everything as if it were here.

    Returns:
        As `job.run`.
    Raises:
        RunCancelled: somebody asked to stop; the checkpoint was brought back.
        RunError: Ray is not installed, the cluster does not answer or has no such machine, or the
            connection was lost; resume it.
        MienError: as `job.run`.
    """
    with ClusterConnection.to(plan.cluster) as link:
        link.begin(context.folder.name, cores=plan.threads)
        context.journal.append(
            LogMessage(f"Sending {counted(len(dataset), 'picture')} to {plan.cluster}.")
        )
        link.work(_parcel(votes, plan, context), _held_in_memory(dataset))
        _wait_for_a_place(link, context)
        ending = _followed(link, context)
        if ending.result is None:
            _keep_checkpoint(link, context)
        return _brought(ending, link, plan, context)


def _parcel(
    votes: NDArray[np.float32] | None, plan: TrainingPlan, context: JobContext
) -> JobPayload:
    models_dir, recipe = context.settings.models_dir, plan.chosen_recipe
    wanted = {*(recipe.teachers if recipe.teaching else ()), recipe.begins_with} - {""}
    models = {
        f"{name}/{file}": content
        for name in wanted
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
    """Columns may lie on this machine's disk: memory maps do not travel."""
    columns = ("pixels", "labels", "names", "subjects", "measured")
    pictures = PictureSet(*(np.array(getattr(dataset.pictures, name)) for name in columns))
    return replace(dataset, pictures=pictures, split_of=np.array(dataset.split_of))


def _wait_for_a_place(link: ClusterConnection, context: JobContext) -> None:
    context.journal.append(LogMessage("Waiting for free resources on the cluster."))
    while not link.begins(within_s=LOOK_EVERY_S):
        if context.stop_requested():
            raise RunCancelled


def _followed(link: ClusterConnection, context: JobContext) -> RemoteOutcome:
    """Append what is told there to the journal here, until it is over."""
    kept_at, cursor, asked_to_stop = monotonic(), 0, False
    while True:
        is_over = link.is_over(within_s=LOOK_EVERY_S)
        if context.stop_requested() and not asked_to_stop:
            asked_to_stop = True
            link.stop()
        events, cursor = link.news(cursor)
        for event in events:
            context.journal.append(event)
        if is_over:
            return link.ending()
        if monotonic() - kept_at > CHECKPOINT_EVERY_S:
            kept_at = monotonic()
            _keep_checkpoint(link, context)


def _keep_checkpoint(link: ClusterConnection, context: JobContext) -> None:
    """Bring back what the run can go on from; the state before it stays until it is here."""
    brought = link.checkpoint()
    write_files(context.folder, brought)
    for old in states_by_age(context.folder / CHECKPOINT)[2:]:
        old.unlink(missing_ok=True)


def _brought(
    ending: RemoteOutcome, link: ClusterConnection, plan: TrainingPlan, context: JobContext
) -> dict[str, str]:
    """The result with its files on this machine: complete, or an error and none of them."""
    if ending.cancelled:
        raise RunCancelled
    if ending.error is not None:
        raise ending.error
    result = dict(ending.result or {})
    files, shelf = link.made(result.get("model", ""))
    write_files(context.folder, files)
    if "model" in result:
        result["model"] = _shelved(shelf, context)
    if "out_of_fold" in result:
        result["out_of_fold"] = str(context.folder / "result" / Path(result["out_of_fold"]).name)
    if plan.trial_of:
        discard_ours(context.folder / CHECKPOINT, within=context.folder)
    return result


def _shelved(shelf: Mapping[str, bytes], context: JobContext) -> str:
    """Put the model that came back on this machine's shelf; its name there."""
    card = ModelCard.from_json(json.loads(shelf[CARD_FILE]))
    folder = context.folder / "result"
    write_files(folder, {name: shelf[name] for name in card.files})
    for name, expected in card.files.items():
        if digest(folder / name) != expected:
            raise DamagedModel(
                f"{name} was damaged on its way from the cluster.",
                advice="Resume the run: it continues from its checkpoint.",
            )
    return register_model(card, {name: folder / name for name in card.files}, context).name
