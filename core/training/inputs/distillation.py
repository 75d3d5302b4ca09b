"""What a run learns beside labels from other models: teachers' answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import LabelMap, LabelScheme, ModelCard, softmax
from core.domain.errors import LabelSchemeMismatch, PlanError
from core.models import PICTURES_AT_ONCE, load_card, load_predictor
from core.models.runtimes import Pictures
from core.training.recipes.recipe import Recipe


class Teachers:
    """Models on the shelf that are asked together; for one thread at a time.

    Args:
        models_dir: the shelf.
        recipe: names them.
        scheme: of the pictures that are learned.
        map_from: the mapping from a teacher's classes to those of `scheme`, where the pictures'
            own labels were mapped too; None where they were not.
        threads: of the processor.
    Raises:
        LabelSchemeMismatch: a teacher names other classes.
        PlanError: a teacher reads pictures of another size than the pupil's.
        ModelError: a teacher is not there, or damaged.
    """

    def __init__(
        self,
        models_dir: Path,
        recipe: Recipe,
        scheme: LabelScheme,
        *,
        map_from: Callable[[LabelScheme], LabelMap] | None = None,
        threads: int,
    ) -> None:
        self._temperature = recipe.teaching_temperature
        self._asked = []
        for name in recipe.teachers:
            card = load_card(models_dir, name)
            if card.input.size_px != recipe.final_size_px:
                raise PlanError(
                    f"The teacher {name} has an input size of {card.input.size_px} px, but this "
                    f"recipe ends at {recipe.final_size_px} px.",
                    advice="Choose teachers with the same input size.",
                )
            model = load_predictor(models_dir, card, threads=threads)
            self._asked.append((model, _translation(card, scheme, map_from)))

    def scores(self, pictures: Pictures) -> NDArray[np.float32]:
        """Their mean scores, float32 `(n, classes)`, rows summing to 1.

        Args:
            pictures: as models are asked about them (`preprocess`).
        """
        total = sum(
            _normalised(softmax(model.logits(pictures) / self._temperature) @ translation)
            for model, translation in self._asked
        )
        return np.asarray(total / len(self._asked), dtype=np.float32)

    def about_originals(
        self, pixels: NDArray[np.uint8], *, look: Callable[[], None] = lambda: None
    ) -> NDArray[np.float32]:
        """Their mean scores over each picture and its mirror image, float32 `(n, classes)`.

        Args:
            pixels: uint8 `(n, size, size)`, of any size: they are asked about theirs.
            look: called now and then, as this may take minutes; may raise to stop.
        """
        parts = []
        for start in range(0, len(pixels), PICTURES_AT_ONCE):
            look()
            some = np.asarray(pixels[start : start + PICTURES_AT_ONCE])
            mirrored = np.ascontiguousarray(some[:, :, ::-1])
            parts.append(np.mean([self.scores(some), self.scores(mirrored)], axis=0))
        return np.concatenate(parts)


def _translation(
    card: ModelCard, scheme: LabelScheme, map_from: Callable[[LabelScheme], LabelMap] | None
) -> NDArray[np.float64]:
    """Float64 `(teacher's classes, classes)`: which of its scores count towards which class."""
    if card.scheme == scheme:
        return np.eye(len(scheme))
    if map_from is None:
        raise LabelSchemeMismatch(
            f"The teacher {card.name} names {', '.join(card.scheme.labels)}; these pictures are "
            f"{', '.join(scheme.labels)}.",
            advice="Choose teachers with the dataset's classes.",
        )
    label_map = map_from(card.scheme)
    found = np.zeros((len(card.scheme), len(scheme)))
    for row, label in enumerate(card.scheme.labels):
        target = label_map[label]
        if target is not None:
            found[row, scheme.index(target)] = 1.0
    return found


def _normalised(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows that sum to 1 again, where some classes were left out."""
    return np.asarray(scores / np.maximum(scores.sum(axis=1, keepdims=True), 1e-9))
