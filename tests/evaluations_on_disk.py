"""Predictions of fake models, and evaluations of them stored on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain import FER7, LabelScheme, ModelCard
from core.evaluation.comparison.report import ComparedModel
from core.evaluation.predictions.evaluation import Evaluation
from core.evaluation.predictions.evaluation_store import write_evaluation
from core.evaluation.predictions.predictions import (
    ANSWERS_FILE,
    SplitPredictions,
    write_predictions,
)
from core.models.registry import write_card

EVALUATED_AT = "2026-11-21T12:00:00+00:00"


def make_answers(
    right: NDArray[np.bool_],
    *,
    scheme: LabelScheme = FER7,
    sure: float = 4.0,
    seed: int = 0,
) -> SplitPredictions:
    """Predictions of a model that classifies these pictures correctly; equal seeds, equal pictures.

    Args:
        right: which; for the others it predicts the next class.
        sure: logit of the predicted class.
    """
    classes, count = len(scheme), len(right)
    truth = np.random.default_rng(seed).integers(0, classes, count)
    predicted = np.where(right, truth, (truth + 1) % classes)
    noise = np.random.default_rng(seed + 1).normal(scale=0.5, size=(count, classes))
    return SplitPredictions(
        (np.arange(count) + 1000 * seed).astype(np.uint64),
        truth.astype(np.int64),
        (np.eye(classes)[predicted] * sure + np.clip(noise, -1, 1)).astype(np.float32),
        scheme.labels,
    )


def make_splits(*names: str) -> dict[str, SplitPredictions]:
    """A model's predictions on splits of forty pictures."""
    return {name: make_answers(some_right(40, seed=at), seed=at) for at, name in enumerate(names)}


def make_evaluation(**changed: Any) -> Evaluation:
    """An evaluation on FER2013 that is not stored."""
    told = {
        "model": "m",
        "slug": "s",
        "dataset": "FER2013",
        "content_hash": "5e" * 32,
        "source": {},
        "scheme": FER7,
        "views": "one",
        "temperature": 1.0,
        "not_sure_below": 0.5,
        "judges": "PrivateTest",
        "made_at": EVALUATED_AT,
    }
    return Evaluation(**{**told, **changed})


def make_compared_model(
    name: str, right: NDArray[np.bool_], *, temperature: float = 1.0
) -> ComparedModel:
    """A model that classifies these pictures correctly."""
    return ComparedModel(name, make_answers(right), temperature, not_sure_below=0.5)


def some_right(count: int, *, seed: int, share: float = 0.7) -> NDArray[np.bool_]:
    """About this share of so many pictures, by chance."""
    return np.random.default_rng(seed).random(count) < share


def put_evaluation(
    models_dir: Path,
    card: ModelCard,
    answers: dict[str, SplitPredictions],
    *,
    slug: str = "fer2013-one",
    views: str = "one",
    parts: dict[str, bytes] | None = None,
) -> Evaluation:
    """Store a model with its card and an evaluation."""
    (models_dir / card.name).mkdir(parents=True, exist_ok=True)
    write_card(models_dir / card.name, card)
    evaluation = Evaluation(
        model=card.name,
        slug=slug,
        dataset="FER2013",
        content_hash="5e" * 32,
        source={},
        scheme=card.scheme,
        views=views,
        temperature=card.temperature,
        not_sure_below=card.not_sure_below,
        judges=list(answers)[-1],
        made_at=EVALUATED_AT,
    )
    kept = {ANSWERS_FILE: _written(models_dir, answers), **(parts or {})}
    return write_evaluation(models_dir, evaluation, kept)


def _written(folder: Path, answers: dict[str, SplitPredictions]) -> bytes:
    path = folder / ANSWERS_FILE
    write_predictions(path, answers)
    written = path.read_bytes()
    path.unlink()
    return written
