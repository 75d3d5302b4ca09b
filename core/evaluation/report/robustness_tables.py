"""Robustness and declared groups as tables of a report."""

from __future__ import annotations

from core.domain import Interval
from core.domain.counted import counted, tenths
from core.evaluation.report.content import FullReport
from core.evaluation.report.sentences import share
from core.evaluation.report.tables import Table
from core.evaluation.robustness.accuracy_by_quality import QUALITY_MEASURES
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.evaluation.robustness.presentation import range_of, written_on_frames
from core.evaluation.subgroups.report import GroupsReport

_NO_BREAK = "\u00a0"


def corruption_table(report: FullReport) -> Table | None:
    """Accuracy by level of each corruption; None where it was not measured."""
    if report.robustness is None:
        return None
    levels = max((len(one.points) for one in report.robustness.curves), default=0)
    rows = []
    for curve in report.robustness.curves:
        known = CORRUPTIONS[curve.name]
        cells = [
            _unbroken(known.written(point.level), point.accuracy, "*" if point.is_worse else "")
            for point in curve.points
        ]
        rows.append((known.title, *cells, *[""] * (levels - len(cells))))
    return Table(("Corruption", *(f"Level {at}" for at in range(1, levels + 1))), tuple(rows))


def quality_table(report: FullReport) -> Table | None:
    """Accuracy by picture quality; None where that was not measured."""
    if report.robustness is None or not report.robustness.natural:
        return None
    rows = [
        (
            "" if at else QUALITY_MEASURES[one.name].title,
            range_of(one.name, bin_),
            f"{bin_.pictures:,}",
            share(bin_.accuracy),
            "" if at else ("significant" if one.differs else "not significant"),
        )
        for one in report.robustness.natural
        for at, bin_ in enumerate(one.bins)
    ]
    head = ("Measure", "Range", "Pictures", "Accuracy", "Difference")
    return Table(head, tuple(rows), words_from=4)


def detection_table(report: FullReport) -> Table | None:
    """Share of faces in frames that are usable; None where that was not measured."""
    found = report.robustness.finding if report.robustness is not None else None
    if found is None:
        return None
    levels = max((len(one.points) for one in found.curves), default=0)
    rows = []
    for curve in found.curves:
        cells = [
            _unbroken(written_on_frames(curve, point.level), point.usable) for point in curve.points
        ]
        title = CORRUPTIONS[curve.name].title
        rows.append((title, *cells, *[""] * (levels - len(cells))))
    head = (counted(found.faces, "face"), *(f"Level {at}" for at in range(1, levels + 1)))
    return Table(head, tuple(rows))


def groups_table(groups: GroupsReport) -> Table:
    """Metrics of declared groups; small ones are marked."""
    rows = tuple(
        (
            f"{one.group} (too few)" if one.is_small else one.group,
            f"{one.pictures:,}",
            f"{one.people:,}" if one.people else "-",
            share(one.accuracy),
            share(one.balanced),
            share(one.not_sure),
        )
        for one in groups.groups
    )
    head = (groups.title, "Pictures", "People", "Accuracy", "Balanced accuracy", "Not sure")
    return Table(head, rows)


def _unbroken(amount: str, found: Interval, star: str = "") -> str:
    """A level's cell, where a line may break between amount and share only."""
    share_words = f"{tenths(found.value)}{star}"
    return f"{amount}:".replace(" ", _NO_BREAK) + " " + share_words.replace(" ", _NO_BREAK)
