"""Training and saving the model: the same on this machine and on a cluster."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import map_named
from core.domain import Dataset, LogMessage, ModelCard, softmax
from core.domain.counted import counted, tenths
from core.domain.errors import ModelError, PlanError
from core.drift import MODEL_FILE, name_of, reference_of_pictures
from core.evaluation.predictions import ANSWERS_FILE, predictions_by_split, write_predictions
from core.jobs import JobContext, RunCancelled
from core.models import (
    KERAS_FILE,
    LITERT_FILE,
    OUT_OF_FOLD_FILE,
    out_of_fold_table,
    save,
    write_out_of_fold,
)
from core.storage.own_files import discard_ours
from core.training.inputs.distillation import Teachers
from core.training.inputs.warm_start import load_warm_start
from core.training.networks.pretrained import find_backbone
from core.training.plan import TrainingPlan
from core.training.recipes.kinds import TeachersSee
from core.training.remote.file_transfer import CHECKPOINT
from core.training.trainer.build_card import build_card, fitted_temperature, no_better_than_chance

if TYPE_CHECKING:
    from core.training.fit.keras_fit import ExtraInputs
    from core.training.trainer.keras_export import ExportedModel


def train(
    dataset: Dataset, votes: NDArray[np.float32] | None, plan: TrainingPlan, context: JobContext
) -> dict[str, str]:
    """Train, export and save a model on this machine; see `job.run` for the result.

    Args:
        votes: each training picture's share of people's votes for each class; None without.
    """
    number_format = _configure_hardware(plan, context)
    network = _fit(dataset, votes, plan, context)
    if plan.trial_of:
        return _trial_result(network, dataset, plan, context)
    context.journal.append(LogMessage("Training finished. Converting and evaluating."))
    exported = _export(network, dataset, plan, context)
    if plan.folds:
        return _out_of_fold_result(dataset, exported, context)
    # The predictions are saved, because runs are compared in pairs, picture by picture.
    write_predictions(
        context.folder / "result" / ANSWERS_FILE, predictions_by_split(dataset, exported.logits)
    )
    card = _register(build_card(plan, dataset, exported, context), dataset, exported, context)
    if caution := no_better_than_chance(dataset, exported):
        context.journal.append(
            LogMessage(f"{caution} A lower learning rate, or more pictures, may help.")
        )
    test_report = card.reports[-1]
    context.journal.append(
        LogMessage(
            f"Accuracy on {test_report.split}: {tenths(test_report.accuracy.value)} of "
            f"{counted(test_report.pictures, 'picture')}."
        )
    )
    return {"model": card.name, "computed_in": number_format}


def _configure_hardware(plan: TrainingPlan, context: JobContext) -> str:
    """Start TensorFlow for this run; the name of its number format (Keras dtype policy)."""
    from core.training.fit.keras_hardware import configure_hardware, describe_gpus

    policy = configure_hardware(plan.threads)
    where = f"{policy}, {counted(plan.threads, 'thread')}"
    context.journal.append(LogMessage(f"{describe_gpus()} Computing in {where}."))
    return policy


def _fit(
    dataset: Dataset, votes: NDArray[np.float32] | None, plan: TrainingPlan, context: JobContext
) -> Any:
    """The trained keras.Model."""
    from core.training.fit.keras_fit import fit

    return fit(dataset, plan, context, replace(_extra_inputs(dataset, plan, context), votes=votes))


def _export(
    network: Any, dataset: Dataset, plan: TrainingPlan, context: JobContext
) -> ExportedModel:
    from core.training.trainer.keras_export import export_model

    exported = export_model(network, dataset, plan, context.folder / "result")
    _raise_if_cancelled(context)
    return exported


def _raise_if_cancelled(context: JobContext) -> None:
    """Call it between steps that cannot be interrupted."""
    if context.stop_requested():
        raise RunCancelled


def _register(
    card: ModelCard, dataset: Dataset, exported: ExportedModel, context: JobContext
) -> ModelCard:
    files = {KERAS_FILE: exported.keras_file, LITERT_FILE: exported.litert_file}
    return register_model(card, files | _drift_files(dataset, exported, context), context)


def register_model(card: ModelCard, files: Mapping[str, Path], context: JobContext) -> ModelCard:
    """Save a model; with the run's name appended where another has taken its name meanwhile.

    Args:
        files: name in the model's folder -> file to copy.
    """
    models_dir = context.settings.models_dir
    try:
        return save(models_dir, card, files)
    except ModelError:
        renamed = replace(card, name=f"{card.name}-{context.folder.name}")
        context.journal.append(
            LogMessage(
                f"A model {card.name} exists already, so this one is saved as {renamed.name}."
            )
        )
        return save(models_dir, renamed, files)


def _extra_inputs(dataset: Dataset, plan: TrainingPlan, context: JobContext) -> ExtraInputs:
    """Teachers' scores and initial weights as the recipe says."""
    from core.training.fit.keras_batches import TeacherScorer
    from core.training.fit.keras_fit import ExtraInputs

    recipe, pixels = plan.chosen_recipe, dataset[dataset.required_protocol.train].pixels
    teacher_scores = scorer = None
    if recipe.teachers and recipe.teaching:
        teachers = _teachers(dataset, plan, context)
        if recipe.teachers_see is TeachersSee.CHANGED:
            scorer = TeacherScorer(teachers.scores, recipe.teaching, recipe.final_size_px)
        else:
            teacher_scores = teachers.score_originals(
                pixels, check_cancelled=lambda: _raise_if_cancelled(context)
            )
    backbone = (
        ""
        if recipe.begins_with
        else find_backbone(
            context.settings.models_dir,
            recipe.network,
            report=lambda sentence: context.journal.append(LogMessage(sentence)),
        )
    )
    return ExtraInputs(
        teacher_scores=teacher_scores,
        teachers=scorer,
        backbone=backbone,
        warm_start=partial(
            load_warm_start, context.settings.models_dir, recipe.begins_with, dataset.scheme
        )
        if recipe.begins_with
        else None,
    )


def _teachers(dataset: Dataset, plan: TrainingPlan, context: JobContext) -> Teachers:
    recipe, schemes_dir = plan.chosen_recipe, context.settings.schemes_dir
    context.journal.append(
        LogMessage(f"Distillation from {', '.join(recipe.teachers)} ({recipe.teachers_see}).")
    )
    return Teachers(
        context.settings.models_dir,
        recipe,
        dataset.scheme,
        map_from=(lambda scheme: map_named(schemes_dir, scheme, plan.classes))
        if plan.classes
        else None,
        threads=plan.threads,
    )


def _drift_files(dataset: Dataset, exported: ExportedModel, context: JobContext) -> dict[str, Path]:
    """A drift reference from the validation split, which the model was not trained on.

    None where it has too few pictures: the log says so, and the model is saved without one.
    """
    validation = dataset.required_protocol.validation
    scores = softmax(exported.logits[validation] / fitted_temperature(dataset, exported))
    try:
        reference = reference_of_pictures(
            dataset[validation],
            scores,
            dataset.scheme,
            name=name_of(context.folder.name),
            source=f"{validation} of {dataset.name}, which the model was not trained on.",
            made_at=context.clock(),
        )
    except PlanError as error:
        context.journal.append(LogMessage(f"No drift reference was made: {error.message}"))
        return {}
    path = context.folder / "result" / MODEL_FILE
    path.write_text(json.dumps(reference.to_json(), indent=1, allow_nan=False), encoding="utf-8")
    return {MODEL_FILE: path}


def _out_of_fold_result(
    dataset: Dataset, exported: ExportedModel, context: JobContext
) -> dict[str, str]:
    """Save the predictions for the held-out fold in the run's folder."""
    protocol = dataset.required_protocol
    temperature = fitted_temperature(dataset, exported)
    held_out, logits = dataset[protocol.test], exported.logits[protocol.test]
    accuracy = float((logits.argmax(axis=1) == held_out.labels).mean())
    context.journal.append(
        LogMessage(f"Accuracy on {counted(len(held_out), 'held-out picture')}: {tenths(accuracy)}.")
    )
    scores = softmax(logits / temperature).astype(np.float32)
    path = context.folder / "result" / OUT_OF_FOLD_FILE
    write_out_of_fold(path, out_of_fold_table(held_out.pixels, scores))
    return {"out_of_fold": str(path)}


def _trial_result(
    network: Any, dataset: Dataset, plan: TrainingPlan, context: JobContext
) -> dict[str, str]:
    """A trial's validation accuracy; the test split is not used, and no model is saved."""
    from core.training.fit.keras_inference import measure_accuracy

    validation = dataset[dataset.required_protocol.validation]
    size_px = plan.chosen_recipe.final_size_px
    accuracy = measure_accuracy(network, validation, size_px=size_px)
    # Checkpoints of hundreds of trials would fill the disk, and none is needed any more.
    discard_ours(context.folder / CHECKPOINT, within=context.folder)
    return {"val_accuracy": f"{accuracy:.6f}", "content_hash": dataset.content_hash}
