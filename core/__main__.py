"""The same verbs without a browser: `python -m core --help`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from core import following
from core.assets import obtain_all
from core.errors import MienError
from core.exporting import export_csv, export_zip
from core.library import list_cards
from core.readiness import check
from core.recordings import RecordingPlan
from core.runs import all_runs, cancel, resume, start
from core.sessions import SessionStore
from core.settings import Settings
from core.training import RECIPES, TrainingPlan

app = typer.Typer(
    help="Mien without a browser.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
runs_app = typer.Typer(help="Long jobs: list, cancel, resume.", no_args_is_help=True)
app.add_typer(runs_app, name="runs")


@contextmanager
def _explained() -> Iterator[None]:
    """One sentence on the error output and exit code 2, instead of a traceback."""
    try:
        yield
    except MienError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _settings() -> Settings:
    return Settings.from_environment(os.environ)


@app.command()
def assets() -> None:
    """Bring the files that finding faces needs; what is there and sound is left alone."""
    with _explained():
        obtain_all(_settings().assets_dir, say=typer.echo)


@app.command()
def train(
    recipe: Annotated[str, typer.Option(help=f"One of: {', '.join(RECIPES)}.")],
    data: Annotated[Path, typer.Option(help="fer2013.csv, icml_face_data.csv, or a folder.")],
    name: Annotated[str, typer.Option(help="Folder under models/ for the result.")] = "",
    epochs: Annotated[int, typer.Option(help="0 takes the recipe's.")] = 0,
    seed: Annotated[int, typer.Option(help="Same seed, same run.")] = 7,
    threads: Annotated[int, typer.Option(help="Processor threads.")] = 1,
    pictures: Annotated[int, typer.Option(help="Use at most so many, for a quick look.")] = 0,
) -> None:
    """Train a model in a process of its own, and follow it. Ctrl-C asks it to stop."""
    with _explained():
        plan = TrainingPlan(
            recipe=recipe,
            data=str(data.resolve()),
            name=name,
            epochs=epochs,
            seed=seed,
            threads=threads,
            pictures=pictures,
        )
        _start_and_follow("train", plan)


@app.command()
def analyse(
    clip: Annotated[Path, typer.Argument(help="A video file.")],
    model: Annotated[str, typer.Option(help="A name under models/; empty takes the best.")] = "",
    every_s: Annotated[float, typer.Option(help="Seconds between frames; 0: all.")] = 0.0,
    title: Annotated[str, typer.Option(help="Title of the session.")] = "",
    csv: Annotated[Path | None, typer.Option(help="Also write the session here.")] = None,
) -> None:
    """Analyse a recording in a process of its own, and store it as a session."""
    with _explained():
        plan = RecordingPlan(str(clip.resolve()), model=model, every_s=every_s, title=title)
        session_id = _start_and_follow("analyse", plan)["session"]
        with SessionStore.open(_settings().database_url) as store:
            typer.echo(f"{session_id}: {store.look(session_id).rows:,} rows")
            if csv is not None:
                csv.write_bytes(export_csv(store, session_id))


@app.command()
def sessions() -> None:
    """List the stored sessions, newest first."""
    with _explained(), SessionStore.open(_settings().database_url) as store:
        for entry in store.sessions():
            began = f"{entry.session.began_at:%Y-%m-%d %H:%M}"
            typer.echo(f"{entry.session.id}  {began}  {entry.rows:>8,} rows  {entry.session.title}")


@app.command()
def export(
    session: Annotated[str, typer.Argument(help="Id of a stored session.")],
    out: Annotated[Path, typer.Argument(help="A file ending in .csv or .zip.")],
) -> None:
    """Write a stored session as CSV, or everything about it as ZIP."""
    settings = _settings()
    with _explained(), SessionStore.open(settings.database_url) as store:
        if out.suffix == ".zip":
            out.write_bytes(export_zip(store, session, settings.models_dir))
        else:
            out.write_bytes(export_csv(store, session))


@app.command()
def models() -> None:
    """List the saved models, best first."""
    for card in list_cards(_settings().models_dir):
        report = card.reports[-1] if card.reports else None
        figure = "not judged"
        if report is not None:
            found = report.accuracy
            figure = f"{report.split} {found.value:.1%} [{found.low:.1%}, {found.high:.1%}]"
        typer.echo(f"{card.name}  {card.weights:,} weights  {figure}")


@app.command()
def doctor() -> None:
    """Say what is installed and works; exit code 1 if something does not."""
    found = check(_settings())
    for one in found:
        typer.echo(
            f"{'ok ' if one.ok else 'NOT'}  {one.name}: {one.sentence} {one.advice}".rstrip()
        )
    raise typer.Exit(0 if all(one.ok for one in found) else 1)


@runs_app.command("list")
def runs_list() -> None:
    """List the runs, newest first."""
    for run in all_runs(_settings().runs_dir, now=following.now()):
        typer.echo(f"{run.id}  {run.kind}  {run.status.value}  {run.progress.sentence}")


@runs_app.command("cancel")
def runs_cancel(run: Annotated[str, typer.Argument(help="Id of a run.")]) -> None:
    """Ask a run to stop; its checkpoint is kept."""
    with _explained():
        cancel(_settings().runs_dir, run)


@runs_app.command("resume")
def runs_resume(run: Annotated[str, typer.Argument(help="Id of a run.")]) -> None:
    """Go on with a run that was lost, cancelled or failed, and follow it."""
    runs_dir = _settings().runs_dir
    with _explained():
        since = following.end_of(runs_dir, run)
        resume(runs_dir, run)
        _follow(run, since=since)


def _start_and_follow(kind: str, plan: TrainingPlan | RecordingPlan) -> dict[str, str]:
    runs_dir = _settings().runs_dir
    run_id = start(runs_dir, kind, plan.to_json(), now=following.now(), rng=np.random.default_rng())
    typer.echo(f"Run {run_id}")
    return _follow(run_id, since=0)


def _follow(run_id: str, *, since: int) -> dict[str, str]:
    finished = following.follow_to_the_end(
        _settings().runs_dir, run_id, since=since, say=typer.echo
    )
    if finished is None or finished.error:
        raise MienError(
            finished.error if finished else "The worker vanished.",
            advice=finished.advice
            if finished
            else f"Go on with: python -m core runs resume {run_id}",
        )
    if finished.outcome != "completed":
        raise typer.Exit(3)
    return finished.result


if __name__ == "__main__":
    sys.exit(app())
