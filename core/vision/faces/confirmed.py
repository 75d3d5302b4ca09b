"""Moments without faces that turned out to be none."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from math import inf

from core.domain import AnalysedFrame, Observation
from core.vision.faces.tracker import KEEPS_FOR_S


class ConfirmedMoments:
    """What an analyser saw, moment after moment, as it turned out to be.

    A moment that shows a tentative face waits, and those after it, until a later one confirms the
    face, which then has its number here too, or until it is too late for that, and the face was
    none. So nothing is lost of people, and nothing waits longer than `window_s` or one frame.

    Args:
        window_s: the tracker's: how long a second sighting may take.
    """

    def __init__(self, *, window_s: float = KEEPS_FOR_S) -> None:
        self._window_s = window_s
        self._waiting: deque[AnalysedFrame] = deque()
        self._open: dict[int, float] = {}  # tentative faces, and when each was seen first
        self._before_s = inf

    def __len__(self) -> int:
        """Moments that wait."""
        return len(self._waiting)

    def add(self, moment: AnalysedFrame) -> list[AnalysedFrame]:
        """Take in the next moment; those that need wait no longer are the answer, in order."""
        self._waiting.append(moment)
        confirmed = {
            seen.was_id: seen.track_id for seen in moment.observations if seen.was_id is not None
        }
        if confirmed:
            self._waiting = deque(_renumbered(one, confirmed) for one in self._waiting)
        self._note(moment, confirmed)
        ready = []
        while self._waiting and not self._is_open(self._waiting[0]):
            ready.append(shown_part(self._waiting.popleft()))
        return ready

    def rest(self) -> list[AnalysedFrame]:
        """Those that still wait, at the end: who was seen only once by then is nobody."""
        rest = [shown_part(one) for one in self._waiting]
        self._waiting.clear()
        return rest

    def _note(self, moment: AnalysedFrame, confirmed: Mapping[int, int]) -> None:
        """Who is tentative from now on. The tracker counts alike: from the first sighting, and
        where frames come seldom, back to the one before."""
        since_s = min(moment.time_s - self._window_s, self._before_s)
        self._before_s = moment.time_s
        for seen in moment.observations:
            if seen.is_tentative:
                self._open.setdefault(seen.track_id, moment.time_s)
        self._open = {
            face: first_s
            for face, first_s in self._open.items()
            if face not in confirmed and first_s >= since_s
        }

    def _is_open(self, moment: AnalysedFrame) -> bool:
        return any(seen.track_id in self._open for seen in moment.observations)


def shown_part(moment: AnalysedFrame) -> AnalysedFrame:
    """A moment without its tentative faces."""
    if not any(seen.is_tentative for seen in moment.observations):
        return moment
    return replace(
        moment, observations=tuple(one for one in moment.observations if not one.is_tentative)
    )


def _renumbered(moment: AnalysedFrame, confirmed: Mapping[int, int]) -> AnalysedFrame:
    if not any(seen.track_id in confirmed for seen in moment.observations):
        return moment
    seen = (_with_number(one, confirmed) for one in moment.observations)
    return replace(moment, observations=tuple(sorted(seen, key=lambda one: one.track_id)))


def _with_number(seen: Observation, confirmed: Mapping[int, int]) -> Observation:
    return replace(seen, track_id=confirmed.get(seen.track_id, seen.track_id))
