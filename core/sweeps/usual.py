"""The usual places to look: a range for each value worth searching, and why there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.sweeps.ranges import values_of
from core.training import RECIPES, Recipe
from core.training.recipes import Balance, Loss, Optimiser, Schedule


@dataclass(frozen=True)
class Usual:
    """Where one value is usually looked for.

    Attributes:
        range: as `ranges.range_from` reads it.
        why: one sentence.
    """

    range: str
    why: str


def _words(kind: type[Optimiser] | type[Schedule] | type[Balance] | type[Loss]) -> str:
    return ",".join(one.value for one in kind)


_NETWORKS = ",".join(sorted({recipe.network for recipe in RECIPES.values()}))
_USUAL: Mapping[str, Usual] = {
    "weight_decay": Usual(
        "0.001..0.3:log", "Small networks want little, long runs more; its scale is a logarithm's."
    ),
    "dropout": Usual("0..0.5", "Beyond a half, small networks lose more than they gain."),
    "label_smoothing": Usual(
        "0..0.3", "FER2013's labels are disputed: some doubt helps, up to about a third."
    ),
    "ema": Usual("0,0.99,0.999", "None, an average over about 100 steps, and over about 1,000."),
    "batch_size": Usual("32,64,128,256", "Small ones take more steps and find flatter minima."),
    "warm_up": Usual("0..0.2", "Beyond a fifth, a run has too little time left at a high rate."),
    "optimiser": Usual(_words(Optimiser), "Search the learning rate with it: they want others."),
    "schedule": Usual(_words(Schedule), "Falling rates win in short runs; worth asking once."),
    "balance": Usual(
        _words(Balance), "Helps rare classes and costs accuracy: see which way it goes here."
    ),
    "loss": Usual(_words(Loss), "Focal loss looks at hard pictures, wrong labels among them."),
    "network": Usual(_NETWORKS, "All there are; leave out those too slow for this machine."),
    "augmentation.flip": Usual("0,0.5", "A mirrored face shows the same expression."),
    "augmentation.rotation_deg": Usual("0..30", "Faces in FER2013 tilt about 15 degrees."),
    "augmentation.scale": Usual("0..0.3", "As far as detectors' boxes differ in size."),
    "augmentation.shift": Usual("0..0.2", "As far as detectors' boxes are off."),
    "augmentation.brightness": Usual("0..0.5", "Light differs more between rooms than in files."),
    "augmentation.contrast": Usual("0..0.5", "Cameras differ more than FER2013 does."),
    "augmentation.erasing": Usual("0..0.7", "Hands and hair hide parts; too much hides the face."),
    "augmentation.blur": Usual("0..1", "Cheap cameras are soft; at 1 some are out of focus."),
    "augmentation.noise": Usual("0..0.15", "Dim rooms are noisy; too much hides the face."),
    "augmentation.mixup_share": Usual("0..1", "None to all batches mixed."),
    "augmentation.mixup_alpha": Usual("0.1..0.6", "Beyond it, mixed faces show nothing clearly."),
}
_TWO_PHASES = {
    "frozen": Usual("0..0.5", "Long enough for the new layers to say something sensible."),
    "tuning_rate": Usual("0.01..0.5:log", "Too high, and what was learned elsewhere is forgotten."),
}
_NO_DECAY = {Optimiser.ADAM}


def usual_ranges(recipe: Recipe) -> dict[str, Usual]:
    """Value by name -> where to look, the most promising first; only those the recipe uses."""
    rate = recipe.learning_rate
    found = {
        "learning_rate": Usual(
            f"{rate / 10:.1g}..{min(rate * 5, 10):.1g}:log",
            "It decides more than all others (Bengio 2012): a tenth to five times the recipe's.",
        )
    }
    known = values_of(recipe)
    found |= {name: usual for name, usual in _USUAL.items() if name in known}
    if recipe.frozen:
        found |= _TWO_PHASES
    if recipe.optimiser in _NO_DECAY:
        found.pop("weight_decay")
    return found
