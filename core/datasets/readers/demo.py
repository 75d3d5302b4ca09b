"""A small synthetic dataset with known faults, for visitors who have none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.domain import FER7
from core.storage.atomic import write_atomic

NAME = "Demo faces"
FILE = "demo_faces.csv"
SIZE_PX = 48
_OVERSAMPLING = 4  # drawn enlarged, then reduced: smooth lines
_PICTURES_PER_CLASS = {"Training": 40, "PublicTest": 8, "PrivateTest": 8}
# Per expression: mouth curve (up is a smile), mouth opening, brow tilt (inner end up), eye opening.
_EXPRESSIONS = {
    "angry": (-0.5, 0.1, -0.9, 0.8),
    "disgust": (-0.7, 0.25, -0.5, 0.5),
    "fear": (-0.3, 0.6, 0.8, 1.3),
    "happy": (1.0, 0.1, 0.1, 0.8),
    "sad": (-0.8, 0.0, 0.9, 0.6),
    "surprise": (0.0, 1.0, 0.3, 1.5),
    "neutral": (0.0, 0.0, 0.0, 1.0),
}
_BLURRED, _DARK, _REPEATED, _MISLABELLED = 6, 6, 8, 8


def write_demo(folder: Path, rng: np.random.Generator) -> Path:
    """Write the demo as a CSV file in FER2013's format; every face is synthetic.

    Some pictures are blurred, some dark, some duplicated across splits, and some mislabelled, so
    that an audit has something to find.

    Returns:
        The file.
    """
    rows = [
        (FER7.index(label), usage, draw_face(label, rng))
        for usage, count in _PICTURES_PER_CLASS.items()
        for label in FER7.labels
        for _ in range(count)
    ]
    _add_faults(rows, rng)
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["emotion,pixels,Usage"]
    lines += [
        f"{label},{' '.join(map(str, picture.ravel().tolist()))},{usage}"
        for label, usage, picture in rows
    ]
    path = folder / FILE
    write_atomic(path, "\n".join(lines) + "\n")
    return path


def draw_face(label: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A synthetic face that shows an expression of FER7: uint8 `(48, 48)`."""
    side = SIZE_PX * _OVERSAMPLING
    curve, opening, brow, eyes = _EXPRESSIONS[label] + rng.normal(0, 0.12, 4)
    skin, back = int(rng.integers(120, 210)), int(rng.integers(20, 240))
    picture = np.full((side, side), back, dtype=np.uint8)
    x, y = (side * (0.5 + rng.normal(0, 0.015, 2))).astype(int)
    size = float(rng.uniform(0.9, 1.05)) * side
    cv2.ellipse(picture, (x, y), (int(size * 0.4), int(size * 0.5)), 0, 0, 360, skin, -1)
    dark = max(10, skin - 100)
    for sign in (-1, 1):
        eye = (x + sign * int(size * 0.17), y - int(size * 0.12))
        tall = max(2, int(size * 0.045 * eyes))
        cv2.ellipse(picture, eye, (int(size * 0.07), tall), 0, 0, 360, 245, -1)
        cv2.circle(picture, eye, max(2, int(size * 0.03)), 15, -1)
        tilt = int(size * 0.05 * brow)
        inner = (x + sign * int(size * 0.09), y - int(size * 0.23) - tilt)
        outer = (x + sign * int(size * 0.26), y - int(size * 0.23) + tilt)
        cv2.line(picture, inner, outer, dark, int(size * 0.035))
    _draw_mouth(picture, (x, y + int(size * 0.25)), size, (float(curve), float(opening)))
    cv2.line(picture, (x, y), (x - int(size * 0.03), y + int(size * 0.1)), dark, int(size * 0.02))
    small = cv2.resize(picture, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA)
    noisy = small + rng.normal(0, 6, small.shape)
    return np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)


def _draw_mouth(
    picture: NDArray[np.uint8], middle: tuple[int, int], size: float, shape: tuple[float, float]
) -> None:
    curve, opening = shape
    if opening > 0.45:
        axes = (int(size * 0.11), int(size * 0.12 * opening))
        cv2.ellipse(picture, middle, axes, 0, 0, 360, 30, -1)
        return
    across = np.linspace(-1, 1, 21)
    xs = middle[0] + across * size * 0.17
    ys = middle[1] - curve * size * 0.09 * (across**2 - 0.5)
    line = np.stack([xs, ys], axis=1).astype(np.int32)
    thick = max(3, int(size * (0.03 + 0.05 * max(0.0, opening))))
    cv2.polylines(picture, [line.reshape(-1, 1, 2)], False, 30, thick)


def _add_faults(rows: list[tuple[int, str, NDArray[np.uint8]]], rng: np.random.Generator) -> None:
    """Add faults to the training pictures, and duplicates of them to the test splits."""
    training = [at for at, (_, usage, _) in enumerate(rows) if usage == "Training"]
    tests = [at for at, (_, usage, _) in enumerate(rows) if usage != "Training"]
    chosen = [int(at) for at in rng.permutation(training)]
    for at in chosen[:_BLURRED]:
        label, usage, picture = rows[at]
        rows[at] = label, usage, np.asarray(cv2.GaussianBlur(picture, (0, 0), 3), dtype=np.uint8)
    for at in chosen[_BLURRED : _BLURRED + _DARK]:
        label, usage, picture = rows[at]
        rows[at] = label, usage, (picture * 0.15).astype(np.uint8)
    rest = chosen[_BLURRED + _DARK :]
    for at, test in zip(rest[:_REPEATED], rng.permutation(tests)[:_REPEATED], strict=True):
        label, usage, _ = rows[int(test)]
        rows[int(test)] = rows[at][0], usage, rows[at][2]
    for at in rest[_REPEATED : _REPEATED + _MISLABELLED]:
        label, usage, picture = rows[at]
        rows[at] = (label + 1 + int(rng.integers(0, 6))) % 7, usage, picture
