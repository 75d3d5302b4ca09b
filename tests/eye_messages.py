"""Messages as a browser's eye sends them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tests.make import make_scores

HAPPY = [float(one) for one in np.log(make_scores(happy=0.8).values)]


def face_entry(**changes: Any) -> dict[str, Any]:
    """A face that looks into the camera and smiles."""
    return {
        "box": [200.0, 120.0, 360.0, 320.0],
        "confidence": None,
        "pose": [1.5, -3.0, 0.25],
        "blendshapes": [100] * 52,
        "lip_gap": 0.012,
        "brightness": 0.5,
        "blur": 0.4,
        "outputs": HAPPY,
        **changes,
    }


def row_entry(time_s: float, **changes: Any) -> dict[str, Any]:
    """A frame at 30 frames a second."""
    return {
        "time_s": time_s,
        "frame_index": round(time_s * 30),
        "width_px": 640,
        "height_px": 480,
        "latency_ms": 41.5,
        "faces": [face_entry()],
        **changes,
    }


def message(sequence: int = 0, *, per_s: int = 5, **changes: Any) -> dict[str, Any]:
    """One second of rows: that of this number."""
    times = [sequence + number / per_s for number in range(per_s)]
    return {
        "version": 1,
        "sequence": sequence,
        "client_s": sequence + 1.0,
        "client_unix_s": 1_795_000_000.0,
        "state": "reading",
        "dropped": 0,
        "rows": [row_entry(time_s) for time_s in times],
        "gaps": [],
        **changes,
    }


def body(sequence: int = 0, **changes: Any) -> bytes:
    """The same as it travels."""
    return json.dumps(message(sequence, **changes)).encode()
