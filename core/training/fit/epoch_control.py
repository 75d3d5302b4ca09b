"""Decisions between two epochs: the learning rate after a plateau, and early stopping."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.counted import tenths
from core.training.recipes.kinds import Schedule
from core.training.recipes.recipe import Recipe

PLATEAU_FACTOR = 0.2
MIN_RATE = 1e-6


@dataclass
class EpochControl:
    """Decides from the validation accuracy after each epoch; deterministic.

    The fields are stored in checkpoints under these names.

    Attributes:
        best: best validation accuracy so far.
        waited: epochs since it was reached.
        waited_for_rate: epochs since it was reached, or since the rate was last reduced.
        rate: learning rate as a share of the recipe's.
        why: why training ends, as a sentence; empty while it continues.
    """

    best: float = -1.0
    waited: int = 0
    waited_for_rate: int = 0
    rate: float = 1.0
    why: str = ""

    def update(self, accuracy: float, recipe: Recipe) -> None:
        """Add one epoch's accuracy."""
        if accuracy > self.best:
            self.best, self.waited, self.waited_for_rate = accuracy, 0, 0
        else:
            self.waited += 1
            self.waited_for_rate += 1
        if recipe.schedule is Schedule.PLATEAU and self.waited_for_rate >= recipe.patience:
            lowest = min(self.rate, MIN_RATE / recipe.learning_rate)  # a lower one stays
            self.rate = max(self.rate * PLATEAU_FACTOR, lowest)
            self.waited_for_rate = 0
        if recipe.target_accuracy and accuracy >= recipe.target_accuracy:
            self.why = f"The target accuracy of {tenths(recipe.target_accuracy)} is reached."
        elif recipe.stops_after and self.waited >= recipe.stops_after:
            self.why = f"Early stopping: no better epoch in the last {self.waited}."
