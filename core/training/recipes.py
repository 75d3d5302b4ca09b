"""Every way to train that Mien knows, as data: one record a recipe, a reason beside each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import PlanError


@dataclass(frozen=True)
class Augmentation:
    """Random changes that leave an expression what it is; each picture draws its own.

    Attributes:
        rotation_deg, scale, shift: largest turn, relative zoom, and shift as a share of the side.
        brightness, contrast: largest relative change of offset and gain.
        erasing: chance that a rectangle is blotted out.
        mixup_alpha: Beta parameter of mixup (Zhang et al. 2018).
        mixup_share: share of batches that are mixed.
    """

    rotation_deg: float = 15.0  # FER2013 faces tilt about this much by themselves
    scale: float = 0.15
    shift: float = 0.10  # five pixels: how far a detector's box may be off
    brightness: float = 0.25
    contrast: float = 0.25
    erasing: float = 0.5  # hands, hair and glasses hide parts of real faces
    mixup_alpha: float = 0.2
    mixup_share: float = 0.5


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a training run does, apart from the data and the seed.

    Attributes:
        network: a name in keras_networks.NETWORKS.
        sizes_px: picture side, and the share of the epochs trained at it; shares sum to 1.
        epochs: passes over the training pictures.
        learning_rate: AdamW's peak, reached after `warm_up` of the steps, then down a cosine.
        weight_decay: on kernels only, never on biases and normalisation.
        ema: momentum of the moving average of the weights; the average is what is judged.
    """

    name: str
    network: str
    title: str
    sizes_px: tuple[tuple[int, float], ...]
    epochs: int
    batch_size: int = 128  # half of it is slower on two cores, twice it learns less in an epoch
    learning_rate: float = 3e-3
    warm_up: float = 0.04
    weight_decay: float = 0.05  # Loshchilov & Hutter 2019 use 0.01 to 0.1 with a cosine
    label_smoothing: float = 0.1  # about a third of FER2013's labels are disputed (FER+)
    ema: float = 0.998
    dropout: float = 0.2
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        total = sum(share for _, share in self.sizes_px)
        if not self.sizes_px or abs(total - 1) > 1e-9:
            raise ValueError(f"{self.name}: shares of the sizes sum to {total}, not 1")

    def size_at(self, epoch: int, epochs: int) -> int:
        """Picture side of one epoch (from 0) of a run of `epochs`."""
        done = 0.0
        for size_px, share in self.sizes_px:
            done += share
            if epoch < round(done * epochs):
                return size_px
        return self.sizes_px[-1][0]

    @property
    def final_size_px(self) -> int:
        """Picture side of the finished model."""
        return self.sizes_px[-1][0]


RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="compact-residual",
            network="compact_residual",
            title="Small residual network, growing pictures: the shipped model",
            # Small pictures teach the coarse shape at half the price; the end sees them whole.
            sizes_px=((32, 0.35), (40, 0.35), (48, 0.30)),
            epochs=60,
        ),
        Recipe(
            name="wide-residual",
            network="wide_residual",
            title="The same, wider: a teacher for small networks, too slow for the camera",
            sizes_px=((32, 0.35), (40, 0.35), (48, 0.30)),
            epochs=80,
            dropout=0.3,  # three times the weights of the compact one, and no more pictures
        ),
        Recipe(
            name="two-block",
            network="two_block",
            title="Two convolution blocks: learns in minutes, for a first try",
            sizes_px=((48, 1.0),),
            epochs=12,
            learning_rate=2e-3,
            ema=0.99,  # few steps: a longer average would still remember the beginning
        ),
    )
}


def recipe_named(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        PlanError: there is none; the message lists those there are.
    """
    if name not in RECIPES:
        raise PlanError(
            f"There is no recipe {name!r}.", advice=f"Choose one of: {', '.join(RECIPES)}."
        )
    return RECIPES[name]
