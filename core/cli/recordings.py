"""The command `analyse`: stores a session for each recording or picture."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from core.cli.common import (
    check_output_paths,
    exit_on_error,
    result_file,
    say,
    settings,
    start_and_follow_run,
)
from core.domain.counted import counted
from core.domain.session_title import MAX_TITLE_LENGTH, expect_title
from core.recordings import KIND, RecordingPlan, run_sessions

_Title = Annotated[
    str, typer.Option(help=f"Title of the session: {MAX_TITLE_LENGTH} characters at most.")
]
_Start = Annotated[
    float, typer.Option(help="Start of the analysed part of each video, in seconds.")
]
_End = Annotated[float, typer.Option(help="End of that part, in seconds; 0: end of the video.")]


def analyse(
    files: Annotated[
        list[Path],
        typer.Argument(help="Videos, pictures, and folders of videos (searched recursively)."),
    ],
    model: Annotated[str, typer.Option(help="Name of a saved model; empty takes the best.")] = "",
    every_s: Annotated[
        float, typer.Option(help="Sampling interval in seconds; 0: every frame.")
    ] = 0.0,
    title: _Title = "",
    from_s: _Start = 0.0,
    to_s: _End = 0.0,
    csv: Annotated[
        Path | None, typer.Option(help="Also write the sessions to this CSV file.")
    ] = None,
) -> None:
    """Analyse recordings in a background process and store a session for each.

    Everyone shown must have agreed to that: see `python -m core use`.
    """
    with exit_on_error():
        check_output_paths(csv, reads=files)
        expect_title(title)
        plan = RecordingPlan(
            tuple(str(file.resolve()) for file in files),
            model=model,
            every_s=every_s,
            title=title,
            from_s=from_s,
            to_s=to_s,
        )
        plan.files()  # errors are reported at once, not by the run
        # The database is slow to import: meanwhile, neither before nor after the run.
        Thread(target=_import_sessions, daemon=True).start()
        _print_sessions(start_and_follow_run(KIND, plan.to_json()), csv)


def _import_sessions() -> None:
    from core.sessions import exporters  # noqa: F401 - it brings the store too


def _print_sessions(run_id: str, csv: Path | None) -> None:
    """Print the sessions that a run stored, and write them to a file if asked to."""
    from core.sessions import SessionStore
    from core.sessions.exporters import write_sessions

    made = run_sessions(settings().runs_dir / run_id)
    with SessionStore.open(settings().database_url) as store:
        for one in made:
            rows = counted(store.entry(one.session).rows, "row")
            say(f"{one.session}: {rows} of {one.file_name}")
        if csv is not None:
            sessions = [one.session for one in made]
            with result_file(csv) as out:
                write_sessions(store, sessions, (".csv", out), models_dir=settings().models_dir)
