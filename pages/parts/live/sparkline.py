"""A small line without axes, as SVG: drawn faster than a chart, several times a second."""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import NDArray

_COLOUR = "#23807A"
_HEIGHT = 24  # of the drawing; it is as wide as there are steps


def sparkline(values: NDArray[np.float64], scale: tuple[float, float], *, title: str) -> str:
    """The line as HTML.

    Args:
        values: float64 `(n,)`, in even steps; NaN is a gap.
        scale: lower and upper end of the axis.
        title: for screen readers.
    """
    low, high = scale
    heights = np.round(_HEIGHT * (1 - (values - low) / (high - low)), 1)
    path = " ".join(_part(start, run) for start, run in _runs(heights))
    return (
        f'<svg role="img" aria-label="{html.escape(title)}" viewBox="0 -1 {len(values) - 1:d} '
        f'{_HEIGHT + 2}" preserveAspectRatio="none" style="width:100%;height:{_HEIGHT + 4}px">'
        f'<path d="{html.escape(path)}" fill="none" stroke="{_COLOUR}" stroke-width="2" '
        'stroke-linecap="round" vector-effect="non-scaling-stroke"/></svg>'
    )


def _runs(heights: NDArray[np.float64]) -> list[tuple[int, NDArray[np.float64]]]:
    """Stretches without a gap: where each starts, and its heights."""
    known = np.flatnonzero(~np.isnan(heights))
    stretches = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1)
    return [(int(one[0]), heights[one]) for one in stretches if len(one)]


def _part(start: int, heights: NDArray[np.float64]) -> str:
    points = [f"{start + step} {height:g}" for step, height in enumerate(heights)]
    return f"M{points[0]} L{' '.join(points)}"
