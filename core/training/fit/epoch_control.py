"""What is decided between two epochs: the rate after a plateau, and whether to end."""

from __future__ import annotations

from dataclasses import dataclass

from core.training.recipes.choices import Schedule
from core.training.recipes.recipe import Recipe

PLATEAU_FACTOR = 0.2
LEAST_RATE = 1e-6


@dataclass
class EpochControl:
    """Looks at the choosing split's accuracy after each epoch; same figures, same decisions.

    Attributes:
        best: accuracy so far.
        waited: epochs since it was reached.
        waited_for_rate: epochs since the better of it and the last fall of the rate.
        rate: of learning, as a share of the recipe's.
        why: the sentence that ends the run; empty while it goes on.
    """

    best: float = -1.0
    waited: int = 0
    waited_for_rate: int = 0
    rate: float = 1.0
    why: str = ""

    def after(self, accuracy: float, recipe: Recipe) -> None:
        """Take in one epoch's accuracy."""
        if accuracy > self.best:
            self.best, self.waited, self.waited_for_rate = accuracy, 0, 0
        else:
            self.waited += 1
            self.waited_for_rate += 1
        if recipe.schedule is Schedule.PLATEAU and self.waited_for_rate >= recipe.patience:
            self.rate = max(self.rate * PLATEAU_FACTOR, LEAST_RATE / recipe.learning_rate)
            self.waited_for_rate = 0
        if recipe.target_accuracy and accuracy >= recipe.target_accuracy:
            self.why = f"The target accuracy of {recipe.target_accuracy * 100:.1f} % is reached."
        elif recipe.stops_after and self.waited >= recipe.stops_after:
            self.why = f"Early stopping: no better epoch in the last {self.waited}."
