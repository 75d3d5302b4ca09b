"""A stretch of a session as columns: what charts, summaries and exports read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from core.vocabulary.observation import Moment, Observation, RejectReason
from core.vocabulary.scheme import LabelScheme

NOBODY = 0
"""`face_id` of a row that says: at this moment no face was there."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Timeline:
    """One row a face a moment, in time order; a moment without a face is one row too.

    Numbers that were not measured are NaN in columns (and only in columns: single values use None).

    Attributes:
        scheme: names the columns of `scores` and `steady`.
        time_s: float64 `(n,)`, seconds since the source began, never decreasing.
        frame_index: int64 `(n,)`.
        face_id: int64 `(n,)`, from 1; `NOBODY` where no face was seen.
        box: float64 `(n, 4)`, left, top, right, bottom in pixels.
        confidence: float64 `(n,)`, the detector's, in [0, 1].
        usable: bool `(n,)`.
        reason: str `(n,)`, a `RejectReason` value; empty where usable.
        brightness, blur, face_px: float64 `(n,)`.
        pose: float64 `(n, 3)`, yaw, pitch, roll in degrees.
        eyes_open: float64 `(n,)`, in [0, 1].
        scores: float64 `(n, k)`, calibrated, as measured in that frame.
        steady: float64 `(n, k)`, smoothed over time.
        latency_ms: float64 `(n,)`.
        event: str `(n,)`, a mark on the moment; mostly empty.
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
    scores: Floats
    steady: Floats
    latency_ms: Floats
    event: NDArray[np.str_]

    def __post_init__(self) -> None:
        rows, classes = len(self.time_s), len(self.scheme)
        widths = {"box": (rows, 4), "pose": (rows, 3)}
        widths |= {"scores": (rows, classes), "steady": (rows, classes)}
        for field in fields(self)[1:]:
            shape = getattr(self, field.name).shape
            if shape != widths.get(field.name, (rows,)):
                raise ValueError(f"{field.name} has shape {shape} for {rows} rows")
        if (np.diff(self.time_s) < 0).any():
            raise ValueError("a timeline is in time order")

    def __len__(self) -> int:
        return len(self.time_s)

    def where(self, keep: NDArray[np.bool_]) -> Timeline:
        """The rows where `keep`, bool `(n,)`, is true."""
        columns = {field.name: getattr(self, field.name)[keep] for field in fields(self)[1:]}
        return Timeline(scheme=self.scheme, **columns)

    def since(self, time_s: float) -> Timeline:
        """The rows at or after a time."""
        return self.where(self.time_s >= time_s)

    def of_face(self, face_id: int) -> Timeline:
        """The rows of one face."""
        return self.where(self.face_id == face_id)

    @property
    def face_ids(self) -> tuple[int, ...]:
        """Everybody seen, by number."""
        return tuple(int(one) for one in np.unique(self.face_id) if one != NOBODY)

    @classmethod
    def from_moments(cls, scheme: LabelScheme, moments: Iterable[Moment]) -> Timeline:
        """Columns from moments in time order."""
        return cls.from_rows(
            scheme,
            [(moment, seen) for moment in moments for seen in moment.observations or (None,)],
        )

    @classmethod
    def from_rows(
        cls, scheme: LabelScheme, rows: list[tuple[Moment, Observation | None]]
    ) -> Timeline:
        """Columns from (moment, face or nobody) pairs."""
        count, classes = len(rows), len(scheme)
        floats = {
            name: np.full(count, np.nan)
            for name in ("confidence", "brightness", "blur", "face_px", "eyes_open", "latency_ms")
        }
        box, pose = np.full((count, 4), np.nan), np.full((count, 3), np.nan)
        scores, steady = np.full((count, classes), np.nan), np.full((count, classes), np.nan)
        for row, (moment, seen) in enumerate(rows):
            if moment.latency_ms is not None:
                floats["latency_ms"][row] = moment.latency_ms
            if seen is None:
                continue
            box[row] = (seen.box.left, seen.box.top, seen.box.right, seen.box.bottom)
            for name in ("brightness", "blur", "face_px"):
                floats[name][row] = getattr(seen.quality, name)
            floats["confidence"][row] = seen.confidence
            if seen.eyes_open is not None:
                floats["eyes_open"][row] = seen.eyes_open
            if seen.pose is not None:
                pose[row] = (seen.pose.yaw, seen.pose.pitch, seen.pose.roll)
            if seen.scores is not None:
                scores[row] = seen.scores.values
            if seen.steady is not None:
                steady[row] = seen.steady.values
        return cls(
            scheme=scheme,
            time_s=np.array([moment.time_s for moment, _ in rows], dtype=np.float64),
            frame_index=np.array([moment.frame_index for moment, _ in rows], dtype=np.int64),
            face_id=np.array([s.track_id if s else NOBODY for _, s in rows], dtype=np.int64),
            usable=np.array([bool(s and s.quality.usable) for _, s in rows], dtype=np.bool_),
            reason=np.array([_reason(seen) for _, seen in rows], dtype=np.str_),
            event=np.array([moment.event for moment, _ in rows], dtype=np.str_),
            box=box,
            pose=pose,
            scores=scores,
            steady=steady,
            **floats,
        )


def _reason(seen: Observation | None) -> str:
    if seen is None:
        return RejectReason.NO_FACE.value
    return seen.quality.reason.value if seen.quality.reason is not None else ""
