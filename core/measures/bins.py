"""Rows of one face in bins of equal length, weighted in seconds, and stretches in which a state
holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Timeline
from core.measures.windows import seconds_of_face

Floats = NDArray[np.float64]

_ROUNDING_S = 1e-6


@dataclass(frozen=True, eq=False)
class Bins:
    """The bins that the rows of one face lie in; a row holds its value until the next one.

    Attributes:
        numbers: int64 `(b,)`, ascending: bin k begins at `from_s + k * step_s`. Only bins with
            measured time are there.
        seconds: float64 `(b,)`, measured time in each.
        first: int64 `(b,)`, where the pieces of each bin begin.
        row, piece_s: `(p,)`, the row of each piece, and its duration.
    """

    numbers: NDArray[np.int64]
    seconds: Floats
    first: NDArray[np.intp]
    row: NDArray[np.intp]
    piece_s: Floats

    @classmethod
    def of_face(cls, rows: Timeline, step_s: float, *, from_s: float = 0.0) -> Bins:
        """Divide the rows of one face.

        Args:
            rows: of one face.
            step_s: length of a bin, above 0.
            from_s: where bin 0 begins.
        """
        begins = rows.time_s - from_s
        ends = begins + seconds_of_face(rows)
        first = np.floor((begins + _ROUNDING_S) / step_s).astype(np.int64)
        last = np.ceil((ends - _ROUNDING_S) / step_s).astype(np.int64) - 1
        counts = np.maximum(last - first, 0) + 1
        row = np.repeat(np.arange(len(begins)), counts)
        within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        number = first[row] + within
        piece_s = np.minimum(ends[row], (number + 1) * step_s) - np.maximum(
            begins[row], number * step_s
        )
        starts = np.flatnonzero(np.append(True, np.diff(number) > 0)[: len(number)])
        piece_s = np.maximum(piece_s, 0.0)
        seconds = np.add.reduceat(piece_s, starts) if len(starts) else np.zeros(0)
        return cls(number[starts], seconds, starts, row, piece_s)

    def means(self, values: Floats) -> Floats:
        """Mean of the measured seconds of each bin.

        Args:
            values: float64 `(n,)` or `(n, k)`, of the rows; NaN where not measured.
        Returns:
            Float64 `(b,)` or `(b, k)`; NaN where nothing was measured.
        """
        if not len(self.numbers):
            return np.zeros((0, *values.shape[1:]))
        seconds = self.piece_s.reshape(-1, *[1] * (values.ndim - 1))
        pieces = values[self.row]
        known = ~np.isnan(pieces)
        known_s = np.add.reduceat(known * seconds, self.first)
        sums = np.add.reduceat(np.where(known, pieces, 0.0) * seconds, self.first)
        means = np.full(sums.shape, np.nan)
        np.divide(sums, known_s, out=means, where=known_s > _ROUNDING_S)
        return means


def binned_measure(
    rows: Timeline, values: Floats, *, between_s: tuple[float, float], step_s: float
) -> tuple[Floats, Floats]:
    """A measure over time: the mean of the measured seconds of each step.

    Args:
        rows: of one face.
        values: float64 `(n,)`; NaN where not measured.
        between_s: first and last second; time in which the face has no rows is not measured.
        step_s: above 0.
    Returns:
        Middle of each step in seconds, and its mean, float64 `(steps,)`; NaN where not measured.
    """
    from_s, to_s = between_s
    steps = max(1, int(np.ceil((to_s - from_s) / step_s - _ROUNDING_S)))
    bins = Bins.of_face(rows, step_s, from_s=from_s)
    means: Floats = np.full(steps, np.nan)
    inside = (bins.numbers >= 0) & (bins.numbers < steps)
    means[bins.numbers[inside]] = bins.means(values)[inside]
    middles: Floats = from_s + (np.arange(steps, dtype=np.float64) + 0.5) * step_s
    return middles, means


def stretches(rows: Timeline, holds: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Where a state holds: begin and end of each stretch in seconds, in time order.

    A stretch lasts from its first row until the row after its last one, and ends at a gap in which
    nothing was measured.

    Args:
        rows: of one face.
        holds: bool `(n,)`.
    """
    if not holds.any():
        return []
    ends_s = rows.time_s + seconds_of_face(rows)
    goes_on = holds[1:] & holds[:-1] & (rows.time_s[1:] <= ends_s[:-1] + _ROUNDING_S)
    first = holds & ~np.append(False, goes_on)
    last = holds & ~np.append(goes_on, False)
    return list(zip(rows.time_s[first].tolist(), ends_s[last].tolist(), strict=True))
