"""What conditions and declared groups do to a model, as tables of a report."""

from __future__ import annotations

from core.domain import Interval
from core.domain.counted import counted
from core.evaluation.report.content import FullReport
from core.evaluation.report.sentences import percent, share
from core.evaluation.report.tables import Table
from core.evaluation.robustness.corruptions import CORRUPTIONS
from core.evaluation.robustness.natural_conditions import NATURAL
from core.evaluation.robustness.presentation import range_of, written_on_frames
from core.evaluation.subgroups.report import GroupsReport

_NO_BREAK = "\u00a0"


def conditions_table(report: FullReport) -> Table | None:
    """Accuracy along the levels of each condition; None where it was not measured."""
    if report.conditions is None:
        return None
    levels = max((len(one.points) for one in report.conditions.curves), default=0)
    rows = []
    for curve in report.conditions.curves:
        known = CORRUPTIONS[curve.name]
        cells = [
            _unbroken(known.written(point.level), point.accuracy, "*" if point.is_worse else "")
            for point in curve.points
        ]
        rows.append((known.title, *cells, *[""] * (levels - len(cells))))
    return Table(("Corruption", *(f"Level {at}" for at in range(1, levels + 1))), tuple(rows))


def natural_table(report: FullReport) -> Table | None:
    """Accuracy on pictures that differ by themselves; None where that was not measured."""
    if report.conditions is None or not report.conditions.natural:
        return None
    rows = [
        (
            "" if at else NATURAL[one.name].title,
            range_of(one.name, bin_),
            f"{bin_.pictures:,}",
            share(bin_.accuracy),
            "" if at else ("significant" if one.differs else "not significant"),
        )
        for one in report.conditions.natural
        for at, bin_ in enumerate(one.bins)
    ]
    head = ("Measure", "Range", "Pictures", "Accuracy", "Difference")
    return Table(head, tuple(rows), words_from=4)


def finding_table(report: FullReport) -> Table | None:
    """How many faces in frames are good enough to be judged; None where nobody looked."""
    found = report.conditions.finding if report.conditions is not None else None
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
    """Figures of the groups that somebody declared; small ones say so."""
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
    """A level's cell, broken between amount and share and nowhere else."""
    share_words = f"{percent(found.value)}{star}"
    return f"{amount}:".replace(" ", _NO_BREAK) + " " + share_words.replace(" ", _NO_BREAK)
