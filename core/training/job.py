"""The training job: a plan in, a trained, judged and saved model out, told as events.

This module itself imports no TensorFlow: the worker does, when the run begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.datasets import DatasetSource
from core.datasets.catalogue import entry
from core.datasets.labels import votes_for
from core.domain import DataReady, Dataset, LogMessage
from core.domain.errors import PlanError
from core.jobs import JobContext
from core.models import (
    expect_free,
    list_cards,
)
from core.training.inputs.training_data import learned_from
from core.training.plan import TrainingPlan
from core.training.remote.file_transfer import CHECKPOINT, stays_here
from core.training.trainer.build_card import name_of_model
from core.training.trainer.first_evaluation import evaluate_first
from core.training.trainer.trainer import train

if TYPE_CHECKING:
    pass


def run(plan_read: Mapping[str, Any], place: JobContext) -> dict[str, str]:
    """Train, judge and save one model.

    Returns:
        `model`: its name on the shelf, and `computed_in`: the numbers its network was computed in
        (float32, mixed_bfloat16), where this very call trained it; or, for a fold, `out_of_fold`:
        the table's path; or, for a trial of a sweep, `accuracy_chooses` and the dataset's
        `content_hash`.
    Raises:
        RunCancelled: somebody asked to stop; the checkpoint is kept.
        MienError: the plan, the dataset or the disk does not allow it.
    """
    plan = TrainingPlan.from_json(plan_read)
    if plan.makes_model:
        made = _made_before(place)
        if made:  # and killed before it could say so
            evaluate_first(made, plan, place)
            return {"model": made}
        if not (place.folder / CHECKPOINT).exists():  # one that goes on cannot choose another
            expect_free(place.settings.models_dir, name_of_model(plan, place.folder.name))
    dataset = learned_from(plan, place.settings)
    place.journal.append(DataReady(dataset.sizes))
    for note in dataset.notes:
        place.journal.append(LogMessage(note))
    votes = _votes(dataset, plan, place) if plan.chosen_recipe.votes else None
    if plan.cluster and not stays_here(place.folder):
        from core.training.remote.ray_training import train_on_ray

        told = train_on_ray(dataset, votes, plan, place)
    else:
        told = train(dataset, votes, plan, place)
    if "model" in told:
        evaluate_first(told["model"], plan, place)
    return told


def _made_before(place: JobContext) -> str:
    """The model that this very run put on the shelf; empty if there is none."""
    cards = list_cards(place.settings.models_dir)
    return next((card.name for card in cards if card.run_id == place.folder.name), "")


def _votes(dataset: Dataset, plan: TrainingPlan, place: JobContext) -> NDArray[np.float32] | None:
    """Each training picture's share of FER+'s votes for each class."""
    source = DatasetSource(plan.data)
    if plan.dataset:
        source = entry(place.settings.datasets_dir, plan.dataset).source
    found = votes_for(dataset, source, plan.votes)
    if found is None:
        raise PlanError(
            "The recipe uses FER+ votes, and there are none for these pictures.",
            advice="Put ferplus_votes.csv beside fer2013.csv, or give its path.",
        )
    counts = found.counts[dataset.positions(dataset.required_protocol.train)].astype(np.float32)
    shares: NDArray[np.float32] = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    return shares
