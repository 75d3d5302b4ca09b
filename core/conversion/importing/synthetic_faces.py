"""An imported model's predictions for synthetic faces: a first check of its preprocessing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers import draw_face
from core.domain import FER7, LabelScheme, ModelCard
from core.domain.counted import counted
from core.models import Predictor
from core.models.runtimes import Engine

_SEED = 7
_PER_CLASS = 4


@dataclass(frozen=True, eq=False)
class SyntheticFaces:
    """Synthetic faces of the expressions of FER7.

    Attributes:
        pixels: uint8, shape `(n, 48, 48)`.
        labels: the expression of each.
    """

    pixels: NDArray[np.uint8]
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SyntheticFacePredictions:
    """A model's predictions for them.

    Attributes:
        faces: the faces.
        scheme: names the scores.
        scores: float32, shape `(n, len(scheme))`, rows summing to 1.
        sentence: what the predictions show about the preprocessing.
    """

    faces: SyntheticFaces
    scheme: LabelScheme
    scores: NDArray[np.float32]
    sentence: str


def synthetic_faces(*, per_class: int = _PER_CLASS) -> SyntheticFaces:
    """The same synthetic faces on every call.

    Args:
        per_class: faces of each expression.
    """
    rng = np.random.default_rng(_SEED)
    labels = tuple(label for _ in range(per_class) for label in FER7.labels)
    pixels = np.stack([draw_face(label, rng) for label in labels])
    return SyntheticFaces(pixels, labels)


def predict_synthetic_faces(engine: Engine, card: ModelCard) -> SyntheticFacePredictions:
    """Run a model on the synthetic faces.

    Raises:
        DamagedModel: its outputs do not match its card.
    """
    faces = synthetic_faces()
    scores = Predictor(engine, card).scores(faces.pixels).astype(np.float32)
    return SyntheticFacePredictions(
        faces, card.scheme, scores, _sentence(scores, faces, card.scheme)
    )


def _sentence(scores: NDArray[np.float32], faces: SyntheticFaces, scheme: LabelScheme) -> str:
    """Synthetic faces are not photographs: only a constant prediction is called a problem."""
    tops = [scheme.labels[column] for column in scores.argmax(axis=1)]
    if len(set(tops)) == 1:
        return (
            f"It predicts {tops[0]} for all {counted(len(tops), 'synthetic face')}: it may "
            "need another pixel scaling."
        )
    right = sum(top == shown for top, shown in zip(tops, faces.labels, strict=True))
    correct = f", {right} of them correct" if set(scheme.labels) >= set(FER7.labels) else ""
    return (
        f"Its predictions for {counted(len(tops), 'synthetic face')} differ{correct}. Synthetic "
        "faces are not photographs: evaluate it on a dataset."
    )
