"""The card of a model that was just trained: what it is, and how far to trust it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.datasets.splits import OFFICIAL
from core.domain import (
    NOT_FOR,
    Dataset,
    EvaluationReport,
    ModelCard,
    ModelInput,
    RecipeUsed,
    TrainingData,
    softmax,
)
from core.evaluation import fit_temperature, not_sure_threshold, score_predictions
from core.evaluation.metrics import TARGET_ACCURACY
from core.training.plan import TrainingPlan
from core.training.recipes.catalogue import recipe_named
from core.training.recipes.cautions import nothing_learned_note
from core.training.recipes.overrides import changes_of

if TYPE_CHECKING:
    from core.jobs import JobContext
    from core.training.trainer.keras_export import Finish


CHILDREN = "Children: there are hardly any in its training data."


def build_card(plan: TrainingPlan, dataset: Dataset, done: Finish, place: JobContext) -> ModelCard:
    """Everything the card says; the files' sha256 are filled in when it is saved."""
    chooses = dataset[dataset.required_protocol.validation]
    temperature = temperature_of(dataset, done)
    scores = softmax(done.logits[dataset.required_protocol.validation] / temperature)
    return ModelCard(
        name=name_of_model(plan, place.folder.name),
        scheme=dataset.scheme,
        input=ModelInput(size_px=plan.chosen_recipe.final_size_px),
        temperature=temperature,
        not_sure_below=not_sure_threshold(scores, chooses.labels, target_accuracy=TARGET_ACCURACY),
        weights=done.weights,
        mmac=done.mmac,
        files={},
        made_at=place.clock().isoformat(timespec="seconds"),
        run_id=place.folder.name,
        recipe=RecipeUsed(
            plan.recipe,
            plan.chosen_epochs,
            plan.seed,
            changes_of(recipe_named(plan.recipe), plan.options),
        ),
        data=TrainingData.of(dataset),
        reports=_reports(dataset, done, temperature),
        limits=(*_limits(dataset), *filter(None, [nothing_learned(dataset, done)]), done.parity),
        not_for=(*NOT_FOR, CHILDREN),
    )


def nothing_learned(dataset: Dataset, done: Finish) -> str:
    """That the model does no better than guessing on unseen pictures; empty where it does."""
    judges = dataset.required_protocol.test
    labels, classes = dataset[judges].labels, dataset.scheme.labels
    return nothing_learned_note(done.logits[judges], labels, classes, judges)


def name_of_model(plan: TrainingPlan, run_id: str) -> str:
    """As asked, else the recipe's and the run's name, which nobody else has."""
    return plan.name or f"{plan.recipe}-{run_id}"


def _reports(dataset: Dataset, done: Finish, temperature: float) -> tuple[EvaluationReport, ...]:
    """The choosing split, both together where the protocol is the official one, the test last."""
    protocol = dataset.required_protocol
    parts: list[tuple[str, tuple[str, ...]]] = [(protocol.validation, (protocol.validation,))]
    if protocol == OFFICIAL:
        both = (protocol.validation, protocol.test)
        parts.append((" + ".join(both), both))
    parts.append((protocol.test, (protocol.test,)))
    return tuple(
        score_predictions(
            title,
            np.concatenate([done.logits[name] for name in names]),
            np.concatenate([dataset[name].labels for name in names]),
            scheme=dataset.scheme,
            temperature=temperature,
        )
        for title, names in parts
    )


def _limits(dataset: Dataset) -> tuple[str, ...]:
    disputed = (
        "FER2013 was collected from the web with disputed labels; people agree with its labels "
        "on about 65 of 100 pictures (Goodfellow et al. 2013).",
    )
    return (
        f"{dataset.required_protocol.validation} selected the epoch and the temperature, so only "
        f"{dataset.required_protocol.test} is an unseen test split.",
        *(disputed if dataset.required_protocol == OFFICIAL else ()),
        "Accuracy by subgroup was not measured.",
        *dataset.notes,
    )


def temperature_of(dataset: Dataset, done: Finish) -> float:
    """What divides the logits; fitted on the choosing split."""
    chooses = dataset.required_protocol.validation
    return fit_temperature(done.logits[chooses], dataset[chooses].labels)
