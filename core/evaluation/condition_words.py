"""What was found under conditions, in sentences that follow from the figures."""

from __future__ import annotations

from core.domain.counted import counted
from core.domain.wording import exactly, p_words, percent, points_of
from core.evaluation.condition_report import ConditionCurve, ConditionPoint, ConditionsReport
from core.evaluation.condition_values import FindingCurve, NaturalBin, NaturalCondition
from core.evaluation.corruptions import CORRUPTIONS, SHRINK
from core.evaluation.finding_faces import FRAME_SIDES_PX
from core.evaluation.groups import GroupsReport
from core.evaluation.natural_conditions import NATURAL

FEW = 200
"""Pictures; with fewer, only falls of ten points and more can be told from chance."""

FEW_FACES = 100
"""Faces; with fewer, the interval of a share is twenty points wide."""

_UNNOTICED = 0.10  # by so much more too sure than without the condition: confidence misleads


def conclusion_of(curve: ConditionCurve, clean: ConditionPoint) -> str:
    """From which level on pictures are read worse, or that no level shows it."""
    corruption = CORRUPTIONS[curve.name]
    if curve.falls_at is None:
        last = curve.points[-1]
        return (
            f"{corruption.title}: no level is certainly read worse; at "
            f"{corruption.written(last.level)} {percent(last.accuracy)} are right, "
            f"as they are {percent(clean.accuracy)}."
        )
    point = curve.points[curve.falls_at - 1]
    lost = point.difference.accuracy if point.difference is not None else None
    points = "" if lost is None else f" ({points_of(lost)})"
    return (
        f"{corruption.title}: at {corruption.from_here(curve.falls_at)}, faces are read worse: "
        f"{percent(point.accuracy)} right instead of {percent(clean.accuracy)}{points}."
    )


def noticing_of(curve: ConditionCurve, clean: ConditionPoint) -> str:
    """Whether the model's confidence falls with its accuracy."""
    corruption, last = CORRUPTIONS[curve.name], curve.points[-1]
    figures = (
        f"at {corruption.written(last.level)} it is {percent(last.confidence)} sure on average "
        f"while {percent(last.accuracy)} are right. {percent(last.not_sure)} of its answers are "
        "shown as not sure there"
    )
    if last.right_when_sure is not None:
        figures += f"; of the others {percent(last.right_when_sure)} are right"
    if _too_sure(last) - _too_sure(clean) > _UNNOTICED:
        return f"The model does not notice: {figures}."
    if curve.falls_at is not None:
        return f"The model notices: {figures}."
    return f"Confidence and accuracy stay together: {figures}."


def _too_sure(point: ConditionPoint) -> float:
    return point.confidence.value - point.accuracy.value


def summary_of(report: ConditionsReport) -> str:
    """All conditions together."""
    fallen = [curve for curve in report.curves if curve.falls_at is not None]
    return (
        f"Over all levels of {len(report.curves)} conditions {exactly(report.mean)} are right, "
        f"without any {exactly(report.clean.accuracy)}. "
        f"{len(fallen)} of {len(report.curves)} conditions certainly cost accuracy at some level."
    )


def few_words(pictures: int) -> str:
    """A warning where there are too few pictures; empty otherwise."""
    if pictures >= FEW:
        return ""
    return (
        f"Only {counted(pictures, 'picture was', 'pictures were')} looked at: with fewer than "
        f"{FEW}, a fall must be about "
        "ten points to be told from chance. “No level is certainly read worse” then says little."
    )


def natural_words(found: NaturalCondition) -> str:
    """Whether pictures that differ in something are read differently."""
    title, bins = NATURAL[found.name].title, found.bins
    if len(bins) < 2:
        return f"{title}: all pictures that could be measured are alike, or there are none."
    if not found.differs:
        return f"{title}: the differences between the bars may be chance (p = {found.p:.2g})."
    worst = min(bins, key=lambda one: one.accuracy.value)
    best = max(bins, key=lambda one: one.accuracy.value)
    return (
        f"{title}: the bars differ by more than chance (p {p_words(found.p)}); least is right at "
        f"{range_of(found.name, worst)} ({percent(worst.accuracy)}), most at "
        f"{range_of(found.name, best)} ({percent(best.accuracy)})."
    )


def finding_words(curve: FindingCurve) -> str:
    """From which level on fewer faces can be used, and how many are still found."""
    corruption = CORRUPTIONS[curve.name]
    worse = [one for one in curve.points if one.fewer is not None and one.fewer.accuracy.high < 0]
    last = curve.points[-1]
    if not worse:
        return (
            f"{corruption.title}: at no level are certainly fewer faces judged; at "
            f"{written_on_frames(curve, last.level)} {percent(last.found)} are found."
        )
    first = worse[0]
    return (
        f"{corruption.title}: at {written_on_frames(curve, first.level)} only "
        f"{percent(first.usable)} of the faces are good enough to be judged, "
        f"{percent(first.found)} are found."
    )


def written_on_frames(curve: FindingCurve, level: int) -> str:
    """The amount of a level in frames as people read it."""
    corruption = CORRUPTIONS[curve.name]
    if curve.name == SHRINK:
        return corruption.written_amount(FRAME_SIDES_PX[level - 1])
    return corruption.written(level)


def groups_words(report: GroupsReport) -> str:
    """What the groups of one declaration show, or that they show nothing."""
    gap = report.gap
    if gap is None:
        return "There are no two groups with enough pictures, so nothing can be said of a gap."
    found = gap.difference.accuracy
    points = f"{found.value * 100:.1f} points"
    limits = f"{found.low * 100:.1f} to {found.high * 100:.1f}"
    apart = f"{gap.higher} and {gap.lower} lie {points} apart ({limits})"
    if gap.pairs > 1:
        apart += f", the largest gap of {gap.pairs}"
    if report.differs:
        return (
            f"The groups are read differently by more than chance (p {p_words(report.p)}): {apart}."
        )
    return (
        f"No difference between the groups is certain (p = {report.p:.2g}): {apart}; that may be "
        "chance. Do not rank them."
    )


def range_of(name: str, one: NaturalBin) -> str:
    """A bin's borders as people read them: "0.31 to 0.44", "30 ° and more"."""
    unit = f" {NATURAL[name].unit}" if NATURAL[name].unit else ""
    low = None if one.low is None else f"{one.low:.3g}"
    high = None if one.high is None else f"{one.high:.3g}"
    if low is None:
        return f"under {high}{unit}" if high is not None else "any"
    return f"{low} to {high}{unit}" if high is not None else f"{low}{unit} and more"
