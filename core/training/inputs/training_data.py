"""The training data of a run: its plan's dataset, or the part of it that the plan selects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.datasets.catalogue import open_requested_dataset
from core.domain import FER7, SCHEMES, Dataset, LabelScheme
from core.domain.counted import counted
from core.domain.errors import PlanError
from core.settings import Settings
from core.training.inputs.dataset_check import labelled_only, validate_dataset
from core.training.inputs.folds import without_fold
from core.training.inputs.warm_start import warm_start_note
from core.training.networks.pretrained import pretrained_note
from core.training.plan import TrainingPlan
from core.training.recipes.catalogue import recipe_named
from core.training.recipes.cautions import empty_classes_note, rate_note
from core.training.recipes.recipe import Recipe
from core.training.recipes.small_data import few_steps_note, small_data_options


def load_training_data(plan: TrainingPlan, settings: Settings) -> Dataset:
    """A run's dataset, validated; without a fold, or a random subset, if the plan says so.

    Raises:
        DatasetError, LabelSchemeMismatch: the files changed, or the mapping does not fit.
        EmptySplit, PlanError: there are too few pictures; see `validate_dataset`.
        DamagedModel: the model of the warm start is damaged.
    """
    found = validate_dataset(
        _selected_pictures(plan, settings), batch_size=plan.chosen_recipe.batch_size
    )
    return _with_notes(found, plan, settings) if plan.makes_model else found


def small_data_plan(plan: TrainingPlan, settings: Settings) -> TrainingPlan:
    """The same plan with its recipe adapted to few pictures; the plan's own options are kept.

    Raises:
        DatasetError, LabelSchemeMismatch: the dataset cannot be read, or the mapping does not fit.
    """
    dataset = _selected_pictures(plan, settings)
    options = small_data_options(
        plan.chosen_recipe,
        dataset.sizes[dataset.required_protocol.train],
        keep_batch_size="batch_size" in plan.options,
    )
    return replace(plan, options={**options, **plan.options})


def _selected_pictures(plan: TrainingPlan, settings: Settings) -> Dataset:
    """The labelled pictures that the plan selects."""
    dataset = labelled_only(open_requested_dataset(plan, settings))
    expect_levels(plan.chosen_recipe, dataset.scheme, dataset.name)
    if plan.folds:
        return without_fold(dataset, fold=plan.fold, folds=plan.folds, seed=plan.seed)
    return _subset(dataset, plan) if plan.pictures else dataset


def expect_levels_of_plan(plan: TrainingPlan, settings: Settings) -> None:
    """`expect_levels` for a plan, before its run is created.

    Raises:
        PlanError: the dataset has the seven expressions.
        DatasetError, LabelSchemeMismatch: it cannot be read, or the mapping does not fit.
    """
    recipe = plan.chosen_recipe
    if recipe.levels_of:
        dataset = open_requested_dataset(plan, settings)
        expect_levels(recipe, dataset.scheme, dataset.name)


def expect_levels(recipe: Recipe, scheme: LabelScheme, dataset: str) -> None:
    """Refuse a dataset of the seven expressions for a recipe that is for levels.

    Args:
        scheme: the dataset's classes, after a mapping.
        dataset: its name.
    Raises:
        PlanError: they are the seven expressions.
    """
    if recipe.levels_of and scheme.labels == FER7.labels:
        levels = ", ".join(SCHEMES[recipe.levels_of].labels)
        raise PlanError(
            f"The recipe {recipe.name} is for levels ({levels}), and {dataset} has seven "
            "expressions.",
            advice="Choose a dataset with these levels, or another recipe.",
        )


def _with_notes(dataset: Dataset, plan: TrainingPlan, settings: Settings) -> Dataset:
    recipe = plan.chosen_recipe.changed({"epochs": plan.chosen_epochs})
    notes = (
        few_steps_note(recipe, dataset.sizes[dataset.required_protocol.train]),
        rate_note(recipe, recipe_named(plan.recipe)),
        empty_classes_note(recipe, dataset),
        warm_start_note(settings.models_dir, recipe),
        "" if recipe.begins_with else pretrained_note(settings.models_dir, recipe.network),
    )
    return replace(dataset, notes=(*dataset.notes, *filter(None, notes)))


def _subset(dataset: Dataset, plan: TrainingPlan) -> Dataset:
    split = dataset.required_protocol.train
    chosen = np.random.default_rng(plan.seed).permutation(len(dataset[split]))[: plan.pictures]
    return Dataset.from_splits(
        dataset.name,
        dataset.scheme,
        {**dataset.splits, split: dataset[split].take(np.sort(chosen))},
        dataset.protocol,
        content_hash=dataset.content_hash,
        notes=(
            *dataset.notes,
            f"Only {counted(len(chosen), 'training picture was', 'training pictures were')} used, "
            "as asked.",
        ),
    )
