"""A synthetic group, to show what synchrony looks like: six faces that smile at the same things."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    BLENDSHAPES,
    FER7,
    AnalysedFrame,
    Box,
    FaceQuality,
    HeadPose,
    Observation,
    Session,
    new_id,
    normalised,
    rounded_blendshapes,
)
from core.sessions.demo import synthetic

TITLE = "Demo group (synthetic)"
PEOPLE, SECONDS, FPS = 6, 180.0, 4.0
SMILES_AT_S = (14.0, 37.0, 55.0, 83.0, 104.0, 131.0, 158.0)
"""When something funny happens: everybody smiles, each a little later."""

_PURPOSE = "research"
_AT_REST = 0.02
_SMILES = np.array([name.startswith("mouthSmile") for name in BLENDSHAPES])


def demo_group(now: datetime, rng: np.random.Generator) -> tuple[Session, list[AnalysedFrame]]:
    """A session of three minutes with six faces, as if it had been recorded for research.

    Args:
        now: start of the session.
        rng: for the noise; equal generators make equal sessions.
    """
    session = synthetic(f"{new_id(now, rng)}-demo-group", TITLE, now).recorded_for(
        _PURPOSE, consent_at=None
    )
    times_s = np.arange(int(SECONDS * FPS)) / FPS
    smiles = np.stack([_smiles_of(times_s, rng) for _ in range(PEOPLE)], axis=1)
    moments = [
        AnalysedFrame(
            time_s,
            index,
            tuple(
                _face(person, time_s, index, float(smiles[index, person]))
                for person in range(PEOPLE)
            ),
            latency_ms=9.0,
        )
        for index, time_s in enumerate(times_s.tolist())
    ]
    return session, moments


def _smiles_of(times_s: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """One person's smile at these times, in [0, 1]: common ones a little late, and some own."""
    begins_s = np.array(SMILES_AT_S) + rng.uniform(0.0, 1.0, len(SMILES_AT_S))
    own_s = rng.uniform(0.0, SECONDS, 3)
    found = np.zeros(len(times_s))
    for begin_s, strength in [*((one, 0.7) for one in begins_s), *((one, 0.4) for one in own_s)]:
        since_s = times_s - begin_s
        found += strength * np.clip(np.minimum(since_s, (6.0 - since_s) / 2), 0.0, 1.0)
    return np.clip(found + rng.normal(0.0, 0.02, len(times_s)), 0.0, 0.9)


def _face(person: int, time_s: float, index: int, smile: float) -> Observation:
    left = 40.0 + 150.0 * (person % 3)
    top = 40.0 + 190.0 * (person // 3)
    scores = np.full(len(FER7), 0.02)
    scores[FER7.index("happy")] += smile
    scores[FER7.index("neutral")] += 0.9 - smile
    seen = normalised(FER7, scores)
    shapes = np.where(_SMILES, smile, _AT_REST)
    return Observation(
        time_s=time_s,
        frame_index=index,
        track_id=person + 1,
        box=Box(left, top, left + 110.0, top + 140.0),
        confidence=1.0,
        quality=FaceQuality(usable=True, reason=None, brightness=0.5, blur=0.7, face_px=110.0),
        scores=seen,
        steady=seen,
        pose=HeadPose(yaw=4.0 * float(np.sin(time_s / 3 + person)), pitch=0.0, roll=0.0),
        eyes_open=0.9,
        blendshapes=rounded_blendshapes(shapes),
        lip_gap=0.0,
    )
