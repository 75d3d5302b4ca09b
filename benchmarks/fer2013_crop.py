"""Positions of eyes and mouth in FER2013: `python -m benchmarks.fer2013_crop FER2013.csv`.

The constants in `core/vision/faces/crop.py` are the medians that this prints.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from core.datasets import DatasetSource, open_dataset
from core.settings import PROJECT_DIR, Settings
from core.vision import FaceLandmarker

PICTURES, SEED = 2_500, 1
ENLARGED_PX, MARGIN_PX = 192, 64  # the landmarker's detector needs a margin around a face


def main(path: Path) -> None:
    """Print the medians over random training pictures."""
    settings = Settings.from_environment({"MIEN_DATA_DIR": str(PROJECT_DIR / "data")})
    data = open_dataset(DatasetSource(str(path)), settings.datasets_cache_dir)
    pixels = data[data.required_protocol.train].pixels
    chosen = np.random.default_rng(SEED).permutation(len(pixels))[:PICTURES]
    landmarker = FaceLandmarker(
        settings.assets_dir / "face_landmarker.task", faces=1, follows=False
    )
    with landmarker:
        results = [_points(landmarker, pixels[at]) for at in chosen]
    points = np.stack([one for one in results if one is not None])
    eyes, mouth = points[:, :2].mean(axis=1), points[:, 2]
    distance = np.hypot(*(points[:, 1] - points[:, 0]).T)
    print(f"a face in {len(points)} of {len(chosen)} pictures; medians as shares of the side:")
    print("middle of the eyes ", np.round(np.median(eyes, axis=0), 3))
    print("middle of the mouth", np.round(np.median(mouth, axis=0), 3))
    print("between the eyes   ", np.round(np.median(distance), 3))


def _points(landmarker: FaceLandmarker, grey: np.ndarray) -> np.ndarray | None:
    large = cv2.resize(grey, (ENLARGED_PX, ENLARGED_PX), interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(large, *[MARGIN_PX] * 4, cv2.BORDER_REPLICATE)
    faces = landmarker.read(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB), 0.0)
    return (faces[0].eyes_and_mouth - MARGIN_PX) / ENLARGED_PX if faces else None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
