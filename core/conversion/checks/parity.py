"""Compares a format's predictions with the network's, against the format's tolerance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.conversion.formats import Tolerance
from core.domain import ModelCard, softmax
from core.domain.counted import counted, hundredths
from core.domain.wording import percent_ends
from core.evaluation.metrics import expected_calibration_error, paired_difference
from core.models import Parity

Logits = NDArray[np.float64]


def compare(
    reference: Logits, logits: Logits, labels: NDArray[np.int64] | None, card: ModelCard
) -> Parity:
    """How far a format's predictions are from the network's.

    Args:
        reference, logits: `(n, k)` logits of the network and of the format for the same pictures.
        labels: `(n,)` class numbers; None where the pictures have no human labels.
        card: with the temperature of the scores.
    Returns:
        The figures.
    """
    before, after = softmax(reference / card.temperature), softmax(logits / card.temperature)
    difference = np.abs(after - before)
    top_before, top_after = before.argmax(axis=1), after.argmax(axis=1)
    change = ece_change = None
    if labels is not None:
        change = paired_difference(top_after == labels, top_before == labels).accuracy
        ece_change = expected_calibration_error(after, labels)
        ece_change -= expected_calibration_error(before, labels)
    return Parity(
        faces=len(logits),
        max_difference=float(difference.max()),
        mean_difference=float(difference.mean()),
        changed_labels=float((top_before != top_after).mean()),
        accuracy_change=change,
        ece_change=ece_change,
    )


def refusal_of(found: Parity, tolerance: Tolerance) -> str:
    """The reason why a format must not be published, with the figure; empty if it may be."""
    limit = tolerance.max_difference
    if limit is not None and found.max_difference > limit:
        return (
            f"A score differs by {found.max_difference:.2g} from the network's; at most {limit:g} "
            "is tolerated."
        )
    if found.mean_difference > tolerance.max_mean_difference:
        return (
            f"Scores differ by {found.mean_difference:.2g} from the network's on average; at most "
            f"{tolerance.max_mean_difference:g} is tolerated."
        )
    if found.changed_labels > tolerance.max_changed_labels:
        return (
            f"{hundredths(found.changed_labels)} of {counted(found.faces, 'face')} get another "
            f"prediction; at most {tolerance.max_changed_labels * 100:g} % is tolerated."
        )
    return _refusal_by_accuracy(found, tolerance.min_accuracy_change)


def _refusal_by_accuracy(found: Parity, limit: float | None) -> str:
    change = found.accuracy_change
    # Without a changed label the accuracy cannot have changed, however few the pictures.
    if limit is None or change is None or found.changed_labels == 0 or change.low >= limit:
        return ""
    return (
        f"Its accuracy may be {-change.low * 100:.2f} points lower (95 % CI "
        f"{percent_ends(change, '+.2f')} over "
        f"{counted(found.faces, 'face')}); at most "
        f"{-limit * 100:g} is tolerated."
    )
