"""The limits of a recipe's numbers: what is read, and what the form offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one number.

    Recipes, plans and commands may hold more than the form offers: whoever writes a file means it,
    and plans that exist must open and resume. So the wide limits are never narrowed.

    Attributes:
        least, most: what is read; int for whole numbers.
        form: what the form offers, where it is narrower.
        most_is_excluded: whether `most` itself is not valid.
    """

    least: float
    most: float
    form: tuple[float, float] | None = None
    most_is_excluded: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are valid."""
        return isinstance(self.most, int)

    def allows(self, value: float) -> bool:
        """Whether a number is read."""
        return self.least <= value <= self.most and not (
            self.most_is_excluded and value == self.most
        )

    def in_form(self, current: float) -> tuple[float, float]:
        """What the form offers where the recipe has `current`: it can always be kept."""
        least, most = (self.least, self.most) if self.form is None else self.form
        return min(least, current), max(most, current)


RECIPE_LIMITS: Mapping[str, Limits] = {
    "claims": Limits(0.0, 1.0),
    "epochs": Limits(1, 5000),
    "batch_size": Limits(1, 4096),
    # The form has six decimals, and a peak above 1 is rather a slip than a choice.
    "learning_rate": Limits(1e-8, 10.0, form=(1e-6, 1.0)),
    "warm_up": Limits(0.0, 0.9),
    "patience": Limits(1, 1000),
    "stops_after": Limits(0, 5000),
    "target_accuracy": Limits(0.0, 1.0),
    "weight_decay": Limits(0.0, 1.0),
    "label_smoothing": Limits(0.0, 0.9),
    "ema": Limits(0.0, 0.99999, form=(0.0, 0.9999)),  # the form has four decimals
    "dropout": Limits(0.0, 0.95),
    "frozen": Limits(0.0, 1.0),
    "tuning_rate": Limits(0.0001, 1.0),
    "votes": Limits(0.0, 1.0),
    "teaching": Limits(0.0, 1.0),
    "teaching_temperature": Limits(0.1, 20.0),
}
"""Of the fields of `Recipe`."""

AUGMENTATION_LIMITS: Mapping[str, Limits] = {
    "flip": Limits(0.0, 1.0),
    # People hold their heads upright, within less than that.
    "rotation_deg": Limits(0.0, 180.0, form=(0.0, 45.0)),
    # The form shows hundredths; so near to 1, a face would vanish.
    "scale": Limits(0.0, 1.0, form=(0.0, 0.9), most_is_excluded=True),
    "shift": Limits(0.0, 1.0),
    "brightness": Limits(0.0, 1.0),
    "contrast": Limits(0.0, 1.0),
    "erasing": Limits(0.0, 1.0),
    "blur": Limits(0.0, 1.0),
    "noise": Limits(0.0, 1.0),
    # Zhang et al. 2018: 0.1 to 0.4 helps with pictures, and large ones underfit.
    "mixup_alpha": Limits(0.0, 1.0, form=(0.0, 0.9), most_is_excluded=True),
    "mixup_share": Limits(0.0, 1.0),
}
"""Of the fields of `Augmentation`."""

# The usual sizes of face pictures; larger ones multiply the cost.
SIZE_LIMITS = Limits(8, 512, form=(16, 256))
"""Of picture sizes, in pixels."""

_ALL = {**RECIPE_LIMITS, **AUGMENTATION_LIMITS, "size_px": SIZE_LIMITS}


def limits_of(name: str) -> Limits:
    """Limits of a number of recipes, of their augmentation, or of `size_px`.

    Raises:
        KeyError: no such number.
    """
    return _ALL[name]
