"""Numbers that stay with their faces."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from core.vocabulary import Box, Face

_IMPOSSIBLE = 1e6
_Cost = Callable[[Box, Box], float]


@dataclass
class _Track:
    number: int
    box: Box
    time_s: float


class OverlapTracker:
    """A FaceTracker by place: overlap first, then nearness.

    A face keeps its number while its box overlaps where it was; one that jumped, or came back
    within `keeps_for_s`, gets its number back when it is within `reach` face sizes of where it was
    last seen and no better owner of that place is in view.

    Args:
        keeps_for_s: how long the number of a face out of view is kept for it.
        reach: largest jump, in face sizes.
        least_overlap: intersection over union that counts as the same place.
    """

    def __init__(
        self, *, keeps_for_s: float = 2.0, reach: float = 1.5, least_overlap: float = 0.1
    ) -> None:
        self._keeps_for_s = keeps_for_s
        self._reach = reach
        self._least_overlap = least_overlap
        self._tracks: list[_Track] = []
        self._next_number = 1

    def update(self, faces: Sequence[Face], time_s: float) -> list[Face]:
        """The same faces in the same order, each with a `track_id`."""
        self._tracks = [one for one in self._tracks if time_s - one.time_s <= self._keeps_for_s]
        owners: dict[int, _Track] = {}
        self._assign(owners, faces, self._cost_by_overlap)
        self._assign(owners, faces, self._cost_by_nearness)
        # Newcomers are numbered from left to right, whatever order the detector gave them in.
        newcomers = [place for place in range(len(faces)) if place not in owners]
        for place in sorted(newcomers, key=lambda at: (faces[at].box.left, faces[at].box.top)):
            owners[place] = _Track(self._next_number, faces[place].box, time_s)
            self._tracks.append(owners[place])
            self._next_number += 1
        for place, face in enumerate(faces):
            owners[place].box, owners[place].time_s = face.box, time_s
        return [replace(face, track_id=owners[place].number) for place, face in enumerate(faces)]

    def reset(self) -> None:
        """Forget everyone; numbers start at 1 again."""
        self._tracks.clear()
        self._next_number = 1

    def _assign(self, owners: dict[int, _Track], faces: Sequence[Face], cost: _Cost) -> None:
        """Give free tracks to free faces so that the sum of costs is least (Kuhn 1955)."""
        taken = {track.number for track in owners.values()}
        tracks = [track for track in self._tracks if track.number not in taken]
        places = [place for place in range(len(faces)) if place not in owners]
        if not tracks or not places:
            return
        costs = np.array([[cost(track.box, faces[at].box) for at in places] for track in tracks])
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            if costs[row, column] < _IMPOSSIBLE:
                owners[places[column]] = tracks[row]

    def _cost_by_overlap(self, was: Box, now: Box) -> float:
        overlap = was.overlap(now)
        return 1.0 - overlap if overlap >= self._least_overlap else _IMPOSSIBLE

    def _cost_by_nearness(self, was: Box, now: Box) -> float:
        (x, y), (was_x, was_y) = now.center, was.center
        jump = math.hypot(x - was_x, y - was_y) / max(was.size_px, now.size_px)
        return jump if jump <= self._reach else _IMPOSSIBLE
