"""Options of a recipe: optimiser, schedule, balancing, loss, teachers, augmentation."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from core.domain.errors import PlanError


class Optimiser(StrEnum):
    """Update rule of the weights."""

    ADAMW = "adamw"
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019)."""
    ADAM = "adam"
    """Kingma & Ba 2015; without weight decay."""
    SGD = "sgd"
    """With Nesterov momentum 0.9."""


class Schedule(StrEnum):
    """Learning-rate schedule over a run."""

    COSINE = "cosine"
    """Warm-up, then half a cosine to zero (Loshchilov & Hutter 2017)."""
    ONE_CYCLE = "one-cycle"
    """Rises for 30 % of the run, then falls to zero (Smith & Topin 2018)."""
    PLATEAU = "plateau"
    """Constant, and reduced to a fifth when accuracy has not improved for some epochs."""
    CONSTANT = "constant"
    """Constant after the warm-up."""


class Balance(StrEnum):
    """Treatment of imbalanced classes."""

    NONE = "none"
    """None."""
    WEIGHTS = "class-weights"
    """The loss of a class is weighted by n / (k * n_c)."""
    SAMPLING = "sampling"
    """Every class is sampled equally often; pictures of small ones repeat."""


class Loss(StrEnum):
    """Loss function."""

    CROSS_ENTROPY = "cross-entropy"
    """Categorical cross-entropy."""
    FOCAL = "focal"
    """Cross-entropy times (1 - p)^2: confident predictions count less (Lin et al. 2017)."""


class TeachersSee(StrEnum):
    """Which pictures the teachers score."""

    ORIGINALS = "originals"
    """Each picture and its mirror image, once, before training: nearly free."""
    CHANGED = "changed"
    """Each picture as augmented in this epoch (consistent teaching, Beyer et al. 2022): the scores
    fit the student's input, and cost the teachers' inference on every picture."""


@dataclass(frozen=True)
class Augmentation:
    """Random changes that keep the expression; sampled for each picture.

    Attributes:
        flip: probability of a horizontal flip.
        rotation_deg, scale, shift: maximum rotation, relative zoom, and shift as a share of the
            side.
        brightness, contrast: maximum relative change of offset and gain.
        erasing: probability that a rectangle is erased.
        blur: maximum weight of a blurred copy.
        noise: maximum standard deviation of camera noise, as a share of white.
        mixup_alpha: Beta parameter of mixup (Zhang et al. 2018).
        mixup_share: share of batches that are mixed.
    """

    flip: float = 0.0
    rotation_deg: float = 0.0
    scale: float = 0.0
    shift: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    erasing: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    mixup_alpha: float = 0.2
    mixup_share: float = 0.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            most = 180.0 if one.name == "rotation_deg" else 1.0
            if not 0 <= value <= most or (one.name in {"scale", "mixup_alpha"} and value == most):
                raise PlanError(
                    f"{one.name} = {value} is out of range.", advice=f"Choose 0 to {most:g}."
                )
