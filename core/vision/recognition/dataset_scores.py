"""A model's scores for every picture of a dataset, for label noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset, ModelCard
from core.domain.counted import counted
from core.domain.progress import ProgressCallback
from core.models import Predictor, list_cards, read_out_of_fold
from core.settings import Settings
from core.vision.recognition.live_model import predictor_named


@dataclass(frozen=True, eq=False)
class DatasetScores:
    """Scores for every picture.

    Attributes:
        scores: float32, shape `(n, k)`, calibrated; rows sum to 1.
        note: whether the model was trained on the pictures, as far as known.
    """

    scores: NDArray[np.float32]
    note: str


def label_noise_model(dataset: Dataset, settings: Settings, model: str = "") -> Predictor:
    """The model for label noise.

    Args:
        model: a name in the registry; empty takes, of the models with the dataset's classes, the
            best with out-of-fold scores of its pictures, or else the best.
    Raises:
        UnknownModel, DamagedModel: it is missing, or differs from its card.
    """
    cards = [
        card
        for card in ([] if model else list_cards(settings.models_dir))
        if card.scheme == dataset.scheme and card.served_by in card.files
    ]
    pixels = dataset.pictures.pixels
    out_of_fold = [
        card
        for card in cards
        if (table := read_out_of_fold(settings.models_dir, card)) and table.contains_any(pixels)
    ]
    return predictor_named(
        settings.models_dir, next((one.name for one in (*out_of_fold, *cards)), model)
    )


def predict_dataset(
    dataset: Dataset, model: Predictor, settings: Settings, on_progress: ProgressCallback
) -> DatasetScores:
    """Run a model on every picture.

    Out-of-fold scores of pictures that it was trained on, where the model's folder has them,
    replace its own.

    Args:
        model: one of the dataset's scheme.
        on_progress: called with (done, total); may raise to stop.
    Raises:
        DamagedModel: its outputs or its out-of-fold scores do not match the card.
    """
    pictures = dataset.pictures
    out_of_fold = read_out_of_fold(settings.models_dir, model.card)
    scores = model.scores(pictures.pixels, on_progress=on_progress).astype(np.float32)
    found = np.zeros(len(pictures), dtype=np.bool_)
    if out_of_fold is not None:
        found = out_of_fold.replace_scores(scores, pictures.pixels)
    return DatasetScores(scores, _note(model.card, dataset, found))


def _note(card: ModelCard, dataset: Dataset, found: NDArray[np.bool_]) -> str:
    if found.any():
        return (
            f"{int(found.sum()):,} of {counted(len(found), 'picture')} have out-of-fold "
            f"predictions of {card.name}, from models not trained on them; the others have "
            f"predictions of {card.name} itself."
        )
    if card.data is not None and card.data.content_hash == dataset.content_hash:
        return (
            f"{card.name} was trained on these pictures and has memorised some wrong labels, "
            "so not all label errors are found."
        )
    if card.data is None:
        where = ", which was trained elsewhere" if card.origin else ""
        return (
            f"Labels checked with {card.name}{where}: whether it was trained on these "
            "pictures is not known."
        )
    return f"Labels checked with {card.name}, which was not trained on this dataset."
