"""A new model's first evaluation: what it just answered, put on the shelf beside it.

So the page that judges models has it at once, and nothing is asked twice.
"""

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
from core.storage.settings import Settings
from core.training.plan import TrainingPlan


def evaluate_first(model: str, plan: TrainingPlan, context: JobContext) -> None:
    """Keep the answers in the run's folder as an evaluation of the model that gave them.

    What stands in the way is told in one sentence, and the model stays: it can be evaluated at any
    time. A model that has an evaluation already is left alone.

    Args:
        model: its name on the shelf.
        plan: of the run that trained it.
        context: of that run.
    """
    settings = context.settings
    if list_evaluations(settings.models_dir, model):
        return
    try:
        judged = read_predictions(context.folder / "result" / ANSWERS_FILE)
        inputs = _inputs(model, plan, judged, settings)
        store_evaluation(inputs, judged, inputs.cards[0].temperature, context)
    except (MienError, OSError) as error:
        why = str(error).rstrip(".")
        context.journal.append(LogMessage(f"{model} was not added to Evaluate a model: {why}."))


def _inputs(
    model: str, plan: TrainingPlan, judged: Mapping[str, SplitPredictions], settings: Settings
) -> EvaluationInputs:
    """What was looked at, opened again.

    Raises:
        DatasetError: these are other pictures than those that were answered about.
        MienError: as `open_inputs`.
    """
    shared = ("data", "dataset", "corrections", "classes", "votes", "threads", "seed")
    asked = EvaluationPlan(models=(model,), **{name: getattr(plan, name) for name in shared})
    inputs = open_inputs(asked, settings)
    if set(inputs.splits) != set(judged):
        inputs = open_inputs(replace(asked, splits=tuple(judged)), settings)
    if not all(_is_about(one, inputs, split) for split, one in judged.items()):
        raise DatasetError(
            f"{inputs.dataset.name} has other pictures or classes than those that were evaluated.",
            advice="Evaluate the model on it as it is now.",
        )
    return inputs


def _is_about(answers: SplitPredictions, inputs: EvaluationInputs, split: str) -> bool:
    pictures = inputs.dataset[split]
    at = labelled(pictures)
    return (
        answers.classes == inputs.alignment.scheme.labels
        and np.array_equal(answers.digests, picture_digests(pictures.pixels[at]))
        and np.array_equal(answers.labels, pictures.labels[at])
    )
