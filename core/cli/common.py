"""Shared by commands: settings, error messages, and following a run to its end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast

import numpy as np
import typer

from core.domain.errors import MienError, PlanError
from core.domain.wording import shortened
from core.jobs import start, terminal
from core.settings import Settings
from core.storage.atomic import atomic_file, write_atomic
from core.storage.corrupt_data import is_disk_full, printable
from core.storage.path_checks import is_there

_DISK_FULL_BYTES = 1 << 16
"""With less free space, a worker cannot even write that the disk is full."""

Pictures = Annotated[
    int, typer.Option(help="Train on a random subset of this many pictures; 0: all.")
]
Cluster = Annotated[str, typer.Option(help="Address of a Ray cluster, such as ray://host:10001.")]
"""Options of runs and sweeps alike: how many pictures, and on which machines."""

SmallData = Annotated[
    bool,
    typer.Option(
        "--small-data", help="Adapt the recipe to a small dataset: smaller batches, more epochs."
    ),
]
"""The option of runs and sweeps that adapts a recipe to a small dataset."""

# Earlier names of options, until the next release; hidden in --help.
EarlierFit = Annotated[bool, typer.Option("--fit", hidden=True)]
EarlierOn = Annotated[str, typer.Option("--on", hidden=True)]


def say(line: str, *, err: bool = False) -> None:
    """Print one line; a character that could control the terminal, such as an escape code in a
    title or a file's name, is written out.

    Args:
        err: on stderr.
    """
    typer.echo(printable(line), err=err)


@contextmanager
def exit_on_error() -> Iterator[None]:
    """One sentence on stderr and exit code 2, instead of a traceback."""
    try:
        yield
    except MienError as error:
        say(str(error), err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        if is_disk_full(error):  # errors of an open file have no name
            say("The disk is full. Free some space, then try again.", err=True)
        elif error.filename is None:  # not a file's error
            raise
        else:
            say(
                f"{shortened(str(error.filename))}: {error.strerror}. Choose another path.",
                err=True,
            )
        raise typer.Exit(2) from None


def settings() -> Settings:
    """Folders and addresses, from the environment."""
    return Settings.from_environment(os.environ)


def check_output_paths(*paths: Path | None, reads: Sequence[Path | str] = ()) -> None:
    """Check, before anything is computed, that results can be written.

    Args:
        reads: inputs of the command; a result never overwrites them.
    Raises:
        PlanError: a path's folder does not exist, it is a folder itself, or an input.
    """
    inputs = {Path(one).resolve() for one in reads}
    for path in filter(None, paths):
        if not path.resolve().parent.is_dir():
            raise PlanError(
                f"There is no folder {path.parent}.", advice="Choose an existing folder."
            )
        if is_there(path) and path.is_dir():
            raise PlanError(f"{path} is a folder.", advice="Give the name of a file in it.")
        if is_there(path) and path.resolve() in inputs:
            raise PlanError(
                f"{path} is an input, so it cannot be overwritten.", advice="Choose another file."
            )


def write_result(path: Path, content: bytes | str) -> None:
    """Write a command's result atomically; on an error an earlier file is unchanged.

    Raises:
        OSError: the disk refused.
    """
    if path.exists() and not path.is_file():  # a pipe or a terminal cannot be replaced
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    else:
        write_atomic(path.resolve(), content)


@contextmanager
def result_file(path: Path) -> Iterator[BinaryIO]:
    """A command's result to be written bit by bit; on an error an earlier file is unchanged.

    Raises:
        OSError: the disk refused.
    """
    if path.exists() and not path.is_file():  # a pipe or a terminal cannot be replaced
        with path.open("wb") as file:
            yield file
    else:
        with atomic_file(path.resolve()) as file:
            yield cast(BinaryIO, file)


def start_and_follow(kind: str, plan: Mapping[str, Any]) -> dict[str, str]:
    """Start a run and print its events until it is over; returns its result.

    Raises:
        MienError: it failed or was lost.
        typer.Exit: it was cancelled.
    """
    return follow(_started(kind, plan), since=0)


def start_and_follow_run(kind: str, plan: Mapping[str, Any]) -> str:
    """The same, for a job that leaves its result in its folder; returns the run's id.

    Raises:
        MienError: it failed or was lost.
        typer.Exit: it was cancelled.
    """
    run_id = _started(kind, plan)
    follow(run_id, since=0)
    return run_id


def _started(kind: str, plan: Mapping[str, Any]) -> str:
    runs_dir = settings().runs_dir
    run_id = start(runs_dir, kind, plan, now=terminal.now(), rng=np.random.default_rng())
    say(f"Run {run_id}")
    return run_id


def follow(run_id: str, *, since: int) -> dict[str, str]:
    """Print a run's events until it is over; see `start_and_follow`.

    Args:
        since: journal cursor to start at.
    """
    finished = terminal.follow_to_the_end(settings().runs_dir, run_id, since=since, say=say)
    if finished is None:
        full = shutil.disk_usage(settings().runs_dir).free < _DISK_FULL_BYTES
        raise MienError(
            "The worker process ended: the disk is full." if full else "The worker process ended.",
            advice=("Free some space. " if full else "")
            + f"Resume with: python -m core runs resume {run_id}",
        )
    if finished.error:
        raise MienError(finished.error, advice=finished.advice)
    if finished.outcome != "completed":
        raise typer.Exit(3)
    return finished.result
