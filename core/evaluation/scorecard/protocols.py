"""Which pictures figures are about: each split, both of FER2013's tests, classes seen as two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels import Votes
from core.datasets.splits import OFFICIAL
from core.domain import LabelMap
from core.domain.merging import class_indices, merge_scores
from core.evaluation.predictions.class_alignment import as_logits
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.leakage import DuplicateLeakage
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.figures import joined, scores_of, some_of

TESTS = (OFFICIAL.validation, OFFICIAL.test)
BOTH_TESTS = f"{OFFICIAL.validation} + {OFFICIAL.test}"


OWN: Mapping[str, Callable[[DuplicateLeakage], NDArray[np.bool_]]] = MappingProxyType(
    {
        "Without exact duplicates": lambda repeats: repeats.unseen_pixels,
        "Without near duplicates": lambda repeats: repeats.unseen_photographs,
    }
)
"""What is left out, in words -> which pictures stay."""


@dataclass(frozen=True, eq=False)
class Protocol:
    """One way to choose the pictures that figures are about.

    Attributes:
        name: of a split, or `BOTH_TESTS`.
        answers: about its pictures.
        sentence: what has to be known about it; empty where nothing has.
        seen: whether some of the pictures had a part in making the model.
    """

    name: str
    answers: SplitPredictions
    sentence: str
    seen: bool


def protocols_of(
    evaluation: Evaluation, answers: Mapping[str, SplitPredictions]
) -> tuple[Protocol, ...]:
    """Every protocol of an evaluation; the split whose figures stand for the model comes first.

    Of FER2013 both are told that papers report: PrivateTest alone, and both tests together.
    """
    order = sorted(
        answers, key=lambda name: (name != evaluation.judges, name == evaluation.learned, name)
    )
    found = [
        Protocol(name, answers[name], _sentence(evaluation, name), _seen(evaluation, name))
        for name in order
    ]
    if set(TESTS) <= set(answers):
        sentence = (
            f"Half of them, {OFFICIAL.validation}, were used to choose the epoch."
            if evaluation.chose == OFFICIAL.validation
            else "Both tests, as some papers report."
        )
        both = joined([answers[name] for name in TESTS])
        found.insert(1, Protocol(BOTH_TESTS, both, sentence, bool(evaluation.chose)))
    return tuple(found)


def without_duplicates(
    protocol: Protocol,
    answers: Mapping[str, SplitPredictions],
    repeats: Mapping[str, DuplicateLeakage],
    *,
    own: Callable[[DuplicateLeakage], NDArray[np.bool_]],
) -> SplitPredictions | None:
    """The answers about pictures that repeat none; None where nobody looked for repeats.

    Args:
        answers, repeats: by split.
        own: which pictures of a split count as their own: bool `(n,)`.
    """
    splits = _splits_of(protocol)
    if not set(splits) <= set(repeats):
        return None
    return joined([some_of(answers[name], own(repeats[name])) for name in splits])


def duplicate_counts(protocol: Protocol, repeats: Mapping[str, DuplicateLeakage]) -> dict[str, int]:
    """Split -> how many of the protocol's pictures repeat one of it."""
    splits = _splits_of(protocol)
    counts: dict[str, int] = {}
    for name in splits:
        for of, count in (repeats[name].counts if name in repeats else {}).items():
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
    places = class_indices(answers.classes, label_map)
    if places is None:
        return None
    kept = some_of(answers, places[answers.labels] >= 0)
    scores = merge_scores(scores_of(kept, temperature), places, len(label_map.target))
    return SplitPredictions(
        kept.digests,
        places[kept.labels],
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
    # Of another dataset no picture had a part; that goes without saying.
    return "Not used for training or for choosing the epoch." if evaluation.learned else ""


def _seen(evaluation: Evaluation, split: str) -> bool:
    return split in {evaluation.learned, evaluation.chose} - {""}
