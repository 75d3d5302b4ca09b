"""Scores of faces (RecruitView's facial expression) as three levels."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers.batches import Block, pictures_at_once
from core.datasets.readers.face_folder import read_faces
from core.domain import EXPRESSIVENESS3, UNLABELLED, Dataset
from core.domain.errors import EmptySplit
from core.models.runtimes import resized

_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class ScoreLevels:
    """Levels derived from scores.

    Attributes:
        labels: int64, shape `(n,)`, class numbers of EXPRESSIVENESS3.
        note: a sentence about the thresholds.
    """

    labels: NDArray[np.int64]
    note: str


def read_scored(folder: Path, *, size_px: int = 0) -> Generator[Block]:
    """Read a folder of faces extracted from videos, block by block.

    Args:
        size_px: as in `models.runtimes.preprocessing.resized`.
    Raises:
        UnknownDataset, UnreadableDataset: see `face_folder.read_faces`.
    """
    faces = read_faces(folder)
    at_once = pictures_at_once(_AT_ONCE, max(size_px, faces.pixels.shape[1]))
    for start in range(0, len(faces), at_once):
        part = slice(start, start + at_once)
        count = len(faces.names[part])
        yield Block(
            pixels=resized(np.asarray(faces.pixels[part]), size_px),
            labels=np.full(count, "", dtype=np.str_),
            splits=np.full(count, "", dtype=np.str_),
            names=faces.names[part],
            subjects=faces.subjects[part],
            measured=faces.scores[part],
        )


def published_levels(scores: NDArray[np.float64]) -> ScoreLevels:
    """Levels by the published thresholds."""
    return ScoreLevels(
        PUBLISHED_THRESHOLDS.levels(scores),
        _levels_note(PUBLISHED_THRESHOLDS, "the published thresholds"),
    )


def fitted_levels(dataset: Dataset) -> ScoreLevels:
    """Levels by the tertiles of the training people's clips, for pictures of every split.

    Raises:
        EmptySplit: the scores do not fill three levels, or there are no training pictures.
    """
    training = dataset[dataset.required_protocol.train]
    clips = np.array([name.rpartition("_")[0] for name in training.names.tolist()])
    first_of_clip = np.unique(clips, return_index=True)[1]
    thresholds = fit_tertiles(training.measured[first_of_clip])
    note = _levels_note(thresholds, "tertiles of the training clips")
    return ScoreLevels(thresholds.levels(dataset.pictures.measured), note)


def _levels_note(thresholds: LevelThresholds, kind: str) -> str:
    low, high = f"{thresholds.low:.3f}", f"{thresholds.high:.3f}"
    return f"Levels by {kind}: reserved below {low}, expressive above {high}."


@dataclass(frozen=True)
class LevelThresholds:
    """Thresholds of the levels: reserved < low <= balanced <= high < expressive.

    Attributes:
        low, high: in units of the score; low <= high.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"cuts are finite and in order, got {self.low} and {self.high}")

    def levels(self, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        """Class numbers of `EXPRESSIVENESS3`; `UNLABELLED` where the score is NaN."""
        found = (scores >= self.low).astype(np.int64) + (scores > self.high)
        return np.where(np.isnan(scores), UNLABELLED, found)


PUBLISHED_THRESHOLDS = LevelThresholds(-0.303, 0.294)
"""Tertiles of all 2,011 scores, those of test people included: for comparison with published
results only."""


def fit_tertiles(scores: NDArray[np.float64]) -> LevelThresholds:
    """Thresholds that put a third of these scores into each level.

    Args:
        scores: float64 `(n,)`, one per clip, of the training people only: those of test people
            would leak into the thresholds.
    Raises:
        EmptySplit: the scores do not fill three levels.
    """
    known = scores[~np.isnan(scores)]
    if len(known):
        low, high = np.quantile(known, [1 / 3, 2 / 3])
        thresholds = LevelThresholds(float(low), float(high))
        if len(np.unique(thresholds.levels(known))) == len(EXPRESSIVENESS3):
            return thresholds
    raise EmptySplit(
        f"{len(known):,} scores with {len(np.unique(known)):,} different values do not make three "
        "levels.",
        advice="Use more clips, or the published thresholds.",
    )
