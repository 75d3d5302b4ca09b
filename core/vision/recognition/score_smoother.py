"""Smooths scores over time, independent of the frame rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import EmotionScores, normalised

HALF_LIFE_S = 0.3
"""Hides single frames, and still follows a smile, which takes about half a second."""

FORGET_AFTER_S = 2.0
"""As long as the tracker remembers a face that is not seen."""


@dataclass(eq=False)
class _Track:
    time_s: float
    values: NDArray[np.float64]


class ScoreSmoother:
    """Exponential moving average in seconds, one for each face.

    Args:
        half_life_s: after this time earlier scores count half.
        forget_after_s: after a longer gap a face starts anew.
    """

    def __init__(
        self, *, half_life_s: float = HALF_LIFE_S, forget_after_s: float = FORGET_AFTER_S
    ) -> None:
        if half_life_s <= 0 or forget_after_s <= 0:
            raise ValueError(f"times must be positive, got {half_life_s} and {forget_after_s}")
        self._half_life_s = half_life_s
        self._forget_after_s = forget_after_s
        self._tracks: dict[int, _Track] = {}

    def update(self, track_id: int, time_s: float, scores: EmotionScores) -> EmotionScores:
        """The smoothed scores of a face now. Its times must not decrease."""
        track = self._tracks.get(track_id)
        if track is None or time_s - track.time_s > self._forget_after_s:
            self._tracks[track_id] = _Track(time_s, scores.values.astype(np.float64))
            return scores
        weight = 0.5 ** ((time_s - track.time_s) / self._half_life_s)
        track.values = weight * track.values + (1 - weight) * scores.values
        track.time_s = time_s
        return normalised(scores.scheme, track.values)

    def rename(self, was_id: int, track_id: int) -> None:
        """A face got another number."""
        if was_id in self._tracks:
            self._tracks[track_id] = self._tracks.pop(was_id)

    def forget_before(self, time_s: float) -> None:
        """Drop faces not updated for `forget_after_s`, which bounds the memory."""
        expired = [
            track_id
            for track_id, track in self._tracks.items()
            if time_s - track.time_s > self._forget_after_s
        ]
        for track_id in expired:
            del self._tracks[track_id]

    def reset(self) -> None:
        """Forget all faces."""
        self._tracks.clear()
