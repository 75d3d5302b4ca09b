"""The search space of a sweep: ranges and choices, and default ranges with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from core.domain.errors import PlanError
from core.domain.plain_values import to_plain
from core.training.recipes.catalogue import EARLIER_NETWORKS, RECIPES
from core.training.recipes.kinds import Balance, Loss, Optimiser, Schedule
from core.training.recipes.recipe import Recipe

Value = float | int | str
"""Type of a hyperparameter's values."""

_FIXED = (
    *("name", "title", "good_for", "comes_from", "reported", "claims"),
    *("classes", "levels_of", "epochs", "sizes_px", "teachers", "begins_with"),
)
_WHOLE = {one.name for one in fields(Recipe) if one.type == "int"}
_LOG = ":log"
_SYNTAX = "Write it as low..high, low..high:log, or one,two,three."


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`, both included.

    Attributes:
        log: whether it is sampled on a log scale.
        whole: whether only whole numbers count.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    @property
    def ends(self) -> tuple[Value, ...]:
        """Both ends; values between them are valid if they are."""
        return (int(self.low), int(self.high)) if self.whole else (self.low, self.high)

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}{_LOG if self.log else ''}"


@dataclass(frozen=True)
class OneOf:
    """One of these values, unordered."""

    values: tuple[Value, ...]

    @property
    def ends(self) -> tuple[Value, ...]:
        """All of them."""
        return self.values

    def __str__(self) -> str:
        return ",".join(f"{one:g}" if isinstance(one, float) else str(one) for one in self.values)


Range = Between | OneOf


def values_of(recipe: Recipe) -> dict[str, Value]:
    """Every value of a recipe that can be searched, by name: `dropout`, `augmentation.flip`."""
    plain = to_plain(recipe)
    inner = {f"augmentation.{name}": value for name, value in plain.pop("augmentation").items()}
    found = {name: value for name, value in plain.items() if name not in _FIXED} | inner
    # A recipe file may have 15 where 15.5 is valid too.
    return {
        name: float(value) if isinstance(value, int) and name not in _WHOLE else value
        for name, value in found.items()
    }


def as_options(values: Mapping[str, Value]) -> dict[str, Any]:
    """Values by name as a plan's options: `augmentation.flip` becomes a nested entry."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        group, _, inner = name.rpartition(".")
        (found.setdefault(group, {}) if group else found)[inner] = value
    return found


def range_from(text: str, name: str, recipe: Recipe) -> Range:
    """Parse `1e-4..1e-2:log` or `0.1,0.3,0.5` as the range of a recipe's hyperparameter.

    Raises:
        PlanError: no such hyperparameter, not a range, or invalid for the recipe.
    """
    searchable = values_of(recipe)
    if name not in searchable:
        raise PlanError(
            f"{name!r} cannot be searched.", advice=f"Choose among: {', '.join(searchable)}."
        )
    text = text.strip()
    found = (
        _number_range(text, name, searchable[name])
        if ".." in text
        else _choices(text, name, searchable[name])
    )
    for end in found.ends:
        recipe.changed(as_options({name: end}))
    return found


def _number_range(text: str, name: str, current: Value) -> Between:
    if isinstance(current, str):
        raise PlanError(
            f"{name} takes words, and {text!r} are numbers.", advice="Write words as one,two,three."
        )
    log, whole = text.endswith(_LOG), isinstance(current, int)
    low, high = (_number(end, name, current) for end in text.removesuffix(_LOG).split("..", 1))
    if not low < high or (log and low <= 0):
        raise PlanError(
            f"{name}: {text!r} is no range.",
            advice="Give a low end, then a higher one; a log scale needs both above zero.",
        )
    return Between(low, high, log=log, whole=whole)


def _choices(text: str, name: str, current: Value) -> OneOf:
    words = [word.strip() for word in text.split(",") if word.strip()]
    found = words if isinstance(current, str) else [_number(word, name, current) for word in words]
    if len(set(found)) < 2:
        raise PlanError(f"{name}: {text!r} leaves nothing to search.", advice=_SYNTAX)
    networks = {recipe.network for recipe in RECIPES.values()}
    unknown = set(words) - networks - set(EARLIER_NETWORKS)
    if name == "network" and unknown:
        raise PlanError(
            f"There is no network {', '.join(sorted(unknown))}.",
            advice=f"There are: {', '.join(sorted(networks))}.",
        )
    return OneOf(tuple(dict.fromkeys(found)))


def _number(text: str, name: str, current: Value) -> float | int:
    try:
        return int(text) if isinstance(current, int) else float(text)
    except ValueError:
        kind = "whole number" if isinstance(current, int) else "number"
        raise PlanError(f"{name}: {text.strip()!r} is no {kind}.", advice=_SYNTAX) from None


@dataclass(frozen=True)
class DefaultRange:
    """Default range of one hyperparameter.

    Attributes:
        range: as `range_from` reads it.
        why: one sentence.
    """

    range: str
    why: str


def _names(kind: type[Optimiser] | type[Schedule] | type[Balance] | type[Loss]) -> str:
    return ",".join(one.value for one in kind)


_NETWORKS = ",".join(sorted({recipe.network for recipe in RECIPES.values()}))
_USUAL: Mapping[str, DefaultRange] = {
    "weight_decay": DefaultRange(
        "0.001..0.3:log", "Small networks need little, long runs more; searched on a log scale."
    ),
    "dropout": DefaultRange("0..0.5", "Above a half, small networks lose more than they gain."),
    "label_smoothing": DefaultRange(
        "0..0.3", "FER2013 has label noise: some smoothing helps, up to about a third."
    ),
    "ema": DefaultRange(
        "0,0.99,0.999", "Off, an average over about 100 steps, and over about 1,000."
    ),
    "batch_size": DefaultRange(
        "32,64,128,256", "Small batches take more steps and find flatter minima."
    ),
    "warm_up": DefaultRange(
        "0..0.2", "Above a fifth, too few steps are left at a high learning rate."
    ),
    "optimiser": DefaultRange(
        _names(Optimiser), "Search the learning rate too: each optimiser needs its own."
    ),
    "schedule": DefaultRange(
        _names(Schedule), "Falling learning rates win in short runs; worth one trial."
    ),
    "balance": DefaultRange(_names(Balance), "Helps rare classes and can cost accuracy."),
    "loss": DefaultRange(
        _names(Loss), "Focal loss emphasises hard pictures, mislabelled ones among them."
    ),
    "network": DefaultRange(_NETWORKS, "All networks; leave out those too slow for this machine."),
    "augmentation.flip": DefaultRange("0,0.5", "A mirrored face shows the same expression."),
    "augmentation.rotation_deg": DefaultRange("0..30", "Faces in FER2013 tilt about 15 degrees."),
    "augmentation.scale": DefaultRange("0..0.3", "About as much as face boxes vary in size."),
    "augmentation.shift": DefaultRange("0..0.2", "About as much as face boxes are off-centre."),
    "augmentation.brightness": DefaultRange(
        "0..0.5", "Lighting varies more between rooms than in datasets."
    ),
    "augmentation.contrast": DefaultRange("0..0.5", "Cameras vary more than FER2013 does."),
    "augmentation.erasing": DefaultRange(
        "0..0.7", "Hands and hair hide parts; too much hides the face."
    ),
    "augmentation.blur": DefaultRange(
        "0..1", "Cheap cameras are blurry; at 1 some pictures are fully blurred."
    ),
    "augmentation.noise": DefaultRange("0..0.15", "Dim rooms are noisy; too much hides the face."),
    "augmentation.mixup_share": DefaultRange("0..1", "From none to all batches mixed."),
    "augmentation.mixup_alpha": DefaultRange(
        "0.1..0.6", "Above it, mixed faces show no clear expression."
    ),
}
_TWO_PHASES = {
    "frozen": DefaultRange("0..0.5", "Long enough for the new layers to converge."),
    "tuning_rate": DefaultRange("0.01..0.5:log", "Too high, and the pretrained weights are lost."),
}
_WITHOUT_WEIGHT_DECAY = {Optimiser.ADAM}


def default_ranges(recipe: Recipe) -> dict[str, DefaultRange]:
    """Hyperparameter -> default range, the most important first; only those the recipe uses."""
    rate = recipe.learning_rate
    found = {
        "learning_rate": DefaultRange(
            f"{rate / 10:.1g}..{min(rate * 5, 10):.1g}:log",
            "The most important one (Bengio 2012): a tenth to five times the recipe's.",
        )
    }
    searchable = values_of(recipe)
    found |= {name: usual for name, usual in _USUAL.items() if name in searchable}
    if recipe.frozen:
        found |= _TWO_PHASES
    if recipe.optimiser in _WITHOUT_WEIGHT_DECAY:
        found.pop("weight_decay")
    return found
