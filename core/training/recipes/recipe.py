"""The options of a recipe. The recipes themselves are the `.toml` files in this folder.

A number has its limits in `limits`. The form's field of an option, its default range for sweeps,
and what uses it are elsewhere: CONTRIBUTING lists them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.domain.errors import PlanError
from core.domain.plain_values import to_plain
from core.training.recipes.augmentation import Augmentation
from core.training.recipes.kinds import Balance, Loss, Optimiser, Schedule, TeachersSee
from core.training.recipes.limits import RECIPE_LIMITS, SIZE_LIMITS


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a training run does, apart from the data and the seed.

    The fields are the entries of recipe files and of saved plans.

    Attributes:
        name: of its file.
        title: one line on screen.
        network: a name in `keras_networks.NETWORKS`.
        comes_from: its source.
        good_for: when to choose it, in one sentence.
        reported: the result its authors report, in words; empty if there is none.
        claims: the accuracy in `reported`, the highest of a range; 0 if there is none.
        classes: name of the class mapping it is meant for; empty for the dataset's own classes.
        levels_of: name of the scheme of levels it is for: a dataset of the seven expressions is
            refused. Empty for any classes.
        sizes_px: input size, and the share of the epochs trained at it; shares sum to 1.
        epochs: maximum number of passes over the training pictures.
        batch_size: pictures per step.
        optimiser, schedule: see there.
        learning_rate: peak of the schedule.
        warm_up: share of the steps in which the rate rises.
        patience: epochs without better accuracy before the rate is reduced (plateau).
        stops_after: epochs without better accuracy before training ends; 0: off.
        target_accuracy: training ends when validation accuracy reaches it; 0: off.
        weight_decay: on kernels only, not on biases and normalisation; no effect with Adam.
        label_smoothing: share of each label that is spread over all classes.
        ema: momentum of the moving average of the weights, which is evaluated and saved; 0: off.
        dropout: rate before the last layer.
        frozen: share of the epochs in which only the new layers are trained; afterwards all are.
            Only with pretrained weights.
        tuning_rate: share of the learning rate at which all layers are trained afterwards.
        balance, loss: see there.
        votes: share of each label that is replaced by FER+'s votes, if available.
        begins_with: saved model of the same network to start from; empty for none.
        teachers: saved models whose scores are learned together with the labels.
        teaching: share of each label that is replaced by the teachers' mean scores.
        teaching_temperature: divides the teachers' logits (Hinton et al. 2015).
        teachers_see: which pictures the teachers score.
        augmentation: random changes.
    """

    name: str
    title: str
    network: str
    comes_from: str
    good_for: str = ""
    reported: str = ""
    claims: float = 0.0
    classes: str = ""
    levels_of: str = ""
    sizes_px: tuple[tuple[int, float], ...] = ((48, 1.0),)
    epochs: int = 50
    batch_size: int = 128
    optimiser: Optimiser = Optimiser.ADAMW
    schedule: Schedule = Schedule.COSINE
    learning_rate: float = 3e-3
    warm_up: float = 0.04
    patience: int = 4
    stops_after: int = 0
    target_accuracy: float = 0.0
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    ema: float = 0.0
    dropout: float = 0.0
    frozen: float = 0.0
    tuning_rate: float = 0.1
    balance: Balance = Balance.NONE
    loss: Loss = Loss.CROSS_ENTROPY
    votes: float = 0.0
    begins_with: str = ""
    teachers: tuple[str, ...] = ()
    teaching: float = 0.5
    teaching_temperature: float = 1.0
    teachers_see: TeachersSee = TeachersSee.ORIGINALS
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        self._expect_sizes()
        for name in _TEXTS:
            if not isinstance(getattr(self, name), str):
                raise TypeError(f"{name} = {getattr(self, name)} is no text")
        for name, limits in RECIPE_LIMITS.items():
            value = getattr(self, name)
            advice = f"Choose {limits.least:g} to {limits.most:g}."
            if not limits.allows(value) or isinstance(value, bool):
                raise PlanError(f"{self.name}: {name} = {value} is out of range.", advice=advice)
            if limits.is_whole and not isinstance(value, int):
                raise PlanError(f"{self.name}: {name} = {value} is no whole number.", advice=advice)

    def _expect_sizes(self) -> None:
        total = sum(share for _, share in self.sizes_px)
        if not self.sizes_px or not abs(total - 1) <= 1e-9:  # a NaN is refused as well
            raise PlanError(
                f"{self.name}: the shares of the picture sizes sum to {total:g}.",
                advice="They have to sum to 1.",
            )
        least, most = SIZE_LIMITS.least, SIZE_LIMITS.most
        for size_px, share in self.sizes_px:
            if not SIZE_LIMITS.allows(size_px) or share <= 0:
                raise PlanError(
                    f"{self.name}: {size_px} px for {share:g} of the epochs is out of range.",
                    advice=f"Choose {least} to {most} px and a share above 0.",
                )

    def size_at(self, epoch: int, epochs: int) -> int:
        """Picture side of one epoch (from 0) of a run of `epochs`."""
        done = 0.0
        for size_px, share in self.sizes_px:
            done += share
            if epoch < round(done * epochs):
                return size_px
        return self.sizes_px[-1][0]

    def frozen_epochs(self, epochs: int) -> int:
        """Epochs, of a run of `epochs`, in which only the new layers are trained."""
        return math.ceil(self.frozen * epochs)

    @property
    def final_size_px(self) -> int:
        """Input size of the finished model."""
        return self.sizes_px[-1][0]

    def changed(self, options: Mapping[str, Any]) -> Recipe:
        """The recipe with some of its values replaced; see `recipe_from`."""
        if not options:
            return self
        plain = to_plain(self)
        if isinstance(options.get("augmentation"), Mapping):
            options = {
                **options,
                "augmentation": {**plain["augmentation"], **options["augmentation"]},
            }
        return recipe_from({**plain, **options})


_NAMES = {"network", "begins_with"}
_TEXTS = ("name", "title", "network", "comes_from", "good_for", "reported", "classes", "levels_of")
_ADVICE = "Compare it with the recipes in core/training/recipes/."
_ENUMS: Mapping[str, type[StrEnum]] = {
    "optimiser": Optimiser,
    "schedule": Schedule,
    "balance": Balance,
    "loss": Loss,
    "teachers_see": TeachersSee,
}


def recipe_from(read: Mapping[str, Any]) -> Recipe:
    """A recipe from the values that TOML and JSON have; what is missing takes its default.

    Not `from_plain`: whole numbers stay as they are written, since sweeps of several machines are
    told apart by the recipe's JSON, and previews are named after it.

    Raises:
        PlanError: an unknown entry, or a value that makes no sense.
    """
    if not isinstance(read, Mapping):
        raise PlanError(f"A recipe is a table of names and values, not {read!r}.", advice=_ADVICE)
    plain = dict(read)
    try:
        for name, enum in _ENUMS.items():
            if name in plain:
                plain[name] = enum(plain[name])
        if "sizes_px" in plain:
            plain["sizes_px"] = tuple((int(px), float(share)) for px, share in plain["sizes_px"])
        plain |= {name: str(plain[name]) for name in _NAMES if name in plain}
        if "teachers" in plain:
            plain["teachers"] = _names(plain["teachers"])
        if "augmentation" in plain:
            plain["augmentation"] = replace(Augmentation(), **plain["augmentation"])
        return Recipe(**plain)
    except (TypeError, ValueError, OverflowError) as error:
        raise PlanError(
            f"The recipe {read.get('name', '')!r} cannot be used: {error}.", advice=_ADVICE
        ) from error


def _names(value: Any) -> tuple[str, ...]:
    """A single name may be given as a string."""
    return (value,) if isinstance(value, str) else tuple(str(name) for name in value)
