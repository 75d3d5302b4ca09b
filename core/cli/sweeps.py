"""The commands of `sweep`, the hyperparameter search.

Optuna is imported only by the commands that read its tables, as its import is slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from core.cli.common import (
    Cluster,
    EarlierFit,
    EarlierOn,
    Pictures,
    SmallData,
    exit_on_error,
    say,
    settings,
    start_and_follow,
)
from core.cli.datasets import dataset_option
from core.domain.counted import counted, tenths
from core.domain.errors import PlanError
from core.training import RECIPES, TrainingPlan, options_from, recipe_named
from core.training.inputs import expect_levels_of_plan, small_data_plan
from core.training.sweeps import (
    DEFAULT_TRIALS,
    PRUNERS,
    SweepPlan,
    SweepSummary,
    TrialState,
    TrialSummary,
    default_ranges,
)

sweep_app = typer.Typer(
    help="Hyperparameter search: many short runs of a recipe, each with other values."
)


_Recipe = Annotated[str, typer.Option(help=f"One of: {', '.join(RECIPES)}.")]
_Data = Annotated[str, typer.Option(help="Name of a dataset in the catalogue, or a path.")]
_Search = Annotated[
    list[str] | None,
    typer.Option(
        help="VALUE=LOW..HIGH, LOW..HIGH:log or ONE,TWO; VALUE alone takes the usual range; "
        "repeatable."
    ),
]
_Trials = Annotated[int, typer.Option(help="Number of trials, those of other machines included.")]
_Epochs = Annotated[int, typer.Option(help="Epochs per trial; 0: those of the recipe.")]
_Name = Annotated[str, typer.Option(help="Name of the sweep; machines share a sweep by its name.")]
_Pruner = Annotated[str, typer.Option(help=f"How trials are pruned: {', '.join(PRUNERS)}.")]
_Seed = Annotated[int, typer.Option(help="Random seed of the search.")]
_Parallel = Annotated[int, typer.Option(help="Number of parallel trials.")]
_Classes = Annotated[str, typer.Option(help="A class mapping of the dataset.")]
_Corrected = Annotated[bool, typer.Option(help="Apply the dataset's corrections.")]
_Threads = Annotated[int, typer.Option(help="CPU threads per trial.")]
_Options = Annotated[
    list[str] | None,
    typer.Option("--set", help="A recipe option that is the same in all trials; repeatable."),
]


@sweep_app.callback(invoke_without_command=True)
def sweep(
    context: typer.Context,
    recipe: _Recipe = "",
    data: _Data = "",
    search: _Search = None,
    trials: _Trials = DEFAULT_TRIALS,
    epochs: _Epochs = 0,
    pictures: Pictures = 0,
    name: _Name = "",
    pruner: _Pruner = "median",
    seed: _Seed = 7,
    parallel: _Parallel = 1,
    cluster: Cluster = "",
    classes: _Classes = "",
    corrected: _Corrected = True,
    threads: _Threads = 1,
    options: _Options = None,
    small_data: SmallData = False,
    fit: EarlierFit = False,
    on: EarlierOn = "",
) -> None:
    """Run a hyperparameter search and follow it. Ctrl-C stops it; `runs resume` resumes it."""
    if context.invoked_subcommand is not None:
        return
    with exit_on_error():
        base = TrainingPlan(
            recipe=_required(recipe, "recipe"),
            **dataset_option(_required(data, "dataset"), corrected=corrected),
            classes=classes,
            epochs=epochs,
            seed=seed,
            threads=threads,
            pictures=pictures,
            options=options_from(options or []),
            cluster=cluster or on,
        )
        base = small_data_plan(base, settings()) if small_data or fit else base
        expect_levels_of_plan(base, settings())
        plan = SweepPlan(base, _searched(search or [], base), trials, name, seed, pruner, parallel)
        result = start_and_follow("sweep", plan.to_json())
        say(f"The best values as a recipe: {result['recipe_file']}")


@sweep_app.command("list")
def list_sweeps() -> None:
    """List the sweeps of this database, on any machine."""
    from core.training.sweeps.study_view import sweep_names, sweep_summary

    with exit_on_error():
        for name in sweep_names(settings().database_url):
            say(_line(sweep_summary(settings().database_url, name)))


@sweep_app.command("show")
def show_sweep(name: Annotated[str, typer.Argument(help="Name of a sweep.")]) -> None:
    """Show every trial, the best one, and the hyperparameter importance."""
    from core.training.sweeps.study_view import sweep_summary

    with exit_on_error():
        seen = sweep_summary(settings().database_url, name)
    say(_line(seen))
    for trial in seen.trials:
        say(_trial_line(trial))
    for value, share in seen.importance.items():
        say(f"{tenths(share):>7}  importance of {value}")
    if seen.best is not None:
        changes = " ".join(f"--set {name}={value}" for name, value in seen.best.values.items())
        say(
            f"A full run with the best values: python -m core train --recipe {seen.recipe} "
            f"--data DATASET {changes} (and --set, --small-data or --classes as for the sweep)"
        )


@sweep_app.command("ranges")
def show_ranges(recipe: Annotated[str, typer.Argument(help="Name of a recipe.")]) -> None:
    """List the hyperparameters of a recipe with their usual ranges and reasons."""
    with exit_on_error():
        for name, usual in default_ranges(recipe_named(recipe)).items():
            say(f"{name}={usual.range}  {usual.why}")


def _required(option: str, what: str) -> str:
    if not option:
        raise PlanError(
            f"A sweep needs a {what}.",
            advice="Give --recipe and --data, or one of the commands in --help.",
        )
    return option


def _searched(written: Sequence[str], base: TrainingPlan) -> Mapping[str, str]:
    """Hyperparameter -> its range."""
    usual = default_ranges(base.chosen_recipe)
    found: dict[str, str] = {}
    for one in written:
        name, _, values = one.partition("=")
        name = name.strip()
        if not values and name not in usual:
            raise PlanError(
                f"There is no default range for {name!r}.", advice=f"Write {name}=LOW..HIGH."
            )
        found[name] = values.strip() or usual[name].range
    return found


def _line(seen: SweepSummary) -> str:
    counts = ", ".join(f"{seen.count(state)} {state.value}" for state in TrialState)
    best = "no best"
    if seen.best is not None and seen.best.accuracy is not None:
        best = f"best {tenths(seen.best.accuracy)} (trial {seen.best.number})"
    return (
        f"{seen.name}  {seen.recipe}  {len(seen.trials)}/{counted(seen.wanted, 'trial')}: "
        f"{counts}  {best}"
    )


def _trial_line(trial: TrialSummary) -> str:
    accuracy = " " * 7 if trial.accuracy is None else f"{tenths(trial.accuracy):>7}"
    values = ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in trial.values.items()
    )
    cells = (f"{trial.number:>4}", f"{trial.state.value:<9}", accuracy, values, trial.why)
    return "  ".join(cell for cell in cells if cell)
