"""A report as one self-contained page: no script, no address, printable, light and dark."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted, tenths, times
from core.domain.intervals import SHARE_METHOD, Interval
from core.domain.wording import percent_ends, utc_moment
from core.evaluation.comparison.published_results import RULES
from core.evaluation.explain.heatmap import inferno
from core.evaluation.explain.saliency import MapChecks, enlarged, region_weights
from core.evaluation.report import charts, robustness_tables, sentences, tables
from core.evaluation.report.content import FullReport
from core.evaluation.report.sentences import share
from core.storage.html_templates import rendered

_TEMPLATES = Path(__file__).with_name("templates")
_MAP_PX = 96
_MAX_SHADE = 0.9  # of a cell of the confusion matrix: its number stays readable


@dataclass(frozen=True)
class MapTile:
    """One class's mean map.

    Attributes:
        label: the class.
        png: data URI of a PNG.
        words: over how many pictures, and the most salient region.
    """

    label: str
    png: str
    words: str


def to_html(report: FullReport) -> str:
    """The page; all text in it is escaped, and it fetches nothing."""
    return rendered(
        _TEMPLATES,
        "report.html.jinja",
        report=report,
        evaluated_at=utc_moment(report.evaluation.made_at),
        made_at=utc_moment(report.made_at),
        headline=_headline(report),
        findings=sentences.findings(report),
        limits=sentences.limits(report),
        tables=_tables(report),
        charts=_charts(report),
        corruption_charts=charts.corruption_charts(report),
        confusion=_confusion(report),
        legend=charts.legend(report),
        maps=_maps(report),
        checks=_checks(report.saliency.checks) if report.saliency else "",
        share_method=SHARE_METHOD,
        rules=[(mark.value, rule) for mark, rule in RULES.items()],
    )


def _headline(report: FullReport) -> list[tuple[str, str, str]]:
    """Title, value and interval of the metrics at the top of the page."""
    figures, scores = report.first.figures, report.first.scores
    metrics = [
        (
            f"Accuracy, {report.first.name}",
            tenths(figures.accuracy.value),
            figures.accuracy,
        ),
        (
            "Balanced accuracy",
            tenths(figures.balanced_accuracy.value),
            figures.balanced_accuracy,
        ),
        ("Macro-F1", tenths(figures.macro_f1.value), figures.macro_f1),
        ("Calibration error", tenths(scores.reliability.ece.value), scores.reliability.ece),
    ]
    return [(title, value, _ends(found)) for title, value, found in metrics]


def _ends(found: Interval) -> str:
    return f"95 % CI {percent_ends(found)}"


def _tables(report: FullReport) -> SimpleNamespace:
    return SimpleNamespace(
        protocols=tables.protocol_table(report),
        classes=tables.class_table(report),
        duplicates=tables.duplicates_table(report),
        votes=tables.votes_table(report),
        mapped=tables.mapped_table(report),
        corruptions=robustness_tables.corruption_table(report),
        quality=robustness_tables.quality_table(report),
        detection=robustness_tables.detection_table(report),
        groups=[robustness_tables.groups_table(one) for one in report.groups],
        published=tables.published_table(report),
        claims=tables.claims_table(report),
        formats=tables.formats_table(report),
        facts=tables.facts_table(report),
        recipe=tables.recipe_table(report),
    )


def _charts(report: FullReport) -> SimpleNamespace:
    return SimpleNamespace(
        classes=charts.class_chart(report),
        roc=charts.roc_chart(report),
        precision=charts.precision_chart(report),
        reliability=charts.reliability_chart(report),
        risk=charts.risk_chart(report),
        published=charts.published_chart(report),
        history=charts.history_chart(report),
    )


def _confusion(report: FullReport) -> list[tuple[str, list[tuple[str, float]]]]:
    """Label -> count and shade of each cell."""
    figures = report.first.figures
    found = []
    for label, row in zip(figures.classes, figures.counts, strict=True):
        total = max(1, int(row.sum()))
        found.append((label, [(f"{int(n):,}", float(n) / total * _MAX_SHADE) for n in row]))
    return found


def _maps(report: FullReport) -> list[MapTile]:
    part = report.saliency
    if part is None:
        return []
    tiles = []
    for label, one, count in zip(part.classes, part.right, part.right_counts, strict=True):
        if not count:
            continue
        weights = region_weights(one)
        most = max(weights, key=lambda name: weights[name], default="")
        words = counted(int(count), "picture")
        if most and (more := times(weights[most])):
            words += f"; {most} {more} the mean"
        tiles.append(MapTile(label, _png(inferno(enlarged(one, _MAP_PX))), words))
    return tiles


def _checks(checks: MapChecks | None) -> str:
    if checks is None:
        return ""
    return (
        "Sanity check: covering the most salient fifth of a picture lowers the score by "
        f"{checks.named * 100:.1f} points, a random fifth by {checks.elsewhere * 100:.1f}; the "
        f"salient fifth lowers it more on {share(checks.better)} of "
        f"{counted(checks.pictures, 'picture')} (95 % CI)."
    )


def _png(rgb: NDArray[np.float64]) -> str:
    encoded = cv2.imencode(".png", np.round(rgb).astype(np.uint8)[..., ::-1])[1]
    return f"data:image/png;base64,{b64encode(encoded.tobytes()).decode()}"
