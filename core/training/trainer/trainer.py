"""Training itself, and saving its model: the same here and on a cluster."""

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
from core.domain.counted import counted
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
from core.training.inputs.warm_start import warm_start_of
from core.training.networks.pretrained import backbone_of
from core.training.plan import TrainingPlan
from core.training.recipes.choices import TeachersSee
from core.training.remote.file_transfer import CHECKPOINT
from core.training.trainer.build_card import build_card, nothing_learned, temperature_of

if TYPE_CHECKING:
    from core.training.fit.keras_fit import Extra
    from core.training.trainer.keras_export import Finish


def train(
    dataset: Dataset, votes: NDArray[np.float32] | None, plan: TrainingPlan, place: JobContext
) -> dict[str, str]:
    """The same from an open dataset on; on whichever machine this is.

    Args:
        votes: each training picture's share of people's votes for each class; None without.
    """
    computed_in = _prepared(plan, place)
    trained = _trained(dataset, votes, plan, place)
    if plan.trial_of:
        return _told_as_trial(trained, dataset, plan, place)
    place.journal.append(LogMessage("Training finished. Converting and evaluating."))
    done = _finished(trained, dataset, plan, place)
    if plan.folds:
        return _told_out_of_fold(dataset, done, place)
    # Counts cannot be paired: what was answered is kept, so that runs can be compared.
    write_predictions(
        place.folder / "result" / ANSWERS_FILE, predictions_by_split(dataset, done.logits)
    )
    card = _published(build_card(plan, dataset, done, place), dataset, done, place)
    if caution := nothing_learned(dataset, done):
        place.journal.append(
            LogMessage(f"{caution} A lower learning rate, or more pictures, may help.")
        )
    judged = card.reports[-1]
    place.journal.append(
        LogMessage(
            f"Accuracy on {judged.split}: {judged.accuracy.value * 100:.1f} % of "
            f"{counted(judged.pictures, 'picture')}."
        )
    )
    return {"model": card.name, "computed_in": computed_in}


def _prepared(plan: TrainingPlan, place: JobContext) -> str:
    """Wake TensorFlow for this run; the answer is the numbers that the network is computed in."""
    from core.training.fit.keras_hardware import gpu_words, prepare

    policy = prepare(plan.threads)
    where = f"{policy}, {counted(plan.threads, 'thread')}"
    place.journal.append(LogMessage(f"{gpu_words()} Computing in {where}."))
    return policy


def _trained(
    dataset: Dataset, votes: NDArray[np.float32] | None, plan: TrainingPlan, place: JobContext
) -> Any:
    """A keras.Model."""
    from core.training.fit.keras_fit import fit

    return fit(dataset, plan, place, replace(_extra(dataset, plan, place), votes=votes))


def _finished(trained: Any, dataset: Dataset, plan: TrainingPlan, place: JobContext) -> Finish:
    from core.training.trainer.keras_export import finish

    done = finish(trained, dataset, plan, place.folder / "result")
    _go_on(place)
    return done


def _go_on(place: JobContext) -> None:
    """Between steps that cannot be cut short."""
    if place.stop_requested():
        raise RunCancelled


def _published(card: ModelCard, dataset: Dataset, done: Finish, place: JobContext) -> ModelCard:
    files = {KERAS_FILE: done.keras_file, LITERT_FILE: done.litert_file}
    return register_model(card, files | _drift_files(dataset, done, place), place)


def register_model(card: ModelCard, files: Mapping[str, Path], place: JobContext) -> ModelCard:
    """Put a model on the shelf, under a longer name where its own was given away since the start.

    Args:
        files: name on the shelf -> file to copy.
    """
    models_dir = place.settings.models_dir
    try:
        return save(models_dir, card, files)
    except ModelError:
        longer = replace(card, name=f"{card.name}-{place.folder.name}")
        place.journal.append(
            LogMessage(
                f"A model {card.name} exists already, so this one is saved as {longer.name}."
            )
        )
        return save(models_dir, longer, files)


def _extra(dataset: Dataset, plan: TrainingPlan, place: JobContext) -> Extra:
    """Teachers' answers and weights that the recipe asks for."""
    from core.training.fit.keras_batches import Asking
    from core.training.fit.keras_fit import Extra

    recipe, learns = plan.chosen_recipe, dataset[dataset.required_protocol.train]
    taught = asking = None
    if recipe.teachers and recipe.teaching:
        teachers = _teachers(dataset, plan, place)
        if recipe.teachers_see is TeachersSee.CHANGED:
            asking = Asking(teachers.scores, recipe.teaching, recipe.final_size_px)
        else:
            taught = teachers.about_originals(learns.pixels, look=lambda: _go_on(place))
    backbone = (
        ""
        if recipe.begins_with
        else backbone_of(
            place.settings.models_dir,
            recipe.network,
            say=lambda sentence: place.journal.append(LogMessage(sentence)),
        )
    )
    return Extra(
        taught=taught,
        asking=asking,
        backbone=backbone,
        beginning=partial(
            warm_start_of, place.settings.models_dir, recipe.begins_with, dataset.scheme
        )
        if recipe.begins_with
        else None,
    )


def _teachers(dataset: Dataset, plan: TrainingPlan, place: JobContext) -> Teachers:
    recipe, schemes_dir = plan.chosen_recipe, place.settings.schemes_dir
    place.journal.append(
        LogMessage(f"Distillation from {', '.join(recipe.teachers)} ({recipe.teachers_see}).")
    )
    return Teachers(
        place.settings.models_dir,
        recipe,
        dataset.scheme,
        map_from=(lambda scheme: map_named(schemes_dir, scheme, plan.classes))
        if plan.classes
        else None,
        threads=plan.threads,
    )


def _drift_files(dataset: Dataset, done: Finish, place: JobContext) -> dict[str, Path]:
    """What later sessions are compared with: the choosing split, which was not learned from.

    None where its pictures are too few: that is said, and the model is kept all the same.
    """
    chooses = dataset.required_protocol.validation
    scores = softmax(done.logits[chooses] / temperature_of(dataset, done))
    try:
        reference = reference_of_pictures(
            dataset[chooses],
            scores,
            dataset.scheme,
            name=name_of(place.folder.name),
            source=f"{chooses} of {dataset.name}, which the model was not trained on.",
            made_at=place.clock(),
        )
    except PlanError as error:
        place.journal.append(LogMessage(f"No drift reference was made: {error.message}"))
        return {}
    path = place.folder / "result" / MODEL_FILE
    path.write_text(json.dumps(reference.to_json(), indent=1, allow_nan=False), encoding="utf-8")
    return {MODEL_FILE: path}


def _told_out_of_fold(dataset: Dataset, done: Finish, place: JobContext) -> dict[str, str]:
    """What the model says of the pictures it was trained without, kept in the run's folder."""
    protocol = dataset.required_protocol
    temperature = temperature_of(dataset, done)
    left_out, logits = dataset[protocol.test], done.logits[protocol.test]
    right = float((logits.argmax(axis=1) == left_out.labels).mean())
    place.journal.append(
        LogMessage(
            f"Accuracy on {counted(len(left_out), 'held-out picture')}: {right * 100:.1f} %."
        )
    )
    scores = softmax(logits / temperature).astype(np.float32)
    path = place.folder / "result" / OUT_OF_FOLD_FILE
    write_out_of_fold(path, out_of_fold_table(left_out.pixels, scores))
    return {"out_of_fold": str(path)}


def _told_as_trial(
    trained: Any, dataset: Dataset, plan: TrainingPlan, place: JobContext
) -> dict[str, str]:
    """What a sweep asks for; the split that judges is not looked at, and nothing is kept."""
    from core.training.fit.keras_inference import accuracy_of

    chooses, size_px = (
        dataset[dataset.required_protocol.validation],
        plan.chosen_recipe.final_size_px,
    )
    accuracy = accuracy_of(trained, chooses, size_px=size_px)
    # Hundreds of trials would fill the disk, and there is nothing left to go on with.
    discard_ours(place.folder / CHECKPOINT, within=place.folder)
    return {"accuracy_chooses": f"{accuracy:.6f}", "content_hash": dataset.content_hash}
