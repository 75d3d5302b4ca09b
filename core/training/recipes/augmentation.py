"""Random changes of pictures that a recipe asks for, with their strengths."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.errors import PlanError
from core.training.recipes.limits import AUGMENTATION_LIMITS


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
        for name, limits in AUGMENTATION_LIMITS.items():
            value = getattr(self, name)
            if not limits.allows(value):
                raise PlanError(
                    f"{name} = {value} is out of range.", advice=f"Choose 0 to {limits.most:g}."
                )
