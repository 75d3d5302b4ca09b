"""Numbers that stay with their faces."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from core.domain import Box, Face
from core.vision.faces.appearance import Appearance, blended, unlikeness

SURE = 0.5
"""The detectors' own threshold for "a face": a newcomer needs it, somebody known does not."""

KEEPS_FOR_S = 2.0
"""How long a place alone tells who somebody is, and a face may take to be seen a second time."""

CONFIRMED_HITS = 2
"""Sightings that make a face of a stream somebody: a false face is mostly seen in one frame."""

_IMPOSSIBLE = 1e6
_LEAST_OVERLAP = 0.1  # intersection over union that counts as the same place
_HALF_LIFE_S = 2.0  # of what is remembered of an appearance
_MOST_REMEMBERED = 64
# Unlikeness, measured on clips of 14 people, two pictures a second: somebody differs from
# themselves by 0.003, in 95 of 100 pairs by less than 0.02; two people in one room by 0.10, in 95
# of 100 pairs by more than 0.025, at least by 0.013.
_SAME = 0.02  # alone tells that somebody came back
_LIKELY = 0.06  # does where the place speaks for it too
_CLEARLY = 1.5  # the second best must be so much less like
_WEIGHT = 5.0  # of appearance against place: two in a room differ by half a face's overlap


@dataclass(eq=False)
class _Track:
    """Somebody known; or, while `number` is None, tentative: a face that may turn out to be none.

    Attributes:
        tentative_id: below 0.
        hits: sure sightings so far, each within the window of the one before.
        sure_s: time of the newest sure one.
    """

    tentative_id: int
    box: Box
    time_s: float
    look: Appearance | None
    number: int | None = None
    hits: int = 0
    sure_s: float = -math.inf


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

    A face gets its number with its `min_hits`-th sure sighting, as in SORT (Bewley et al. 2016):
    until then its track is tentative, and given up when `keeps_for_s` passed without a sure one.
    Where frames come more seldom than that, the next frame is in time.

    Args:
        keeps_for_s: how long a place alone is enough.
        place_s: how long a place together with a likely appearance is.
        reach: largest jump, in face sizes.
        min_hits: 1 numbers every sure face at once, as pictures want it; `CONFIRMED_HITS` is for
            streams.
    """

    def __init__(
        self,
        *,
        keeps_for_s: float = KEEPS_FOR_S,
        place_s: float = 10.0,
        reach: float = 1.5,
        min_hits: int = 1,
    ) -> None:
        if min_hits < 1:
            raise ValueError(f"a face is numbered after 1 sighting or more, not {min_hits}")
        self._keeps_for_s = keeps_for_s
        self._place_s = max(place_s, keeps_for_s)
        self._reach = reach
        self._min_hits = min_hits
        self._before_s = math.inf  # time of the frame before
        self.reset()

    def update(self, faces: Sequence[Face], time_s: float) -> list[Face]:
        """The same faces in the same order, each with a `track_id`: below 0 for one that is
        tentative, None for an unsure one that is nobody known.
        """
        # Sightings from here on count together; seldom frames reach back to the one before.
        since_s = min(time_s - self._keeps_for_s, self._before_s)
        self._give_up_tentative(since_s)
        owners: dict[int, _Track] = {}
        recent = [
            one
            for one in self._tracks
            if one.number is None or time_s - one.time_s <= self._keeps_for_s
        ]
        self._assign(owners, faces, recent, self._cost_by_overlap)
        self._assign(owners, faces, recent, self._cost_by_nearness)
        self._assign(owners, faces, self._tracks, lambda was, now: self._back(was, now, time_s))
        self._begin_tentative(owners, faces, time_s)
        for place, track in owners.items():
            _remember(track, faces[place], time_s)
        confirmed = self._number_confirmed(owners, faces)
        self._forget()
        self._before_s = time_s
        return [
            _named(face, owners.get(place), is_new=place in confirmed)
            for place, face in enumerate(faces)
        ]

    def reset(self) -> None:
        """Forget everyone; numbers start at 1 again."""
        self._tracks: list[_Track] = []
        self._next_number, self._next_tentative = 1, -1
        self._before_s = math.inf

    def _give_up_tentative(self, since_s: float) -> None:
        self._tracks = [
            one for one in self._tracks if one.number is not None or one.sure_s >= since_s
        ]

    def _assign(
        self, owners: dict[int, _Track], faces: Sequence[Face], tracks: list[_Track], cost: _Cost
    ) -> None:
        """Give free tracks to free faces so that the sum of costs is least."""
        taken = list(owners.values())
        tracks = [track for track in tracks if track not in taken]
        places = [place for place in range(len(faces)) if place not in owners]
        if not tracks or not places:
            return
        costs = np.array([[cost(track, faces[at]) for at in places] for track in tracks])
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            if costs[row, column] < _IMPOSSIBLE:
                owners[places[column]] = tracks[row]

    def _begin_tentative(
        self, owners: dict[int, _Track], faces: Sequence[Face], time_s: float
    ) -> None:
        free = [at for at in range(len(faces)) if at not in owners and faces[at].confidence >= SURE]
        for place in _from_left(free, faces):
            face = faces[place]
            owners[place] = _Track(self._next_tentative, face.box, time_s, face.appearance)
            self._tracks.append(owners[place])
            self._next_tentative -= 1

    def _number_confirmed(self, owners: Mapping[int, _Track], faces: Sequence[Face]) -> list[int]:
        """Places of those who have just been seen often enough."""
        due = [
            place
            for place, track in owners.items()
            if track.number is None and track.hits >= self._min_hits
        ]
        for place in _from_left(due, faces):
            owners[place].number = self._next_number
            self._next_number += 1
        return due

    def _forget(self) -> None:
        """Whoever was away longest, when there are too many; tentative ones push nobody out."""
        for tentative in (False, True):
            alike = [one for one in self._tracks if (one.number is None) == tentative]
            oldest = sorted(alike, key=lambda one: one.time_s)[:-_MOST_REMEMBERED]
            self._tracks = [one for one in self._tracks if one not in oldest]

    def _cost_by_overlap(self, was: _Track, now: Face) -> float:
        overlap = was.box.overlap(now.box)
        if overlap < _LEAST_OVERLAP:
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
        known = [one for one in self._tracks if one is not was and one.number is not None]
        others = [_differ(track, now) for track in known]
        return all(other is None or other > _CLEARLY * differs for other in others)


def _named(face: Face, track: _Track | None, *, is_new: bool) -> Face:
    if track is None:
        return replace(face, track_id=None)
    if track.number is None:
        return replace(face, track_id=track.tentative_id)
    was_id = track.tentative_id if is_new and track.hits > 1 else None
    return replace(face, track_id=track.number, was_id=was_id)


def _from_left(places: Sequence[int], faces: Sequence[Face]) -> list[int]:
    """Whatever order the detector gave them in."""
    return sorted(places, key=lambda at: (faces[at].box.left, faces[at].box.top))


def _remember(track: _Track, face: Face, time_s: float) -> None:
    if face.appearance is not None:
        kept = 0.5 ** ((time_s - track.time_s) / _HALF_LIFE_S)
        known = track.look
        new = face.appearance
        track.look = new if known is None else blended(known, new, kept=kept)
    track.box, track.time_s = face.box, time_s
    if face.confidence >= SURE:
        track.hits, track.sure_s = track.hits + 1, time_s


def _differ(was: _Track, now: Face) -> float | None:
    if was.look is None or now.appearance is None:
        return None
    return unlikeness(was.look, now.appearance)


def _jump(was: Box, now: Box) -> float:
    """How far the middle moved, in face sizes."""
    (x, y), (was_x, was_y) = now.center, was.center
    return math.hypot(x - was_x, y - was_y) / max(was.size_px, now.size_px)
