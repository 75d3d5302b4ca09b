"""The command line of Mien: `python -m core --help`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from core.cli.common import exit_on_error, say, settings
from core.cli.datasets import DATASET_COMMANDS, datasets_app
from core.cli.evaluation import compare, evaluate, report, robustness
from core.cli.explain import errors, explain
from core.cli.models import calibrate_model, convert, import_model, models_app
from core.cli.pretrained import pretrained
from core.cli.recordings import analyse
from core.cli.runs import runs_app
from core.cli.sessions import export, sessions
from core.cli.stream import stream
from core.cli.sweeps import sweep_app
from core.cli.training import train
from core.cli.use import use
from core.cli.validate import validate
from core.system_check import (
    APP_PORT,
    broken,
    check_app,
    check_browser_eye,
    check_machine,
    check_models,
    check_port,
    check_tensorflow,
    package_versions,
    summarise_models,
)
from core.vision import obtain_all, obtain_browser_files

app = typer.Typer(
    help="Mien without a browser.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(runs_app, name="runs")
app.add_typer(sweep_app, name="sweep")
app.add_typer(datasets_app, name="datasets")
app.add_typer(models_app, name="models", invoke_without_command=True)
models_app.command("pretrained")(pretrained)
COMMANDS: tuple[Callable[..., None], ...] = (
    *DATASET_COMMANDS,
    analyse,
    compare,
    convert,
    errors,
    evaluate,
    explain,
    export,
    report,
    robustness,
    sessions,
    stream,
    train,
    use,
    validate,
)
for command in COMMANDS:
    app.command()(command)
app.command("conditions", hidden=True)(robustness)  # its earlier name
app.command("import")(import_model)
app.command("calibrate")(calibrate_model)


@app.command()
def assets() -> None:
    """Download the models for face detection and build the eye in the browser; what is there and
    intact is kept.
    """
    with exit_on_error():
        obtain_all(settings().assets_dir, report=say)
        obtain_browser_files(settings().assets_dir, report=say)


@app.command()
def doctor(
    versions: Annotated[bool, typer.Option(help="Also list every package's version.")] = False,
) -> None:
    """Check what is installed and works; exit code 1 if something does not."""
    found = [*check_app(settings()), check_browser_eye(settings())]
    found += [*check_machine(settings()), check_port(APP_PORT)]
    models = check_models(settings().models_dir)
    found += [summarise_models(settings().models_dir, models), *broken(models), check_tensorflow()]
    for one in found:
        say(f"{'ok ' if one.ok else 'NOT'}  {one.name}: {one.sentence} {one.advice}".rstrip())
    if versions:
        packages = (f"{one.name} {one.installed or 'is missing'}" for one in package_versions())
        say(f"Versions: {', '.join(packages)}.")
    raise typer.Exit(0 if all(one.ok for one in found) else 1)
