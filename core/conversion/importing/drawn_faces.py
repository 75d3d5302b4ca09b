"""What an imported model says about faces drawn by code: enough to see whether it is sane."""

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
_OF_EACH = 4


@dataclass(frozen=True, eq=False)
class DrawnFaces:
    """Faces drawn by code, four of each expression of FER7.

    Attributes:
        pixels: uint8, shape `(28, 48, 48)`.
        drawn_as: what each was drawn to show.
    """

    pixels: NDArray[np.uint8]
    drawn_as: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class DrawnFacePredictions:
    """What a model says about them.

    Attributes:
        drawn: the faces.
        scheme: names the scores.
        scores: float32, shape `(28, len(scheme))`, rows summing to 1.
        sentence: what to make of it.
    """

    drawn: DrawnFaces
    scheme: LabelScheme
    scores: NDArray[np.float32]
    sentence: str


def drawn_faces(*, of_each: int = _OF_EACH) -> DrawnFaces:
    """The same faces each time.

    Args:
        of_each: how many of each expression.
    """
    rng = np.random.default_rng(_SEED)
    drawn_as = tuple(label for _ in range(of_each) for label in FER7.labels)
    pixels = np.stack([draw_face(label, rng) for label in drawn_as])
    return DrawnFaces(pixels, drawn_as)


def predict_drawn_faces(engine: Engine, card: ModelCard) -> DrawnFacePredictions:
    """Ask a model about the synthetic faces.

    Raises:
        DamagedModel: its answers do not fit its card.
    """
    drawn = drawn_faces()
    scores = Predictor(engine, card).scores(drawn.pixels).astype(np.float32)
    return DrawnFacePredictions(drawn, card.scheme, scores, _sentence(scores, drawn, card.scheme))


def _sentence(scores: NDArray[np.float32], drawn: DrawnFaces, scheme: LabelScheme) -> str:
    """Drawn faces are no photographs: only what is clearly wrong is called so."""
    tops = [scheme.labels[place] for place in scores.argmax(axis=1)]
    if len(set(tops)) == 1:
        return (
            f"It predicts {tops[0]} for all {counted(len(tops), 'synthetic face')}: it may "
            "need another pixel scaling."
        )
    right = sum(top == shown for top, shown in zip(tops, drawn.drawn_as, strict=True))
    told = f", {right} of them correct" if set(scheme.labels) >= set(FER7.labels) else ""
    return (
        f"Its predictions for {counted(len(tops), 'synthetic face')} differ{told}. Synthetic "
        "faces are not photographs: evaluate it on a dataset."
    )
