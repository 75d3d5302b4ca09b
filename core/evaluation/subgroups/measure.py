"""Metrics of declared groups on the pictures of one evaluation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import softmax
from core.domain.dataset import picture_digests
from core.evaluation.evaluator.reopen import ReopenedEvaluation
from core.evaluation.metrics.split_report import ScoredLabels
from core.evaluation.predictions.picture_lookup import NOT_FOUND, find_positions
from core.evaluation.subgroups.declaration import GroupTable, by_folder, declared
from core.evaluation.subgroups.report import GroupsReport, corrected, measure_groups


def groups_of(
    reopened: ReopenedEvaluation, *, table: GroupTable | None = None, level: int = 0
) -> list[GroupsReport]:
    """Metrics for each grouping, on all pictures of the split that were found.

    Args:
        table: each of its columns is a grouping.
        level: of the pictures' folders, 1 being the outermost; 0 for none.
    Raises:
        UnreadableDataset: the table does not match these pictures, no picture lies so deep, or
            there are too many folders.
    """
    names, subjects = names_of(reopened)
    columns = table.columns if table else ()
    found = [declared(table, column, names, subjects) for column in columns if table]
    if level:
        found.append(by_folder(names, level))
    scored = scored_labels_of(reopened)
    return corrected(
        [measure_groups(one, scored, split=reopened.split, subjects=subjects) for one in found]
    )


def names_of(reopened: ReopenedEvaluation) -> tuple[list[str], list[str]]:
    """Name and person of each usable picture; the person is empty where unknown."""
    pictures = reopened.found.dataset.pictures
    positions = _own_positions(reopened)[reopened.usable]
    return [str(one) for one in pictures.names[positions]], [
        str(one) for one in pictures.subjects[positions]
    ]


def scored_labels_of(reopened: ReopenedEvaluation) -> ScoredLabels:
    """The stored predictions on each usable picture."""
    evaluation, usable = reopened.evaluation, reopened.usable
    logits = reopened.answers.logits[usable].astype(np.float64)
    return ScoredLabels(
        softmax(logits / evaluation.temperature),
        reopened.answers.labels[usable],
        evaluation.not_sure_below,
    )


def _own_positions(reopened: ReopenedEvaluation) -> NDArray[np.int64]:
    """Position of each evaluated picture in the dataset, in its own split where that holds it.

    Datasets contain duplicates, and the first copy may be in another split, under another name.
    """
    dataset, digests, found = (
        reopened.found.dataset,
        reopened.answers.digests,
        reopened.found.dataset_positions,
    )
    if reopened.split not in dataset.split_names:
        return found
    own = dataset.positions(reopened.split)
    pixels = dataset.pictures.pixels[own]
    if np.array_equal(picture_digests(pixels), digests):
        return own
    within = find_positions(digests, pixels)
    return np.where(within == NOT_FOUND, found, own[within])
