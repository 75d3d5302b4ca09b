"""What a run learns beside labels: people's votes, teachers' answers, weights learned elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import LabelSchemeMismatch
from core.evaluation.answers import litert_logits
from core.evaluation.metrics import softmax
from core.library import LITERT_FILE, load_card, verified_file
from core.training.recipes import Recipe
from core.vocabulary import LabelScheme, PictureSet

BACKBONES = "backbones"
"""Folder beside the saved models for weights that were learned elsewhere."""


def teachers_answers(
    models_dir: Path, recipe: Recipe, pictures: PictureSet, scheme: LabelScheme, *, threads: int
) -> NDArray[np.float32]:
    """The mean of the teachers' scores, each over the picture and its mirror image.

    Args:
        pictures: that are learned from.
        scheme: theirs; every teacher has to have it.
    Returns:
        float32 `(n, classes)`; rows sum to 1.
    Raises:
        LabelSchemeMismatch: a teacher names other classes.
        ModelError: a teacher is not there, or damaged.
    """
    total = np.zeros((len(pictures), len(scheme)))
    for name in recipe.teachers:
        card = load_card(models_dir, name)
        if card.scheme != scheme:
            raise LabelSchemeMismatch(
                f"The teacher {name} names {', '.join(card.scheme.labels)}.",
                advice="Choose teachers with the dataset's classes.",
            )
        file = verified_file(models_dir, card, LITERT_FILE)
        for pixels in (pictures.pixels, pictures.pixels[:, :, ::-1]):
            logits = litert_logits(file, np.ascontiguousarray(pixels), threads=threads)
            total += softmax(logits / recipe.teaching_temperature)
    return (total / (2 * len(recipe.teachers))).astype(np.float32)


def backbone_of(
    models_dir: Path, network: str, *, transfers: bool, say: Callable[[str], None]
) -> str:
    """Path of weights that a transferred network begins with; empty if there are none here.

    Args:
        transfers: whether this network can begin with such weights.
        say: told in one sentence what it begins with.
    """
    if not transfers:
        return ""
    path = models_dir / BACKBONES / f"{network}.weights.h5"
    if path.is_file():
        say(f"{network} begins with the weights in {path.parent.name}/{path.name}.")
        return str(path)
    say(
        f"There are no weights for {network} here, so it learns from scratch, which takes more "
        f"pictures than most datasets have. Put them into {path.parent.name}/{path.name} beside "
        "the saved models to transfer what they know."
    )
    return ""
