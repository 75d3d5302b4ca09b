"""Rows of a session as columns: what charts, summaries and exports read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.blendshapes import BLENDSHAPES
from core.domain.labels import LabelScheme
from core.domain.observation import AnalysedFrame, Observation, RejectReason
from core.domain.session_event import Event

NO_FACE_ID = 0
"""`face_id` of the row of a frame without a face."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Timeline:
    """One row per face and frame, in time order; a frame without a face is one row too.

    Missing numbers are NaN in columns (and only in columns: single values use None).

    Attributes:
        scheme: classes of the columns of `scores` and `steady`.
        time_s: float64 `(n,)`, seconds since the source began, never decreasing.
        frame_index: int64 `(n,)`.
        face_id: int64 `(n,)`, from 1; `NO_FACE_ID` where no face was seen.
        box: float64 `(n, 4)`, left, top, right, bottom in pixels.
        confidence: float64 `(n,)`, the detector's, in [0, 1].
        usable: bool `(n,)`.
        reason: str `(n,)`, a `RejectReason` value; empty where usable.
        brightness, blur, face_px: float64 `(n,)`.
        pose: float64 `(n, 3)`, yaw, pitch, roll in degrees.
        eyes_open: float64 `(n,)`, in [0, 1].
        blendshapes: float32 `(n, 52)`, each in [0, 1], in the order of `BLENDSHAPES`; NaN without
            landmarks, and in sessions from before they were stored.
        lip_gap: float64 `(n,)`, fraction of the face's height; NaN likewise.
        scores: float64 `(n, k)`, calibrated, as measured in that frame.
        steady: float64 `(n, k)`, smoothed over time.
        shown: str `(n,)`, the label that was on screen at the time, or "not sure"; empty where
            nothing was, and in sessions from before it was stored.
        latency_ms: float64 `(n,)`; NaN where not measured.
        eye: str `(n,)`, an `AnalysisSite` value; empty in sessions from before it was stored.
        events: marks of the whole session, each at its own time, in order; also for a part of its
            rows.
    """

    scheme: LabelScheme
    time_s: Floats
    frame_index: NDArray[np.int64]
    face_id: NDArray[np.int64]
    box: Floats
    confidence: Floats
    usable: NDArray[np.bool_]
    reason: NDArray[np.str_]
    brightness: Floats
    blur: Floats
    face_px: Floats
    pose: Floats
    eyes_open: Floats
    blendshapes: NDArray[np.float32]
    lip_gap: Floats
    scores: Floats
    steady: Floats
    shown: NDArray[np.str_]
    latency_ms: Floats
    eye: NDArray[np.str_]
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        rows, classes = len(self.time_s), len(self.scheme)
        widths = {"box": (rows, 4), "pose": (rows, 3), "blendshapes": (rows, len(BLENDSHAPES))}
        widths |= {"scores": (rows, classes), "steady": (rows, classes)}
        for name in COLUMNS:
            shape = getattr(self, name).shape
            if shape != widths.get(name, (rows,)):
                raise ValueError(f"{name} has shape {shape} for {rows} rows")
        if (np.diff(self.time_s) < 0).any():
            raise ValueError("the rows of a timeline must be in time order")

    def __len__(self) -> int:
        return len(self.time_s)

    def where(self, keep: NDArray[np.bool_]) -> Timeline:
        """The rows where `keep`, bool `(n,)`, is true."""
        columns = {name: getattr(self, name)[keep] for name in COLUMNS}
        return Timeline(scheme=self.scheme, events=self.events, **columns)

    def since(self, time_s: float) -> Timeline:
        """The rows at or after a time."""
        return self.where(self.time_s >= time_s)

    def of_face(self, face_id: int) -> Timeline:
        """The rows of one face."""
        return self.where(self.face_id == face_id)

    @property
    def face_ids(self) -> tuple[int, ...]:
        """Numbers of all faces."""
        return tuple(int(one) for one in np.unique(self.face_id) if one != NO_FACE_ID)

    @property
    def event_rows(self) -> dict[int, tuple[Event, ...]]:
        """Marks by the first row of the frame that each belongs to: the first at or after it, or
        the last where none comes after it.
        """
        found: dict[int, tuple[Event, ...]] = {}
        if len(self):
            last = int(np.searchsorted(self.time_s, self.time_s[-1]))
            for event in self.events:
                row = min(int(np.searchsorted(self.time_s, event.time_s)), last)
                found[row] = (*found.get(row, ()), event)
        return found

    @classmethod
    def from_frames(
        cls, scheme: LabelScheme, frames: Iterable[AnalysedFrame], events: Iterable[Event] = ()
    ) -> Timeline:
        """Columns from frames in time order, with marks in any order."""
        pairs = [(frame, seen) for frame in frames for seen in frame.observations or (None,)]
        in_order = tuple(sorted(events, key=lambda event: event.time_s))
        return cls.from_rows(scheme, pairs, in_order)

    @classmethod
    def from_rows(
        cls,
        scheme: LabelScheme,
        rows: list[tuple[AnalysedFrame, Observation | None]],
        events: tuple[Event, ...] = (),
    ) -> Timeline:
        """Columns from (frame, face or None) pairs, with marks in order."""
        return cls(scheme=scheme, **columns_from_rows(scheme, rows), events=events)


def columns_from_rows(
    scheme: LabelScheme, rows: list[tuple[AnalysedFrame, Observation | None]]
) -> dict[str, NDArray[Any]]:
    """The columns of a timeline by name, for rows of perhaps several sources."""
    classes = len(scheme)
    faces = [seen for _, seen in rows]
    return dict(
        time_s=np.array([frame.time_s for frame, _ in rows], dtype=np.float64),
        frame_index=np.array([frame.frame_index for frame, _ in rows], dtype=np.int64),
        face_id=np.array([seen.track_id if seen else NO_FACE_ID for seen in faces], np.int64),
        box=_stacked(faces, 4, lambda seen: seen.box.sides),
        confidence=_numbers(faces, lambda seen: seen.confidence),
        usable=np.array([bool(seen and seen.quality.usable) for seen in faces], np.bool_),
        reason=np.array([_reason(seen) for seen in faces], dtype=np.str_),
        brightness=_numbers(faces, lambda seen: seen.quality.brightness),
        blur=_numbers(faces, lambda seen: seen.quality.blur),
        face_px=_numbers(faces, lambda seen: seen.quality.face_px),
        pose=_stacked(faces, 3, lambda seen: seen.pose.angles if seen.pose else None),
        eyes_open=_numbers(faces, lambda seen: seen.eyes_open),
        blendshapes=_stacked(faces, len(BLENDSHAPES), lambda seen: seen.blendshapes).astype(
            np.float32
        ),
        lip_gap=_numbers(faces, lambda seen: seen.lip_gap),
        scores=_stacked(faces, classes, lambda seen: seen.scores and seen.scores.values),
        steady=_stacked(faces, classes, lambda seen: seen.steady and seen.steady.values),
        shown=np.array([seen.shown if seen else "" for seen in faces], dtype=np.str_),
        latency_ms=np.array([frame.latency_ms for frame, _ in rows], dtype=np.float64),
        eye=np.array([frame.eye.value for frame, _ in rows], dtype=np.str_),
    )


COLUMNS = tuple(field.name for field in fields(Timeline)[1:-1])
"""Names of its fields with one value per row."""


_Faces = list[Observation | None]


def _numbers(faces: _Faces, of: Callable[[Observation], float | None]) -> Floats:
    # None becomes NaN.
    return np.array([None if seen is None else of(seen) for seen in faces], dtype=np.float64)


def _stacked(faces: _Faces, width: int, of: Callable[[Observation], Any]) -> Floats:
    columns = np.full((len(faces), width), np.nan)
    for row, seen in enumerate(faces):
        values = None if seen is None else of(seen)
        if values is not None:
            columns[row] = values
    return columns


def _reason(seen: Observation | None) -> str:
    if seen is None:
        return RejectReason.NO_FACE.value
    return seen.quality.reason.value if seen.quality.reason is not None else ""
