"""The plan of one sweep: many short runs of one recipe, each with other values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.domain.counted import counted
from core.domain.errors import PlanError
from core.domain.plain_values import to_plain
from core.jobs import Plan
from core.training.plan import TrainingPlan
from core.training.recipes.catalogue import TITLES
from core.training.recipes.recipe import Recipe
from core.training.sweeps.search_space import Range, Value, as_options, range_from

PRUNERS: Mapping[str, str] = {
    "median": "Stop a trial below the median of the others at its epoch: for few trials.",
    "halving": "Successive halving, the best quarter at 1, 4, 16 ... epochs: for many trials.",
    "none": "No pruning: every trial runs to its end.",
}
"""Pruner -> in words."""

DEFAULT_TRIALS = 20  # of plans, the form and the command alike
MOST_TRIALS = 10_000
MOST_AT_ONCE = 256
_NEW_RECIPE = Recipe(name="", title="", network="", comes_from="")
_DEFAULTS = {name: one for name, one in to_plain(_NEW_RECIPE).items() if name not in TITLES}


@dataclass(frozen=True)
class SweepPlan(Plan):
    """Which hyperparameters of a recipe are searched, in which ranges, and for how long.

    Attributes:
        base: recipe, data, epochs of each trial, and what is the same in all of them, including the
            seed, so that trials differ only by their values.
        search: name of a hyperparameter -> its range as text; see `search_space.range_from`.
        trials: number of trials, including those of other machines that share the sweep.
        name: sweeps of one name in one database are one sweep, on any machine; empty takes the
            run's.
        seed: same seed and same earlier trials, same values.
        pruner: a key of `PRUNERS`.
        parallel: trials at a time, each in a separate process.
    """

    refusal = "This is no plan of a sweep"

    base: TrainingPlan
    search: Mapping[str, str] = field(default_factory=dict)
    trials: int = DEFAULT_TRIALS
    name: str = ""
    seed: int = 7
    pruner: str = "median"
    parallel: int = 1

    def __post_init__(self) -> None:
        if not self.search:
            raise PlanError(
                "A sweep needs a hyperparameter to search.",
                advice="Give at least one value and its range, such as dropout=0..0.5.",
            )
        for name, written in self.search.items():
            range_from(written, name, self.base.chosen_recipe)
        if not (1 <= self.trials <= MOST_TRIALS and 1 <= self.parallel <= MOST_AT_ONCE):
            raise PlanError(
                f"{counted(self.trials, 'trial')}, {self.parallel} in parallel: out of range.",
                advice=f"Choose 1 to {MOST_TRIALS:,} trials, 1 to {MOST_AT_ONCE} in parallel.",
            )
        if self.pruner not in PRUNERS:
            raise PlanError(
                f"There is no pruner {self.pruner!r}.",
                advice=f"Choose one of: {', '.join(PRUNERS)}.",
            )
        self._expect_a_plain_run()

    def _expect_a_plain_run(self) -> None:
        if Path(self.name).name != self.name or self.name.startswith(".") or len(self.name) > 100:
            raise PlanError(
                f"{self.name[:100]!r} cannot be the name of a sweep.",
                advice="Use at most 100 letters, digits and dashes.",
            )
        if self.base.folds or self.base.trial_of:
            raise PlanError(
                "A sweep searches with whole runs, not with folds or trials.",
                advice="Leave the folds out.",
            )

    @property
    def ranges(self) -> dict[str, Range]:
        """The search space: name -> range."""
        recipe = self.base.chosen_recipe
        return {name: range_from(text, name, recipe) for name, text in self.search.items()}

    @property
    def facts(self) -> dict[str, Any]:
        """Settings that have to be the same on every machine that shares the sweep."""
        plain = to_plain(self.base.chosen_recipe)
        recipe = {name: one for name, one in plain.items() if name not in TITLES or name == "name"}
        names = ("corrections", "classes", "pictures", "seed")
        plan_values = {name: getattr(self.base, name) for name in names}
        epochs = self.base.chosen_epochs
        return {"recipe": recipe, "search": dict(self.search), "epochs": epochs, **plan_values}

    def continues(self, facts: Mapping[str, Any]) -> bool:
        """Whether these facts of a sweep are this plan's.

        Options of recipes that are newer than the sweep had their defaults.
        """
        recipe = {**_DEFAULTS, **facts["recipe"]}
        recipe["augmentation"] = {**_DEFAULTS["augmentation"], **recipe["augmentation"]}
        then = {**facts, "recipe": recipe}
        return json.dumps(then, sort_keys=True) == json.dumps(self.facts, sort_keys=True)

    def trial_plan(self, values: Mapping[str, Value], *, sweep: str, number: int) -> TrainingPlan:
        """The plan of one trial's run.

        Args:
            sweep: id of the sweep's run.
            number: from 1.
        Raises:
            PlanError: the values make no sense together.
        """
        return replace(self.base, name="", options=self._with(values), trial_of=sweep, trial=number)

    def full_plan(self, values: Mapping[str, Value]) -> TrainingPlan:
        """A full run with these values: the recipe's epochs, all pictures, tested and saved."""
        return replace(self.base, epochs=0, pictures=0, options=self._with(values))

    def _with(self, values: Mapping[str, Value]) -> dict[str, Any]:
        before, chosen = dict(self.base.options), as_options(values)
        for group in {name for name, one in chosen.items() if isinstance(one, dict)}:
            chosen[group] = {**before.get(group, {}), **chosen[group]}
        return {**before, **chosen}
