"""The model card of a newly trained model: provenance, metrics and limits."""

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
from core.training.recipes.cautions import chance_level_note
from core.training.recipes.overrides import changes_of

if TYPE_CHECKING:
    from core.jobs import JobContext
    from core.training.trainer.keras_export import ExportedModel


CHILDREN = "Children: there are hardly any in its training data."


def build_card(
    plan: TrainingPlan, dataset: Dataset, exported: ExportedModel, context: JobContext
) -> ModelCard:
    """The card, without the files' sha256, which are filled in when it is saved."""
    validation = dataset[dataset.required_protocol.validation]
    temperature = fitted_temperature(dataset, exported)
    scores = softmax(exported.logits[dataset.required_protocol.validation] / temperature)
    return ModelCard(
        name=model_name(plan, context.folder.name),
        scheme=dataset.scheme,
        input=ModelInput(size_px=plan.chosen_recipe.final_size_px),
        temperature=temperature,
        not_sure_below=not_sure_threshold(
            scores, validation.labels, target_accuracy=TARGET_ACCURACY
        ),
        weights=exported.weights,
        mmac=exported.mmac,
        files={},
        made_at=context.clock().isoformat(timespec="seconds"),
        run_id=context.folder.name,
        recipe=RecipeUsed(
            plan.recipe,
            plan.chosen_epochs,
            plan.seed,
            changes_of(recipe_named(plan.recipe), plan.options),
        ),
        data=TrainingData.of(dataset),
        reports=_reports(dataset, exported, temperature),
        limits=(
            *_limits(dataset),
            *filter(None, [no_better_than_chance(dataset, exported)]),
            exported.parity,
        ),
        not_for=(*NOT_FOR, CHILDREN),
    )


def no_better_than_chance(dataset: Dataset, exported: ExportedModel) -> str:
    """That the model does no better than guessing on unseen pictures; empty where it does."""
    test = dataset.required_protocol.test
    labels, classes = dataset[test].labels, dataset.scheme.labels
    return chance_level_note(exported.logits[test], labels, classes, test)


def model_name(plan: TrainingPlan, run_id: str) -> str:
    """As the plan says, else the recipe's and the run's name, which is unique."""
    return plan.name or f"{plan.recipe}-{run_id}"


def _reports(
    dataset: Dataset, exported: ExportedModel, temperature: float
) -> tuple[EvaluationReport, ...]:
    """Of the validation split, of both together if the protocol is FER2013's, of the test split."""
    protocol = dataset.required_protocol
    report_splits: list[tuple[str, tuple[str, ...]]] = [
        (protocol.validation, (protocol.validation,))
    ]
    if protocol == OFFICIAL:
        both = (protocol.validation, protocol.test)
        report_splits.append((" + ".join(both), both))
    report_splits.append((protocol.test, (protocol.test,)))
    return tuple(
        score_predictions(
            title,
            np.concatenate([exported.logits[name] for name in names]),
            np.concatenate([dataset[name].labels for name in names]),
            scheme=dataset.scheme,
            temperature=temperature,
        )
        for title, names in report_splits
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


def fitted_temperature(dataset: Dataset, exported: ExportedModel) -> float:
    """Temperature of the softmax, fitted on the validation split."""
    validation = dataset.required_protocol.validation
    return fit_temperature(exported.logits[validation], dataset[validation].labels)
