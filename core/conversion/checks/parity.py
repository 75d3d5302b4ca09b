"""Whether a format gives the network's answers, and what happens to one that does not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.conversion.formats import Tolerance
from core.domain import ModelCard, softmax
from core.domain.counted import counted
from core.domain.wording import percent_ends
from core.evaluation.metrics import expected_calibration_error, paired_difference
from core.models import Parity

Logits = NDArray[np.float64]


def compare(
    wanted: Logits, got: Logits, labels: NDArray[np.int64] | None, card: ModelCard
) -> Parity:
    """How far a format's answers are from the network's.

    Args:
        wanted, got: `(n, k)` logits of the network and of the format, about the same pictures.
        labels: `(n,)` class numbers; None where nobody named what the pictures show.
        card: says by which temperature scores come from logits.
    Returns:
        The figures.
    """
    before, after = softmax(wanted / card.temperature), softmax(got / card.temperature)
    apart = np.abs(after - before)
    top_before, top_after = before.argmax(axis=1), after.argmax(axis=1)
    change = ece_change = None
    if labels is not None:
        change = paired_difference(top_after == labels, top_before == labels).accuracy
        ece_change = expected_calibration_error(after, labels)
        ece_change -= expected_calibration_error(before, labels)
    return Parity(
        faces=len(got),
        max_difference=float(apart.max()),
        mean_difference=float(apart.mean()),
        changed_labels=float((top_before != top_after).mean()),
        accuracy_change=change,
        ece_change=ece_change,
    )


def refusal_of(found: Parity, tolerance: Tolerance) -> str:
    """Why a format must not be published, with the figure; empty if it may be."""
    most = tolerance.most_difference
    if most is not None and found.max_difference > most:
        return (
            f"A score differs by {found.max_difference:.2g} from the network's; at most {most:g} "
            "is tolerated."
        )
    if found.mean_difference > tolerance.most_mean_difference:
        return (
            f"Scores differ by {found.mean_difference:.2g} from the network's on average; at most "
            f"{tolerance.most_mean_difference:g} is tolerated."
        )
    if found.changed_labels > tolerance.most_changed:
        return (
            f"{found.changed_labels * 100:.2f} % of {counted(found.faces, 'face')} get another "
            f"prediction; at most {tolerance.most_changed * 100:g} % is tolerated."
        )
    return _refusal_by_accuracy(found, tolerance.least_accuracy_change)


def _refusal_by_accuracy(found: Parity, least: float | None) -> str:
    change = found.accuracy_change
    # Where no label changed there is nothing to be unsure about, however few the pictures.
    if least is None or change is None or found.changed_labels == 0 or change.low >= least:
        return ""
    return (
        f"Its accuracy may be {-change.low * 100:.2f} points lower (95 % CI "
        f"{percent_ends(change, '+.2f')} over "
        f"{counted(found.faces, 'face')}); at most "
        f"{-least * 100:g} is tolerated."
    )
