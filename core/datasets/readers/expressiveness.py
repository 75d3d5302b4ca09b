"""Faces that carry a score (RecruitView's facial expression), made into three levels."""

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
class Levelled:
    """Levels made of scores.

    Attributes:
        labels: int64, shape `(n,)`, class numbers of EXPRESSIVENESS3.
        note: how they were cut.
    """

    labels: NDArray[np.int64]
    note: str


def read_scored(folder: Path, *, size_px: int = 0) -> Generator[Block]:
    """A folder of faces cut out of videos, some thousand at a time.

    Args:
        size_px: as in `models.runtimes.preprocessing.resized`.
    Raises:
        UnknownDataset, UnreadableDataset: see `face_folder.read_faces`.
    """
    faces = read_faces(folder)
    at_once = pictures_at_once(_AT_ONCE, max(size_px, faces.pixels.shape[1]))
    for start in range(0, len(faces), at_once):
        some = slice(start, start + at_once)
        count = len(faces.names[some])
        yield Block(
            pixels=resized(np.asarray(faces.pixels[some]), size_px),
            labels=np.full(count, "", dtype=np.str_),
            splits=np.full(count, "", dtype=np.str_),
            names=faces.names[some],
            subjects=faces.subjects[some],
            measured=faces.scores[some],
        )


def published_levels(scores: NDArray[np.float64]) -> Levelled:
    """Levels by the published thresholds."""
    return Levelled(
        PUBLISHED_CUTS.levels(scores), _told(PUBLISHED_CUTS, "the published thresholds")
    )


def fitted_levels(dataset: Dataset) -> Levelled:
    """Levels by the tertiles of the training people's clips, for pictures of every split.

    Raises:
        EmptySplit: the scores do not fill three levels, or nothing is there to learn from.
    """
    learns = dataset[dataset.required_protocol.train]
    clips = np.array([name.rpartition("_")[0] for name in learns.names.tolist()])
    first_of_clip = np.unique(clips, return_index=True)[1]
    cuts = fit_tertiles(learns.measured[first_of_clip])
    people = "tertiles of the training clips"
    return Levelled(cuts.levels(dataset.pictures.measured), _told(cuts, people))


def _told(cuts: LevelCuts, what: str) -> str:
    return f"Levels by {what}: reserved below {cuts.low:.3f}, expressive above {cuts.high:.3f}."


@dataclass(frozen=True)
class LevelCuts:
    """Where reserved ends and expressive begins: reserved < low <= balanced <= high < expressive.

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


PUBLISHED_CUTS = LevelCuts(-0.303, 0.294)
"""Tertiles of all 2,011 scores, the test people's included: to compare with, not to learn from."""


def fit_tertiles(scores: NDArray[np.float64]) -> LevelCuts:
    """Cuts that put a third of these scores into each level.

    Args:
        scores: float64 `(n,)`, one a clip, of the training people only: cuts that were chosen with
            the test people's scores have seen the answers.
    Raises:
        EmptySplit: the scores do not fill three levels.
    """
    known = scores[~np.isnan(scores)]
    if len(known):
        low, high = np.quantile(known, [1 / 3, 2 / 3])
        cuts = LevelCuts(float(low), float(high))
        if len(np.unique(cuts.levels(known))) == len(EXPRESSIVENESS3):
            return cuts
    raise EmptySplit(
        f"{len(known):,} scores with {len(np.unique(known)):,} different values do not make three "
        "levels.",
        advice="Use more clips, or the published thresholds.",
    )
