"""The training job: a plan in, a trained, judged and saved model out, told as events.

This module itself imports no TensorFlow: the worker does, when the run begins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.datasets import DatasetSource
from core.datasets.catalogue.catalogue import entry
from core.datasets.labels.class_mapping import map_named
from core.datasets.labels.ferplus_votes import votes_for
from core.domain import DataReady, Dataset, ModelCard, Said
from core.domain.counted import counted
from core.domain.errors import ModelError, PlanError
from core.drift import MODEL_FILE, name_of, reference_of_pictures
from core.evaluation.metrics.basics import softmax
from core.evaluation.predictions.predictions import ANSWERS_FILE, kept_answers, write_answers
from core.jobs import JobPlace, RunCancelled
from core.models import (
    KERAS_FILE,
    LITERT_FILE,
    OUT_OF_FOLD_FILE,
    expect_free,
    list_cards,
    out_of_fold,
    save,
    write_out_of_fold,
)
from core.storage.own_files import discard_ours
from core.training.asked import learned_from
from core.training.beginning import beginning_of
from core.training.cluster_files import CHECKPOINT, stays_here
from core.training.describing import (
    card_of,
    name_of_model,
    nothing_learned,
    temperature_of,
)
from core.training.first_evaluation import evaluate_first
from core.training.plan import TrainingPlan
from core.training.pretrained import backbone_of
from core.training.recipes.choices import TeachersSee
from core.training.teaching import Teachers

if TYPE_CHECKING:
    from core.training.keras_finish import Finish
    from core.training.keras_fit import Extra


def run(plan_read: Mapping[str, Any], place: JobPlace) -> dict[str, str]:
    """Train, judge and save one model.

    Returns:
        `model`: its name on the shelf; or, for a fold, `out_of_fold`: the table's path; or, for a
        trial of a sweep, `accuracy_chooses` and the dataset's `content_hash`.
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
        place.journal.append(Said(note))
    votes = _votes(dataset, plan, place) if plan.chosen_recipe.votes else None
    if plan.cluster and not stays_here(place.folder):
        from core.training.cluster import train_there

        told = train_there(dataset, votes, plan, place)
    else:
        told = learn(dataset, votes, plan, place)
    if "model" in told:
        evaluate_first(told["model"], plan, place)
    return told


def learn(
    dataset: Dataset, votes: NDArray[np.float32] | None, plan: TrainingPlan, place: JobPlace
) -> dict[str, str]:
    """The same from an open dataset on; on whichever machine this is.

    Args:
        votes: each training picture's share of people's votes for each class; None without.
    """
    trained = _trained(dataset, votes, plan, place)
    if plan.trial_of:
        return _told_as_trial(trained, dataset, plan, place)
    place.journal.append(Said("Trained. Converting and judging."))
    done = _finished(trained, dataset, plan, place)
    if plan.folds:
        return _told_out_of_fold(dataset, done, place)
    # Counts cannot be paired: what was answered is kept, so that runs can be compared.
    write_answers(place.folder / "result" / ANSWERS_FILE, kept_answers(dataset, done.logits))
    card = _published(card_of(plan, dataset, done, place), dataset, done, place)
    if caution := nothing_learned(dataset, done):
        place.journal.append(Said(f"{caution} A lower learning rate, or more pictures, may help."))
    judged = card.reports[-1]
    place.journal.append(
        Said(
            f"{judged.split}: {judged.accuracy.value * 100:.1f} % of "
            f"{counted(judged.pictures, 'picture')} right."
        )
    )
    return {"model": card.name}


def _made_before(place: JobPlace) -> str:
    """The model that this very run put on the shelf; empty if there is none."""
    cards = list_cards(place.settings.models_dir)
    return next((card.name for card in cards if card.run_id == place.folder.name), "")


def _trained(
    dataset: Dataset, votes: NDArray[np.float32] | None, plan: TrainingPlan, place: JobPlace
) -> Any:
    """A keras.Model; TensorFlow wakes up here, when everything else is known to be in order."""
    from core.training.keras_fit import fit
    from core.training.keras_hardware import gpu_words, prepare

    where = f"{prepare(plan.threads)}, {counted(plan.threads, 'thread')}"
    place.journal.append(Said(f"{gpu_words()} Computing in {where}."))
    return fit(dataset, plan, place, replace(_extra(dataset, plan, place), votes=votes))


def _finished(trained: Any, dataset: Dataset, plan: TrainingPlan, place: JobPlace) -> Finish:
    from core.training.keras_finish import finish

    done = finish(trained, dataset, plan, place.folder / "result")
    _go_on(place)
    return done


def _go_on(place: JobPlace) -> None:
    """Between steps that cannot be cut short."""
    if place.stop_requested():
        raise RunCancelled


def _published(card: ModelCard, dataset: Dataset, done: Finish, place: JobPlace) -> ModelCard:
    files = {KERAS_FILE: done.keras_file, LITERT_FILE: done.litert_file}
    return shelved(card, files | _drift_files(dataset, done, place), place)


def shelved(card: ModelCard, files: Mapping[str, Path], place: JobPlace) -> ModelCard:
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
            Said(f"There is a model {card.name} by now, so this one is called {longer.name}.")
        )
        return save(models_dir, longer, files)


def _extra(dataset: Dataset, plan: TrainingPlan, place: JobPlace) -> Extra:
    """Teachers' answers and weights that the recipe asks for."""
    from core.training.keras_fit import Extra
    from core.training.keras_input import Asking

    recipe, learns = plan.chosen_recipe, dataset[dataset.divided.learns]
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
            say=lambda sentence: place.journal.append(Said(sentence)),
        )
    )
    return Extra(
        taught=taught,
        asking=asking,
        backbone=backbone,
        beginning=partial(
            beginning_of, place.settings.models_dir, recipe.begins_with, dataset.scheme
        )
        if recipe.begins_with
        else None,
    )


def _teachers(dataset: Dataset, plan: TrainingPlan, place: JobPlace) -> Teachers:
    recipe, schemes_dir = plan.chosen_recipe, place.settings.schemes_dir
    place.journal.append(
        Said(f"Asking {', '.join(recipe.teachers)} about every picture ({recipe.teachers_see}).")
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


def _votes(dataset: Dataset, plan: TrainingPlan, place: JobPlace) -> NDArray[np.float32] | None:
    """Each training picture's share of FER+'s votes for each class."""
    source = DatasetSource(plan.data)
    if plan.dataset:
        source = entry(place.settings.datasets_dir, plan.dataset).source
    found = votes_for(dataset, source, plan.votes)
    if found is None:
        raise PlanError(
            "The recipe learns from FER+'s votes, and there are none for these pictures.",
            advice="Put ferplus_votes.csv beside fer2013.csv, or give its path.",
        )
    counts = found.counts[dataset.positions(dataset.divided.learns)].astype(np.float32)
    shares: NDArray[np.float32] = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    return shares


def _drift_files(dataset: Dataset, done: Finish, place: JobPlace) -> dict[str, Path]:
    """What later sessions are compared with: the choosing split, which was not learned from.

    None where its pictures are too few: that is said, and the model is kept all the same.
    """
    chooses = dataset.divided.chooses
    scores = softmax(done.logits[chooses] / temperature_of(dataset, done))
    try:
        reference = reference_of_pictures(
            dataset[chooses],
            scores,
            dataset.scheme,
            name=name_of(place.folder.name),
            source=f"{chooses} of {dataset.name}, which the model did not learn from.",
            made_at=place.clock(),
        )
    except PlanError as error:
        place.journal.append(Said(f"No reference for drift was made: {error.message}"))
        return {}
    path = place.folder / "result" / MODEL_FILE
    path.write_text(json.dumps(reference.to_json(), indent=1, allow_nan=False), encoding="utf-8")
    return {MODEL_FILE: path}


def _told_out_of_fold(dataset: Dataset, done: Finish, place: JobPlace) -> dict[str, str]:
    """What the model says of the pictures it was trained without, kept in the run's folder."""
    protocol = dataset.divided
    temperature = temperature_of(dataset, done)
    left_out, logits = dataset[protocol.judges], done.logits[protocol.judges]
    right = float((logits.argmax(axis=1) == left_out.labels).mean())
    place.journal.append(
        Said(f"{right * 100:.1f} % of {counted(len(left_out), 'left-out picture')} right.")
    )
    scores = softmax(logits / temperature).astype(np.float32)
    path = place.folder / "result" / OUT_OF_FOLD_FILE
    write_out_of_fold(path, out_of_fold(left_out.pixels, scores))
    return {"out_of_fold": str(path)}


def _told_as_trial(
    trained: Any, dataset: Dataset, plan: TrainingPlan, place: JobPlace
) -> dict[str, str]:
    """What a sweep asks for; the split that judges is not looked at, and nothing is kept."""
    from core.training.keras_judging import accuracy_of

    chooses, size_px = dataset[dataset.divided.chooses], plan.chosen_recipe.final_size_px
    accuracy = accuracy_of(trained, chooses, size_px=size_px)
    # Hundreds of trials would fill the disk, and there is nothing left to go on with.
    discard_ours(place.folder / CHECKPOINT, within=place.folder)
    return {"accuracy_chooses": f"{accuracy:.6f}", "content_hash": dataset.content_hash}
