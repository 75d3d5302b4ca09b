"""Processor time of all measures of an hour of one face, and of the synchrony of a group."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from benchmarks.measuring import Row, row
from core.domain import BLENDSHAPES, Timeline
from core.measures import (
    DEFAULT_WEIGHTS,
    LIVE_BLENDSHAPES,
    MEASURES,
    SYNCHRONY_STEP_S,
    Calibration,
    EyeRange,
    FacingCone,
    RestingShape,
    index_windows,
    synchrony,
    weight_sensitivity,
)
from tests.poses import one_face

FPS, HOUR_S = 30, 3600
PEOPLE = 30
OWN = Calibration(
    cone=FacingCone(yaw=2.0, pitch=-5.0),
    rest=tuple(RestingShape(name, 0.1, 0.05) for name in LIVE_BLENDSHAPES),
    eyes=EyeRange(open=0.9, closed=0.1),
)


def measure() -> list[Row]:
    """Each measure alone, all together, the laboratory's first look and each move of a weight."""
    timeline = hour(np.random.default_rng(7))
    signals = {one.title: one.compute for one in MEASURES.values() if one.compute is not None}
    found = {
        title: _processor_s(partial(compute, timeline, OWN)) for title, compute in signals.items()
    }
    windows = index_windows(timeline, 1, OWN)
    group = np.random.default_rng(8).normal(size=(round(HOUR_S / SYNCHRONY_STEP_S), PEOPLE))
    return [
        *(row(f"an hour of one face, {title.lower()}", took) for title, took in found.items()),
        row("an hour of one face, all measures", sum(found.values()), bar="at most 1 s"),
        row("index laboratory of an hour", _processor_s(partial(index_windows, timeline, 1, OWN))),
        row(
            "index laboratory, a weight moved",
            _processor_s(partial(weight_sensitivity, windows, DEFAULT_WEIGHTS)),
            "s",
            "at most 0.1 s",
        ),
        row(
            f"synchrony of {PEOPLE} people, an hour",
            _once(partial(synchrony, group, np.random.default_rng(9))),
        ),
    ]


def hour(rng: np.random.Generator) -> Timeline:
    """A face at 30 frames a second that moves, nods, blinks and looks away now and then."""
    times = np.arange(FPS * HOUR_S) / FPS
    rows = one_face(times)
    second = times.astype(np.int64)
    shapes = (rng.random((HOUR_S, len(BLENDSHAPES))) ** 3)[second]
    shapes += rng.normal(0, 0.01, shapes.shape)
    blinks = (times % 4) < 0.2
    for name in ("eyeBlinkLeft", "eyeBlinkRight"):
        shapes[:, BLENDSHAPES.index(name)] = np.where(blinks, 0.8, 0.1)
    swing = 5 * np.sin(2 * np.pi * times) * (times % 60 < 3)
    yaw = np.where(times % 45 < 5, 35.0, swing) + rng.normal(0, 0.2, len(times))
    return replace(
        rows,
        pose=np.stack([yaw, 2 * swing, np.zeros(len(times))], axis=1),
        blendshapes=np.clip(shapes, 0, 1).astype(np.float32),
        eyes_open=np.where(blinks, 0.1, 0.9),
        lip_gap=np.abs(rng.normal(0.02, 0.02, len(times))),
    )


def _processor_s(act: Callable[[], object]) -> float:
    """Processor time: the wall clock of a busy machine would measure the others too."""
    return statistics.median(_once(act) for _ in range(3))


def _once(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began
