"""Tracks faces: numbers that stay the same over time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import Box, Face
from core.domain.changed import changed
from core.vision.faces.appearance import Appearance, appearance_distance, blended

HIGH_CONFIDENCE = 0.5
"""The detectors' threshold for a face: a new track needs it, a known one does not."""

MAX_GAP_S = 2.0
"""Longest gap in which position alone identifies a track, or confirms a tentative one."""

CONFIRMED_HITS = 2
"""Detections that confirm a face in a stream: most false detections appear in one frame."""

_IMPOSSIBLE = 1e6
_MIN_OVERLAP = 0.1  # intersection over union of the same position
_HALF_LIFE_S = 2.0  # of the running average of an appearance
_MAX_TRACKS = 64
# Appearance distances, measured on clips of 14 people at two pictures a second: the same person
# 0.003, in 95 of 100 pairs below 0.02; two people in one room 0.10, in 95 of 100 pairs above 0.025,
# at least 0.013.
_SAME = 0.02  # identifies a returning person by appearance alone
_LIKELY = 0.06  # does together with the position
_MIN_RATIO = 1.5  # of the second best distance to the best
_WEIGHT = 5.0  # of appearance against position: two people in a room differ by half an overlap


@dataclass(eq=False)
class _Track:
    """A track; tentative while `number` is None.

    Attributes:
        tentative_id: below 0.
        hits: confident detections so far, each within the gap of the one before.
        confident_s: time of the newest of them.
    """

    tentative_id: int
    box: Box
    time_s: float
    appearance: Appearance | None
    number: int | None = None
    hits: int = 0
    confident_s: float = -math.inf


_Cost = Callable[[_Track, Face], float]


class OverlapTracker:
    """A FaceTracker by position, and by appearance where position is not enough.

    Three rounds, each an optimal assignment (Kuhn 1955) of the remaining faces and tracks: boxes
    that overlap with a track's within `max_gap_s`; boxes within `max_jump` face sizes of it; and
    re-identification by appearance after longer gaps: within `position_s` near the last position,
    or anywhere when no other track looks similar. Faces without an appearance are never
    re-identified.

    Low-confidence faces (below `HIGH_CONFIDENCE`) keep an existing track and never start one, after
    ByteTrack (Zhang et al. 2022): that keeps the track of a small face at two frames a second.

    A face gets its number with its `min_hits`-th confident detection, as in SORT (Bewley et al.
    2016): until then its track is tentative, and dropped after `max_gap_s` without one. At lower
    frame rates the next frame is in time.

    Args:
        max_gap_s: longest gap in which position alone is enough.
        position_s: longest gap in which position and a likely appearance are.
        max_jump: largest jump, in face sizes.
        min_hits: 1 numbers every confident face at once, for pictures; `CONFIRMED_HITS` is for
            streams.
        ready: whether SciPy is imported now, so that no frame of a stream waits for it; files wait
            a quarter of a second when a second face comes, which short ones with one are spared.
    """

    def __init__(
        self,
        *,
        max_gap_s: float = MAX_GAP_S,
        position_s: float = 10.0,
        max_jump: float = 1.5,
        min_hits: int = 1,
        ready: bool = True,
    ) -> None:
        if min_hits < 1:
            raise ValueError(f"a face is numbered after 1 detection or more, not {min_hits}")
        self._max_gap_s = max_gap_s
        self._position_s = max(position_s, max_gap_s)
        self._max_jump = max_jump
        self._min_hits = min_hits
        self._before_s = math.inf  # time of the frame before
        if ready:
            _assignment()
        self.reset()

    def update(self, faces: Sequence[Face], time_s: float) -> list[Face]:
        """The same faces in the same order, each with a `track_id`: below 0 for a tentative one,
        None for a low-confidence one without a track.
        """
        # Detections from here on count together; at low frame rates, those of the frame before.
        since_s = min(time_s - self._max_gap_s, self._before_s)
        self._drop_tentative(since_s)
        owners = self._owners(faces, time_s)
        self._start_tentative(owners, faces, time_s)
        for index, track in owners.items():
            _remember(track, faces[index], time_s)
        confirmed = self._number_confirmed(owners, faces)
        self._forget()
        self._before_s = time_s
        return [
            _named(face, owners.get(index), is_new=index in confirmed)
            for index, face in enumerate(faces)
        ]

    def reset(self) -> None:
        """Forget all tracks; numbers start at 1 again."""
        self._tracks: list[_Track] = []
        self._next_number, self._next_tentative = 1, -1
        self._before_s = math.inf

    def _owners(self, faces: Sequence[Face], time_s: float) -> dict[int, _Track]:
        """Index of each face that belongs to a track -> the track."""
        owners: dict[int, _Track] = {}
        recent = [
            one
            for one in self._tracks
            if one.number is None or time_s - one.time_s <= self._max_gap_s
        ]
        self._assign(owners, faces, recent, self._cost_by_overlap)
        if len(owners) == len(faces):
            return owners
        self._assign(owners, faces, recent, self._cost_by_nearness)
        self._assign(
            owners,
            faces,
            self._tracks,
            lambda track, face: self._reidentification_cost(track, face, time_s),
        )
        return owners

    def _drop_tentative(self, since_s: float) -> None:
        self._tracks = [
            one for one in self._tracks if one.number is not None or one.confident_s >= since_s
        ]

    def _assign(
        self, owners: dict[int, _Track], faces: Sequence[Face], tracks: list[_Track], cost: _Cost
    ) -> None:
        """Assign free tracks to free faces with the least total cost."""
        assigned = list(owners.values())
        tracks = [track for track in tracks if track not in assigned]
        indices = [index for index in range(len(faces)) if index not in owners]
        if not tracks or not indices:
            return
        if len(tracks) == len(indices) == 1:  # nearly always: one person at a camera
            if cost(tracks[0], faces[indices[0]]) < _IMPOSSIBLE:
                owners[indices[0]] = tracks[0]
            return
        costs = np.array([[cost(track, faces[at]) for at in indices] for track in tracks])
        for row, column in zip(*_assignment()(costs), strict=True):
            if costs[row, column] < _IMPOSSIBLE:
                owners[indices[column]] = tracks[row]

    def _start_tentative(
        self, owners: dict[int, _Track], faces: Sequence[Face], time_s: float
    ) -> None:
        free = [
            at
            for at in range(len(faces))
            if at not in owners and faces[at].confidence >= HIGH_CONFIDENCE
        ]
        for index in _from_left(free, faces):
            face = faces[index]
            owners[index] = _Track(self._next_tentative, face.box, time_s, face.appearance)
            self._tracks.append(owners[index])
            self._next_tentative -= 1

    def _number_confirmed(self, owners: Mapping[int, _Track], faces: Sequence[Face]) -> list[int]:
        """Number the tracks that have enough detections; returns the indices of their faces."""
        due = [
            index
            for index, track in owners.items()
            if track.number is None and track.hits >= self._min_hits
        ]
        for index in _from_left(due, faces):
            owners[index].number = self._next_number
            self._next_number += 1
        return due

    def _forget(self) -> None:
        """Drop the oldest tracks beyond the limit, which applies to tentative ones separately."""
        if len(self._tracks) <= _MAX_TRACKS:
            return
        for tentative in (False, True):
            same_kind = [one for one in self._tracks if (one.number is None) == tentative]
            oldest = sorted(same_kind, key=lambda one: one.time_s)[:-_MAX_TRACKS]
            self._tracks = [one for one in self._tracks if one not in oldest]

    def _cost_by_overlap(self, track: _Track, face: Face) -> float:
        overlap = track.box.overlap(face.box)
        if overlap < _MIN_OVERLAP:
            return _IMPOSSIBLE
        return 1.0 - overlap + _WEIGHT * (_distance(track, face) or 0.0)

    def _cost_by_nearness(self, track: _Track, face: Face) -> float:
        jump = _jump(track.box, face.box)
        if jump > self._max_jump:
            return _IMPOSSIBLE
        return jump + _WEIGHT * (_distance(track, face) or 0.0)

    def _reidentification_cost(self, track: _Track, face: Face, time_s: float) -> float:
        """The cost of re-identifying a face as a track that was lost."""
        distance = _distance(track, face)
        if distance is None or face.confidence < HIGH_CONFIDENCE:
            return _IMPOSSIBLE
        is_near = (
            time_s - track.time_s <= self._position_s
            and _jump(track.box, face.box) <= self._max_jump
        )
        if distance <= (_LIKELY if is_near else _SAME) and self._is_unambiguous(
            track, face, distance
        ):
            return distance
        return _IMPOSSIBLE

    def _is_unambiguous(self, track: _Track, face: Face, distance: float) -> bool:
        """Whether no other track has a similar appearance."""
        known = [one for one in self._tracks if one is not track and one.number is not None]
        others = [_distance(other, face) for other in known]
        return all(one is None or one > _MIN_RATIO * distance for one in others)


@cache
def _assignment() -> Callable[[NDArray[np.float64]], tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows and columns of the least total cost; SciPy is slow to import."""
    from scipy.optimize import linear_sum_assignment

    found: Callable[..., Any] = linear_sum_assignment
    return found


def _named(face: Face, track: _Track | None, *, is_new: bool) -> Face:
    if track is None:
        return changed(face, track_id=None)
    if track.number is None:
        return changed(face, track_id=track.tentative_id)
    was_id = track.tentative_id if is_new and track.hits > 1 else None
    return changed(face, track_id=track.number, was_id=was_id)


def _from_left(indices: Sequence[int], faces: Sequence[Face]) -> list[int]:
    """Sorted from left to right: independent of the detector's order."""
    return sorted(indices, key=lambda at: (faces[at].box.left, faces[at].box.top))


def _remember(track: _Track, face: Face, time_s: float) -> None:
    if face.appearance is not None:
        weight = 0.5 ** ((time_s - track.time_s) / _HALF_LIFE_S)
        known = track.appearance
        new = face.appearance
        track.appearance = new if known is None else blended(known, new, weight=weight)
    track.box, track.time_s = face.box, time_s
    if face.confidence >= HIGH_CONFIDENCE:
        track.hits, track.confident_s = track.hits + 1, time_s


def _distance(track: _Track, face: Face) -> float | None:
    if track.appearance is None or face.appearance is None:
        return None
    return appearance_distance(track.appearance, face.appearance)


def _jump(before: Box, after: Box) -> float:
    """Distance of the centres, in face sizes."""
    (x, y), (before_x, before_y) = after.center, before.center
    return math.hypot(x - before_x, y - before_y) / max(before.size_px, after.size_px)
