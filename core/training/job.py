"""The training job: a plan in, a trained, judged and saved model out, told as events.

This module itself imports no TensorFlow: the worker does, when the run begins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.datasets import DatasetSource, open_dataset
from core.datasets.catalogue import open_entry
from core.datasets.corrections import apply_corrections, load_version
from core.datasets.mapping import apply_map, map_named
from core.drift import MODEL_FILE, name_of, reference_of_pictures
from core.evaluation import fit_temperature, judge, not_sure_threshold
from core.evaluation.metrics import softmax
from core.library import (
    KERAS_FILE,
    LITERT_FILE,
    OUT_OF_FOLD_FILE,
    out_of_fold,
    save,
    write_out_of_fold,
)
from core.settings import Settings
from core.training.folds import without_fold
from core.training.plan import TrainingPlan
from core.vocabulary import (
    DataReady,
    Dataset,
    EvaluationReport,
    ModelCard,
    ModelInput,
    PictureSet,
    Said,
)

if TYPE_CHECKING:
    from core.runs import JobPlace
    from core.training.keras_finish import Finish

# Below it about one answer in five would be wrong: then "not sure" is the honest answer.
WANTED_ACCURACY = 0.80

NOT_FOR = (
    "Deciding about people: hiring, grading, medical or legal use.",
    "Inferring emotions of people at work or in education in the EU (AI Act, Art. 5(1)(f)).",
    "Claims about what somebody feels: it names the expression shown (Barrett et al. 2019).",
    "Children: hardly any are among the pictures it learned from.",
)


def run(plan_read: Mapping[str, Any], place: JobPlace) -> dict[str, str]:
    """Train, judge and save one model.

    Returns:
        `model`: its name on the shelf; or, for a fold, `out_of_fold`: the table's path.
    Raises:
        RunCancelled: somebody asked to stop; the checkpoint is kept.
        MienError: the plan, the dataset or the disk does not allow it.
    """
    from core.training.keras_finish import finish
    from core.training.keras_fit import fit
    from core.training.keras_hardware import prepare

    plan = TrainingPlan.from_json(plan_read)
    place.journal.append(Said(f"Computing in {prepare(plan.threads)}, {plan.threads} thread(s)."))
    dataset = _opened(plan, place)
    place.journal.append(DataReady({name: len(part) for name, part in dataset.splits.items()}))
    for note in dataset.notes:
        place.journal.append(Said(note))
    trained = fit(dataset, plan, place)
    place.journal.append(Said("Trained. Converting and judging."))
    done = finish(trained, dataset, plan, place.folder / "result")
    if plan.folds:
        return _told_out_of_fold(dataset, done, place)
    card = save(
        place.settings.models_dir,
        _card(plan, dataset, done, place),
        {
            KERAS_FILE: done.keras_file,
            LITERT_FILE: done.litert_file,
            MODEL_FILE: _drift_file(dataset, done, place),
        },
    )
    judged = card.reports[-1]
    place.journal.append(
        Said(f"{judged.split}: {judged.accuracy.value:.1%} of {judged.pictures:,} pictures right.")
    )
    return {"model": card.name}


def _drift_file(dataset: Dataset, done: Finish, place: JobPlace) -> Path:
    """What later sessions are compared with: the choosing split, which was not learned from."""
    chooses = dataset.divided.chooses
    scores = softmax(done.logits[chooses] / _temperature(dataset, done))
    reference = reference_of_pictures(
        dataset[chooses],
        scores,
        dataset.scheme,
        name=name_of(place.folder.name),
        source=f"{chooses} of {dataset.name}, which the model did not learn from.",
        made_at=place.clock(),
    )
    path = place.folder / "result" / MODEL_FILE
    path.write_text(json.dumps(reference.to_json(), indent=1, allow_nan=False), encoding="utf-8")
    return path


def _temperature(dataset: Dataset, done: Finish) -> float:
    chooses = dataset.divided.chooses
    return fit_temperature(done.logits[chooses], dataset[chooses].labels)


def _told_out_of_fold(dataset: Dataset, done: Finish, place: JobPlace) -> dict[str, str]:
    """What the model says of the pictures it was trained without, kept in the run's folder."""
    protocol = dataset.divided
    temperature = _temperature(dataset, done)
    left_out, logits = dataset[protocol.judges], done.logits[protocol.judges]
    right = float((logits.argmax(axis=1) == left_out.labels).mean())
    place.journal.append(Said(f"{right:.1%} of {len(left_out):,} left-out pictures right."))
    scores = softmax(logits / temperature).astype(np.float32)
    path = place.folder / "result" / OUT_OF_FOLD_FILE
    write_out_of_fold(path, out_of_fold(left_out.pixels, scores))
    return {"out_of_fold": str(path)}


def _opened(plan: TrainingPlan, place: JobPlace) -> Dataset:
    dataset = _as_asked(plan, place.settings)
    if plan.folds:
        return without_fold(dataset, fold=plan.fold, folds=plan.folds, seed=plan.seed)
    if not plan.pictures:
        return dataset
    learns = dataset.divided.learns
    chosen = np.random.default_rng(plan.seed).permutation(len(dataset[learns]))[: plan.pictures]
    return Dataset.from_splits(
        dataset.name,
        dataset.scheme,
        {**dataset.splits, learns: dataset[learns].take(np.sort(chosen))},
        dataset.protocol,
        content_hash=dataset.content_hash,
        notes=(*dataset.notes, f"Only {len(chosen):,} training pictures were used, as asked."),
    )


def _as_asked(plan: TrainingPlan, settings: Settings) -> Dataset:
    """The dataset with its corrections, under the classes of the plan."""
    cache_dir = settings.datasets_cache_dir
    if not plan.dataset:
        dataset = open_dataset(DatasetSource(plan.data, seed=plan.seed), cache_dir)
    else:
        dataset = open_entry(settings.datasets_dir, plan.dataset, cache_dir)
        folder = settings.datasets_dir / plan.dataset
        dataset = apply_corrections(dataset, load_version(folder, plan.corrections))
    if plan.classes:
        label_map = map_named(settings.schemes_dir, dataset.scheme, plan.classes)
        dataset = apply_map(dataset, label_map)
    return dataset


def _card(plan: TrainingPlan, dataset: Dataset, done: Finish, place: JobPlace) -> ModelCard:
    chooses = dataset[dataset.divided.chooses]
    temperature = _temperature(dataset, done)
    scores = softmax(done.logits[dataset.divided.chooses] / temperature)
    return ModelCard(
        name=plan.name or f"{plan.recipe}-{place.folder.name}",
        scheme=dataset.scheme,
        input=ModelInput(size_px=plan.chosen_recipe.final_size_px),
        temperature=temperature,
        not_sure_below=not_sure_threshold(scores, chooses.labels, wanted_accuracy=WANTED_ACCURACY),
        weights=done.weights,
        mmac=done.mmac,
        files={},
        made_at=place.clock().isoformat(timespec="seconds"),
        run_id=place.folder.name,
        recipe=f"{plan.recipe} ({plan.chosen_epochs} epochs, seed {plan.seed})",
        dataset=_learned_from(dataset),
        reports=_reports(dataset, done, temperature),
        limits=(*_limits(dataset), done.parity),
        not_for=NOT_FOR,
    )


def _reports(dataset: Dataset, done: Finish, temperature: float) -> tuple[EvaluationReport, ...]:
    """The choosing split, both together where the protocol is the official one, the test last."""
    protocol = dataset.divided
    parts: list[tuple[str, tuple[str, ...]]] = [(protocol.chooses, (protocol.chooses,))]
    if protocol.judges == "PrivateTest":
        both = (protocol.chooses, protocol.judges)
        parts.append((" + ".join(both), both))
    parts.append((protocol.judges, (protocol.judges,)))
    return tuple(
        judge(
            title,
            np.concatenate([done.logits[name] for name in names]),
            np.concatenate([dataset[name].labels for name in names]),
            scheme=dataset.scheme,
            temperature=temperature,
        )
        for title, names in parts
    )


def _learned_from(dataset: Dataset) -> str:
    learns: PictureSet = dataset[dataset.divided.learns]
    return (
        f"{dataset.name} {dataset.divided.learns}, {len(learns):,} pictures; epoch, temperature "
        f'and "not sure" threshold chosen on {dataset.divided.chooses}; '
        f"{dataset.divided.judges} read once; content sha256 {dataset.content_hash}"
    )


def _limits(dataset: Dataset) -> tuple[str, ...]:
    return (
        f"{dataset.divided.chooses} chose epoch and temperature, so only "
        f"{dataset.divided.judges} is an unseen test.",
        "FER2013 was collected from the web with disputed labels; people agree with its labels "
        "on about 65 of 100 pictures (Goodfellow et al. 2013).",
        "Disgust has few pictures: its figures are uncertain.",
        "How accuracy varies between groups of people was not measured: the dataset does not "
        "say who is shown.",
        *dataset.notes,
    )
