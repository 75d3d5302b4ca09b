"""Computes what faces are compared with that are not calibrated, from still faces of FER2013.

`python scripts/expressiveness_norm.py FER2013` reads Training pictures of a FER2013 file or folder,
and writes core/measures/signals/expressiveness_norm.json: for each counted blendshape the median of
faces labelled neutral and the range of all, and the terciles of their activity; and
core/measures/population.json: median and spread of every blendshape of the faces labelled neutral,
and how far eyes are open and closed. Numbers only; takes two minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

PROJECT_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT_DIR))

from core.datasets import DatasetSource, open_dataset  # noqa: E402
from core.domain import BLENDSHAPES, FER7  # noqa: E402
from core.domain.plain_values import to_plain  # noqa: E402
from core.measures import EyeRange, Population, resting_shapes  # noqa: E402
from core.measures.signals import COUNTED, COUNTED_AT, LevelCuts, baseline_from  # noqa: E402
from core.vision import LANDMARKER, path_of  # noqa: E402
from core.vision.faces import MARGIN, FaceLandmarker, with_margin  # noqa: E402

NORM_FILE = PROJECT_DIR / "core" / "measures" / "signals" / "expressiveness_norm.json"
POPULATION_FILE = PROJECT_DIR / "core" / "measures" / "population.json"
SPLIT, SEED = "Training", 7
MOST_CLOSED = 0.01
"""Few of the pictures show closed eyes: the share of faces that is taken for closed."""

LIDS = [BLENDSHAPES.index("eyeBlinkLeft"), BLENDSHAPES.index("eyeBlinkRight")]


def main() -> None:
    """Read the command line and write the norm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fer2013", type=Path, help="a FER2013 file or folder")
    parser.add_argument("--pictures", type=int, default=3000, help="sampled from Training")
    parser.add_argument("--assets", type=Path, default=PROJECT_DIR / "data" / "assets")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        part = open_dataset(DatasetSource(str(arguments.fer2013)), Path(cache)).splits[SPLIT]
        sampled = np.random.default_rng(SEED).choice(len(part), arguments.pictures, replace=False)
        shapes = _shapes(part.pixels[sampled], path_of(arguments.assets, LANDMARKER))
        labels = np.asarray(part.labels[sampled])
    found = ~np.isnan(shapes[:, 0])
    counted = shapes[found][:, COUNTED_AT]
    _write(NORM_FILE, _norm(counted, labels[found], arguments.pictures))
    _write(POPULATION_FILE, _population(shapes[found], labels[found], arguments.pictures))


def _write(path: Path, values: object) -> None:
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def _shapes(pixels: np.ndarray, asset: Path) -> np.ndarray:
    """Blendshapes, float64 `(n, 52)`; NaN where no face is found."""
    shapes = np.full((len(pixels), len(BLENDSHAPES)), np.nan)
    with FaceLandmarker(asset, faces=1, follows=False) as landmarker:
        for at, picture in enumerate(pixels):
            for room in (0.0, MARGIN):
                large, _ = with_margin(picture, room)
                faces = landmarker.read(np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB)))
                if faces:
                    shapes[at] = faces[0].blendshapes
                    break
    return shapes


def _norm(shapes: np.ndarray, labels: np.ndarray, sampled: int) -> dict[str, object]:
    neutral = shapes[labels == FER7.index("neutral")]
    speaks = np.zeros(len(shapes), dtype=np.bool_)  # unknown in a still picture
    base = baseline_from(neutral, shapes, speaks)
    return {
        "version": "1",
        "made_from": _made_from(len(shapes), len(neutral), sampled),
        "faces": len(shapes),
        "neutral_faces": len(neutral),
        "cuts": _plain(base.cuts),
        "upper_cuts": _plain(base.upper_cuts),
        "shapes": {
            name: {
                "median": round(float(base.medians[at]), 4),
                "range": round(float(base.ranges[at]), 4),
            }
            for at, name in enumerate(COUNTED)
        },
    }


def _population(shapes: np.ndarray, labels: np.ndarray, sampled: int) -> object:
    neutral = shapes[labels == FER7.index("neutral")]
    open_all, open_neutral = (1 - one[:, LIDS].mean(axis=1) for one in (shapes, neutral))
    return to_plain(
        Population(
            made_from=_made_from(len(shapes), len(neutral), sampled),
            faces=len(shapes),
            neutral_faces=len(neutral),
            rest=resting_shapes(neutral, np.ones(len(neutral))),
            eyes=EyeRange(
                open=round(float(np.median(open_neutral)), 4),
                closed=round(float(np.quantile(open_all, MOST_CLOSED)), 4),
            ),
        )
    )


def _made_from(faces: int, neutral: int, sampled: int) -> str:
    return (
        f"{faces:,} still faces found in {sampled:,} Training pictures of FER2013, drawn "
        f"at random; {neutral:,} of them are labelled neutral. Pictures from the web, "
        "looked for by words of emotion: made by us, not a population."
    )


def _plain(cuts: LevelCuts) -> list[float]:
    return [round(cuts.low, 4), round(cuts.high, 4)]


if __name__ == "__main__":
    main()
