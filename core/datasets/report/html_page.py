"""The report as one self-contained HTML page: no scripts or links, printable, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.report import content
from core.datasets.report.class_distribution import TEMPLATES, layout_of
from core.datasets.report.pictures import SampleSheet, data_uri, grey_png, inline_png, signed_png
from core.datasets.summary.face_regions import BROWS, EYES, MOUTH
from core.datasets.summary.mean_faces import ClassFace
from core.datasets.summary.region_effects import RegionEffect
from core.domain.counted import tenths
from core.domain.wording import p_value
from core.storage.html_templates import rendered

_FEWEST_IN_A_ROW = 10  # sample pictures; rows with fewer are not enlarged


@dataclass(frozen=True)
class ClassFaceImages:
    """Images of one class; each but the last is a data URI of a PNG.

    Attributes:
        label: the class.
        pictures: how many were averaged.
        mean: mean face; like the next three, empty where it may show a person.
        spread: standard deviation.
        effect: Cohen's d against the others.
        normalised_effect: the same of normalised pictures.
        histogram: SVG path, 32 wide and 20 high.
    """

    label: str
    pictures: int
    mean: str
    spread: str
    effect: str
    normalised_effect: str
    histogram: str


def to_html(report: content.PreparationReport, *, with_pictures: SampleSheet | None = None) -> str:
    """The page.

    Args:
        with_pictures: sample pictures to show; None shows no face, and no mean of few pictures.
    """
    summary = report.summary
    faces, limit = _faces(summary.faces, with_pictures=with_pictures is not None)
    ordered = sorted(summary.regions, key=lambda one: -one.normalised.eta_squared)
    return rendered(
        TEMPLATES,
        "report.html.jinja",
        report=report,
        summary=summary,
        findings=content.findings(report),
        steps=content.next_steps(report),
        protocol=content.protocol_sentences(summary.protocol),
        chart=layout_of(summary),
        is_file=False,
        faces=faces,
        limit=f"{limit:.2f}",
        fewest=content.FEWEST_IN_A_MEAN,
        guide=_guide(summary.faces),
        guide_boxes=(BROWS, EYES, MOUTH),
        regions=ordered,
        largest_effect=_largest_effect(ordered),
        two_classes=len(summary.scheme) == 2,
        sheet=_sheet(with_pictures),
        percent=tenths,
        kind_words=content.kind_words,
        weight_words=content.weight_words,
        p_value=p_value,
        claim_words=content.claim_words,
    )


def _faces(
    faces: Sequence[ClassFace], *, with_pictures: bool
) -> tuple[list[ClassFaceImages], float]:
    """The images of all classes, with one scale per kind, and the limit of the signed scale."""
    labels = content.classes_to_show(faces, with_pictures=with_pictures)
    shown = [face for face in faces if face.label in labels]
    means = [face.mean for face in shown] or [np.zeros((1, 1), np.float32)]
    low, high = min(float(one.min()) for one in means), max(float(one.max()) for one in means)
    widest = max((float(_spread(face).max()) for face in shown), default=0.0)
    limit = max(
        (float(np.abs([face.effect, face.normalised_effect]).max()) for face in shown), default=0.0
    )
    tallest = max((float(face.histogram.max()) for face in faces), default=1.0)
    columns = []
    for face in faces:
        visible = face in shown
        columns.append(
            ClassFaceImages(
                label=face.label,
                pictures=face.pictures,
                mean=inline_png(grey_png(face.mean, low=low, high=high)) if visible else "",
                spread=inline_png(grey_png(_spread(face), low=0.0, high=widest)) if visible else "",
                effect=inline_png(signed_png(face.effect, limit=limit)) if visible else "",
                normalised_effect=(
                    inline_png(signed_png(face.normalised_effect, limit=limit)) if visible else ""
                ),
                histogram=_path(face.histogram / tallest),
            )
        )
    return columns, limit


def _spread(face: ClassFace) -> NDArray[np.float32]:
    return np.sqrt(face.variance)


def _path(heights: NDArray[np.float64]) -> str:
    """The SVG path of a filled curve with steps of width 1; heights in [0, 1] are scaled to 20."""
    points = " ".join(f"L{at + 0.5:g} {20 - 20 * height:.2f}" for at, height in enumerate(heights))
    return f"M0 20 {points} L{len(heights)} 20 Z"


def _guide(faces: Sequence[ClassFace]) -> str:
    """The mean of all pictures, as background of the regions; empty where it may show a person."""
    pictures = sum(face.pictures for face in faces)
    if pictures < content.FEWEST_IN_A_MEAN:
        return ""
    mean = np.sum([face.mean * (face.pictures / pictures) for face in faces], axis=0)
    return inline_png(grey_png(mean, low=float(mean.min()), high=float(mean.max())))


def _largest_effect(regions: Sequence[RegionEffect]) -> float:
    sizes = [max(one.raw.eta_squared, one.normalised.eta_squared) for one in regions]
    return max(sizes, default=0.0) or 1.0


def _sheet(sheet: SampleSheet | None) -> list[tuple[str, str, float]]:
    """Label, data URI and width in percent of each row, so that all pictures have one size."""
    if sheet is None:
        return []
    widest = max((row.shape[1] for row in sheet.rows.values()), default=1)
    widest = max(widest, _FEWEST_IN_A_ROW * sheet.size_px)
    return [
        (label, data_uri(row), row.shape[1] / widest * 100) for label, row in sheet.rows.items()
    ]
