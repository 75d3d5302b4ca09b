"""Fine-tuning in two phases: first the new layers alone, then all of them, more gently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import keras

from core.domain.counted import counted
from core.training.plan import TrainingPlan
from core.training.recipes.recipe import Recipe


def frozen_epochs(plan: TrainingPlan, backbone: str) -> int:
    """Epochs of the first phase; 0 where nothing was learned elsewhere.

    Args:
        backbone: path of the weights that it begins with; empty for random ones.
    """
    return plan.chosen_recipe.frozen_epochs(plan.chosen_epochs) if backbone else 0


def phases_told(recipe: Recipe, plan: TrainingPlan, frozen: int) -> Sequence[str]:
    """What happens when, in one sentence; nothing where there is one phase.

    Args:
        frozen: epochs of the first phase.
    """
    if not frozen:
        return ()
    return (
        f"For {counted(frozen, 'epoch')} of {plan.chosen_epochs:,} only the new layers are "
        f"trained; then all are, at {recipe.tuning_rate * 100:g} % of the learning rate.",
    )


@contextmanager
def body_frozen(model: keras.Model, frozen: bool) -> Iterator[None]:
    """Inside, the published network in the network does not learn, if asked.

    Load-bearing: only while it is fitted. The optimiser was built for all weights, and a moving
    average is kept of all; who asks in between has to meet the same list.
    """
    bodies = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    for body in bodies:
        body.trainable = not frozen
    try:
        yield
    finally:
        for body in bodies:
            body.trainable = True
