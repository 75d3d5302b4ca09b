"""Removes false detections: faces that were never confirmed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from math import inf

from core.domain import AnalysedFrame, Observation
from core.vision.faces.tracker import MAX_GAP_S


class ConfirmationBuffer:
    """Buffers an analyser's moments until their tentative faces are confirmed or dropped.

    A moment with a tentative face is held back, with those after it, until a later one confirms the
    face, which then has its number here too, or until the tracker drops it. So nothing is lost of
    real faces, and nothing is held back longer than `window_s` or one frame.

    Args:
        window_s: the tracker's `max_gap_s`.
    """

    def __init__(self, *, window_s: float = MAX_GAP_S) -> None:
        self._window_s = window_s
        self._waiting: deque[AnalysedFrame] = deque()
        self._tentative: dict[int, float] = {}  # tentative face -> time of its first detection
        self._before_s = inf

    def __len__(self) -> int:
        """Number of moments held back."""
        return len(self._waiting)

    def add(self, moment: AnalysedFrame) -> list[AnalysedFrame]:
        """Add the next moment; returns those that are complete now, in order."""
        if not (self._waiting or self._tentative or _has_unnamed(moment)):  # nearly always
            self._before_s = moment.time_s
            return [moment]
        self._waiting.append(moment)
        confirmed = {
            observation.was_id: observation.track_id
            for observation in moment.observations
            if observation.was_id is not None
        }
        if confirmed:
            self._waiting = deque(_renumbered(one, confirmed) for one in self._waiting)
        self._update_tentative(moment, confirmed)
        ready = []
        while self._waiting and not self._is_incomplete(self._waiting[0]):
            ready.append(without_tentative(self._waiting.popleft()))
        return ready

    def flush(self) -> list[AnalysedFrame]:
        """The moments still held back, at the end: faces that are not confirmed are dropped."""
        remaining = [without_tentative(one) for one in self._waiting]
        self._waiting.clear()
        return remaining

    def _update_tentative(self, moment: AnalysedFrame, confirmed: Mapping[int, int]) -> None:
        """Update the tentative faces, with the tracker's rule: from the first detection, and at low
        frame rates, back to the frame before."""
        since_s = min(moment.time_s - self._window_s, self._before_s)
        self._before_s = moment.time_s
        for observation in moment.observations:
            if observation.is_tentative:
                self._tentative.setdefault(observation.track_id, moment.time_s)
        self._tentative = {
            face: first_s
            for face, first_s in self._tentative.items()
            if face not in confirmed and first_s >= since_s
        }

    def _is_incomplete(self, moment: AnalysedFrame) -> bool:
        return any(observation.track_id in self._tentative for observation in moment.observations)


def _has_unnamed(moment: AnalysedFrame) -> bool:
    """Whether a face is tentative, or was until now."""
    return any(one.is_tentative or one.was_id is not None for one in moment.observations)


def without_tentative(moment: AnalysedFrame) -> AnalysedFrame:
    """A moment without its tentative faces."""
    if not any(observation.is_tentative for observation in moment.observations):
        return moment
    return replace(
        moment, observations=tuple(one for one in moment.observations if not one.is_tentative)
    )


def _renumbered(moment: AnalysedFrame, confirmed: Mapping[int, int]) -> AnalysedFrame:
    if not any(observation.track_id in confirmed for observation in moment.observations):
        return moment
    renumbered = (_with_number(one, confirmed) for one in moment.observations)
    return replace(moment, observations=tuple(sorted(renumbered, key=lambda one: one.track_id)))


def _with_number(observation: Observation, confirmed: Mapping[int, int]) -> Observation:
    return replace(observation, track_id=confirmed.get(observation.track_id, observation.track_id))
