"""Declared groups over the pictures of one evaluation: who they are, and how each does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.domain import softmax
from core.domain.dataset import picture_digests
from core.evaluation.evaluator.reopen import ReopenedEvaluation
from core.evaluation.metrics.scoring import ScoredLabels
from core.evaluation.predictions.picture_lookup import NOT_FOUND, find_positions
from core.evaluation.subgroups.declaration import GroupTable, by_folder, declared
from core.evaluation.subgroups.report import GroupsReport, corrected, measure_groups


def groups_of(
    again: ReopenedEvaluation, *, table: GroupTable | None = None, level: int = 0
) -> list[GroupsReport]:
    """Each declaration, over all pictures of the split that are here; p-values count all of them.

    Args:
        table: each of its columns is a declaration.
        level: of the folders the pictures lie in, 1 being the outermost; 0 for none.
    Raises:
        UnreadableDataset: the table is not about these pictures, no picture lies so deep, or there
            are too many folders.
    """
    names, subjects = names_of(again)
    columns = table.columns if table else ()
    found = [declared(table, column, names, subjects) for column in columns if table]
    if level:
        found.append(by_folder(names, level))
    heard = scored_labels_of(again)
    return corrected(
        [measure_groups(one, heard, split=again.split, subjects=subjects) for one in found]
    )


def names_of(again: ReopenedEvaluation) -> tuple[list[str], list[str]]:
    """What each usable picture is called, and who is on it; empty where nobody says."""
    pictures = again.found.dataset.pictures
    places = _own_places(again)[again.usable]
    return [str(one) for one in pictures.names[places]], [
        str(one) for one in pictures.subjects[places]
    ]


def scored_labels_of(again: ReopenedEvaluation) -> ScoredLabels:
    """What was said of each usable picture when the evaluation was made."""
    evaluation, usable = again.evaluation, again.usable
    logits = again.answers.logits[usable].astype(np.float64)
    return ScoredLabels(
        softmax(logits / evaluation.temperature),
        again.answers.labels[usable],
        evaluation.not_sure_below,
    )


def _own_places(again: ReopenedEvaluation) -> NDArray[np.int64]:
    """Where each judged picture stands, in its own split where that holds it.

    Datasets repeat pictures, and the first copy may stand in another split, under another name.
    """
    dataset, digests, found = (
        again.found.dataset,
        again.answers.digests,
        again.found.dataset_positions,
    )
    if again.split not in dataset.split_names:
        return found
    own = dataset.positions(again.split)
    pixels = dataset.pictures.pixels[own]
    if np.array_equal(picture_digests(pixels), digests):
        return own
    within = find_positions(digests, pixels)
    return np.where(within == NOT_FOUND, found, own[within])
