"""The files of an evaluation, made while its pictures are open."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.datasets import DatasetSource
from core.datasets.audit import Problem, ProblemKind, load_audit
from core.datasets.catalogue import entry
from core.datasets.labels import Votes, votes_for
from core.domain import UNLABELLED, EpochEnded, PictureSet
from core.domain.dataset import order_hash, picture_digests
from core.domain.errors import UnknownRun, UnreadableDataset
from core.evaluation.evaluator.inputs import EvaluationInputs
from core.evaluation.metrics.arrays import Floats
from core.evaluation.predictions.evaluation_files import (
    HISTORY_FILE,
    VOTES_FILE,
    history_bytes,
    votes_bytes,
)
from core.evaluation.predictions.leakage import (
    LEAKAGE_FILE,
    DuplicateLeakage,
    find_leakage,
    leakage_bytes,
    near_pairs,
)
from core.evaluation.predictions.predictions import (
    ANSWERS_FILE,
    SplitPredictions,
    write_predictions,
)
from core.jobs import JobContext, read_run
from core.settings import Settings


def labelled(pictures: PictureSet) -> NDArray[np.int64]:
    """Positions of the pictures that carry a label."""
    return np.flatnonzero(pictures.labels != UNLABELLED)


def labelled_predictions(
    inputs: EvaluationInputs, logits: Mapping[str, Floats]
) -> dict[str, SplitPredictions]:
    """Predictions on the labelled pictures, by split; splits without any are left out.

    Args:
        logits: split -> float64 `(n, k)`, in the split's order.
    """
    found = {}
    for split, of_split in logits.items():
        pictures = inputs.dataset[split]
        at = labelled(pictures)
        if len(at):
            found[split] = SplitPredictions(
                picture_digests(pictures.pixels[at]),
                pictures.labels[at].astype(np.int64),
                of_split[at].astype(np.float32),
                inputs.alignment.scheme.labels,
            )
    return found


def parts_of(
    inputs: EvaluationInputs, predictions: Mapping[str, SplitPredictions], context: JobContext
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Every file of an evaluation, and notes about what is missing from them."""
    path = context.folder / "result" / ANSWERS_FILE
    write_predictions(path, predictions)
    leakage, leakage_note = leakage_of(inputs, predictions, context.settings)
    parts = {ANSWERS_FILE: path.read_bytes(), LEAKAGE_FILE: leakage_bytes(leakage)}
    votes, votes_note = _votes(inputs, context.settings)
    if votes is not None:
        at = {
            split: inputs.dataset.positions(split)[labelled(inputs.dataset[split])]
            for split in predictions
        }
        parts[VOTES_FILE] = votes_bytes(votes, at)
    epochs = _epochs(inputs, context)
    if epochs:
        parts[HISTORY_FILE] = history_bytes(epochs)
    return parts, tuple(note for note in (leakage_note, votes_note) if note)


def leakage_of(
    inputs: EvaluationInputs, predictions: Mapping[str, SplitPredictions], settings: Settings
) -> tuple[dict[str, DuplicateLeakage], str]:
    """Duplicates among the evaluated pictures, and a note where only exact ones can be found."""
    # Training and validation split come first, evaluated or not: a test picture that is in them
    # too is the duplicate, never the other way round.
    seen = [name for name in (inputs.training_split, inputs.validation_split) if name]
    order = tuple(dict.fromkeys([*seen, *predictions]))
    digests = {
        split: predictions[split].digests
        if split in predictions
        else picture_digests(inputs.dataset[split].pixels)
        for split in order
    }
    near, note = _near(inputs, settings)
    found = find_leakage(order, digests, near_pairs(inputs.opened, near))
    return {split: found[split] for split in predictions}, note


def _near(inputs: EvaluationInputs, settings: Settings) -> tuple[Problem | None, str]:
    unknown = "Only exact duplicates are counted: the dataset was not audited."
    if not inputs.plan.dataset:
        return None, unknown
    try:
        audit = load_audit(settings.datasets_dir / inputs.plan.dataset)
    except UnreadableDataset:
        return None, unknown
    if (
        audit is None
        or inputs.plan.corrections
        or audit.order_hash != order_hash(inputs.opened.pictures)
    ):
        return None, unknown
    return audit.of(ProblemKind.NEAR_DUPLICATE), ""


def _votes(inputs: EvaluationInputs, settings: Settings) -> tuple[Votes | None, str]:
    source = (
        DatasetSource(inputs.plan.data)
        if inputs.plan.data
        else entry(settings.datasets_dir, inputs.plan.dataset).source
    )
    try:
        return votes_for(inputs.dataset, source, inputs.plan.votes), ""
    except UnreadableDataset as error:
        return None, f"FER+'s votes were not counted: {error.message}"


def _epochs(inputs: EvaluationInputs, context: JobContext) -> tuple[EpochEnded, ...]:
    """Training history of a single model; empty where its run is not stored here."""
    if len(inputs.cards) > 1 or not inputs.cards[0].run_id:
        return ()
    try:
        return read_run(
            context.settings.runs_dir, inputs.cards[0].run_id, now=context.clock()
        ).epochs
    except UnknownRun:
        return ()
