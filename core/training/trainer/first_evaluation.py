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
from core.evaluation.evaluator import Case, EvaluationPlan, keep, labelled, open_case
from core.evaluation.predictions import (
    ANSWERS_FILE,
    SplitPredictions,
    list_evaluations,
    read_answers,
)
from core.jobs import JobContext
from core.storage.settings import Settings
from core.training.plan import TrainingPlan


def evaluate_first(model: str, plan: TrainingPlan, place: JobContext) -> None:
    """Keep the answers in the run's folder as an evaluation of the model that gave them.

    What stands in the way is told in one sentence, and the model stays: it can be evaluated at any
    time. A model that has an evaluation already is left alone.

    Args:
        model: its name on the shelf.
        plan: of the run that trained it.
        place: of that run.
    """
    settings = place.settings
    if list_evaluations(settings.models_dir, model):
        return
    try:
        judged = read_answers(place.folder / "result" / ANSWERS_FILE)
        case = _case(model, plan, judged, settings)
        keep(case, judged, case.cards[0].temperature, place)
    except (MienError, OSError) as error:
        why = str(error).rstrip(".")
        place.journal.append(LogMessage(f"{model} was not added to Evaluate a model: {why}."))


def _case(
    model: str, plan: TrainingPlan, judged: Mapping[str, SplitPredictions], settings: Settings
) -> Case:
    """What was looked at, opened again.

    Raises:
        DatasetError: these are other pictures than those that were answered about.
        MienError: as `open_case`.
    """
    shared = ("data", "dataset", "corrections", "classes", "votes", "threads", "seed")
    asked = EvaluationPlan(models=(model,), **{name: getattr(plan, name) for name in shared})
    case = open_case(asked, settings)
    if set(case.splits) != set(judged):
        case = open_case(replace(asked, splits=tuple(judged)), settings)
    if not all(_is_about(one, case, split) for split, one in judged.items()):
        raise DatasetError(
            f"{case.dataset.name} has other pictures or classes than those that were evaluated.",
            advice="Evaluate the model on it as it is now.",
        )
    return case


def _is_about(answers: SplitPredictions, case: Case, split: str) -> bool:
    pictures = case.dataset[split]
    at = labelled(pictures)
    return (
        answers.classes == case.meeting.scheme.labels
        and np.array_equal(answers.digests, picture_digests(pictures.pixels[at]))
        and np.array_equal(answers.labels, pictures.labels[at])
    )
