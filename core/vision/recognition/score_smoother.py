"""Scores that do not flicker, and answer the same at any frame rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import EmotionScores, normalised


@dataclass(eq=False)
class _Track:
    time_s: float
    values: NDArray[np.float64]


class ScoreSmoother:
    """Exponential forgetting in seconds, one memory for each face.

    Args:
        half_life_s: after this time half of what was shown before is forgotten. A third of a second
            hides single frames and still follows a smile, which takes about half a second.
        forget_after_s: a face away for longer starts afresh.
    """

    def __init__(self, *, half_life_s: float = 0.3, forget_after_s: float = 2.0) -> None:
        if half_life_s <= 0 or forget_after_s <= 0:
            raise ValueError(f"times must be positive, got {half_life_s} and {forget_after_s}")
        self._half_life_s = half_life_s
        self._forget_after_s = forget_after_s
        self._tracks: dict[int, _Track] = {}

    def update(self, track_id: int, time_s: float, scores: EmotionScores) -> EmotionScores:
        """What to show for this face now. Times of a face must not go back."""
        track = self._tracks.get(track_id)
        if track is None or time_s - track.time_s > self._forget_after_s:
            self._tracks[track_id] = _Track(time_s, scores.values.astype(np.float64))
            return scores
        kept = 0.5 ** ((time_s - track.time_s) / self._half_life_s)
        track.values = kept * track.values + (1 - kept) * scores.values
        track.time_s = time_s
        return normalised(scores.scheme, track.values)

    def rename(self, was_id: int, track_id: int) -> None:
        """A face got another number."""
        if was_id in self._tracks:
            self._tracks[track_id] = self._tracks.pop(was_id)

    def forget_before(self, time_s: float) -> None:
        """Drop faces not seen for `forget_after_s`, so that memory stays flat."""
        gone = [
            track_id
            for track_id, track in self._tracks.items()
            if time_s - track.time_s > self._forget_after_s
        ]
        for track_id in gone:
            del self._tracks[track_id]

    def reset(self) -> None:
        """Forget everyone."""
        self._tracks.clear()
