"""Training by command."""

from __future__ import annotations

from typing import Annotated

import typer

from core.command_tools import (
    Fit,
    explained,
    settings,
    start_and_follow,
)
from core.dataset_commands import dataset_asked
from core.training import RECIPES, TrainingPlan, options_from, recipe_named
from core.training.inputs.training_data import expect_its_levels, fitted_plan
from core.training.inputs.warm_start import gently_from

Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="A value of the recipe, as TOML: learning_rate=1e-3; repeatable."),
]
BeginWith = Annotated[
    str, typer.Option(help="A saved model of the recipe's network, which then learns on, gently.")
]


def train(
    recipe: Annotated[str, typer.Option(help=f"One of: {', '.join(RECIPES)}.")],
    data: Annotated[
        str,
        typer.Option(help="A dataset of the catalogue by name, or a path: fer2013.csv, a folder."),
    ],
    classes: Annotated[str, typer.Option(help="A mapping, such as 'confident or stressed'.")] = "",
    corrected: Annotated[bool, typer.Option(help="Apply the dataset's corrections.")] = True,
    name: Annotated[str, typer.Option(help="Folder under models/ for the result.")] = "",
    epochs: Annotated[int, typer.Option(help="0 takes the recipe's.")] = 0,
    seed: Annotated[int, typer.Option(help="Same seed, same run.")] = 7,
    threads: Annotated[int, typer.Option(help="Processor threads.")] = 1,
    pictures: Annotated[int, typer.Option(help="Use at most so many, for a quick look.")] = 0,
    options: Changes = None,
    fit: Fit = False,
    begin_with: BeginWith = "",
    folds: Annotated[int, typer.Option(help="Leave one of so many parts out; 0: none.")] = 0,
    fold: Annotated[int, typer.Option(help="Which part, from 1.")] = 1,
    on: Annotated[str, typer.Option(help="A Ray cluster, such as ray://host:10001.")] = "",
) -> None:
    """Train a model in a process of its own, and follow it. Ctrl-C asks it to stop."""
    with explained():
        changes = {**gently_from(begin_with, recipe_named(recipe)), **options_from(options or [])}
        plan = TrainingPlan(
            recipe=recipe,
            **dataset_asked(data, corrected=corrected),
            classes=classes,
            name=name,
            epochs=epochs,
            seed=seed,
            threads=threads,
            pictures=pictures,
            folds=folds,
            fold=fold,
            cluster=on,
            options=changes,
        )
        if fit:
            plan = fitted_plan(plan, settings())
        expect_its_levels(plan, settings())
        start_and_follow("train", plan.to_json())
