"""Quality of single pictures: measures on the pixels, and limits beyond which they are flagged."""

from __future__ import annotations

from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.readers.batches import in_blocks
from core.domain.counted import percent
from core.domain.progress import ProgressCallback, no_progress

MEASURED_PX = 48  # the limits hold at this size, so larger pictures are reduced to it first
PICTURES_AT_ONCE = 2048  # about 60 MB of working memory at 48 px

_FLAT, _TEXTURED, _HARD = 2, 8, 112  # grey levels between the neighbours of a pixel
_FEW_TEXTURED = 50  # pixels; the denominator of a share is at least this
_DARK_END, _BRIGHT_END = 2, 253  # JPEG moves a burnt-out pixel by a level or two
_MIDDLE = 0.2  # margin cropped on each side where only the face is measured
_FAINTEST = 1e-4  # variance and squared gradient below this are noise


@dataclass(frozen=True, eq=False)
class QualityMeasures:
    """Measures of each picture; all float32, shape `(n,)`.

    Attributes:
        brightness: mean, in [0, 1].
        highlights: 95th percentile of the pixels, in [0, 1].
        contrast: 95th less 5th percentile of the pixels, in [0, 1].
        burnt_out: share of pixels at either end of the scale, in the centre of the picture only:
            backgrounds are often white or black on purpose.
        sharpness: variance of the Laplacian over the variance of the picture (Pech-Pacheco et al.
            2000): the same definition as `sharpness` in core/vision/faces/quality.py.
        fineness: mean squared Laplacian over mean squared gradient, in 1/px². A bright background
            behind a dark head, which has much variance and little detail, lowers it far less than
            `sharpness`; about 2.2 for a face of 48 px, below 0.4 once blurred by 1.5 px.
        flat: share of pixels whose neighbours (3 x 3) all lie within two grey levels.
        hard_edges: share of nearly black-to-white neighbourhoods among the textured ones; frequent
            in drawings, rare in photographs.
    """

    brightness: NDArray[np.float32]
    highlights: NDArray[np.float32]
    contrast: NDArray[np.float32]
    burnt_out: NDArray[np.float32]
    sharpness: NDArray[np.float32]
    fineness: NDArray[np.float32]
    flat: NDArray[np.float32]
    hard_edges: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.brightness)


def measure_pictures(
    pixels: NDArray[np.uint8], *, on_progress: ProgressCallback = no_progress
) -> QualityMeasures:
    """Measure every picture, a block at a time.

    Args:
        pixels: uint8, shape `(n, size, size)`, grey; may be mapped from disk. Size at least 4.
        on_progress: called after each block.
    """
    count = len(pixels)
    columns = {column.name: np.zeros(count, dtype=np.float32) for column in fields(QualityMeasures)}
    for block in in_blocks(count, at_once=PICTURES_AT_ONCE, on_progress=on_progress):
        pictures = _reduced(np.asarray(pixels[block]))
        for measures in (_light(pictures), _edges(pictures), _ink(pictures)):
            for name, values in measures.items():
                columns[name][block] = values
    return QualityMeasures(**columns)


def _reduced(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pictures.shape[1] <= MEASURED_PX:
        return pictures
    size = (MEASURED_PX, MEASURED_PX)
    return np.stack([cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in pictures])


def _light(pictures: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    flat = pictures.reshape(len(pictures), -1)
    low, high = round(0.05 * (flat.shape[1] - 1)), round(0.95 * (flat.shape[1] - 1))
    ranked = np.partition(flat, (low, high), axis=1)
    darkest, brightest = ranked[:, low].astype(np.float32), ranked[:, high].astype(np.float32)
    edge = int(_MIDDLE * pictures.shape[1])
    middle = pictures[:, edge : pictures.shape[1] - edge, edge : pictures.shape[2] - edge]
    ends = (middle <= _DARK_END) | (middle >= _BRIGHT_END)
    return {
        "brightness": flat.mean(axis=1, dtype=np.float32) / 255,
        "highlights": brightest / 255,
        "contrast": (brightest - darkest) / 255,
        "burnt_out": ends.mean(axis=(1, 2), dtype=np.float32),
    }


def _edges(pictures: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    grey = pictures.astype(np.float32) / 255
    bends = np.stack([cv2.Laplacian(one, cv2.CV_32F) for one in grey])
    across = np.diff(grey, axis=2)[:, :-1]
    down = np.diff(grey, axis=1)[:, :, :-1]
    slopes = (across**2 + down**2).mean(axis=(1, 2))
    spread = np.maximum(grey.var(axis=(1, 2)), _FAINTEST)
    return {
        "sharpness": bends.var(axis=(1, 2)) / spread,
        "fineness": (bends**2).mean(axis=(1, 2)) / np.maximum(slopes, _FAINTEST),
    }


def _ink(pictures: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    around = np.ones((3, 3), dtype=np.uint8)
    spans = np.stack([cv2.morphologyEx(one, cv2.MORPH_GRADIENT, around) for one in pictures])
    textured = np.maximum((spans > _TEXTURED).sum(axis=(1, 2)), _FEW_TEXTURED)
    return {
        "flat": (spans <= _FLAT).mean(axis=(1, 2), dtype=np.float32),
        "hard_edges": ((spans >= _HARD).sum(axis=(1, 2)) / textured).astype(np.float32),
    }


@dataclass(frozen=True)
class PictureQualityLimits:
    """Limits beyond which a picture is flagged.

    Determined on FER2013 (35,887 pictures of 48 px, 34,034 different ones) by inspecting pictures
    in the order of each measure, as far as most of them had the fault.
    """

    fineness: float = 1.05  # nine of ten below are soft; faces blurred by 1.5 px lie below 0.4
    sharpness: float = 0.05  # as for camera frames (core/vision/faces/quality.py)
    shade: float = 0.05  # contrast below which sharpness cannot be measured
    brightness: float = 0.15  # as for camera frames
    highlights: float = 0.6  # excludes lit faces before a black wall
    contrast: float = 0.25  # a quarter of the scale
    burnt_out: float = 0.35  # a third of the centre: beyond, parts of the face itself are missing
    hard_edges: float = 0.55  # ink on paper; photographs of high contrast reach 0.5
    flat: float = 0.45  # placeholders and signs; studio backgrounds reach 0.4
    crisp: float = 4.0  # sharpness of lettering and line art; patterned cloth reaches 3.5


DEFAULT_LIMITS = PictureQualityLimits()


def find_quality_problems(
    measures: QualityMeasures, *, limits: PictureQualityLimits = DEFAULT_LIMITS
) -> tuple[Problem, ...]:
    """One `Problem` for each kind that the measures can show; a score of 0.5 is the limit."""
    return (
        _blurred(measures, limits),
        _too_dark(measures, limits),
        _low_contrast(measures, limits),
        _burnt_out(measures, limits),
        _drawing(measures, limits),
    )


def _blurred(measures: QualityMeasures, limits: PictureQualityLimits) -> Problem:
    soft = np.maximum(
        _below(measures.fineness, limits.fineness), _below(measures.sharpness, limits.sharpness)
    )
    soft[measures.contrast < limits.shade] = 0
    return _problem(
        ProblemKind.BLURRED,
        soft,
        f"Edges are soft: the squared Laplacian is below {limits.fineness:g} times the squared "
        f"gradient, or its variance below {limits.sharpness:g} times that of the picture.",
    )


def _too_dark(measures: QualityMeasures, limits: PictureQualityLimits) -> Problem:
    return _problem(
        ProblemKind.TOO_DARK,
        np.minimum(
            _below(measures.brightness, limits.brightness),
            _below(measures.highlights, limits.highlights),
        ),
        f"Mean brightness is below {percent(limits.brightness)} of white, and 95 % of the "
        f"pixels are below {percent(limits.highlights)}.",
    )


def _low_contrast(measures: QualityMeasures, limits: PictureQualityLimits) -> Problem:
    return _problem(
        ProblemKind.LOW_CONTRAST,
        _below(measures.contrast, limits.contrast),
        f"The grey levels of 90 % of the pixels span less than {percent(limits.contrast)} "
        "of the scale.",
    )


def _burnt_out(measures: QualityMeasures, limits: PictureQualityLimits) -> Problem:
    return _problem(
        ProblemKind.BURNT_OUT,
        _above(measures.burnt_out, limits.burnt_out),
        f"More than {percent(limits.burnt_out)} of the centre of the picture is pure black "
        "or white.",
    )


def _drawing(measures: QualityMeasures, limits: PictureQualityLimits) -> Problem:
    signs = (
        _above(measures.hard_edges, limits.hard_edges),
        _above(measures.flat, limits.flat),
        _above(measures.sharpness, limits.crisp),
    )
    return _problem(
        ProblemKind.DRAWING,
        np.maximum.reduce(signs),
        f"Looks drawn or written: more than {percent(limits.hard_edges)} of all structure is "
        "hard edges, "
        f"more than {percent(limits.flat)} of the area is one shade, or the variance "
        f"of the Laplacian is above {limits.crisp:g} times that of the picture.",
    )


def _below(measure: NDArray[np.float32], limit: float) -> NDArray[np.float64]:
    """1 at zero, 0.5 at the limit, towards 0 far above it."""
    return np.asarray(limit / (limit + measure.astype(np.float64)))


def _above(measure: NDArray[np.float32], limit: float) -> NDArray[np.float64]:
    """0 at zero, 0.5 at the limit, towards 1 far above it."""
    return 1 - _below(measure, limit)


def _problem(kind: ProblemKind, scores: NDArray[np.float64], sentence: str) -> Problem:
    return Problem(kind, scores.astype(np.float32), scores > 0.5, sentence)
