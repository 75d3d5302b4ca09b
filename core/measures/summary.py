"""A session's summary: its duration, its usable time, the expressions shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import NO_FACE_ID, AnalysedFrame, Observation, Timeline
from core.domain.changed import changed
from core.measures.durations import MAX_GAP_S, seconds_of_rows

MIN_HOLD_S = 1.0
"""A change of expression counts when the new one lasts at least this long."""

NOT_SURE = "not sure"

ENOUGH_USABLE = 0.6
"""A face whose usable share of the time in view is lower has unreliable shares."""


@dataclass(frozen=True)
class ExpressionChange:
    """A change of the shown expression of a face.

    Attributes:
        time_s: when the new one started.
        face_id: whose.
        before, after: labels, or "not sure".
    """

    time_s: float
    face_id: int
    before: str
    after: str


@dataclass(frozen=True)
class FaceSummary:
    """The summary of one face.

    Attributes:
        face_id: its number.
        seen_s: time in view.
        usable_s: time in which it was usable: the denominator of `shares`.
        shares: shown expression -> fraction of usable time; "not sure" is one of them; sum 1, or
            empty without usable time.
    """

    face_id: int
    seen_s: float
    usable_s: float
    shares: dict[str, float]

    @property
    def is_hardly_usable(self) -> bool:
        """Whether it was usable for less than `ENOUGH_USABLE` of its time in view."""
        return self.usable_s < ENOUGH_USABLE * self.seen_s


@dataclass(frozen=True)
class SessionSummary:
    """The summary of a session over all faces. Times in seconds, shares as fractions.

    Attributes:
        labels: of the scheme, in order.
        duration_s: first to last frame, pauses excluded.
        watched_s: analysed time: gaps in the source are excluded too.
        seen_s: part of it with a face in view.
        usable_s: part of it with a usable face.
        face_seconds, usable_face_seconds: the same added up over faces; with two faces in view a
            second counts twice.
        lost: reason -> seconds that were not usable, "no_face" included.
        shares: shown expression -> fraction of usable face time.
        faces: one for each number, in order.
        changes: in time order.
        marks: (time, text) of each mark, whoever was in view.
        frames: number of analysed frames, whoever was in view.
    """

    labels: tuple[str, ...]
    duration_s: float
    watched_s: float
    seen_s: float
    usable_s: float
    face_seconds: float
    usable_face_seconds: float
    lost: dict[str, float]
    shares: dict[str, float]
    faces: tuple[FaceSummary, ...]
    changes: tuple[ExpressionChange, ...]
    marks: tuple[tuple[float, str], ...]
    frames: int

    @property
    def usable_share(self) -> float:
        """Usable time over analysed time; 0 without any."""
        return self.usable_s / self.watched_s if self.watched_s > 0 else 0.0

    @property
    def hardly_usable_faces(self) -> int:
        """Number of faces that were usable for less than `ENOUGH_USABLE` of their time in view.

        `usable_share` does not show this: one face that is always usable makes every frame usable.
        """
        return sum(face.is_hardly_usable for face in self.faces)

    @property
    def mean_fps(self) -> float:
        """Frames per second of analysed time; 0 without any."""
        return self.frames / self.watched_s if self.watched_s > 0 else 0.0


def summarise(
    timeline: Timeline, *, not_sure_below: float, face_id: int | None = None
) -> SessionSummary:
    """Summarise a session.

    Args:
        timeline: rows of all faces: durations depend on the neighbouring frames, also on those
            without this face.
        not_sure_below: smoothed top scores under it count as "not sure".
        face_id: summarise this face only; `watched_s`, `frames` and `marks` stay those of the
            session.
    """
    seconds = seconds_of_rows(timeline)
    all_faces, watched_s = timeline, float(seconds[_first_of_frames(timeline)].sum())
    steps_s = np.diff(np.unique(timeline.time_s))
    if face_id is not None:
        own = timeline.face_id == face_id
        timeline, seconds = timeline.where(own), seconds[own]
    shown = shown_labels(timeline, not_sure_below=not_sure_below)
    has_face, usable = timeline.face_id != NO_FACE_ID, timeline.usable
    faces = tuple(_face(timeline, seconds, shown, face_id=face_id) for face_id in timeline.face_ids)
    return SessionSummary(
        labels=timeline.scheme.labels,
        duration_s=float(timeline.time_s[-1] - timeline.time_s[0]) if len(timeline) else 0.0,
        watched_s=watched_s,
        seen_s=_frame_seconds(timeline, seconds, has_face),
        usable_s=_frame_seconds(timeline, seconds, usable),
        face_seconds=float(seconds[has_face].sum()),
        usable_face_seconds=float(seconds[usable].sum()),
        lost=_by_label(timeline.reason[~usable], seconds[~usable]),
        shares=shown_shares(shown, seconds, usable),
        faces=faces,
        changes=_changes(timeline, shown, max_absence_s=_max_absence_s(steps_s)),
        marks=tuple((event.time_s, event.words) for event in all_faces.events),
        frames=len(np.unique(all_faces.frame_index)),
    )


def shown_labels(timeline: Timeline, *, not_sure_below: float) -> NDArray[np.str_]:
    """The shown labels: str `(n,)`, a label, "not sure", or empty where a face was not usable.

    Args:
        timeline: in the view that is shown (`core.measures.views`).
        not_sure_below: smoothed top scores under it are "not sure".
    """
    names = np.array([*timeline.scheme.labels, NOT_SURE, ""])
    steady = np.nan_to_num(timeline.steady, nan=0.0)
    index = steady.argmax(axis=1)
    sure = (steady.max(axis=1, initial=0.0) >= not_sure_below) & steady.any(axis=1)
    index = np.where(sure, index, len(timeline.scheme))
    return np.asarray(names[np.where(timeline.usable, index, len(timeline.scheme) + 1)])


def shown_label(seen: Observation, *, not_sure_below: float) -> str:
    """The same for one face."""
    if not seen.quality.usable or seen.steady is None:
        return ""
    return seen.steady.top if seen.steady.top_score >= not_sure_below else NOT_SURE


def with_shown_labels(
    frame: AnalysedFrame, shown: Iterable[Observation], *, not_sure_below: float
) -> AnalysedFrame:
    """A frame whose faces have the label that was on screen.

    Args:
        shown: the faces in the view that is shown (`ScoreView.of_observation`); tentative faces
            are not among them.
        not_sure_below: smoothed top scores under it are "not sure".
    """
    labels = {one.track_id: shown_label(one, not_sure_below=not_sure_below) for one in shown}
    seen = [changed(one, shown=labels.get(one.track_id, "")) for one in frame.observations]
    return changed(frame, observations=tuple(seen))


def _first_of_frames(timeline: Timeline) -> NDArray[np.bool_]:
    """True on the first row of each frame."""
    first = np.ones(len(timeline), dtype=np.bool_)
    first[1:] = np.diff(timeline.time_s) > 0
    return first


def _frame_seconds(
    timeline: Timeline, seconds: NDArray[np.float64], holds: NDArray[np.bool_]
) -> float:
    """Seconds of the frames in which `holds` is true for at least one face."""
    _, first = np.unique(timeline.time_s[holds], return_index=True)
    return float(seconds[holds][first].sum())


def _face(
    timeline: Timeline, seconds: NDArray[np.float64], shown: NDArray[np.str_], *, face_id: int
) -> FaceSummary:
    own = timeline.face_id == face_id
    usable = own & timeline.usable
    return FaceSummary(
        face_id=face_id,
        seen_s=float(seconds[own].sum()),
        usable_s=float(seconds[usable].sum()),
        shares=shown_shares(shown, seconds, usable),
    )


def shown_shares(
    shown: NDArray[np.str_], seconds: NDArray[np.float64], usable: NDArray[np.bool_]
) -> dict[str, float]:
    """Fraction of the usable seconds that each label was shown, longest first; empty without any.

    Args:
        shown: str `(n,)`.
        seconds: float64 `(n,)`, duration of each row.
        usable: bool `(n,)`.
    """
    total = float(seconds[usable].sum())
    if total <= 0:
        return {}
    return {name: s / total for name, s in _by_label(shown[usable], seconds[usable]).items()}


def _by_label(labels: NDArray[np.str_], seconds: NDArray[np.float64]) -> dict[str, float]:
    """Seconds of each label, longest first."""
    names, indices = np.unique(labels, return_inverse=True)
    sums = np.bincount(indices, weights=seconds, minlength=len(names))
    order = np.argsort(-sums, kind="stable")
    return {str(names[at]): float(sums[at]) for at in order}


def _max_absence_s(steps_s: NDArray[np.float64]) -> float:
    """The longest absence after which a face's previous label still counts.

    A second; more for recordings that are sampled at longer intervals.
    """
    interval_s = float(np.median(steps_s)) if len(steps_s) else 0.0
    return max(MAX_GAP_S, 1.5 * interval_s)


def _changes(
    timeline: Timeline, shown: NDArray[np.str_], *, max_absence_s: float
) -> tuple[ExpressionChange, ...]:
    found: list[ExpressionChange] = []
    for face_id in timeline.face_ids:
        own = (timeline.face_id == face_id) & timeline.usable
        found += _changes_of_face(timeline.time_s[own], shown[own], face_id, max_absence_s)
    return tuple(sorted(found, key=lambda change: (change.time_s, change.face_id)))


def _changes_of_face(
    times: NDArray[np.float64], labels: NDArray[np.str_], face_id: int, max_absence_s: float
) -> list[ExpressionChange]:
    """Changes between runs of one label; a run ends at another label or a long absence."""
    if not len(times):
        return []
    starts = np.flatnonzero(
        np.append(True, (labels[1:] != labels[:-1]) | (np.diff(times) > max_absence_s))
    )
    ends = np.append(starts[1:], len(times)) - 1
    found, before = [], ""
    for start, end in zip(starts, ends, strict=True):
        if times[end] - times[start] < MIN_HOLD_S:
            continue
        after = str(labels[start])
        if before and after != before:
            found.append(ExpressionChange(float(times[start]), face_id, before, after))
        before = after
    return found
