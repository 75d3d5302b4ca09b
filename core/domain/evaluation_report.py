"""The metrics of a model on one split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.intervals import Interval

FEW_PICTURES = 100
"""With fewer, a share is known to more than ten points to either side (Wilson, 95 %)."""


def few_pictures_limit(supports: Mapping[str, int]) -> str:
    """That these classes have few pictures, as a limit of a model; empty without any.

    Args:
        supports: label -> pictures.
    """
    if not supports:
        return ""
    classes = ", ".join(f"{label} ({count})" for label, count in supports.items())
    return f"Few pictures, so wide intervals: {classes}."


@dataclass(frozen=True)
class ClassScores:
    """The metrics of one class.

    Attributes:
        label: the expression.
        precision, recall, f1: in [0, 1]; 0 where undefined.
        support: pictures with this label.
        auc: area under the ROC curve of this label against all others; None where it is undefined,
            or in reports from before it was measured.
    """

    label: str
    precision: float
    recall: float
    f1: float
    support: int
    auc: Interval | None = None


@dataclass(frozen=True)
class EvaluationReport:
    """The metrics of a model on one split.

    Attributes:
        split: name of the split, such as "PrivateTest".
        pictures: how many were evaluated.
        counts: confusion matrix, `counts[truth][predicted]`, in the scheme's order.
        accuracy: with its Wilson interval.
        macro_f1: with its bootstrap interval.
        per_class: one row for each label.
        ece_before, ece_after: expected calibration error (15 bins) without and with temperature.
        log_loss_after: mean negative log of the score of the true class, nats, calibrated.
        dataset: of the pictures, where it is not the dataset that the model was trained on.
    """

    split: str
    pictures: int
    counts: tuple[tuple[int, ...], ...]
    accuracy: Interval
    macro_f1: Interval
    per_class: tuple[ClassScores, ...]
    ece_before: float
    ece_after: float
    log_loss_after: float
    dataset: str = ""

    @property
    def few_pictures(self) -> dict[str, int]:
        """Label -> pictures, of the classes with fewer than `FEW_PICTURES`."""
        return {row.label: row.support for row in self.per_class if row.support < FEW_PICTURES}
