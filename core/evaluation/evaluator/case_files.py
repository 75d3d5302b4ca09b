"""Everything that is kept of an evaluation while its pictures are at hand."""

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
from core.evaluation.evaluator.case import Case
from core.evaluation.metrics.basics import Floats
from core.evaluation.predictions.evaluation_files import (
    HISTORY_FILE,
    VOTES_FILE,
    history_bytes,
    votes_bytes,
)
from core.evaluation.predictions.leakage import (
    REPEATS_FILE,
    DuplicateLeakage,
    find_leakage,
    leakage_bytes,
    near_pairs,
)
from core.evaluation.predictions.predictions import ANSWERS_FILE, SplitPredictions, write_answers
from core.jobs import JobContext, look
from core.storage.settings import Settings


def labelled(pictures: PictureSet) -> NDArray[np.int64]:
    """Positions of the pictures that carry a label."""
    return np.flatnonzero(pictures.labels != UNLABELLED)


def kept(case: Case, answers: Mapping[str, Floats]) -> dict[str, SplitPredictions]:
    """The answers about labelled pictures, as they are kept; splits without any are left out."""
    found = {}
    for split, logits in answers.items():
        pictures = case.dataset[split]
        at = labelled(pictures)
        if len(at):
            found[split] = SplitPredictions(
                picture_digests(pictures.pixels[at]),
                pictures.labels[at].astype(np.int64),
                logits[at].astype(np.float32),
                case.meeting.scheme.labels,
            )
    return found


def parts_of(
    case: Case, judged: Mapping[str, SplitPredictions], place: JobContext
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Every file of an evaluation, and sentences about what could not be had."""
    path = place.folder / "result" / ANSWERS_FILE
    write_answers(path, judged)
    repeats, near_note = repeats_of(case, judged, place.settings)
    parts = {ANSWERS_FILE: path.read_bytes(), REPEATS_FILE: leakage_bytes(repeats)}
    votes, votes_note = _votes(case, place.settings)
    if votes is not None:
        at = {
            split: case.dataset.positions(split)[labelled(case.dataset[split])] for split in judged
        }
        parts[VOTES_FILE] = votes_bytes(votes, at)
    epochs = _epochs(case, place)
    if epochs:
        parts[HISTORY_FILE] = history_bytes(epochs)
    return parts, tuple(note for note in (near_note, votes_note) if note)


def repeats_of(
    case: Case, judged: Mapping[str, SplitPredictions], settings: Settings
) -> tuple[dict[str, DuplicateLeakage], str]:
    """What the judged pictures repeat, and a sentence where only equal pixels could be told."""
    # What was learned from and chosen by comes first, judged or not: a picture of the test that
    # stands there too repeats it, and never the other way round.
    seen = [name for name in (case.learned, case.chose) if name]
    order = tuple(dict.fromkeys([*seen, *judged]))
    digests = {
        split: judged[split].digests
        if split in judged
        else picture_digests(case.dataset[split].pixels)
        for split in order
    }
    near, note = _near(case, settings)
    found = find_leakage(order, digests, near_pairs(case.opened, near))
    return {split: found[split] for split in judged}, note


def _near(case: Case, settings: Settings) -> tuple[Problem | None, str]:
    unknown = "Only exact duplicates are counted: the dataset was not audited."
    if not case.plan.dataset:
        return None, unknown
    try:
        audit = load_audit(settings.datasets_dir / case.plan.dataset)
    except UnreadableDataset:
        return None, unknown
    if (
        audit is None
        or case.plan.corrections
        or audit.order_hash != order_hash(case.opened.pictures)
    ):
        return None, unknown
    return audit.of(ProblemKind.NEAR_DUPLICATE), ""


def _votes(case: Case, settings: Settings) -> tuple[Votes | None, str]:
    source = (
        DatasetSource(case.plan.data)
        if case.plan.data
        else entry(settings.datasets_dir, case.plan.dataset).source
    )
    try:
        return votes_for(case.dataset, source, case.plan.votes), ""
    except UnreadableDataset as error:
        return None, f"FER+'s votes were not counted: {error.message}"


def _epochs(case: Case, place: JobContext) -> tuple[EpochEnded, ...]:
    """How the one model learned; nothing where its run is not here."""
    if len(case.cards) > 1 or not case.cards[0].run_id:
        return ()
    try:
        return look(place.settings.runs_dir, case.cards[0].run_id, now=place.clock()).epochs
    except UnknownRun:
        return ()
