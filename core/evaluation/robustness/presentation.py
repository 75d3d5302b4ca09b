"""Robustness in sentences, and as one CSV table."""

from __future__ import annotations

from core.domain.counted import counted, percent
from core.domain.wording import exactly, p_equals, points_of
from core.evaluation.robustness.accuracy_by_quality import (
    QUALITY_MEASURES,
    AccuracyByQuality,
    QualityBin,
)
from core.evaluation.robustness.corruptions import CORRUPTIONS, LOW_RESOLUTION
from core.evaluation.robustness.detection_rate import (
    FRAME_SIDES_PX,
    DetectionCurve,
    DetectionReport,
)
from core.evaluation.robustness.report import CorruptionCurve, CorruptionPoint, RobustnessReport
from core.evaluation.subgroups.presentation import interval_columns

FEW_PICTURES = 200
"""With fewer pictures, only drops of ten points and more are significant."""

FEW_FACES = 100
"""With fewer faces, the interval of a share is twenty points wide."""

_OVERCONFIDENT_BY = 0.10  # more overconfidence than without corruption: confidence misleads


def drop_sentence(curve: CorruptionCurve, clean: CorruptionPoint) -> str:
    """From which level on accuracy drops significantly, or that it does not at any level."""
    corruption = CORRUPTIONS[curve.name]
    if curve.falls_at is None:
        last = curve.points[-1]
        return (
            f"{corruption.title}: no significant drop at any level; accuracy "
            f"{percent(last.accuracy.value)} at {corruption.written(last.level)}, "
            f"{percent(clean.accuracy.value)} without."
        )
    point = curve.points[curve.falls_at - 1]
    lost = point.difference.accuracy if point.difference is not None else None
    points = "" if lost is None else f" ({points_of(lost)})"
    return (
        f"{corruption.title}: significant drop at {corruption.from_here(curve.falls_at)}, "
        f"accuracy {percent(point.accuracy.value)} instead of "
        f"{percent(clean.accuracy.value)}{points}."
    )


def confidence_sentence(curve: CorruptionCurve, clean: CorruptionPoint) -> str:
    """Whether the model's confidence drops with its accuracy."""
    corruption, last = CORRUPTIONS[curve.name], curve.points[-1]
    figures = (
        f"mean confidence at {corruption.written(last.level)} is {percent(last.confidence.value)}, "
        f"accuracy {percent(last.accuracy.value)}. {percent(last.not_sure.value)} of its "
        "predictions are shown as not sure there"
    )
    if last.right_when_sure is not None:
        figures += f"; accuracy of the others is {percent(last.right_when_sure.value)}"
    if _overconfidence(last) - _overconfidence(clean) > _OVERCONFIDENT_BY:
        return f"Overconfident: {figures}."
    if curve.falls_at is not None:
        return f"Confidence drops with accuracy: {figures}."
    return f"Confidence stays close to accuracy: {figures}."


def _overconfidence(point: CorruptionPoint) -> float:
    return point.confidence.value - point.accuracy.value


def robustness_summary(report: RobustnessReport) -> str:
    """Mean accuracy over all corruptions, and how many cause a significant drop."""
    fallen = [curve for curve in report.curves if curve.falls_at is not None]
    return (
        f"Mean accuracy over all levels of {len(report.curves)} corruptions "
        f"{exactly(report.mean)}, without corruption {exactly(report.clean.accuracy)} (95 % CI). "
        f"{len(fallen)} of {len(report.curves)} cause a significant drop at some level."
    )


def few_pictures_warning(pictures: int) -> str:
    """A warning where there are too few pictures; empty otherwise."""
    if pictures >= FEW_PICTURES:
        return ""
    return (
        f"Only {counted(pictures, 'picture was', 'pictures were')} used: with fewer than "
        f"{FEW_PICTURES}, only drops of about ten points are significant. “No significant drop” "
        "then says little."
    )


def quality_sentence(found: AccuracyByQuality) -> str:
    """Whether accuracy differs significantly between the bins of a measure."""
    title, bins = QUALITY_MEASURES[found.name].title, found.bins
    if len(bins) < 2:
        return f"{title}: all measurable pictures are alike, or there are none."
    if not found.differs:
        return f"{title}: no significant difference between the bars ({p_equals(found.p)})."
    worst = min(bins, key=lambda one: one.accuracy.value)
    best = max(bins, key=lambda one: one.accuracy.value)
    return (
        f"{title}: the bars differ significantly ({p_equals(found.p)}); lowest accuracy at "
        f"{range_of(found.name, worst)} ({percent(worst.accuracy.value)}), highest at "
        f"{range_of(found.name, best)} ({percent(best.accuracy.value)})."
    )


def detection_sentence(curve: DetectionCurve) -> str:
    """From which level on significantly fewer faces are usable, and how many are detected."""
    corruption = CORRUPTIONS[curve.name]
    worse = [one for one in curve.points if one.fewer is not None and one.fewer.accuracy.high < 0]
    last = curve.points[-1]
    if not worse:
        return (
            f"{corruption.title}: no significant drop of usable faces at any level; at "
            f"{written_on_frames(curve, last.level)} {percent(last.found.value)} are detected."
        )
    first = worse[0]
    return (
        f"{corruption.title}: at {written_on_frames(curve, first.level)} only "
        f"{percent(first.usable.value)} of the faces are usable, "
        f"{percent(first.found.value)} are detected."
    )


def written_on_frames(curve: DetectionCurve, level: int) -> str:
    """The amount of a level in frames with its unit."""
    corruption = CORRUPTIONS[curve.name]
    if curve.name == LOW_RESOLUTION:
        return corruption.written_amount(FRAME_SIDES_PX[level - 1])
    return corruption.written(level)


def range_of(name: str, one: QualityBin) -> str:
    """The range of a bin in words: "0.31 to 0.44", "30 ° and more"."""
    unit = f" {QUALITY_MEASURES[name].unit}" if QUALITY_MEASURES[name].unit else ""
    low = None if one.low is None else f"{one.low:.3g}"
    high = None if one.high is None else f"{one.high:.3g}"
    if low is None:
        return f"under {high}{unit}" if high is not None else "any"
    return f"{low} to {high}{unit}" if high is not None else f"{low}{unit} and more"


def robustness_csv(report: RobustnessReport) -> bytes:
    """All metrics of a run as CSV: of corruptions, by picture quality, and of face detection.

    Shares are fractions; `low` and `high` are the ends of 95 % intervals.
    """
    import pandas as pd

    rows = [_corruption_row("", "as it is", None, report.clean, report.pictures)]
    for curve in report.curves:
        rows += _curve_rows(curve, report.pictures)
    for natural in report.natural:
        rows += _quality_rows(natural)
    if report.finding is not None:
        rows += _detection_rows(report.finding)
    return pd.DataFrame(rows).to_csv(index=False).encode()


def _curve_rows(curve: CorruptionCurve, pictures: int) -> list[dict[str, object]]:
    unit = CORRUPTIONS[curve.name].unit
    amounts = [one * 100 if unit == "%" else one for one in curve.amounts]
    return [
        _corruption_row(curve.name, unit, amount, point, pictures)
        for amount, point in zip(amounts, curve.points, strict=True)
    ]


def _corruption_row(
    name: str, unit: str, amount: float | None, point: CorruptionPoint, pictures: int
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


def _quality_rows(found: AccuracyByQuality) -> list[dict[str, object]]:
    known: dict[str, object] = {"kind": "as pictures are", "condition": found.name}
    rows = [
        known
        | {
            "unit": QUALITY_MEASURES[found.name].unit,
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


def _detection_rows(found: DetectionReport) -> list[dict[str, object]]:
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
