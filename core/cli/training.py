"""The command `train`."""

from __future__ import annotations

from typing import Annotated

import typer

from core.cli.common import (
    Cluster,
    EarlierFit,
    EarlierOn,
    Pictures,
    SmallData,
    exit_on_error,
    settings,
    start_and_follow,
)
from core.cli.datasets import dataset_option
from core.training import RECIPES, TrainingPlan, options_from, recipe_named
from core.training.inputs import expect_levels_of_plan, fine_tuning_from, small_data_plan

Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="A recipe option, as TOML: learning_rate=1e-3; repeatable."),
]
FineTuneFrom = Annotated[
    str,
    typer.Option(
        help="Warm start from a saved model of the recipe's network, at a tenth of the learning "
        "rate."
    ),
]
_Dataset = Annotated[
    str,
    typer.Option(help="Name of a dataset in the catalogue, or a path: fer2013.csv, a folder."),
]
_Mapping = Annotated[str, typer.Option(help="A class mapping, such as 'confident or stressed'.")]
_Folds = Annotated[
    int, typer.Option(help="Cross-validation: hold out one of this many folds; 0: none.")
]
EarlierBeginWith = Annotated[str, typer.Option("--begin-with", hidden=True)]


def train(
    recipe: Annotated[str, typer.Option(help=f"One of: {', '.join(RECIPES)}.")],
    data: _Dataset,
    classes: _Mapping = "",
    corrected: Annotated[bool, typer.Option(help="Apply the dataset's corrections.")] = True,
    name: Annotated[str, typer.Option(help="Model name: its folder under models/.")] = "",
    epochs: Annotated[int, typer.Option(help="Number of epochs; 0: those of the recipe.")] = 0,
    seed: Annotated[int, typer.Option(help="Random seed.")] = 7,
    threads: Annotated[int, typer.Option(help="CPU threads.")] = 1,
    pictures: Pictures = 0,
    options: Changes = None,
    small_data: SmallData = False,
    fine_tune_from: FineTuneFrom = "",
    folds: _Folds = 0,
    fold: Annotated[int, typer.Option(help="The fold that is held out, from 1.")] = 1,
    cluster: Cluster = "",
    fit: EarlierFit = False,
    begin_with: EarlierBeginWith = "",
    on: EarlierOn = "",
) -> None:
    """Train a model and follow the run. Ctrl-C stops it; `runs resume` resumes it."""
    with exit_on_error():
        warm_start = fine_tuning_from(fine_tune_from or begin_with, recipe_named(recipe))
        plan = TrainingPlan(
            recipe=recipe,
            **dataset_option(data, corrected=corrected),
            classes=classes,
            name=name,
            epochs=epochs,
            seed=seed,
            threads=threads,
            pictures=pictures,
            folds=folds,
            fold=fold,
            cluster=cluster or on,
            options={**warm_start, **options_from(options or [])},
        )
        plan = small_data_plan(plan, settings()) if small_data or fit else plan
        expect_levels_of_plan(plan, settings())
        start_and_follow("train", plan.to_json())
