"""Fine-tuning in two phases: the new layers alone, then all layers at a lower rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import keras

from core.domain.counted import counted
from core.training.plan import TrainingPlan
from core.training.recipes.recipe import Recipe


def frozen_epochs(plan: TrainingPlan, backbone: str) -> int:
    """Epochs of the first phase; 0 without pretrained weights.

    Args:
        backbone: path of the pretrained weights; empty for random ones.
    """
    return plan.chosen_recipe.frozen_epochs(plan.chosen_epochs) if backbone else 0


def phase_notes(recipe: Recipe, plan: TrainingPlan, frozen: int) -> Sequence[str]:
    """The phases in one sentence; nothing where there is only one.

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
def backbone_frozen(model: keras.Model, frozen: bool) -> Iterator[None]:
    """Inside, the nested pretrained network is not trained, if `frozen`.

    Load-bearing: only during `Model.fit`. The optimiser and its moving average were built for all
    weights, and elsewhere the list of trainable weights has to be the same.
    """
    backbones = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    for backbone in backbones:
        backbone.trainable = not frozen
    try:
        yield
    finally:
        for backbone in backbones:
            backbone.trainable = True
