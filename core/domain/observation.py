"""What was measured in frames, and the session it belongs to. Never any pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.domain.frame import Box
from core.domain.labels import EmotionScores


class RejectReason(StrEnum):
    """Why a face, or a whole frame, is not usable. The first that applies is given.

    The limits are those of `QualityLimits`, where faces are found.
    """

    NO_FACE = "no_face"
    """No face was detected in the frame."""
    TOO_SMALL = "too_small"
    """The box is too small: the face is there, its expression cannot be read."""
    UNSURE = "unsure"
    """The detector's confidence is low."""
    TOO_DARK = "too_dark"
    """Mean brightness too low to see features."""
    TOO_BRIGHT = "too_bright"
    """Overexposed."""
    BLURRED = "blurred"
    """Out of focus or moving too fast."""
    TURNED_AWAY = "turned_away"
    """The head is turned or tilted too far for landmarks, or its pose is unknown."""
    UPSIDE_DOWN = "upside_down"
    """The face is upside down: rotate the camera or the recording."""
    NO_LANDMARKS = "no_landmarks"
    """The head is not turned away, yet no landmarks were found: covered, or unclear."""


REASON_TEXT: Mapping[RejectReason, str] = {
    RejectReason.NO_FACE: "no face",
    RejectReason.UNSURE: "not sure it is a face",
    RejectReason.TOO_SMALL: "too small to read",
    RejectReason.TOO_DARK: "too dark",
    RejectReason.TOO_BRIGHT: "too bright",
    RejectReason.BLURRED: "blurred",
    RejectReason.TURNED_AWAY: "turned away",
    RejectReason.UPSIDE_DOWN: "upside down",
    RejectReason.NO_LANDMARKS: "eyes or mouth hidden",
}
"""Each reason as it is written on screen, in lower case."""

QUALITY_PX = 48
"""Side that faces are resized to before brightness and sharpness are measured."""


@dataclass(frozen=True)
class FaceQuality:
    """Picture quality of one face.

    Attributes:
        usable: whether its expression is recognised and counted.
        reason: why not; None if and only if usable.
        brightness: mean luma of the face, in [0, 1].
        blur: sharpness measure, higher is sharper (see `vision.faces.quality`).
        face_px: shorter side of the box, in pixels.
    """

    usable: bool
    reason: RejectReason | None
    brightness: float
    blur: float
    face_px: float

    def __post_init__(self) -> None:
        if self.usable != (self.reason is None):
            raise ValueError(f"usable={self.usable} contradicts reason={self.reason}")


@dataclass(frozen=True)
class HeadPose:
    """Head pose in degrees; 0, 0, 0 faces the camera.

    Attributes:
        yaw: positive turns to the picture's right.
        pitch: positive looks up; None where a face is too small to measure it.
        roll: positive tilts clockwise as seen in the picture.
    """

    yaw: float
    pitch: float | None
    roll: float

    def __post_init__(self) -> None:
        known = [angle for angle in (self.yaw, self.pitch, self.roll) if angle is not None]
        if not all(math.isfinite(angle) for angle in known):
            raise ValueError(f"angles must be finite, got {self}")

    @property
    def angles(self) -> tuple[float, float, float]:
        """Yaw, pitch and roll for a column of numbers: NaN where pitch is unknown."""
        return self.yaw, math.nan if self.pitch is None else self.pitch, self.roll


@dataclass(frozen=True)
class FacialMovement:
    """Movement of one face above its resting baseline in the last ten seconds: see
    `core.measures.signals.expressiveness`.

    Attributes:
        mean, sd: activity, and its standard deviation over seconds; 0 or more.
        upper: of brows and eyes alone.
        lower: of jaw and mouth alone; None where the person spoke all the time.
        shares: of the usable seconds at each level: reserved, balanced, expressive; sum 1.
        is_own: compared with the face's own last minutes ("own baseline"); otherwise with a norm
            ("not calibrated").
        percentile: mean share of the face's own earlier seconds, of its last minutes, that these
            seconds are above, in [0, 1]; None until enough of them are known.
    """

    mean: float
    sd: float
    upper: float
    lower: float | None
    shares: tuple[float, float, float]
    is_own: bool
    percentile: float | None = None

    def __post_init__(self) -> None:
        numbers = (self.mean, self.sd, self.upper, 0.0 if self.lower is None else self.lower)
        if not all(math.isfinite(one) and one >= 0 for one in numbers):
            raise ValueError(f"activity is finite and not negative, got {self}")
        if min(self.shares) < 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise ValueError(f"shares sum to 1, got {self.shares}")
        if self.percentile is not None and not 0 <= self.percentile <= 1:
            raise ValueError(f"a percentile lies in [0, 1], got {self.percentile}")


@dataclass(frozen=True, eq=False)
class Observation:
    """What was measured of one face in one frame.

    Attributes:
        time_s: seconds since the source began.
        frame_index: number of the analysed frame.
        track_id: stable number of the face, from 1; below 0 while the track is tentative: too few
            detections so far. Such ones are neither shown nor stored.
        box: where it was, in pixels of the frame.
        confidence: the detector's, in [0, 1].
        quality: usable or not, and why.
        scores: calibrated scores of this frame; None where the face was not usable.
        steady: the same, smoothed over time: these are shown; None before the first usable frame.
        pose: None where neither landmarks nor the detector's five points were found.
        eyes_open: 0 (closed) to 1 (open), both eyes together; None without landmarks.
        blendshapes: float32, shape `(52,)`, each in [0, 1], rounded to thousandths, in the order
            of `BLENDSHAPES`; None likewise.
        lip_gap: between the inner lips, as a fraction of the height from forehead to chin; 0 or
            more; None likewise.
        shown: the label that was on screen, or "not sure"; empty where none was.
        movement: of the ten seconds before; derived from stored rows and not stored itself. None
            where too little was usable, or it was not measured.
        was_id: the tentative `track_id`; set once, when the track is confirmed.
    """

    time_s: float
    frame_index: int
    track_id: int
    box: Box
    confidence: float
    quality: FaceQuality
    scores: EmotionScores | None = None
    steady: EmotionScores | None = None
    pose: HeadPose | None = None
    eyes_open: float | None = None
    blendshapes: NDArray[np.float32] | None = field(default=None, repr=False)
    lip_gap: float | None = None
    shown: str = ""
    movement: FacialMovement | None = None
    was_id: int | None = None

    @property
    def is_tentative(self) -> bool:
        """Whether the track is not confirmed yet: it may be a false detection."""
        return self.track_id < 0


class AnalysisSite(StrEnum):
    """Where a frame was analysed."""

    SERVER = "server"
    """On the server, from frames that were sent."""
    BROWSER = "browser"
    """In the browser; only numbers were sent."""


@dataclass(frozen=True, eq=False)
class AnalysedFrame:
    """One analysed frame with the faces in it, perhaps none.

    Attributes:
        time_s: seconds since the source began.
        frame_index: number of the frame in its source.
        observations: one for each face, ordered by track_id.
        latency_ms: how long the analysis took; None where not measured.
        paused_s: length of a pause that ended with this frame; `time_s` excludes it.
        eye: where it was analysed.
    """

    time_s: float
    frame_index: int
    observations: tuple[Observation, ...]
    latency_ms: float | None = None
    paused_s: float = 0.0
    eye: AnalysisSite = AnalysisSite.SERVER


class SourceKind(StrEnum):
    """Where a session's frames came from."""

    CAMERA = "camera"
    """A browser's camera, live."""
    RECORDING = "recording"
    """A video file."""
    PICTURE = "picture"
    """A picture file: one frame."""
    DEMO = "demo"
    """Synthetic, to show what a session looks like; nobody was recorded."""


@dataclass(frozen=True)
class Session:
    """The observations of one source with one model.

    Attributes:
        id: sortable and unique, such as `2026-11-21-0136-calm-otter`.
        source: where the frames came from.
        title: given by a person, or the file's name.
        card_name: the model that was used.
        scheme_name: the model's label scheme.
        began_at: aware, UTC.
        ended_at: aware, UTC; None while it runs or after a crash.
        purpose: the use it was recorded for (policy.Purpose value).
        consent_at: when the person agreed; None where no consent is needed (demo).
        labels: of the scheme, in its order; may be empty for a built-in scheme.
        not_sure_below: smoothed top scores under it were shown as "not sure"; None where that was
            not stored (sessions of earlier versions).
        pauses: (time_s of the first frame after it, its seconds) of each pause, in order. Times of
            frames exclude pauses; in sessions of earlier versions they include them, and there are
            none here.
    """

    id: str
    source: SourceKind
    title: str
    card_name: str
    scheme_name: str
    began_at: datetime
    ended_at: datetime | None = None
    purpose: str = "self-practice"
    consent_at: datetime | None = None
    labels: tuple[str, ...] = ()
    not_sure_below: float | None = None
    pauses: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        for at in (self.began_at, self.ended_at, self.consent_at):
            if at is not None and at.utcoffset() is None:
                raise ValueError(f"{self.id}: times need a time zone, got {at}")

    def recorded_for(self, purpose: str, *, consent_at: datetime | None) -> Session:
        """The session, with the purpose that it is recorded for and when the person agreed."""
        return replace(self, purpose=purpose, consent_at=consent_at)

    @property
    def paused_s(self) -> float:
        """Seconds of all pauses together."""
        return math.fsum(length_s for _, length_s in self.pauses)
