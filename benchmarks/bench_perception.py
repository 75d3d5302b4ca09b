"""Milliseconds a frame on one core, landmarks and blendshapes included."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from benchmarks.measuring import Row, row
from core.domain import Frame, RgbPicture
from core.settings import PROJECT_DIR, Settings
from core.vision import build_analyser, draw, from_picture, from_video
from core.vision.recognition import load_model
from tests.face_clip import draw_face

MEDIA = PROJECT_DIR.parent / "shared" / "data" / "media"
FRAMES, WARM_UP = 150, 15
BARS = {1: "p95 at most 20 ms", 10: "p95 at most 60 ms"}


def measure() -> list[Row]:
    """Median and 95th percentile at 1, 5, 10 and 27 faces; batches of the model; drawing."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    scenes = {1: _one_face, 5: lambda: _many(5), 10: lambda: _many(10), 27: _crowd}
    rows = [line for faces, scene in scenes.items() for line in _watch(faces, scene())]
    return [*rows, *_model()]


def _watch(faces: int, frames: list[RgbPicture]) -> list[Row]:
    settings = Settings.from_environment(os.environ)
    assets = settings.assets_dir
    analyser = build_analyser(
        assets / "face_landmarker.task",
        assets / "centerface.onnx",
        load_model(PROJECT_DIR / "models").recognizer,
    )
    times, seen = [], []
    for number in range(FRAMES if faces <= 10 else 40):
        frame = Frame(frames[number % len(frames)], number / 30, number)
        began = time.perf_counter()
        observations = analyser.analyse(frame)
        times.append((time.perf_counter() - began) * 1000)
        seen.append(len(observations))
    drawing = _milliseconds(lambda: draw(frame.rgb, observations, not_sure_below=0.5))
    analyser.close()
    high, wide = frames[0].shape[:2]
    name = f"analysis, {faces} faces in {wide}x{high} ({np.median(seen):.0f} found)"
    middle, late = np.percentile(times[WARM_UP:], [50, 95])
    return [
        row(f"{name}: p50", round(middle, 1), "ms"),
        row(f"{name}: p95", round(late, 1), "ms", BARS.get(faces, "")),
        row(f"drawing on it, {faces} faces", round(drawing, 2), "ms"),
    ]


def _model() -> list[Row]:
    recognizer = load_model(PROJECT_DIR / "models").recognizer
    rows = []
    for batch in (1, 8, 32):
        faces = np.random.default_rng(0).random((batch, 48, 48, 1), dtype=np.float32)
        spent = _milliseconds(lambda faces=faces: recognizer.recognize(faces))
        rows.append(row(f"model, {batch} faces", round(spent, 2), "ms"))
    return rows


def _milliseconds(do: Callable[[], object]) -> float:
    do()
    times = []
    for _ in range(50):
        began = time.perf_counter()
        do()
        times.append((time.perf_counter() - began) * 1000)
    return float(np.median(times))


def _one_face() -> list[RgbPicture]:
    clip = MEDIA / "fakecam_expressive_640x480.mjpeg"
    if not clip.exists():
        return [draw_face(shift_px=shift) for shift in range(0, 60, 2)]
    return [frame.rgb for frame, _ in zip(from_video(clip), range(FRAMES), strict=False)]


def _many(faces: int) -> list[RgbPicture]:
    """640x480 tiled with one face, each at another time of its clip."""
    crops = [cv2.resize(rgb[40:440, 210:610], (128, 128)) for rgb in _one_face()]
    frames = []
    for number in range(60):
        picture = np.full((480, 640, 3), 60, dtype=np.uint8)
        for tile in range(faces):
            row, column = divmod(tile, 5)
            face = crops[(number + 7 * tile) % len(crops)]
            top = 60 + row * 190 + (number % 10)
            picture[top : top + 128, column * 128 : column * 128 + 128] = face
        frames.append(picture)
    return frames


def _crowd() -> list[RgbPicture]:
    photograph = MEDIA / "solvay1927.jpg"
    if photograph.exists():
        return [from_picture(Path(photograph)).rgb]
    small = [cv2.resize(draw_face(shift_px=n), (200, 150)) for n in range(30)]
    rows = [np.hstack([small[(row * 9 + column) % 30] for column in range(9)]) for row in range(3)]
    return [np.vstack(rows)]
