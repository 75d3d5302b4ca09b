"""A new model's first evaluation, made of the predictions that training has just computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.domain import LogMessage
from core.domain.dataset import picture_digests
from core.domain.errors import DatasetError, MienError
from core.evaluation.evaluator import (
    EvaluationInputs,
    EvaluationPlan,
    labelled,
    open_inputs,
    store_evaluation,
)
from core.evaluation.predictions import (
    ANSWERS_FILE,
    SplitPredictions,
    list_evaluations,
    read_predictions,
)
from core.jobs import JobContext
from core.settings import Settings
from core.training.plan import TrainingPlan


def evaluate_first(model: str, plan: TrainingPlan, context: JobContext) -> None:
    """Save the predictions in the run's folder as an evaluation of the model.

    An error is logged in one sentence, because the model can be evaluated later. A model that has
    an evaluation already is skipped.

    Args:
        model: name of the saved model.
        plan: of the run that trained it.
        context: of that run.
    """
    settings = context.settings
    if list_evaluations(settings.models_dir, model):
        return
    try:
        predictions = read_predictions(context.folder / "result" / ANSWERS_FILE)
        inputs = _inputs(model, plan, predictions, settings)
        store_evaluation(inputs, predictions, inputs.cards[0].temperature, context)
    except (MienError, OSError) as error:
        why = str(error).rstrip(".")
        context.journal.append(LogMessage(f"{model} was not added to Evaluate a model: {why}."))


def _inputs(
    model: str, plan: TrainingPlan, predictions: Mapping[str, SplitPredictions], settings: Settings
) -> EvaluationInputs:
    """The model and the dataset, opened for the evaluation.

    Raises:
        DatasetError: these are other pictures than those that were predicted.
        MienError: as `open_inputs`.
    """
    shared = ("data", "dataset", "corrections", "classes", "votes", "threads", "seed")
    evaluation_plan = EvaluationPlan(
        models=(model,), **{name: getattr(plan, name) for name in shared}
    )
    inputs = open_inputs(evaluation_plan, settings)
    if set(inputs.splits) != set(predictions):
        inputs = open_inputs(replace(evaluation_plan, splits=tuple(predictions)), settings)
    if not all(_matches(one, inputs, split) for split, one in predictions.items()):
        raise DatasetError(
            f"{inputs.dataset.name} has other pictures or classes than those that were evaluated.",
            advice="Evaluate the model on it as it is now.",
        )
    return inputs


def _matches(answers: SplitPredictions, inputs: EvaluationInputs, split: str) -> bool:
    pictures = inputs.dataset[split]
    at = labelled(pictures)
    return (
        answers.classes == inputs.alignment.scheme.labels
        and np.array_equal(answers.digests, picture_digests(pictures.pixels[at]))
        and np.array_equal(answers.labels, pictures.labels[at])
    )
