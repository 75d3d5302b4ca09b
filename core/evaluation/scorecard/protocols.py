"""Evaluation protocols: each split, both of FER2013's tests together, and mapped classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import Votes
from core.datasets.splits import OFFICIAL
from core.domain import LabelMap
from core.domain.counted import counted
from core.domain.merging import class_indices, merge_scores
from core.evaluation.predictions.class_alignment import as_logits
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.leakage import DuplicateLeakage
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.scorecard_metrics import (
    join_predictions,
    scores_of,
    select_predictions,
)

TESTS = (OFFICIAL.validation, OFFICIAL.test)
BOTH_TESTS = f"{OFFICIAL.validation} + {OFFICIAL.test}"


DUPLICATE_FILTERS: Mapping[str, Callable[[DuplicateLeakage], NDArray[np.bool_]]] = MappingProxyType(
    {
        "Without exact duplicates": lambda leakage: leakage.unseen_pixels,
        "Without near duplicates": lambda leakage: leakage.unseen_photographs,
    }
)
"""Title -> function that selects the pictures that remain."""


@dataclass(frozen=True, eq=False)
class Protocol:
    """The pictures that metrics are computed on.

    Attributes:
        name: of a split, or `BOTH_TESTS`.
        answers: predictions on its pictures.
        sentence: a remark on it; empty for none.
        used_in_training: whether some of the pictures were used for training or validation.
    """

    name: str
    answers: SplitPredictions
    sentence: str
    used_in_training: bool


def protocols_of(
    evaluation: Evaluation, answers: Mapping[str, SplitPredictions]
) -> tuple[Protocol, ...]:
    """Every protocol of an evaluation; the test split comes first.

    For FER2013 there are both that papers report: PrivateTest alone, and both tests together.
    """
    order = sorted(
        answers, key=lambda name: (name != evaluation.judges, name == evaluation.learned, name)
    )
    found = [
        Protocol(name, answers[name], _sentence(evaluation, name), _seen(evaluation, name))
        for name in order
    ]
    if set(TESTS) <= set(answers):
        both = join_predictions([answers[name] for name in TESTS])
        sentence = (
            f"{OFFICIAL.validation}, {len(answers[OFFICIAL.validation].digests):,} of these "
            f"{counted(len(both.digests), 'picture')}, was used to choose the epoch."
            if evaluation.chose == OFFICIAL.validation
            else "Both tests, as some papers report."
        )
        found.insert(1, Protocol(BOTH_TESTS, both, sentence, bool(evaluation.chose)))
    return tuple(found)


def without_duplicates(
    protocol: Protocol,
    answers: Mapping[str, SplitPredictions],
    leakage: Mapping[str, DuplicateLeakage],
    *,
    own: Callable[[DuplicateLeakage], NDArray[np.bool_]],
) -> SplitPredictions | None:
    """Predictions without duplicates; None where none were searched for.

    Args:
        answers, leakage: by split.
        own: selects the pictures of a split that are no duplicates: bool `(n,)`.
    """
    splits = _splits_of(protocol)
    if not set(splits) <= set(leakage):
        return None
    return join_predictions(
        [select_predictions(answers[name], own(leakage[name])) for name in splits]
    )


def duplicate_counts(protocol: Protocol, leakage: Mapping[str, DuplicateLeakage]) -> dict[str, int]:
    """Split -> how many of the protocol's pictures duplicate one of it."""
    splits = _splits_of(protocol)
    counts: dict[str, int] = {}
    for name in splits:
        for of, count in (leakage[name].counts if name in leakage else {}).items():
            counts[of] = counts.get(of, 0) + count
    return counts


def joined_votes(protocol: Protocol, votes: Mapping[str, Votes]) -> Votes | None:
    """Votes on a protocol's pictures, in the order of its answers; None without.

    Args:
        votes: by split.
    """
    splits = _splits_of(protocol)
    if not set(splits) <= set(votes):
        return None
    parts = [votes[name] for name in splits]
    return Votes(
        np.concatenate([one.counts for one in parts]),
        np.concatenate([one.others for one in parts]),
        np.concatenate([one.usage for one in parts]),
    )


def under_map(
    answers: SplitPredictions, label_map: LabelMap, *, temperature: float
) -> SplitPredictions | None:
    """The same answers under fewer classes; None where the map does not know the classes.

    Scores of classes that become one are summed, and pictures of classes left out are too.

    Returns:
        Answers whose temperature is 1.
    """
    indices = class_indices(answers.classes, label_map)
    if indices is None:
        return None
    mapped = select_predictions(answers, indices[answers.labels] >= 0)
    scores = merge_scores(scores_of(mapped, temperature), indices, len(label_map.target))
    return SplitPredictions(
        mapped.digests,
        indices[mapped.labels],
        as_logits(scores).astype(np.float32),
        label_map.target.labels,
    )


def _splits_of(protocol: Protocol) -> list[str]:
    return list(TESTS) if protocol.name == BOTH_TESTS else [protocol.name]


def _sentence(evaluation: Evaluation, split: str) -> str:
    if split == evaluation.learned:
        return "Training split: says nothing about unseen pictures."
    if split == evaluation.chose:
        return "Validation split: used to choose the epoch, so slightly optimistic."
    # Pictures of another dataset were not used in any case.
    return "Not used for training or for choosing the epoch." if evaluation.learned else ""


def _seen(evaluation: Evaluation, split: str) -> bool:
    return split in {evaluation.learned, evaluation.chose} - {""}
