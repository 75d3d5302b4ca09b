"""When to train again: labels of a person and of the model compared, and what is proposed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from scipy.stats import binomtest

from core.domain import Interval
from core.domain.counted import counted
from core.domain.errors import PlanError
from core.drift.drift_report import Change, DriftReport, LabelConsistency, RetrainingProposal
from core.drift.sentences import QUANTITY_WORDS, percent

MIN_FACES = 20
"""With fewer, the interval spans more than a third of all there is."""

_COLUMNS = ("person", "model")


def label_consistency(
    person: Sequence[str], model: Sequence[str], *, expected: float | None = None
) -> LabelConsistency:
    """Agreement on the same faces, with Wilson's 95 % interval (1927) and Cohen's kappa (1960).

    Kappa is `(observed - chance) / (1 - chance)`, where chance is how often two labellers agree who
    give each label as often as these do, without looking.

    Args:
        person, model: one label a face, in the same order.
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
    sure = binomtest(equal, faces).proportion_ci(0.95, method="wilson")
    share = equal / faces
    # Rounding may put 0 or 1 a hair outside their own interval.
    agreement = Interval(share, min(share, float(sure.low)), max(share, float(sure.high)))
    return LabelConsistency(faces, agreement, _kappa(person, model, share), expected)


def read_labels(content: bytes) -> tuple[list[str], list[str]]:
    """Labels from a CSV with the columns `person` and `model`; case and blanks do not matter.

    Raises:
        PlanError: not such a file, or a label is missing.
    """
    try:
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        rows = [[(row.get(name) or "").strip().lower() for name in _COLUMNS] for row in table]
    except (UnicodeDecodeError, csv.Error) as error:
        raise PlanError(
            "This is no CSV file in UTF-8.", advice="Save the table as CSV, UTF-8, and try again."
        ) from error
    for number, row in enumerate(rows, start=2):
        if not all(row):
            raise PlanError(
                f"Line {number} lacks a label.",
                advice="Each line needs one in the column person and one in the column model.",
            )
    return [row[0] for row in rows], [row[1] for row in rows]


def _kappa(person: Sequence[str], model: Sequence[str], observed: float) -> float | None:
    given, said = Counter(person), Counter(model)
    chance = sum(given[label] * said[label] for label in given) / len(person) ** 2
    return None if chance == 1 else (observed - chance) / (1 - chance)


COMMAND = "python -m core train --recipe compact-residual --data PICTURES --name NAME"
"""What trains a model; the words in capitals are the person's to fill in."""


def proposal(
    report: DriftReport, *, consistency: LabelConsistency | None = None
) -> RetrainingProposal | None:
    """Why the model might learn anew; None where nothing new is seen and labels still agree.

    What is seen less varied than before is no reason: the model has learned it.
    """
    new = [one for one in report.alarms if one.change is not Change.NARROWER]
    reasons = [f"{QUANTITY_WORDS[one.quantity].name}: {one.sentence}" for one in new]
    remedies = [QUANTITY_WORDS[one.quantity].remedy for one in new]
    if consistency is not None and consistency.alarm:
        reasons.append(_labels_reason(consistency))
    if not reasons:
        return None
    return RetrainingProposal(tuple(reasons), tuple(dict.fromkeys(remedies)), COMMAND)


def _labels_reason(found: LabelConsistency) -> str:
    low, high = percent(found.agreement.low), percent(found.agreement.high)
    expected = "" if found.expected is None else f"; {percent(found.expected)} were expected"
    return (
        f"Labels: a person and the model agree on {percent(found.agreement.value)} of "
        f"{counted(found.faces, 'face')} (95 % interval {low} to {high}){expected}."
    )
