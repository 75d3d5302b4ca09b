"""What a model says of every picture of a dataset, for finding doubtful labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import Dataset, ModelCard
from core.domain.counted import counted
from core.models import Predictor, list_cards, read_out_of_fold
from core.storage.settings import Settings
from core.vision.recognition.live_model import predictor_named


@dataclass(frozen=True, eq=False)
class DatasetScores:
    """Scores for every picture.

    Attributes:
        scores: float32, shape `(n, k)`, calibrated; rows sum to 1.
        note: how far they can be trusted as coming from somebody who never saw the pictures.
    """

    scores: NDArray[np.float32]
    note: str


def label_noise_model(dataset: Dataset, settings: Settings, model: str = "") -> Predictor:
    """Who is asked about labels.

    Args:
        model: a name on the shelf; empty takes, of the models that name the dataset's classes, the
            best that has out-of-fold scores of its pictures, or else the best.
    Raises:
        UnknownModel, DamagedModel: it is not there, or not what its card says.
    """
    cards = [
        card
        for card in ([] if model else list_cards(settings.models_dir))
        if card.scheme == dataset.scheme and card.served_by in card.files
    ]
    pixels = dataset.pictures.pixels
    apart = [
        card
        for card in cards
        if (table := read_out_of_fold(settings.models_dir, card)) and table.knows_any(pixels)
    ]
    return predictor_named(settings.models_dir, next((one.name for one in (*apart, *cards)), model))


def predict_dataset(
    dataset: Dataset, model: Predictor, settings: Settings, tell: Callable[[int, int], None]
) -> DatasetScores:
    """Ask a model about every picture.

    For pictures that it learned from, its card's folder may hold what models said that had not
    learned from them (out-of-fold scores); these take the place of its own.

    Args:
        model: one of the dataset's scheme.
        tell: hears how many of how many are done; may raise to stop.
    Raises:
        DamagedModel: its answers or its out-of-fold scores are not what the card says.
    """
    pictures = dataset.pictures
    apart = read_out_of_fold(settings.models_dir, model.card)
    scores = model.scores(pictures.pixels, tell=tell).astype(np.float32)
    found = np.zeros(len(pictures), dtype=np.bool_)
    if apart is not None:
        found = apart.put_into(scores, pictures.pixels)
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
