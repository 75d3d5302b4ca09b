"""Everything measured under conditions as one table, for a spreadsheet."""

from __future__ import annotations

import pandas as pd

from core.domain import Interval
from core.evaluation.condition_report import ConditionCurve, ConditionPoint, ConditionsReport
from core.evaluation.condition_values import FindingReport, NaturalCondition
from core.evaluation.corruptions import CORRUPTIONS
from core.evaluation.groups import GroupsReport
from core.evaluation.natural_conditions import NATURAL
from core.storage.csv_injection import harmless


def conditions_csv(report: ConditionsReport) -> bytes:
    """All figures of a run, one row each, as CSV: what was applied, what was there, what was found.

    Shares are fractions; `low` and `high` are the ends of 95 % intervals.
    """
    rows = [_applied("", "as it is", None, report.clean, report.pictures)]
    for curve in report.curves:
        rows += _curve_rows(curve, report.pictures)
    for natural in report.natural:
        rows += _natural_rows(natural)
    if report.finding is not None:
        rows += _finding_rows(report.finding)
    return pd.DataFrame(rows).to_csv(index=False).encode()


def groups_csv(reports: list[GroupsReport]) -> bytes:
    """The figures of declared groups, one row a group, as CSV."""
    rows = [
        {
            "declared_by": harmless(report.title),
            "split": harmless(report.split),
            "group": harmless(one.group),
            "pictures": one.pictures,
            "people": one.people or None,
            "too_few": one.is_small,
            **interval_columns("accuracy", one.accuracy),
            **interval_columns("balanced_accuracy", one.balanced),
            "classes_present": one.classes,
            **interval_columns("confidence", one.confidence),
            **interval_columns("confidence_less_accuracy", one.overconfident),
            "ece": one.ece,
            **interval_columns("not_sure", one.not_sure),
        }
        for report in reports
        for one in report.groups
    ]
    return pd.DataFrame(rows).to_csv(index=False).encode()


def _curve_rows(curve: ConditionCurve, pictures: int) -> list[dict[str, object]]:
    unit = CORRUPTIONS[curve.name].unit
    amounts = [one * 100 if unit == "%" else one for one in curve.amounts]
    return [
        _applied(curve.name, unit, amount, point, pictures)
        for amount, point in zip(amounts, curve.points, strict=True)
    ]


def _applied(
    name: str, unit: str, amount: float | None, point: ConditionPoint, pictures: int
) -> dict[str, object]:
    difference = None if point.difference is None else point.difference.accuracy
    return {
        "kind": "applied" if name else "as it is",
        "condition": name,
        "level": point.level,
        "amount": amount,
        "unit": unit,
        "count": pictures,
        **interval_columns("accuracy", point.accuracy),
        **interval_columns("difference", difference),
        "p_adjusted": None if difference is None else point.adjusted_p,
        "certainly_worse": point.is_worse,
        **interval_columns("confidence", point.confidence),
        **interval_columns("not_sure", point.not_sure),
        **interval_columns("right_when_sure", point.right_when_sure),
        "ece": point.ece,
        **interval_columns("same_label", point.same_label),
    }


def _natural_rows(found: NaturalCondition) -> list[dict[str, object]]:
    known: dict[str, object] = {"kind": "as pictures are", "condition": found.name}
    rows = [
        known
        | {
            "unit": NATURAL[found.name].unit,
            "from": one.low,
            "to": one.high,
            "count": one.pictures,
            **interval_columns("accuracy", one.accuracy),
            "p_adjusted": found.p,
        }
        for one in found.bins
    ]
    if found.accuracy_elsewhere is not None:
        missing = {"unit": "not measurable", "count": found.not_measured}
        rows.append(known | missing | interval_columns("accuracy", found.accuracy_elsewhere))
    return rows


def _finding_rows(found: FindingReport) -> list[dict[str, object]]:
    return [
        {
            "kind": "faces in frames",
            "condition": curve.name,
            "level": point.level,
            "amount": amount * 100 if CORRUPTIONS[curve.name].unit == "%" else amount,
            "unit": CORRUPTIONS[curve.name].unit,
            "count": found.faces,
            **interval_columns("found", point.found),
            **interval_columns("usable", point.usable),
            **interval_columns("same_label", point.same_label),
        }
        for curve in found.curves
        for amount, point in zip(curve.amounts, curve.points, strict=True)
    ]


def interval_columns(name: str, found: Interval | None) -> dict[str, object]:
    """The value and both ends as columns of a table; empty where nothing was found."""
    if found is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
