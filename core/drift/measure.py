"""Comparing a window of observations with a reference: the whole report."""

from __future__ import annotations

from collections.abc import Sequence

from core.drift.columns import Columns
from core.drift.compare import Pair, drift_of, gather
from core.drift.drift_report import Change, DriftReport, NotJudged, Quantity, QuantityDrift, Verdict
from core.drift.reference import DriftReference
from core.drift.stability import alarm_level
from core.drift.words import QUANTITY_WORDS, listed

_LESS_VARIED = "Within the reference, but less varied than"

MIN_ROWS = 30
"""A window of fewer rows (seconds of a face) is refused: half a minute of one face is the least."""


def measure(reference: DriftReference, columns: Columns) -> DriftReport:
    """Has what these columns hold moved away from the reference?

    A quantity raises the alarm when its PSI exceeds `stability.alarm_threshold`. Of unchanged
    windows at most one in twenty raises any alarm, all quantities together.

    Args:
        columns: of a window of sessions or pictures; see `columns_of_timeline` and `joined`.

    Example:
        report = measure(load_reference(path), columns_of_timeline(store.read(session_id)))
    """
    if len(columns) < MIN_ROWS:
        seen = f"{len(columns)} seconds with a usable face; {MIN_ROWS} are needed"
        return _too_few(reference, columns, seen)
    found = [gather(reference, columns, quantity) for quantity in Quantity]
    pairs = [one for one in found if isinstance(one, Pair)]
    not_judged = tuple(one for one in found if isinstance(one, NotJudged))
    if not pairs:
        return _too_few(reference, columns, "no quantity can be compared", not_judged)
    level, before = alarm_level(len(pairs)), time_of(reference)
    drifts = tuple(drift_of(pair, level=level, before=before) for pair in pairs)
    verdict = _verdict(drifts)
    sentence = _sentence(verdict, drifts, before)
    if verdict is not Verdict.MOVED:
        sentence += _left_out(not_judged)
    return DriftReport(reference.name, len(columns), verdict, sentence, drifts, not_judged)


def time_of(reference: DriftReference) -> str:
    """How the time of a reference is called; a model learns nothing from sessions."""
    return "before" if reference.session_ids else "when it learned"


def _too_few(
    reference: DriftReference,
    columns: Columns,
    why: str,
    not_judged: tuple[NotJudged, ...] = (),
) -> DriftReport:
    return DriftReport(
        reference=reference.name,
        rows=len(columns),
        verdict=Verdict.TOO_FEW,
        sentence=f"Too little to tell: {why}.",
        not_judged=not_judged,
    )


def _verdict(drifts: Sequence[QuantityDrift]) -> Verdict:
    changes = {one.change for one in drifts} - {Change.NONE}
    if not changes:
        return Verdict.STEADY
    return Verdict.NARROWER if changes == {Change.NARROWER} else Verdict.MOVED


def _sentence(verdict: Verdict, drifts: Sequence[QuantityDrift], before: str) -> str:
    if verdict is Verdict.STEADY:
        compared = f"{len(drifts)} quantities" if len(drifts) > 1 else "one quantity"
        return f"No drift: of {compared} compared, none has moved further than chance."
    moved = [one for one in drifts if one.alarm]
    if verdict is Verdict.NARROWER:
        return f"{_LESS_VARIED} {before}: {_names(moved)}."
    new = [one for one in moved if one.change is not Change.NARROWER]
    rest = [one for one in moved if one.change is Change.NARROWER]
    # Every alarm of the table is named: one that the headline keeps silent about looks like a bug.
    narrower = f" {_LESS_VARIED} {before}: {_names(rest)}." if rest else ""
    return f"Drift found: {_names(new)}.{narrower}"


def _left_out(not_judged: Sequence[NotJudged]) -> str:
    """What nobody may take for unmoved."""
    return f" Not compared: {_names(not_judged)}." if not_judged else ""


def _names(named: Sequence[QuantityDrift | NotJudged]) -> str:
    return listed([QUANTITY_WORDS[one.quantity].name.lower() for one in named])
