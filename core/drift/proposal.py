"""When to think of training again. It proposes; a person starts."""

from __future__ import annotations

from core.domain.counted import counted
from core.drift.drift_report import Change, DriftReport, LabelConsistency, RetrainingProposal
from core.drift.words import QUANTITY_WORDS, percent

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
