"""The report as JSON."""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.report.content import PreparationReport, classes_to_show, findings, next_steps
from core.datasets.summary.class_counts import SplitCounts
from core.datasets.summary.mean_faces import ClassFace
from core.datasets.summary.region_effects import RegionEffect
from core.datasets.summary.summary import DatasetSummary
from core.domain.plain_values import to_plain

VERSION = 1
"""Raised whenever a key or its meaning changes."""

_WIDEST_MAP_PX = 48  # larger maps are reduced to this side, to limit the file size
MAPS = {
    **{name: name for name in ("mean", "variance", "difference", "effect")},
    "levelled_effect": "normalised_effect",
}
"""Key of each map in the file -> field of `ClassFace`."""


def to_json(report: PreparationReport, *, with_pictures: bool = False) -> str:
    """All figures and sentences of the report; all numbers are finite.

    Args:
        with_pictures: include mean faces of so few pictures that they may show a person.
    """
    summary = report.summary
    shown = classes_to_show(summary.faces, with_pictures=with_pictures)
    content = {
        "kind": "preparation report",
        "version": VERSION,
        "made_at": report.made_at.isoformat(),
        "dataset": _dataset(summary),
        "counts": [_counts(split) for split in summary.counts],
        "checks": to_plain(summary.checks),
        "regions": [_region(effect) for effect in summary.regions],
        "faces": [_face(face, shown=face.label in shown) for face in summary.faces],
        "problems": [
            {
                "kind": problem.kind.value,
                "pictures": problem.count,
                "share": problem.count / max(1, len(problem.flagged)),
                "sentence": problem.sentence,
            }
            for problem in report.problems
        ],
        "claims": [
            {
                "what": claim.what,
                "claimed": claim.claimed,
                "measured": claim.measured,
                "holds": claim.holds,
            }
            for claim in report.claims
        ],
        "findings": findings(report),
        "next_steps": next_steps(report),
        "notes": report.all_notes,
    }
    return json.dumps(content, allow_nan=False, ensure_ascii=False)


def _dataset(summary: DatasetSummary) -> dict[str, Any]:
    return {
        "name": summary.name,
        "scheme": summary.scheme.name,
        "labels": summary.scheme.labels,
        "size_px": summary.size_px,
        "content_hash": summary.content_hash,
        "protocol": to_plain(summary.protocol),
    }


def _counts(split: SplitCounts) -> dict[str, Any]:
    return {
        "split": split.split,
        "pictures": split.pictures,
        "unlabelled": split.unlabelled,
        "imbalance": split.imbalance,
        "classes": to_plain(split.classes),
    }


def _region(effect: RegionEffect) -> dict[str, Any]:
    box = to_plain(effect.region)
    return {
        "region": box.pop("name"),
        "box": box,
        "statistic": effect.statistic.value,
        "raw": {**to_plain(effect.raw), "means": effect.means},
        "levelled": {**to_plain(effect.normalised), "means": effect.normalised_means},
        "reading": effect.interpretation.value,
        "sentence": effect.sentence,
    }


def _face(face: ClassFace, *, shown: bool) -> dict[str, Any]:
    return {
        "label": face.label,
        "pictures": face.pictures,
        "histogram": [float(share) for share in face.histogram],
        "maps": {key: _rows(getattr(face, field)) for key, field in MAPS.items()}
        if shown
        else None,
    }


def _rows(values: NDArray[np.float32]) -> list[list[float]]:
    if len(values) > _WIDEST_MAP_PX:
        small = (_WIDEST_MAP_PX, _WIDEST_MAP_PX)
        values = cv2.resize(values, small, interpolation=cv2.INTER_AREA)
    return [[round(float(value), 4) for value in row] for row in values]
