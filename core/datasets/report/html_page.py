"""A report as one self-contained page: no script, no address, printable, light and dark."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.report import content
from core.datasets.report.class_distribution import TEMPLATES, measured_out
from core.datasets.report.pictures import SampleSheet, grey_png, row_png, signed_png
from core.datasets.summary.face_regions import BROWS, EYES, MOUTH
from core.datasets.summary.mean_faces import ClassFace
from core.datasets.summary.region_effects import RegionEffect
from core.storage.html_templates import rendered

_FEWEST_IN_A_ROW = 10  # of sample pictures: fewer leave the rest of the row empty


@dataclass(frozen=True)
class FaceColumn:
    """The drawings of one class; each but the last is the address of an inline PNG.

    Attributes:
        label: the class.
        pictures: how many were averaged.
        mean: mean face, or empty where it would show a person; and so the next three.
        spread: standard deviation.
        effect: Cohen's d against the others.
        levelled_effect: the same of levelled pictures.
        histogram: path of an SVG, 32 wide and 20 high.
    """

    label: str
    pictures: int
    mean: str
    spread: str
    effect: str
    levelled_effect: str
    histogram: str


def to_html(report: content.PreparationReport, *, with_pictures: SampleSheet | None = None) -> str:
    """The page.

    Args:
        with_pictures: show these; None: nobody's face is shown, and no mean of few pictures.
    """
    summary = report.summary
    faces, reach = _faces(summary.faces, with_pictures=with_pictures is not None)
    ordered = sorted(summary.regions, key=lambda one: -one.levelled.eta_squared)
    return rendered(
        TEMPLATES,
        "report.html.jinja",
        report=report,
        summary=summary,
        findings=content.findings(report),
        steps=content.next_steps(report),
        protocol=content.protocol_sentences(summary.protocol),
        chart=measured_out(summary),
        is_file=False,
        faces=faces,
        reach=f"{reach:.2f}",
        fewest=content.FEWEST_IN_A_MEAN,
        guide=_guide(summary.faces),
        guide_boxes=(BROWS, EYES, MOUTH),
        regions=ordered,
        largest_effect=_largest_effect(ordered),
        two_classes=len(summary.scheme) == 2,
        sheet=_sheet(with_pictures),
        percent=content.percent,
        kind_words=content.kind_words,
        weight_words=content.weight_words,
        p_words=content.p_words,
        claim_words=content.claim_words,
    )


def _faces(faces: Sequence[ClassFace], *, with_pictures: bool) -> tuple[list[FaceColumn], float]:
    """All maps of one kind have one scale; the second is where the signed ones end."""
    labels = content.classes_to_show(faces, with_pictures=with_pictures)
    shown = [face for face in faces if face.label in labels]
    means = [face.mean for face in shown] or [np.zeros((1, 1), np.float32)]
    low, high = min(float(one.min()) for one in means), max(float(one.max()) for one in means)
    widest = max((float(_spread(face).max()) for face in shown), default=0.0)
    reach = max(
        (float(np.abs([face.effect, face.levelled_effect]).max()) for face in shown), default=0.0
    )
    tallest = max((float(face.histogram.max()) for face in faces), default=1.0)
    columns = []
    for face in faces:
        seen = face in shown
        columns.append(
            FaceColumn(
                label=face.label,
                pictures=face.pictures,
                mean=_inline(grey_png(face.mean, low=low, high=high)) if seen else "",
                spread=_inline(grey_png(_spread(face), low=0.0, high=widest)) if seen else "",
                effect=_inline(signed_png(face.effect, reach=reach)) if seen else "",
                levelled_effect=(
                    _inline(signed_png(face.levelled_effect, reach=reach)) if seen else ""
                ),
                histogram=_path(face.histogram / tallest),
            )
        )
    return columns, reach


def _spread(face: ClassFace) -> NDArray[np.float32]:
    return np.sqrt(face.variance)


def _path(heights: NDArray[np.float64]) -> str:
    """A filled curve over steps of width 1; heights in [0, 1] of 20."""
    points = " ".join(f"L{at + 0.5:g} {20 - 20 * height:.2f}" for at, height in enumerate(heights))
    return f"M0 20 {points} L{len(heights)} 20 Z"


def _guide(faces: Sequence[ClassFace]) -> str:
    """The mean of all pictures, to draw the regions on; empty where it would show a person."""
    pictures = sum(face.pictures for face in faces)
    if pictures < content.FEWEST_IN_A_MEAN:
        return ""
    mean = np.sum([face.mean * (face.pictures / pictures) for face in faces], axis=0)
    return _inline(grey_png(mean, low=float(mean.min()), high=float(mean.max())))


def _largest_effect(regions: Sequence[RegionEffect]) -> float:
    sizes = [max(one.raw.eta_squared, one.levelled.eta_squared) for one in regions]
    return max(sizes, default=0.0) or 1.0


def _sheet(sheet: SampleSheet | None) -> list[tuple[str, str, float]]:
    """Label, address and width of each row: a class with few pictures does not show them larger."""
    if sheet is None:
        return []
    widest = max((row.shape[1] for row in sheet.rows.values()), default=1)
    widest = max(widest, _FEWEST_IN_A_ROW * sheet.size_px)
    return [
        (label, _inline(row_png(row)), row.shape[1] / widest * 100)
        for label, row in sheet.rows.items()
    ]


def _inline(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"
