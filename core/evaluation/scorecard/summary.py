"""All metrics of an evaluation as plain values, and the most important ones as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.counted import interval_ends
from core.domain.intervals import Interval
from core.domain.plain_values import to_plain
from core.domain.wording import exactly
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.predictions import SplitPredictions
from core.evaluation.scorecard.protocols import Protocol, protocols_of
from core.evaluation.scorecard.scorecard_metrics import (
    METRIC_NAMES,
    UNITLESS_METRICS,
    ClassFigures,
    figures_of,
    metrics_of,
    score_figures_of,
)


def summary_of(evaluation: Evaluation, answers: Mapping[str, SplitPredictions]) -> dict[str, Any]:
    """Plain values, ready for `json.dumps`; intervals hold `value`, `low` and `high`."""
    return {
        "model": evaluation.name,
        "dataset": evaluation.dataset,
        "content_hash": evaluation.content_hash,
        "classes": list(evaluation.scheme.labels),
        "views": evaluation.views,
        "made_at": evaluation.made_at,
        "notes": list(evaluation.notes),
        "protocols": {
            one.name: _protocol(one, evaluation) for one in protocols_of(evaluation, answers)
        },
    }


def summary_table(summary: Mapping[str, Any]) -> str:
    """The metrics of every protocol side by side, with their intervals, as text."""
    protocols = summary["protocols"]
    rows = [["", *(f"{name} ({one['pictures']:,})" for name, one in protocols.items())]]
    for key, words in METRIC_NAMES.items():
        cells = [_cell(key, one[key]) for one in protocols.values()]
        if any(cells):
            rows.append([words, *cells])
    last = [one["per_class"][-1] for one in protocols.values() if len(one["per_class"]) == 2]
    if last:  # of more classes, each has an area of its own: they are in the JSON
        rows.append([f"ROC area, {last[0]['label']}", *(_cell("auc", one["auc"]) for one in last)])
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines)


def _protocol(protocol: Protocol, evaluation: Evaluation) -> dict[str, Any]:
    figures = figures_of(protocol.answers)
    scores = score_figures_of(
        protocol.answers,
        temperature=evaluation.temperature,
        not_sure_below=evaluation.not_sure_below,
    )
    curves = {one.label: one for one in scores.curves}
    return {
        "pictures": figures.pictures,
        "note": protocol.sentence,
        **to_plain(metrics_of(figures, scores)),
        "confusion": figures.counts.tolist(),
        "per_class": [
            {
                **_stored_figures(row),
                "auc": to_plain(curves[row.label].auc) if row.label in curves else None,
                "average_precision": to_plain(curves[row.label].average_precision)
                if row.label in curves
                else None,
            }
            for row in figures.per_class
        ],
        "not_sure": {
            "below": evaluation.not_sure_below,
            "answered": to_plain(scores.selective.answered),
            "accuracy_answered": to_plain(scores.selective.accuracy_answered),
            "accuracy_not_sure": to_plain(scores.selective.accuracy_not_sure),
            "area_under_risk_coverage": scores.selective.area,
        },
    }


def _stored_figures(row: ClassFigures) -> dict[str, Any]:
    """Figures of a class under the keys of the JSON file, where `predicted` is called `said`."""
    return {"said" if key == "predicted" else key: value for key, value in to_plain(row).items()}


def _cell(key: str, found: Mapping[str, float] | None) -> str:
    if found is None:
        return ""
    if key in UNITLESS_METRICS:
        return f"{found['value']:.3f} {interval_ends(found['low'], found['high'], '.3f')}"
    return exactly(Interval(found["value"], found["low"], found["high"]))
