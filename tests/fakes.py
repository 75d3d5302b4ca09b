"""Stand-ins that keep the same promises as the real parts (core/vision/contracts.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    FER7,
    AnalysedFrame,
    Box,
    EmotionScores,
    Event,
    Face,
    Frame,
    HeadPose,
    LabelScheme,
    ModelInput,
    Observation,
    RejectReason,
    Session,
)
from core.domain.errors import StoreError
from core.sessions import Batch, MeasuredCalibration
from core.vision import FaceLandmarks
from tests.make import make_observation, make_scores


class ManualClock:
    """Both clocks of a stream; they move when told to."""

    def __init__(self) -> None:
        self.seconds_now = 1000.0
        self._began = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def advance(self, seconds: float) -> None:
        self.seconds_now += seconds

    def seconds(self) -> float:
        return self.seconds_now

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.seconds_now - 1000.0)


class FakeRecognizer:
    """Says the same of every face."""

    input = ModelInput(48)

    def __init__(self, says: str = "happy") -> None:
        self.scheme: LabelScheme = FER7
        self.batches: list[int] = []
        self._answer = make_scores(**{says: 0.8})

    def recognize(self, faces: np.ndarray) -> list[EmotionScores]:
        assert faces.shape[1:] == (48, 48, 1)
        assert faces.dtype == np.float32
        self.batches.append(len(faces))
        return [self._answer] * len(faces)


class FakeEngine:
    """A model's file that says the same of every face, in logits."""

    def __init__(self, says: str = "happy") -> None:
        self.batches: list[int] = []
        self._answer = np.log(make_scores(**{says: 0.8}).values)

    def predict(self, batch: np.ndarray) -> np.ndarray:
        assert batch.shape[1:] == (48, 48, 1)
        assert batch.dtype == np.float32
        self.batches.append(len(batch))
        return np.tile(self._answer, (len(batch), 1))


class FakeDetector:
    """Finds the same faces in every frame, and counts how often it was asked."""

    def __init__(self, boxes: Sequence[Box] = ()) -> None:
        self.boxes = list(boxes)
        self.looks: list[float] = []

    def detect(self, frame: Frame) -> list[Face]:
        self.looks.append(frame.time_s)
        return [Face(box, 0.9) for box in self.boxes]


class FakeLandmarker:
    """Sees a face, facing the camera, in each given box; in a cut-out, one in its middle, unless
    the cut-out is black there.
    """

    def __init__(self, boxes: Sequence[Box] = (), *, in_cut_outs: bool = False) -> None:
        self.boxes = list(boxes)
        self.reads = 0
        self.closed = 0
        self._in_cut_outs = in_cut_outs

    def read(self, rgb: np.ndarray, time_s: float = 0.0) -> list[FaceLandmarks]:
        self.reads += 1
        high, wide = rgb.shape[:2]
        if self._in_cut_outs:
            if not rgb[high // 2, wide // 2].any():
                return []
            return [make_landmarks(Box(wide / 4, high / 4, wide * 3 / 4, high * 3 / 4))]
        return [make_landmarks(box) for box in self.boxes]

    def close(self) -> None:
        self.closed += 1


def make_landmarks(box: Box) -> FaceLandmarks:
    """Landmarks that fill a box, with eyes and mouth where a face has them."""
    grid = np.linspace(0, 1, 478, dtype=np.float32)
    points = np.stack([grid, grid[::-1]], axis=1)
    for numbers, place in (
        ((33, 133, 159, 145), (0.3, 0.35)),
        ((362, 263, 386, 374), (0.7, 0.35)),
        ((61, 291, 13, 14), (0.5, 0.75)),
    ):
        points[list(numbers)] = place
    scale = np.array([box.width_px, box.height_px], dtype=np.float32)
    corner = np.array([box.left, box.top], dtype=np.float32)
    shapes = np.full(52, 0.1, dtype=np.float32)
    return FaceLandmarks(points * scale + corner, shapes, HeadPose(0.0, 0.0, 0.0))


class FakeAnalyser:
    """Sees the same number of faces in every frame; may be told to fail, why none is usable, and
    what they do (`acts`).
    """

    def __init__(self, faces: int = 1, says: str = "happy", score: float = 0.8) -> None:
        self.scheme = FER7
        self.faces = faces
        self.fails = False
        self.reason: RejectReason | None = None
        self.yaw = 0.0
        self.blendshapes: NDArray[np.float32] | None = None
        self.acts: Callable[[Observation], Observation] = lambda seen: seen
        self.closed = self.resets = 0
        self.frames: list[tuple[float, int]] = []
        self.resumed_at: list[int] = []  # after how many frames
        self._scores = make_scores(**{says: score})

    def analyse(self, frame: Frame) -> tuple[Observation, ...]:
        if self.fails:
            raise RuntimeError("the native library hiccuped")
        self.frames.append((frame.time_s, frame.index))
        seen = (
            make_observation(frame.time_s, track_id=number, scores=self._scores, reason=self.reason)
            for number in range(1, self.faces + 1)
        )
        pose, shapes = HeadPose(self.yaw, 0.0, 0.0), self.blendshapes
        return tuple(self.acts(replace(one, pose=pose, blendshapes=shapes)) for one in seen)

    def resume(self) -> None:
        self.resumed_at.append(len(self.frames))

    def reset(self) -> None:
        self.resets += 1

    def close(self) -> None:
        self.closed += 1


@dataclass
class FakeStore:
    """Keeps moments in memory; refuses while told to."""

    refuses: bool = False
    begun: list[Session] = field(default_factory=list)
    moments: dict[str, list[AnalysedFrame]] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)
    calibrations: dict[str, dict[int, MeasuredCalibration]] = field(default_factory=dict)
    ended: dict[str, datetime] = field(default_factory=dict)

    def begin(self, session: Session) -> None:
        self._expect_willing()
        self.begun.append(session)
        self.moments[session.id], self.events[session.id] = [], []

    def append(
        self,
        session_id: str,
        moments: Sequence[AnalysedFrame],
        *,
        now: datetime,
        events: Sequence[Event] = (),
    ) -> None:
        self._expect_willing()
        self.moments[session_id].extend(moments)
        self.events[session_id].extend(events)

    def append_together(
        self, batches: Sequence[Batch], *, now: datetime
    ) -> Mapping[str, StoreError]:
        self._expect_willing()
        for one in batches:
            self.append(one.session_id, one.moments, now=now, events=one.events)
        return {}

    def set_calibration(self, session_id: str, face_id: int, measured: MeasuredCalibration) -> None:
        self._expect_willing()
        self.calibrations.setdefault(session_id, {})[face_id] = measured

    def end(self, session_id: str, *, ended_at: datetime) -> None:
        self._expect_willing()
        self.ended[session_id] = ended_at

    def _expect_willing(self) -> None:
        if self.refuses:
            raise StoreError("The session database cannot be written: locked.", advice="Wait.")
