"""Numbers that stay with their faces."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from core.perception.appearance import Appearance, blended, unlikeness
from core.vocabulary import Box, Face

SURE = 0.5
"""The detectors' own threshold for "a face": a newcomer needs it, somebody known does not."""

_IMPOSSIBLE = 1e6
_HALF_LIFE_S = 2.0  # of what is remembered of an appearance
_MOST_REMEMBERED = 64
# Unlikeness, measured on clips of 14 people, two pictures a second: somebody differs from
# themselves by 0.003, in 95 of 100 pairs by less than 0.02; two people in one room by 0.10, in 95
# of 100 pairs by more than 0.025, at least by 0.013.
_SAME = 0.02  # alone tells that somebody came back
_LIKELY = 0.06  # does where the place speaks for it too
_CLEARLY = 1.5  # the second best must be so much less like
_WEIGHT = 5.0  # of appearance against place: two in a room differ by half a face's overlap


@dataclass
class _Track:
    number: int
    box: Box
    time_s: float
    look: Appearance | None


_Cost = Callable[[_Track, Face], float]


class OverlapTracker:
    """A FaceTracker by place, and by appearance where the place does not tell.

    Three rounds, each a best assignment (Kuhn 1955) of what is left: faces whose boxes overlap with
    where somebody was within `keeps_for_s`; faces within `reach` face sizes of it; and people who
    were away for longer, found again by their colours: within `place_s` where they were last seen,
    or anywhere when nobody else known looks like them. Faces without an appearance are never found
    again by it.

    Unsure faces (under `SURE`) keep the number of somebody known and never begin a new one, after
    ByteTrack (Zhang et al. 2022): that is what holds a small face together at two frames a second.

    Args:
        keeps_for_s: how long a place alone is enough.
        place_s: how long a place together with a likely appearance is.
        reach: largest jump, in face sizes.
        least_overlap: intersection over union that counts as the same place.
    """

    def __init__(
        self,
        *,
        keeps_for_s: float = 2.0,
        place_s: float = 10.0,
        reach: float = 1.5,
        least_overlap: float = 0.1,
    ) -> None:
        self._keeps_for_s = keeps_for_s
        self._place_s = max(place_s, keeps_for_s)
        self._reach = reach
        self._least_overlap = least_overlap
        self.reset()

    def update(self, faces: Sequence[Face], time_s: float) -> list[Face]:
        """The same faces in the same order, each with a `track_id`; None for an unsure face that is
        nobody known.
        """
        owners: dict[int, _Track] = {}
        recent = [one for one in self._tracks if time_s - one.time_s <= self._keeps_for_s]
        self._assign(owners, faces, recent, self._cost_by_overlap)
        self._assign(owners, faces, recent, self._cost_by_nearness)
        self._assign(owners, faces, self._tracks, lambda was, now: self._back(was, now, time_s))
        self._number_newcomers(owners, faces, time_s)
        for place, track in owners.items():
            _remember(track, faces[place], time_s)
        self._forget()
        return [
            replace(face, track_id=owners[place].number if place in owners else None)
            for place, face in enumerate(faces)
        ]

    def reset(self) -> None:
        """Forget everyone; numbers start at 1 again."""
        self._tracks: list[_Track] = []
        self._next_number = 1

    def _assign(
        self, owners: dict[int, _Track], faces: Sequence[Face], tracks: list[_Track], cost: _Cost
    ) -> None:
        """Give free tracks to free faces so that the sum of costs is least."""
        taken = {track.number for track in owners.values()}
        tracks = [track for track in tracks if track.number not in taken]
        places = [place for place in range(len(faces)) if place not in owners]
        if not tracks or not places:
            return
        costs = np.array([[cost(track, faces[at]) for at in places] for track in tracks])
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            if costs[row, column] < _IMPOSSIBLE:
                owners[places[column]] = tracks[row]

    def _number_newcomers(
        self, owners: dict[int, _Track], faces: Sequence[Face], time_s: float
    ) -> None:
        """From left to right, whatever order the detector gave them in."""
        free = [at for at in range(len(faces)) if at not in owners and faces[at].confidence >= SURE]
        for place in sorted(free, key=lambda at: (faces[at].box.left, faces[at].box.top)):
            face = faces[place]
            owners[place] = _Track(self._next_number, face.box, time_s, face.appearance)
            self._tracks.append(owners[place])
            self._next_number += 1

    def _forget(self) -> None:
        """Whoever was away longest, when there are too many."""
        if len(self._tracks) > _MOST_REMEMBERED:
            newest = sorted(self._tracks, key=lambda one: one.time_s)[-_MOST_REMEMBERED:]
            self._tracks = [one for one in self._tracks if one in newest]

    def _cost_by_overlap(self, was: _Track, now: Face) -> float:
        overlap = was.box.overlap(now.box)
        if overlap < self._least_overlap:
            return _IMPOSSIBLE
        return 1.0 - overlap + _WEIGHT * (_differ(was, now) or 0.0)

    def _cost_by_nearness(self, was: _Track, now: Face) -> float:
        jump = _jump(was.box, now.box)
        if jump > self._reach:
            return _IMPOSSIBLE
        return jump + _WEIGHT * (_differ(was, now) or 0.0)

    def _back(self, was: _Track, now: Face, time_s: float) -> float:
        """The cost of taking this face for somebody who was away."""
        differs = _differ(was, now)
        if differs is None or now.confidence < SURE:
            return _IMPOSSIBLE
        at_its_place = (
            time_s - was.time_s <= self._place_s and _jump(was.box, now.box) <= self._reach
        )
        if differs <= (_LIKELY if at_its_place else _SAME) and self._is_clear(was, now, differs):
            return differs
        return _IMPOSSIBLE

    def _is_clear(self, was: _Track, now: Face, differs: float) -> bool:
        """Whether nobody else known looks nearly as much like it."""
        others = [_differ(track, now) for track in self._tracks if track is not was]
        return all(other is None or other > _CLEARLY * differs for other in others)


def _remember(track: _Track, face: Face, time_s: float) -> None:
    if face.appearance is not None:
        kept = 0.5 ** ((time_s - track.time_s) / _HALF_LIFE_S)
        known = track.look
        new = face.appearance
        track.look = new if known is None else blended(known, new, kept=kept)
    track.box, track.time_s = face.box, time_s


def _differ(was: _Track, now: Face) -> float | None:
    if was.look is None or now.appearance is None:
        return None
    return unlikeness(was.look, now.appearance)


def _jump(was: Box, now: Box) -> float:
    """How far the middle moved, in face sizes."""
    (x, y), (was_x, was_y) = now.center, was.center
    return math.hypot(x - was_x, y - was_y) / max(was.size_px, now.size_px)
