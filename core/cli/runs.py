"""Commands for runs: list, cancel, resume, note, delete, TensorBoard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from core.cli.common import exit_on_error, follow, say, settings
from core.domain import EpochEnded, Run
from core.domain.counted import counted, tenths
from core.jobs import all_runs, annotate, cancel, delete, find, is_alive, resume, terminal
from core.training.monitoring import tensorboard
from core.training.remote import resume_locally

runs_app = typer.Typer(
    help="Runs (trainings, sweeps and other jobs): list, cancel, resume, note, delete."
)

RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")]


@runs_app.callback(invoke_without_command=True)
def runs(context: typer.Context) -> None:
    """List the runs, newest first."""
    if context.invoked_subcommand is None:
        runs_list()


@runs_app.command("list")
def runs_list() -> None:
    """List the runs, newest first: status, epochs, best validation accuracy, tags, last message."""
    with exit_on_error():
        for run in all_runs(settings().runs_dir, now=terminal.now()):
            say(line_of(run))


@runs_app.command("cancel")
def runs_cancel(run: RunId) -> None:
    """Cancel a running or queued run; its checkpoint is kept."""
    with exit_on_error():
        cancel(settings().runs_dir, run)


@runs_app.command("resume")
def runs_resume(
    run: RunId,
    local: Annotated[
        bool,
        typer.Option("--local", help="Resume on this machine, if it was started on a cluster."),
    ] = False,
    here: Annotated[bool, typer.Option("--here", hidden=True)] = False,
) -> None:
    """Resume a run that was interrupted, cancelled or failed, and follow it."""
    with exit_on_error():
        runs_dir = settings().runs_dir
        folder = find(runs_dir, run)
        if (local or here) and not is_alive(folder, now=terminal.now()):
            resume_locally(folder.path)
        since = terminal.end_of(runs_dir, run)
        resume(runs_dir, run)
        follow(run, since=since)


@runs_app.command("note")
def runs_note(
    run: RunId,
    text: Annotated[str | None, typer.Argument(help="The new note; '' removes it.")] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(help="The new tags; repeatable; '' alone removes all."),
    ] = None,
) -> None:
    """Write a note or tags on a run; without either, show them."""
    with exit_on_error():
        notes = annotate(settings().runs_dir, run, note=text, tags=tag or None)
        for line in (*notes.note.splitlines(), _tags(notes.tags)):
            if line:
                say(line)


@runs_app.command("delete")
def runs_delete(run: RunId) -> None:
    """Delete a run that is over, with its checkpoint; saved models are kept."""
    with exit_on_error():
        delete(settings().runs_dir, run, now=terminal.now())


@runs_app.command("tensorboard")
def runs_tensorboard(
    stop: Annotated[bool, typer.Option("--stop", help="Stop TensorBoard.")] = False,
) -> None:
    """Show the curves of all runs in TensorBoard, on this machine only, until --stop."""
    with exit_on_error():
        if stop:
            tensorboard.stop(settings())
            return
        tensorboard.start(settings())
        say(tensorboard.wait_for_address(settings()))


def line_of(run: Run) -> str:
    """A run as one line of a list."""
    figures = ""
    if run.epochs:
        figures = f"{run.epochs[-1].epoch}/{counted(run.epochs[-1].epochs, 'epoch')}"
        best = _best(run.epochs)
        figures += "" if best is None else f", best {tenths(best)}"
    cells = (run.id, run.kind, run.status.value, figures, _tags(run.tags), run.progress.sentence)
    return "  ".join(cell for cell in cells if cell)


def _best(epochs: Sequence[EpochEnded]) -> float | None:
    """Best accuracy on the validation split; None where there is none."""
    accuracies = [epoch.metrics.get("val_accuracy") for epoch in epochs]
    return max((one for one in accuracies if one is not None), default=None)


def _tags(tags: Sequence[str]) -> str:
    return " ".join(f"#{tag.replace(' ', '-')}" for tag in tags)
