"""Knowledge distillation: scores of saved models as soft targets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import LabelMap, LabelScheme, ModelCard, softmax
from core.domain.errors import LabelSchemeMismatch, PlanError
from core.models import PREDICTION_BATCH_SIZE, load_card, load_predictor
from core.models.runtimes import Pictures
from core.training.recipes.recipe import Recipe


class Teachers:
    """Saved models whose mean scores are learned; not thread-safe.

    Args:
        models_dir: folder of the saved models.
        recipe: names the teachers.
        scheme: classes of the training pictures.
        map_from: gives the mapping from a teacher's classes to those of `scheme`, if the labels of
            the pictures are mapped too; None if they are not.
        threads: CPU threads.
    Raises:
        LabelSchemeMismatch: a teacher has other classes.
        PlanError: a teacher has another input size than the student.
        ModelError: a teacher is missing or damaged.
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
        self._models = []
        for name in recipe.teachers:
            card = load_card(models_dir, name)
            if card.input.size_px != recipe.final_size_px:
                raise PlanError(
                    f"The teacher {name} has an input size of {card.input.size_px} px, but this "
                    f"recipe ends at {recipe.final_size_px} px.",
                    advice="Choose teachers with the same input size.",
                )
            model = load_predictor(models_dir, card, threads=threads)
            self._models.append((model, _translation(card, scheme, map_from)))

    def scores(self, pictures: Pictures) -> NDArray[np.float32]:
        """Their mean scores, float32 `(n, classes)`, rows summing to 1.

        Args:
            pictures: as for a model's input (`preprocess`).
        """
        total = sum(
            _normalised(softmax(model.logits(pictures) / self._temperature) @ translation)
            for model, translation in self._models
        )
        return np.asarray(total / len(self._models), dtype=np.float32)

    def score_originals(
        self, pixels: NDArray[np.uint8], *, check_cancelled: Callable[[], None] = lambda: None
    ) -> NDArray[np.float32]:
        """Their mean scores over each picture and its mirror image, float32 `(n, classes)`.

        Args:
            pixels: uint8 `(n, size, size)`, of any size; they are resized to each model's input.
            check_cancelled: called once per batch; may raise to stop.
        """
        scores = []
        for start in range(0, len(pixels), PREDICTION_BATCH_SIZE):
            check_cancelled()
            batch = np.asarray(pixels[start : start + PREDICTION_BATCH_SIZE])
            mirrored = np.ascontiguousarray(batch[:, :, ::-1])
            scores.append(np.mean([self.scores(batch), self.scores(mirrored)], axis=0))
        return np.concatenate(scores)


def _translation(
    card: ModelCard, scheme: LabelScheme, map_from: Callable[[LabelScheme], LabelMap] | None
) -> NDArray[np.float64]:
    """Matrix from the teacher's classes to `scheme`, float64 `(teacher's classes, classes)`."""
    if card.scheme == scheme:
        return np.eye(len(scheme))
    if map_from is None:
        raise LabelSchemeMismatch(
            f"The teacher {card.name} names {', '.join(card.scheme.labels)}; these pictures are "
            f"{', '.join(scheme.labels)}.",
            advice="Choose teachers with the dataset's classes.",
        )
    label_map = map_from(card.scheme)
    translation = np.zeros((len(card.scheme), len(scheme)))
    for row, label in enumerate(card.scheme.labels):
        target = label_map[label]
        if target is not None:
            translation[row, scheme.index(target)] = 1.0
    return translation


def _normalised(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows rescaled to sum to 1."""
    return np.asarray(scores / np.maximum(scores.sum(axis=1, keepdims=True), 1e-9))
