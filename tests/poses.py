"""Sessions of one face that moves its head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.domain import FER7, Timeline
from tests.make import make_moment, make_observation


def posed(times_s: np.ndarray, yaw: np.ndarray, pitch: np.ndarray) -> Timeline:
    """Rows of one usable face at these times with these angles in degrees."""
    timeline = one_face(times_s)
    return replace(timeline, pose=np.stack([yaw, pitch, 0.0 * yaw], axis=1))


def one_face(times_s: np.ndarray) -> Timeline:
    """Rows of one usable face that looks into the camera, at these times."""
    if not len(times_s):
        return Timeline.from_rows(FER7, [])
    first = Timeline.from_frames(FER7, [make_moment(0.0, make_observation(0.0))])
    repeated = first.where(np.zeros(1, dtype=np.bool_))
    columns = {
        name: np.repeat(getattr(first, name), len(times_s), axis=0)
        for name in vars(repeated)
        if name not in {"scheme", "events"}
    }
    columns |= {"time_s": np.asarray(times_s, float), "frame_index": np.arange(len(times_s))}
    return replace(first, **columns)
