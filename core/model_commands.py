"""Saved models by command: list them, and what belongs beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.command_tools import explained, settings
from core.domain.counted import interval_ends
from core.jobs import terminal
from core.models import list_cards
from core.training.monitoring.model_attachments import attach_folds, attach_reference

models_app = typer.Typer(help="Saved models: list, and what belongs beside them.")


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
            figure = f"{on} {found.value:.1%} {interval_ends(found.low, found.high, '.1%')}"
        typer.echo(f"{card.name}  {card.weights:,} weights  {figure}")


@models_app.command("reference")
def models_reference(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    data: Annotated[Path, typer.Option(help="What it learned from.")],
) -> None:
    """Measure what a model's choosing split looks like; drift is measured against it."""
    with explained():
        attach_reference(settings(), model, data.resolve(), now=terminal.now())


@models_app.command("folds")
def models_folds(
    model: Annotated[str, typer.Argument(help="A name under models/.")],
    tables: Annotated[list[Path], typer.Argument(help="out_of_fold.npz of each fold's run.")],
) -> None:
    """Keep what models without each fold said beside the one that learned from everything."""
    with explained():
        attach_folds(settings(), model, tables)
