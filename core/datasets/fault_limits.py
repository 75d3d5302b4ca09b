"""From measures to problems: how bad is bad enough to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.audit.problem import Problem, ProblemKind
from core.datasets.faults import PictureMeasures


@dataclass(frozen=True)
class FaultLimits:
    """Where a picture starts to be worth looking at.

    Found on FER2013 (35,887 pictures of 48 px, 34,034 different ones) by looking at them in the
    order of each measure, and going on as long as most of them showed the fault.
    """

    fineness: float = 1.05  # nine of ten below are soft; faces blurred by 1.5 px lie below 0.4
    sharpness: float = 0.05  # what the camera side calls blurred must not pass here
    shade: float = 0.05  # contrast below which there is no edge that could be sharp
    brightness: float = 0.15  # as on the camera side
    highlights: float = 0.6  # brighter spots in a dark picture: a lit face before a black wall
    contrast: float = 0.25  # a quarter of the scale
    burnt_out: float = 0.35  # a third of the middle: beyond, parts of the face itself are missing
    hard_edges: float = 0.55  # ink on paper; photographs of high contrast reach 0.5
    flat: float = 0.45  # placeholders and signs; studio backgrounds reach 0.4
    crisp: float = 4.0  # sharpness of lettering and line art; patterned cloth reaches 3.5


DEFAULT_LIMITS = FaultLimits()


def find_faults(
    measures: PictureMeasures, *, limits: FaultLimits = DEFAULT_LIMITS
) -> tuple[Problem, ...]:
    """Every fault that the measures can show, one `Problem` each; a score of 0.5 is the limit."""
    return (
        _blurred(measures, limits),
        _too_dark(measures, limits),
        _low_contrast(measures, limits),
        _burnt_out(measures, limits),
        _drawing(measures, limits),
    )


def _blurred(measures: PictureMeasures, limits: FaultLimits) -> Problem:
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


def _too_dark(measures: PictureMeasures, limits: FaultLimits) -> Problem:
    return _problem(
        ProblemKind.TOO_DARK,
        np.minimum(
            _below(measures.brightness, limits.brightness),
            _below(measures.highlights, limits.highlights),
        ),
        f"Mean brightness is below {limits.brightness * 100:.0f} % of white, and nineteen "
        f"twentieths of the pixels are below {limits.highlights * 100:.0f} %.",
    )


def _low_contrast(measures: PictureMeasures, limits: FaultLimits) -> Problem:
    return _problem(
        ProblemKind.LOW_CONTRAST,
        _below(measures.contrast, limits.contrast),
        "The grey levels of nine tenths of the pixels span less than "
        f"{limits.contrast * 100:.0f} % of the scale.",
    )


def _burnt_out(measures: PictureMeasures, limits: FaultLimits) -> Problem:
    return _problem(
        ProblemKind.BURNT_OUT,
        _above(measures.burnt_out, limits.burnt_out),
        f"More than {limits.burnt_out * 100:.0f} % of the middle of the picture is pure black "
        "or white.",
    )


def _drawing(measures: PictureMeasures, limits: FaultLimits) -> Problem:
    signs = (
        _above(measures.hard_edges, limits.hard_edges),
        _above(measures.flat, limits.flat),
        _above(measures.sharpness, limits.crisp),
    )
    return _problem(
        ProblemKind.DRAWING,
        np.maximum.reduce(signs),
        f"Looks drawn or written: more than {limits.hard_edges * 100:.0f} % of all structure is "
        "hard edges, "
        f"more than {limits.flat * 100:.0f} % of the area is one shade, or the variance "
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
