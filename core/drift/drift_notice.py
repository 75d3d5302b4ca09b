"""Drift in words for people who never heard of it: what changed, what it means, what may help."""

from __future__ import annotations

from core.domain.wording import listed
from core.drift.drift_report import DriftReport, QuantityDrift
from core.drift.quantity import FROM_PREDICTIONS, QUANTITY_TEXT, Change


def drift_notice(report: DriftReport, *, days: int) -> tuple[str, str]:
    """What drifted, as one sentence, and what that means and may help, as others.

    Args:
        report: of a window that drifted from the reference of a model.
        days: length of the window.
    """
    drifted = [one for one in report.alarms if one.change is not Change.LESS_VARIED]
    pictures = [one for one in drifted if one.quantity not in FROM_PREDICTIONS]
    remedies = dict.fromkeys(QUANTITY_TEXT[one.quantity].remedy for one in pictures)
    helps = " ".join(("What may help:", *remedies)) if remedies else ""
    what = (
        f"Sessions of the last {days} days differ from the pictures that their model was validated "
        f"on: {listed([_change(one) for one in drifted])}."
    )
    return what, f"Expressions may be recognised less well than its card says. {helps}".rstrip()


def _change(one: QuantityDrift) -> str:
    """What changed in a quantity: "darker", "head tilt varies more"."""
    text = QUANTITY_TEXT[one.quantity]
    if one.change is Change.LOWER:
        return _in_a_row(text.lower)
    if one.change is Change.HIGHER:
        return _in_a_row(text.higher)
    if one.change is Change.MORE_VARIED:
        return f"{_in_a_row(text.name)} varies more"
    return "another mix of expressions"


def _in_a_row(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
