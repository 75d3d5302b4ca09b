"""What can be chosen in a recipe: kinds by name, and the random changes of pictures."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from core.domain.errors import PlanError


class Optimiser(StrEnum):
    """How weights follow the gradient."""

    ADAMW = "adamw"
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019)."""
    ADAM = "adam"
    """Kingma & Ba 2015; without weight decay."""
    SGD = "sgd"
    """With Nesterov momentum 0.9."""


class Schedule(StrEnum):
    """How the learning rate goes over a run."""

    COSINE = "cosine"
    """Up for the warm-up, then half a cosine down to zero (Loshchilov & Hutter 2017)."""
    ONE_CYCLE = "one-cycle"
    """Up for a third of the run, then down to nothing (Smith & Topin 2018)."""
    PLATEAU = "plateau"
    """Constant, and a fifth of it whenever accuracy has not risen for some epochs."""
    CONSTANT = "constant"
    """The same throughout, after the warm-up."""


class Balance(StrEnum):
    """What is done about classes of different size."""

    NONE = "none"
    """Nothing: pictures count as they are."""
    WEIGHTS = "class-weights"
    """Errors on a class weigh n / (k * n_c)."""
    SAMPLING = "sampling"
    """Every class is drawn equally often; small ones repeat."""


class Loss(StrEnum):
    """What is made small."""

    CROSS_ENTROPY = "cross-entropy"
    """The usual one."""
    FOCAL = "focal"
    """Cross-entropy times (1 - p)^2: sure pictures count less (Lin et al. 2017)."""


class TeachersSee(StrEnum):
    """Which pictures teachers are asked about."""

    ORIGINALS = "originals"
    """Each picture and its mirror image, once, before training begins: nearly free."""
    CHANGED = "changed"
    """Each picture as it was changed this time (consistent teaching, Beyer et al. 2022): the answer
    fits what the pupil sees, and never runs out; costs the teachers' time on every picture."""


@dataclass(frozen=True)
class Augmentation:
    """Random changes that leave an expression what it is; each picture draws its own.

    Attributes:
        flip: chance of being mirrored.
        rotation_deg, scale, shift: largest turn, relative zoom, and shift as a share of the side.
        brightness, contrast: largest relative change of offset and gain.
        erasing: probability that a rectangle is erased.
        blur: largest share of a picture that is replaced by itself out of focus.
        noise: largest standard deviation of a camera's noise, as a share of white.
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
