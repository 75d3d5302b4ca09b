"""The same verbs without a browser: `python -m core --help`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from core import following
from core.analyse_commands import analyse
from core.assets import obtain_all
from core.command_tools import (
    Fit,
    expect_folders,
    explained,
    settings,
    start_and_follow,
    write_result,
)
from core.condition_commands import conditions
from core.convert_commands import convert
from core.dataset_commands import COMMANDS, dataset_asked, datasets_app
from core.evaluate_commands import evaluate
from core.explain_commands import errors, explain
from core.exporting import export_csv, export_zip
from core.import_commands import calibrate_model, import_model
from core.library import list_cards
from core.measures import OWN
from core.model_check import broken, check_models, in_short
from core.policy import require_use
from core.policy import store as policy_store
from core.preparation.attaching import attach_folds, attach_reference
from core.pretrained_commands import pretrained
from core.readiness import check
from core.report_commands import compare, report
from core.run_commands import runs_app
from core.sessions import SessionStore
from core.stream_commands import stream
from core.sweep_commands import sweep_app
from core.system_check import (
    APP_PORT,
    check_machine,
    check_port,
    check_tensorflow,
    package_versions,
)
from core.training import RECIPES, TrainingPlan, options_from, recipe_named
from core.training.asked import expect_its_levels, fitted_plan
from core.training.beginning import gently_from
from core.use_commands import use
from core.vocabulary import SourceKind

app = typer.Typer(
    help="Mien without a browser.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(runs_app, name="runs")
app.add_typer(sweep_app, name="sweep")
app.add_typer(datasets_app, name="datasets")
VERBS: tuple[Callable[..., None], ...] = (
    *COMMANDS,
    analyse,
    compare,
    conditions,
    convert,
    errors,
    evaluate,
    explain,
    report,
    stream,
    use,
)
for command in VERBS:
    app.command()(command)
app.command("import")(import_model)
app.command("calibrate")(calibrate_model)


@app.command()
def assets() -> None:
    """Bring the files that finding faces needs; what is there and sound is left alone."""
    with explained():
        obtain_all(settings().assets_dir, say=typer.echo)


Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="A value of the recipe, as TOML: learning_rate=1e-3; repeatable."),
]
BeginWith = Annotated[
    str, typer.Option(help="A saved model of the recipe's network, which then learns on, gently.")
]


@app.command()
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


@app.command()
def sessions() -> None:
    """List the stored sessions, newest first."""
    with explained(), SessionStore.open(settings().database_url) as store:
        for entry in store.sessions():
            began = f"{entry.session.began_at:%Y-%m-%d %H:%M}"
            typer.echo(f"{entry.session.id}  {began}  {entry.rows:>8,} rows  {entry.session.title}")


@app.command()
def export(
    session: Annotated[str, typer.Argument(help="Id of a stored session.")],
    out: Annotated[Path, typer.Argument(help="A file ending in .csv or .zip.")],
    show_as: Annotated[
        str, typer.Option(help="confident-stressed, where the model's classes allow it.")
    ] = OWN,
) -> None:
    """Write a stored session as CSV, or everything about it as ZIP."""
    with explained(), SessionStore.open(settings().database_url) as store:
        expect_folders(out)
        if store.look(session).session.source is not SourceKind.DEMO:
            require_use(policy_store.read(policy_store.path_in(settings().data_dir)))
        write = export_zip if out.suffix == ".zip" else export_csv
        content = write(store, session, models_dir=settings().models_dir, shown_as=show_as)
        write_result(out, content)


models_app = typer.Typer(help="Saved models: list, and what belongs beside them.")
app.add_typer(models_app, name="models", invoke_without_command=True)


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """List the saved models, best first."""
    if context.invoked_subcommand is not None:
        return
    for card in list_cards(settings().models_dir):
        report = card.judged or next(iter(card.reports[-1:]), None)
        figure = "not judged"
        if report is not None:
            found, on = report.accuracy, f"{report.dataset} {report.split}".strip()
            figure = f"{on} {found.value:.1%} [{found.low:.1%}, {found.high:.1%}]"
        typer.echo(f"{card.name}  {card.weights:,} weights  {figure}")


models_app.command("pretrained")(pretrained)


@models_app.command("reference")
def models_reference(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    data: Annotated[Path, typer.Option(help="What it learned from.")],
) -> None:
    """Measure what a model's choosing split looks like; drift is measured against it."""
    with explained():
        attach_reference(settings(), model, data.resolve(), now=following.now())


@models_app.command("folds")
def models_folds(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    tables: Annotated[list[Path], typer.Argument(help="out_of_fold.npz of each fold's run.")],
) -> None:
    """Keep what models without each fold said beside the one that learned from everything."""
    with explained():
        attach_folds(settings(), model, tables)


@app.command()
def doctor(
    versions: Annotated[bool, typer.Option(help="Also list every package's version.")] = False,
) -> None:
    """Say what is installed and works; exit code 1 if something does not."""
    found = [*check(settings()), *check_machine(settings()), check_port(APP_PORT)]
    models = check_models(settings().models_dir)
    found += [in_short(settings().models_dir, models), *broken(models), check_tensorflow()]
    for one in found:
        typer.echo(
            f"{'ok ' if one.ok else 'NOT'}  {one.name}: {one.sentence} {one.advice}".rstrip()
        )
    if versions:
        packages = (f"{one.name} {one.installed or 'is missing'}" for one in package_versions())
        typer.echo(f"Versions: {', '.join(packages)}.")
    raise typer.Exit(0 if all(one.ok for one in found) else 1)


if __name__ == "__main__":
    sys.exit(app())
