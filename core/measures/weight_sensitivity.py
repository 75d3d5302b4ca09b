"""How far the verdict of an index depends on its weights.

The verdict of a window is whether its index is above the median of the same session, with the same
weights. No threshold of such an index has been validated, and contradictory ones are in use; the
median asks only which windows are higher than others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted, percent
from core.measures.index_weights import PART_TITLES, PARTS, IndexWeights, index_of
from core.measures.index_windows import IndexWindows

MOVED_BY = 0.10
"""A weight is moved up and down by this fraction of itself."""

LEAST_WINDOWS = 6
"""A minute; with fewer windows, a share of them says little."""

_ROUNDING = 1e-9


@dataclass(frozen=True)
class WeightSensitivity:
    """How often the verdict of a window flips when one weight moves.

    Attributes:
        windows: how many have a verdict.
        median: of the index over them; None without any.
        flips: name of a part -> windows whose verdict flips as its weight moves, up or down.
        flips_of_any: windows whose verdict flips with at least one weight.
        published: windows that have a published index too.
        differs: of them, those where the published one gives the other verdict, by its own median.
    """

    windows: int
    median: float | None
    flips: Mapping[str, int]
    flips_of_any: int
    published: int
    differs: int

    @property
    def is_enough(self) -> bool:
        """Whether there are enough windows for a share of them."""
        return self.windows >= LEAST_WINDOWS

    @property
    def sentence(self) -> str:
        """How often the verdict flips."""
        if not self.is_enough:
            return (
                f"{counted(self.windows, 'window has', 'windows have')} an index; "
                f"{LEAST_WINDOWS} are needed to say how often the verdict flips."
            )
        moves = (
            f"When one weight moves by {percent(MOVED_BY)}, the verdict (above the median or not) "
            "flips in"
        )
        if not self.flips_of_any:
            return f"{moves} none of {self.windows} windows."
        share = percent(self.flips_of_any / self.windows)
        most = max(self.flips, key=self.flips.__getitem__)
        return (
            f"{moves} {self.flips_of_any} of {self.windows} windows ({share}); the weight of "
            f"{PART_TITLES[most].lower()} alone flips {self.flips[most]}."
        )

    @property
    def published_sentence(self) -> str:
        """How often the published index disagrees, or what is missing to say so."""
        if not self.published:
            return "It needs the seven expressions, and no window here has them."
        if self.published < LEAST_WINDOWS:
            return (
                f"It was measured in {counted(self.published, 'window')}: "
                f"{LEAST_WINDOWS} are needed to say how often the two differ."
            )
        return (
            f"The published concentration index gives the other verdict in {self.differs} of "
            f"{self.published} windows ({percent(self.differs / self.published)})."
        )


def weight_sensitivity(windows: IndexWindows, weights: IndexWeights) -> WeightSensitivity:
    """How often the verdict of these windows flips when one of these weights moves."""
    known = windows.is_measured
    parts = {name: values[known] for name, values in windows.parts.items()}
    index = index_of(parts, weights)
    verdicts = _are_above_median(index)
    flipped = {part: np.zeros(len(verdicts), dtype=np.bool_) for part in PARTS}
    for part, moved in weights.moved(MOVED_BY):
        flipped[part] |= _are_above_median(index_of(parts, moved)) != verdicts
    published = windows.published[known]
    has_both = np.isfinite(published)
    other = _are_above_median(published[has_both]) != _are_above_median(index[has_both])
    return WeightSensitivity(
        windows=len(verdicts),
        median=float(np.median(index)) if len(index) else None,
        flips={part: int(flips.sum()) for part, flips in flipped.items()},
        flips_of_any=int(np.any([*flipped.values()], axis=0).sum()),
        published=int(has_both.sum()),
        differs=int(other.sum()),
    )


def _are_above_median(index: NDArray[np.float64]) -> NDArray[np.bool_]:
    if not len(index):
        return np.zeros(0, dtype=np.bool_)
    return np.asarray(index > np.median(index) + _ROUNDING)
