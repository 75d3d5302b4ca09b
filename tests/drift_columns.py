"""Columns for tests of drift: usual ones, and ones with a planted change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.domain import FER7, AnalysedFrame, Box, FaceQuality, HeadPose, Observation, normalised
from core.drift import (
    ClassMix,
    Columns,
    DriftReference,
    columns_of_pictures,
    reference_from_columns,
)
from core.drift.quantity import Quantity
from tests.make import BEGAN_AT

USUAL_MIX = (0.14, 0.015, 0.14, 0.25, 0.17, 0.11, 0.175)
OTHER_MIX = (0.02, 0.005, 0.02, 0.7, 0.02, 0.035, 0.2)


def make_numbers(rng: np.random.Generator, rows: int) -> dict[str, NDArray[np.float64]]:
    """Every numeric quantity of independent faces."""
    return {
        "brightness": rng.beta(6, 6, rows),
        "contrast": rng.gamma(20, 0.01, rows),
        "blur": rng.gamma(4, 0.15, rows),
        "face_px": rng.lognormal(4.8, 0.4, rows),
        "yaw": rng.normal(0, 12, rows),
        "pitch": rng.normal(-3, 8, rows),
        "roll": rng.normal(0, 6, rows),
        "confidence": rng.beta(4, 2, rows),
    }


def make_columns(
    rng: np.random.Generator,
    rows: int,
    *,
    times: Mapping[str, float] | None = None,
    plus: Mapping[str, float] | None = None,
    mix: tuple[float, ...] = USUAL_MIX,
) -> Columns:
    """Pictures of many faces.

    Args:
        times, plus: number -> what every value is multiplied by, or raised by.
        mix: how often each label of FER7 scores highest.
    """
    numbers = make_numbers(rng, rows)
    for name, factor in (times or {}).items():
        numbers[name] = numbers[name] * factor
    for name, step in (plus or {}).items():
        numbers[name] = numbers[name] + step
    return columns_of_pictures(numbers, ClassMix(FER7, rng.choice(7, rows, p=mix)))


def make_reference(
    columns: Columns | None = None, *, name: str = "usual", made_at: datetime = BEGAN_AT
) -> DriftReference:
    """A reference from these columns, or from two thousand usual pictures."""
    fitted = make_columns(np.random.default_rng(1), 2000) if columns is None else columns
    return reference_from_columns(name, fitted, source="Pictures made by code.", made_at=made_at)


def make_correlated(
    rng: np.random.Generator, *, faces: int, seconds: int, differ: float = 0.0
) -> Columns:
    """Faces over some seconds, with autocorrelated quantities.

    Args:
        differ: how far faces differ, in standard deviations within a face.
    """
    rows = faces * seconds
    numbers = {}
    for quantity in (Quantity.BRIGHTNESS, Quantity.BLUR, Quantity.YAW, Quantity.CONFIDENCE):
        noise = rng.normal(size=(faces, seconds))
        for second in range(1, seconds):
            noise[:, second] = 0.8 * noise[:, second - 1] + 0.6 * noise[:, second]
        numbers[quantity] = (noise + differ * rng.normal(size=(faces, 1))).ravel()
    return Columns(
        numbers=numbers,
        tops=np.full(rows, -1),
        labels=(),
        stream=np.repeat(np.arange(faces), seconds),
        second=np.tile(np.arange(seconds), faces),
    )


def make_moments(
    rng: np.random.Generator, *, faces: int = 8, seconds: int = 60, darker: float = 1.0
) -> list[AnalysedFrame]:
    """Moments of several faces, twice a second, each a little different from the others.

    Args:
        darker: what every brightness is multiplied by.
    """
    levels = rng.normal(0.5, 0.05, faces) * darker
    return [
        AnalysedFrame(
            index / 2,
            index,
            tuple(
                _observation(rng, index, number, float(level))
                for number, level in enumerate(levels, start=1)
            ),
        )
        for index in range(2 * seconds)
    ]


def _observation(rng: np.random.Generator, index: int, number: int, level: float) -> Observation:
    values = rng.uniform(0.05, 0.15, 7)
    values[rng.choice(7, p=USUAL_MIX)] += rng.uniform(0.3, 0.9)
    scores = normalised(FER7, values)
    size_px = float(rng.normal(120, 15))
    return Observation(
        time_s=index / 2,
        frame_index=index,
        track_id=number,
        box=Box(100.0 * number, 50.0, 100.0 * number + size_px, 50.0 + size_px),
        confidence=0.9,
        quality=FaceQuality(
            True,
            None,
            brightness=float(np.clip(level + rng.normal(0, 0.05), 0, 1)),
            blur=float(rng.gamma(16, 0.04)),
            face_px=size_px,
        ),
        scores=scores,
        steady=scores,
        pose=HeadPose(*rng.normal(0, 8, 3).tolist()),
        eyes_open=0.9,
    )
