"""The plan of one training run."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.datasets.catalogue import expect_one_dataset
from core.domain.errors import PlanError
from core.jobs import Plan
from core.training.recipes.catalogue import recipe_named
from core.training.recipes.recipe import Recipe

_MAX_NAME_BYTES = 200  # folder names may have 255, and temporary ones are longer
_RANGES = (
    ("epochs", 0, 5000),
    ("seed", 0, 2**31 - 1),
    ("threads", 1, 1024),
    ("pictures", 0, 10**9),
)


@dataclass(frozen=True)
class TrainingPlan(Plan):
    """What a run needs to know besides its recipe.

    Attributes:
        recipe: a name in `recipes.RECIPES`.
        data: a FER2013 file or folder, where the dataset is not in the catalogue.
        dataset: a name in the catalogue; its frozen split is used.
        corrections: key of the version of that dataset's corrections to apply; empty for none.
        classes: name of a class mapping; empty for the classes as in the files.
        votes: path of FER+'s votes, if the recipe uses them; empty: beside the dataset's files.
        name: folder under models/ for the finished model; empty: the recipe's and the run's name.
        epochs: 0 takes the recipe's.
        seed: of the initial weights and the order of pictures.
        threads: CPU threads; 1 leaves the other cores free, and only with 1 the same seed gives
            bitwise equal weights, because several threads sum in varying order.
        pictures: train on a random subset of so many; 0 takes all.
        folds: number of folds for cross-validation; 0 trains a model on all pictures. With folds,
            one is held out, and the run's result are the predictions for it.
        fold: which fold is held out, from 1.
        options: values of the recipe that are changed for this run; see `Recipe`.
        trial_of: id of the sweep's run if this is a trial of one, else empty. A trial ends with its
            validation accuracy: no model is tested or saved.
        trial: its number in the sweep, from 1.
        cluster: address of the Ray cluster to train on, such as ray://host:10001; empty: this
            machine.
    """

    refusal = "This is not a training plan"

    recipe: str
    data: str = ""
    dataset: str = ""
    corrections: str = ""
    classes: str = ""
    votes: str = ""
    name: str = ""
    epochs: int = 0
    seed: int = 7
    threads: int = 1
    pictures: int = 0
    folds: int = 0
    fold: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)
    trial_of: str = ""
    trial: int = 0
    cluster: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.options, Mapping):
            raise PlanError(
                f"{self.options!r} is no option of a recipe.", advice="Write name=value."
            )
        recipe_named(self.recipe).changed(self.options)
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if not isinstance(value, int) or not low <= value <= high:
                raise PlanError(
                    f"{name} = {value!r} is out of range.",
                    advice=f"Choose a whole number from {low:,} to {high:,}.",
                )
        if self.folds and not (self.folds >= 2 and 1 <= self.fold <= self.folds):
            raise PlanError(
                f"There is no fold {self.fold} of {self.folds}.",
                advice="Use at least two folds, numbered from 1.",
            )
        if self.folds and self.pictures:
            raise PlanError(
                "Folds use all pictures, so they cannot be combined with a subset.",
                advice="Leave out the number of pictures, or the folds.",
            )
        if self.folds and self.chosen_recipe.begins_with:
            raise PlanError(
                "A fine-tuned model may have been trained on the pictures of a fold.",
                advice="Leave out the initial weights (begins_with), or the folds.",
            )
        if self.name and not _can_be_a_folder(self.name):
            raise PlanError(
                f"{self.name[:60]!r} cannot be the name of a model.",
                advice="Use letters, digits and dashes, and a shorter name.",
            )
        expect_one_dataset(self, "A run is trained on one dataset.")

    @property
    def chosen_recipe(self) -> Recipe:
        """The recipe, with the plan's options applied."""
        return recipe_named(self.recipe).changed(self.options)

    @property
    def chosen_epochs(self) -> int:
        """The plan's epochs, or the recipe's."""
        return self.epochs or self.chosen_recipe.epochs

    @property
    def makes_model(self) -> bool:
        """Whether a model is saved: not for a fold, nor for a trial of a sweep."""
        return not self.folds and not self.trial_of


def _can_be_a_folder(name: str) -> bool:
    """Whether a model can be saved under this name; checked before training, not after."""
    plain = Path(name).name == name and not name.startswith(".") and name.isprintable()
    return plain and len(name.encode()) <= _MAX_NAME_BYTES


def options_from(written: Sequence[str]) -> dict[str, Any]:
    """Changes of a recipe as people write them: `learning_rate=1e-3`, `augmentation.flip=0.5`.

    Raises:
        PlanError: one is not written as `name = value` in TOML.
    """
    found: dict[str, Any] = {}
    for one in written:
        try:
            read = tomllib.loads(one)
        except tomllib.TOMLDecodeError:
            try:  # strings are often typed without quotes
                name, value = one.split("=", 1)
                read = tomllib.loads(f"{name} = {json.dumps(value.strip())}")
            except (ValueError, tomllib.TOMLDecodeError) as error:
                raise PlanError(
                    f"{one!r} is no option of a recipe.", advice="Write it as name=value."
                ) from error
        for name, value in read.items():
            both = isinstance(value, dict) and isinstance(found.get(name), dict)
            found[name] = {**found[name], **value} if both else value
    return found
