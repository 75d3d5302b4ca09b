"""Commands for the installation itself: what it needs, and whether it works."""

from __future__ import annotations

from typing import Annotated

import typer

from core.cli.common import exit_on_error, say, settings
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


def assets() -> None:
    """Download the models for face detection and build the eye in the browser; what is there and
    intact is kept.
    """
    with exit_on_error():
        obtain_all(settings().assets_dir, report=say)
        obtain_browser_files(settings().assets_dir, report=say)


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
