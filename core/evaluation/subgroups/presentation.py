"""Metrics of subgroups as a CSV table and in sentences."""

from __future__ import annotations

from core.domain import Interval
from core.domain.wording import p_equals, points_of
from core.evaluation.subgroups.report import GroupsReport
from core.storage.csv_injection import neutralise_formula


def groups_csv(reports: list[GroupsReport]) -> bytes:
    """The metrics of declared groups as CSV, one row per group."""
    import pandas as pd

    rows = [
        {
            "declared_by": neutralise_formula(report.title),
            "split": neutralise_formula(report.split),
            "group": neutralise_formula(one.group),
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


def interval_columns(name: str, found: Interval | None) -> dict[str, object]:
    """Value and ends of an interval as columns of a table; empty for None."""
    if found is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def groups_words(report: GroupsReport) -> str:
    """Whether the groups of one grouping differ significantly, with their largest gap."""
    gap = report.gap
    if gap is None:
        return "Fewer than two groups have enough pictures, so there is no gap to report."
    found = gap.difference.accuracy
    largest = f"{gap.higher} and {gap.lower} lie {points_of(found)} apart"
    if gap.pairs > 1:
        largest += f", the largest gap of {gap.pairs}"
    if report.differs:
        return f"The groups differ significantly ({p_equals(report.p)}): {largest}."
    return (
        f"No significant difference between the groups ({p_equals(report.p)}): {largest}; this may "
        "be chance. Do not rank them."
    )
