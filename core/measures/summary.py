"""A session's summary: its duration, its usable time, the expressions shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.domain import NOBODY, Moment, Observation, Timeline
from core.measures.durations import LONGEST_S, seconds_of_rows

HELD_S = 1.0
"""A change of expression counts when the new one stays at least so long."""

NOT_SURE = "not sure"

ENOUGH_USABLE = 0.6
"""Usable share of the time in view under which a face's shares say little about it."""


@dataclass(frozen=True)
class Change:
    """A moment at which the shown expression of a face changed and stayed.

    Attributes:
        time_s: when the new one began.
        face_id: whose.
        before, after: labels, or "not sure".
    """

    time_s: float
    face_id: int
    before: str
    after: str


@dataclass(frozen=True)
class FaceSummary:
    """One face's part.

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
    """All faces together. Times in seconds, shares as fractions.

    Attributes:
        labels: that could be shown, in their order.
        duration_s: first to last moment, pauses left out.
        watched_s: time that was analysed: gaps in the source are left out too.
        seen_s: part of it with somebody in view.
        usable_s: part of it with a usable face.
        face_seconds, usable_face_seconds: the same added up over faces; with two faces in view a
            second counts twice.
        lost: reason -> seconds of faces (or of nobody) that were not usable.
        shares: shown expression -> fraction of usable face time.
        faces: one for each number, in order.
        changes: in time order.
        marks: (time, words) that were set, each at its own moment, whoever was in view.
        frames: frames of the session that were analysed, whoever was in view.
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
    changes: tuple[Change, ...]
    marks: tuple[tuple[float, str], ...]
    frames: int

    @property
    def usable_share(self) -> float:
        """Usable time over watched time; 0 when nothing was watched."""
        return self.usable_s / self.watched_s if self.watched_s > 0 else 0.0

    @property
    def hardly_usable_faces(self) -> int:
        """How many faces were usable for less than `ENOUGH_USABLE` of their time in view.

        `usable_share` does not tell: one face that is always usable makes every moment usable.
        """
        return sum(face.is_hardly_usable for face in self.faces)

    @property
    def mean_fps(self) -> float:
        """Frames analysed a second of watched time; 0 when nothing was watched."""
        return self.frames / self.watched_s if self.watched_s > 0 else 0.0


def summarise(
    timeline: Timeline, *, not_sure_below: float, face_id: int | None = None
) -> SessionSummary:
    """Sum a session up.

    Args:
        timeline: everybody's rows: how long a row stands for shows in the moments around it, also
            in those without this face.
        not_sure_below: smoothed top scores under it count as "not sure", as they were shown.
        face_id: only this face's part of it; `watched_s`, `frames` and `marks` stay those of the
            session.
    """
    seconds = seconds_of_rows(timeline)
    everybody, watched_s = timeline, float(seconds[_first_of_moments(timeline)].sum())
    steps_s = np.diff(np.unique(timeline.time_s))
    if face_id is not None:
        own = timeline.face_id == face_id
        timeline, seconds = timeline.where(own), seconds[own]
    shown = shown_labels(timeline, not_sure_below=not_sure_below)
    somebody, usable = timeline.face_id != NOBODY, timeline.usable
    faces = tuple(_face(timeline, seconds, shown, face_id=face_id) for face_id in timeline.face_ids)
    return SessionSummary(
        labels=timeline.scheme.labels,
        duration_s=float(timeline.time_s[-1] - timeline.time_s[0]) if len(timeline) else 0.0,
        watched_s=watched_s,
        seen_s=_moment_seconds(timeline, seconds, somebody),
        usable_s=_moment_seconds(timeline, seconds, usable),
        face_seconds=float(seconds[somebody].sum()),
        usable_face_seconds=float(seconds[usable].sum()),
        lost=_by_label(timeline.reason[~usable], seconds[~usable]),
        shares=_shares(shown, seconds, usable),
        faces=faces,
        changes=_changes(timeline, shown, out_of_sight_s=_out_of_sight_s(steps_s)),
        marks=tuple((event.time_s, event.words) for event in everybody.events),
        frames=len(np.unique(everybody.frame_index)),
    )


def shown_labels(timeline: Timeline, *, not_sure_below: float) -> NDArray[np.str_]:
    """What was on screen: str `(n,)`, a label, "not sure", or empty where a face was not usable.

    Args:
        timeline: as it is shown (`measures.views`).
        not_sure_below: smoothed top scores under it are "not sure".
    """
    names = np.array([*timeline.scheme.labels, NOT_SURE, ""])
    steady = np.nan_to_num(timeline.steady, nan=0.0)
    place = steady.argmax(axis=1)
    sure = (steady.max(axis=1, initial=0.0) >= not_sure_below) & steady.any(axis=1)
    place = np.where(sure, place, len(timeline.scheme))
    return np.asarray(names[np.where(timeline.usable, place, len(timeline.scheme) + 1)])


def shown_label(seen: Observation, *, not_sure_below: float) -> str:
    """The same of one face."""
    if not seen.quality.usable or seen.steady is None:
        return ""
    return seen.steady.top if seen.steady.top_score >= not_sure_below else NOT_SURE


def labelled(moment: Moment, shown: Iterable[Observation], *, not_sure_below: float) -> Moment:
    """A moment whose faces bear the label that was on screen.

    Args:
        shown: the faces as they are shown (`ScoreView.of_observation`); a face that is not among
            them, as a tentative one, was not shown.
        not_sure_below: smoothed top scores under it are "not sure".
    """
    labels = {one.track_id: shown_label(one, not_sure_below=not_sure_below) for one in shown}
    seen = [replace(one, shown=labels.get(one.track_id, "")) for one in moment.observations]
    return replace(moment, observations=tuple(seen))


def _first_of_moments(timeline: Timeline) -> NDArray[np.bool_]:
    """True on the first row of each moment."""
    first = np.ones(len(timeline), dtype=np.bool_)
    first[1:] = np.diff(timeline.time_s) > 0
    return first


def _moment_seconds(
    timeline: Timeline, seconds: NDArray[np.float64], holds: NDArray[np.bool_]
) -> float:
    """Seconds of the moments in which it holds for at least one face."""
    _, places = np.unique(timeline.time_s[holds], return_index=True)
    return float(seconds[holds][places].sum())


def _face(
    timeline: Timeline, seconds: NDArray[np.float64], shown: NDArray[np.str_], *, face_id: int
) -> FaceSummary:
    own = timeline.face_id == face_id
    usable = own & timeline.usable
    return FaceSummary(
        face_id=face_id,
        seen_s=float(seconds[own].sum()),
        usable_s=float(seconds[usable].sum()),
        shares=_shares(shown, seconds, usable),
    )


def _shares(
    shown: NDArray[np.str_], seconds: NDArray[np.float64], usable: NDArray[np.bool_]
) -> dict[str, float]:
    total = float(seconds[usable].sum())
    if total <= 0:
        return {}
    return {name: s / total for name, s in _by_label(shown[usable], seconds[usable]).items()}


def _by_label(labels: NDArray[np.str_], seconds: NDArray[np.float64]) -> dict[str, float]:
    """Seconds of each label, longest first."""
    names, places = np.unique(labels, return_inverse=True)
    sums = np.bincount(places, weights=seconds, minlength=len(names))
    order = np.argsort(-sums, kind="stable")
    return {str(names[at]): float(sums[at]) for at in order}


def _out_of_sight_s(steps_s: NDArray[np.float64]) -> float:
    """From how long an absence on nobody knows what was shown before it.

    A second; more where a recording is looked at no oftener than that, and its frames do not lie
    exactly a second apart.
    """
    usual_s = float(np.median(steps_s)) if len(steps_s) else 0.0
    return max(LONGEST_S, 1.5 * usual_s)


def _changes(
    timeline: Timeline, shown: NDArray[np.str_], *, out_of_sight_s: float
) -> tuple[Change, ...]:
    found: list[Change] = []
    for face_id in timeline.face_ids:
        own = (timeline.face_id == face_id) & timeline.usable
        found += _changes_of_face(timeline.time_s[own], shown[own], face_id, out_of_sight_s)
    return tuple(sorted(found, key=lambda change: (change.time_s, change.face_id)))


def _changes_of_face(
    times: NDArray[np.float64], labels: NDArray[np.str_], face_id: int, out_of_sight_s: float
) -> list[Change]:
    """Stretches of one label, ended by another label or by a while out of sight."""
    if not len(times):
        return []
    starts = np.flatnonzero(
        np.append(True, (labels[1:] != labels[:-1]) | (np.diff(times) > out_of_sight_s))
    )
    ends = np.append(starts[1:], len(times)) - 1
    found, before = [], ""
    for start, end in zip(starts, ends, strict=True):
        if times[end] - times[start] < HELD_S:
            continue
        after = str(labels[start])
        if before and after != before:
            found.append(Change(float(times[start]), face_id, before, after))
        before = after
    return found
