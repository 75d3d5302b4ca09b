"""The training job: trains, evaluates and saves a model, and reports events.

This module imports no TensorFlow: the worker does, when training starts.
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
from core.training.inputs.training_data import load_training_data
from core.training.plan import TrainingPlan
from core.training.remote.file_transfer import CHECKPOINT, resumes_locally
from core.training.trainer.build_card import model_name
from core.training.trainer.first_evaluation import evaluate_first
from core.training.trainer.trainer import train

if TYPE_CHECKING:
    pass


def run(plan_values: Mapping[str, Any], context: JobContext) -> dict[str, str]:
    """Train, evaluate and save one model.

    Returns:
        `model`: its name, and `computed_in`: the number format (float32, mixed_bfloat16), unless
        the model was saved before; or, for a fold, `out_of_fold`: the table's path; or, for a
        trial of a sweep, `val_accuracy` (on the validation split) and the dataset's
        `content_hash`.
    Raises:
        RunCancelled: a stop was requested; the checkpoint is kept.
        MienError: the plan, the dataset or the disk does not allow it.
    """
    plan = TrainingPlan.from_json(plan_values)
    if plan.makes_model:
        existing = _existing_model(context)
        if existing:  # the worker was killed before it reported the result
            evaluate_first(existing, plan, context)
            return {"model": existing}
        if not (context.folder / CHECKPOINT).exists():  # a resumed run cannot be renamed
            expect_free(context.settings.models_dir, model_name(plan, context.folder.name))
    dataset = load_training_data(plan, context.settings)
    context.journal.append(DataReady(dataset.sizes))
    for note in dataset.notes:
        context.journal.append(LogMessage(note))
    votes = _votes(dataset, plan, context) if plan.chosen_recipe.votes else None
    if plan.cluster and not resumes_locally(context.folder):
        from core.training.remote.ray_training import train_on_ray

        result = train_on_ray(dataset, votes, plan, context)
    else:
        result = train(dataset, votes, plan, context)
    if "model" in result:
        evaluate_first(result["model"], plan, context)
    return result


def _existing_model(context: JobContext) -> str:
    """Name of the model that this run has already saved; empty if there is none."""
    cards = list_cards(context.settings.models_dir)
    return next((card.name for card in cards if card.run_id == context.folder.name), "")


def _votes(dataset: Dataset, plan: TrainingPlan, context: JobContext) -> NDArray[np.float32] | None:
    """Each training picture's share of FER+'s votes for each class."""
    source = DatasetSource(plan.data)
    if plan.dataset:
        source = entry(context.settings.datasets_dir, plan.dataset).source
    votes = votes_for(dataset, source, plan.votes)
    if votes is None:
        raise PlanError(
            "The recipe uses FER+ votes, and there are none for these pictures.",
            advice="Put ferplus_votes.csv beside fer2013.csv, or give its path.",
        )
    counts = votes.counts[dataset.positions(dataset.required_protocol.train)].astype(np.float32)
    shares: NDArray[np.float32] = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    return shares
