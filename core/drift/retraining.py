"""When to retrain: agreement of a person's labels with the model, and the recommendation."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from core.domain.counted import counted, percent
from core.domain.errors import PlanError
from core.domain.intervals import share_interval
from core.domain.wording import percent_ends
from core.drift.drift_report import DriftReport, LabelConsistency, RetrainingProposal
from core.drift.quantity import QUANTITY_TEXT, Change

MIN_FACES = 20
"""With fewer, the confidence interval is wider than a third."""

_COLUMNS = ("person", "model")


def label_consistency(
    person: Sequence[str], model: Sequence[str], *, expected: float | None = None
) -> LabelConsistency:
    """Agreement on the same faces, with its 95 % interval and Cohen's kappa (1960).

    Kappa is `(observed - chance) / (1 - chance)`, where chance is the agreement of two independent
    annotators with the same label frequencies.

    Args:
        person, model: one label per face, in the same order.
        expected: the reference's agreement; None if unknown.
    Raises:
        PlanError: too few faces, or lists of different lengths.
    """
    faces = len(person)
    if faces != len(model) or faces < MIN_FACES:
        raise PlanError(
            f"{counted(faces, 'label')} of a person and {len(model)} of the model cannot be "
            "compared.",
            advice=f"Give both labels for each face, for {MIN_FACES} faces or more.",
        )
    equal = sum(one == other for one, other in zip(person, model, strict=True))
    agreement = share_interval(equal, faces)
    return LabelConsistency(faces, agreement, _kappa(person, model, agreement.value), expected)


def read_labels(content: bytes) -> tuple[list[str], list[str]]:
    """Labels from a CSV with the columns `person` and `model`; case and blanks are ignored.

    Raises:
        PlanError: the file is unreadable, or a label is missing.
    """
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        rows = [[(row.get(name) or "").strip().lower() for name in _COLUMNS] for row in table]
    except (UnicodeDecodeError, csv.Error) as error:
        raise PlanError(
            "This is not a CSV file in UTF-8.",
            advice="Save the table as CSV, UTF-8, and try again.",
        ) from error
    for number, row in enumerate(rows, start=2):
        if not all(row):
            raise PlanError(
                f"Line {number} has no label.",
                advice="Each line needs one in the column person and one in the column model.",
            )
    return [row[0] for row in rows], [row[1] for row in rows]


def _kappa(person: Sequence[str], model: Sequence[str], observed: float) -> float | None:
    by_person, by_model = Counter(person), Counter(model)
    chance = sum(by_person[label] * by_model[label] for label in by_person) / len(person) ** 2
    return None if chance == 1 else (observed - chance) / (1 - chance)


COMMAND = "python -m core train --recipe compact-residual --data PICTURES --name NAME"
"""Shell command of a training, with placeholders in capitals."""


def propose_retraining(
    report: DriftReport, *, consistency: LabelConsistency | None = None
) -> RetrainingProposal | None:
    """A recommendation to retrain; None where there is no drift and the labels agree.

    Less variation is no reason: the model was trained on that range.
    """
    drifted = [one for one in report.alarms if one.change is not Change.LESS_VARIED]
    reasons = [f"{QUANTITY_TEXT[one.quantity].name}: {one.sentence}" for one in drifted]
    remedies = [QUANTITY_TEXT[one.quantity].remedy for one in drifted]
    if consistency is not None and consistency.alarm:
        reasons.append(_labels_reason(consistency))
    if not reasons:
        return None
    return RetrainingProposal(tuple(reasons), tuple(dict.fromkeys(remedies)), COMMAND)


def _labels_reason(consistency: LabelConsistency) -> str:
    expected = (
        "" if consistency.expected is None else f"; {percent(consistency.expected)} was expected"
    )
    return (
        f"Labels: a person and the model agree on {percent(consistency.agreement.value)} of "
        f"{counted(consistency.faces, 'face')} (95 % CI {percent_ends(consistency.agreement)})"
        f"{expected}."
    )
