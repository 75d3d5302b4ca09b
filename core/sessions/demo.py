"""A synthetic session, to show what a session looks like."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    BLENDSHAPES,
    DEAD_BLENDSHAPES,
    FER7,
    AnalysedFrame,
    Box,
    FaceQuality,
    HeadPose,
    Observation,
    RejectReason,
    Session,
    SourceKind,
    new_id,
    normalised,
    rounded_blendshapes,
)
from core.measures import LIVE_BLENDSHAPES, Calibration, EyeRange, FacingCone, RestingShape
from core.sessions.calibrations import MeasuredCalibration

TITLE = "Demo session (synthetic)"
SECONDS, FPS = 90.0, 16.0  # blinks need 15
SECOND_FACE_S = (35.0, 70.0)
TURNED_AWAY_S = (52.0, 57.0)
LOOKS_ASIDE_S = ((21.0, 26.0), (63.0, 66.0))
NODS_S, FROWNS_S = (9.0, 11.5), (68.0, 72.0)

# Time, leading expression and its score; interpolated in between.
_SCORES_OVER_TIME = (
    (0.0, "neutral", 0.80),
    (12.0, "neutral", 0.70),
    (16.0, "happy", 0.85),
    (27.0, "happy", 0.75),
    (31.0, "neutral", 0.75),
    (40.0, "surprise", 0.80),
    (44.0, "surprise", 0.60),
    (48.0, "neutral", 0.70),
    (60.0, "sad", 0.55),
    (66.0, "neutral", 0.65),
    (74.0, "happy", 0.90),
    (90.0, "happy", 0.80),
)

_SHAPES_OF = {
    "angry": ("browDown", "mouthPress"),
    "disgust": ("browDown", "mouthUpperUp"),
    "fear": ("browInnerUp", "eyeWide"),
    "happy": ("mouthSmile",),
    "sad": ("browInnerUp", "mouthFrown"),
    "surprise": ("browInnerUp", "browOuterUp", "jawOpen"),
    "neutral": (),
}
"""Expression -> starts of the blendshapes that move with its score."""

_MOVEMENT = np.array(
    [[name.startswith(_SHAPES_OF[label]) for name in BLENDSHAPES] for label in FER7.labels]
)
_DEAD = np.array([name in DEAD_BLENDSHAPES for name in BLENDSHAPES])
_BLINK = np.array([name.startswith("eyeBlink") for name in BLENDSHAPES])
_FROWN = np.array([name.startswith(("browDown", "mouthPress")) for name in BLENDSHAPES])

OPEN, SHUT = 0.9, 0.1
_SPREAD = 0.02
_BLINK_EVERY, _BLINK_FRAMES = 64, 3  # of 190 ms every 4 s


def synthetic(session_id: str, title: str, now: datetime, *, card_name: str = "none") -> Session:
    """A session that no camera and no model made."""
    return Session(
        id=session_id,
        source=SourceKind.DEMO,
        title=title,
        card_name=card_name,
        scheme_name=FER7.name,
        not_sure_below=0.0,  # every row has a label
        began_at=now,
    )


def demo_session(
    now: datetime, rng: np.random.Generator, *, card_name: str = "none"
) -> tuple[Session, list[AnalysedFrame]]:
    """A session of 90 s with one face, a second one for a while, and some unusable time.

    Args:
        now: start of the session.
        rng: for the noise; equal generators make equal sessions.
    """
    session = synthetic(f"{new_id(now, rng)}-demo", TITLE, now, card_name=card_name)
    times_s = np.arange(int(SECONDS * FPS)) / FPS
    first, second = _scores_at(times_s), _scores_at(SECONDS - times_s)
    moments = []
    for index, time_s in enumerate(times_s.tolist()):
        faces = [_face(1, time_s, index, first[index], rng)]
        if SECOND_FACE_S[0] <= time_s < SECOND_FACE_S[1]:
            faces.append(_face(2, time_s, index, second[index], rng))
        moments.append(
            AnalysedFrame(time_s, index, tuple(faces), latency_ms=float(rng.normal(9, 1)))
        )
    return session, moments


def demo_calibration(now: datetime) -> MeasuredCalibration:
    """The calibration of the first face of the demo session, as if it had been measured.

    Args:
        now: start of the session.
    """
    at_rest = 0.02  # as the expressions that are not shown move it
    rest = tuple(RestingShape(name, at_rest, _SPREAD) for name in LIVE_BLENDSHAPES)
    lids = {"eyeBlinkLeft", "eyeBlinkRight"}
    return MeasuredCalibration(
        Calibration(
            cone=FacingCone(half_angle_deg=20.0),
            rest=tuple(
                replace(one, median=1.0 - OPEN) if one.name in lids else one for one in rest
            ),
            eyes=EyeRange(open=OPEN, closed=SHUT),
            lip_gap_sd=0.001,
        ),
        now,
    )


def _face(
    track_id: int, time_s: float, index: int, steady: NDArray[np.float64], rng: np.random.Generator
) -> Observation:
    away = track_id == 1 and _is_in(TURNED_AWAY_S, time_s)
    sway = float(np.sin(time_s / 3 + track_id))
    left = 180.0 * track_id + 12 * sway
    eyes_open = SHUT if index % _BLINK_EVERY < _BLINK_FRAMES else OPEN
    pitch = 2.0 * sway
    if track_id == 1 and _is_in(NODS_S, time_s):
        pitch += 5.0 * float(np.sin(2 * np.pi * 1.5 * time_s))
    frown = 0.3 if track_id == 1 and _is_in(FROWNS_S, time_s) else 0.0
    return Observation(
        time_s=time_s,
        frame_index=index,
        track_id=track_id,
        box=Box(left, 120.0, left + 130.0, 290.0),
        confidence=1.0,
        quality=FaceQuality(
            usable=not away,
            reason=RejectReason.TURNED_AWAY if away else None,
            brightness=0.5 + 0.03 * sway,
            blur=0.7,
            face_px=130.0,
        ),
        scores=None if away else normalised(FER7, steady + rng.uniform(0, 0.06, len(FER7))),
        steady=None if away else normalised(FER7, steady),
        pose=HeadPose(yaw=_yaw(time_s, away=away, sway=sway), pitch=pitch, roll=0.0),
        eyes_open=eyes_open,
        blendshapes=None if away else _blendshapes(steady, eyes_open, frown),
        lip_gap=None if away else 0.1 * float(steady[FER7.labels.index("surprise")]),
    )


def _yaw(time_s: float, *, away: bool, sway: float) -> float:
    if away:
        return 55.0
    aside = any(_is_in(one, time_s) for one in LOOKS_ASIDE_S)
    return 32.0 if aside else 8 * sway


def _is_in(between_s: tuple[float, float], time_s: float) -> bool:
    return between_s[0] <= time_s < between_s[1]


def _blendshapes(
    steady: NDArray[np.float64], eyes_open: float, frown: float
) -> NDArray[np.float32]:
    moved = np.minimum(1.0, 0.8 * steady @ _MOVEMENT + frown * _FROWN)
    moved = np.where(_BLINK, 1.0 - eyes_open, moved)
    return rounded_blendshapes(np.where(_DEAD, 0.0, moved))


def _scores_at(times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the first face shows at these moments, shape `(moments, classes)`, not normalised."""
    ends_s = [end_s for end_s, _, _ in _SCORES_OVER_TIME]
    columns = [
        np.interp(
            times_s, ends_s, [peak if name == label else 0.0 for _, name, peak in _SCORES_OVER_TIME]
        )
        for label in FER7.labels
    ]
    return 0.02 + np.stack(columns, axis=1)
