"""Long jobs on the command line: list, cancel, resume, note, delete, show in TensorBoard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from core.cli.common import explained, follow, settings
from core.domain import EpochEnded, Run
from core.domain.counted import counted
from core.jobs import all_runs, annotate, cancel, delete, find, is_alive, resume, terminal
from core.training.monitoring import tensorboard
from core.training.remote import stay_here

runs_app = typer.Typer(help="Long jobs: list, cancel, resume, note, delete.")

RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")]


@runs_app.callback(invoke_without_command=True)
def runs(context: typer.Context) -> None:
    """List the runs, newest first."""
    if context.invoked_subcommand is None:
        runs_list()


@runs_app.command("list")
def runs_list() -> None:
    """List the runs, newest first: state, epochs, best accuracy, tags, what it says."""
    with explained():
        for run in all_runs(settings().runs_dir, now=terminal.now()):
            typer.echo(line_of(run))


@runs_app.command("cancel")
def runs_cancel(run: RunId) -> None:
    """Ask a run to stop, or one that waits to leave the line; its checkpoint is kept."""
    with explained():
        cancel(settings().runs_dir, run)


@runs_app.command("resume")
def runs_resume(
    run: RunId,
    here: Annotated[
        bool, typer.Option("--here", help="On this machine, if it was started on a cluster.")
    ] = False,
) -> None:
    """Go on with a run that was lost, cancelled or failed, and follow it."""
    with explained():
        runs_dir = settings().runs_dir
        folder = find(runs_dir, run)
        if here and not is_alive(folder, now=terminal.now()):
            stay_here(folder.path)
        since = terminal.end_of(runs_dir, run)
        resume(runs_dir, run)
        follow(run, since=since)


@runs_app.command("note")
def runs_note(
    run: RunId,
    text: Annotated[
        str | None, typer.Argument(help="In place of the note there; '': none.")
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(help="In place of the tags there; repeatable; '' alone: none."),
    ] = None,
) -> None:
    """Write a note or tags on a run; without either, show what is there."""
    with explained():
        written = annotate(settings().runs_dir, run, note=text, tags=tag or None)
        for line in (written.note, _tags(written.tags)):
            if line:
                typer.echo(line)


@runs_app.command("delete")
def runs_delete(run: RunId) -> None:
    """Remove a run that is over, with its checkpoint; the models it made stay."""
    with explained():
        delete(settings().runs_dir, run, now=terminal.now())


@runs_app.command("tensorboard")
def runs_tensorboard(
    stop: Annotated[bool, typer.Option("--stop", help="End it instead.")] = False,
) -> None:
    """Show the curves of all runs in TensorBoard, on this machine only, until --stop."""
    with explained():
        if stop:
            tensorboard.stop(settings())
            return
        tensorboard.start(settings())
        typer.echo(tensorboard.wait_for_address(settings()))


def line_of(run: Run) -> str:
    """A run in one line of a list."""
    figures = ""
    if run.epochs:
        figures = f"{run.epochs[-1].epoch}/{counted(run.epochs[-1].epochs, 'epoch')}"
        best = _best(run.epochs)
        figures += "" if best is None else f", best {best:.1%}"
    words = (run.id, run.kind, run.status.value, figures, _tags(run.tags), run.progress.sentence)
    return "  ".join(word for word in words if word)


def _best(epochs: Sequence[EpochEnded]) -> float | None:
    """Accuracy on the choosing split."""
    told = [epoch.metrics.get("accuracy_chooses") for epoch in epochs]
    return max((one for one in told if one is not None), default=None)


def _tags(tags: Sequence[str]) -> str:
    return " ".join(f"#{tag.replace(' ', '-')}" for tag in tags)
