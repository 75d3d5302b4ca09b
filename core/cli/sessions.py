"""Commands for stored sessions: list and export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import check_output_paths, exit_on_error, result_file, say, settings
from core.domain import SourceKind
from core.domain.counted import counted
from core.domain.errors import StoreError
from core.measures import OWN
from core.policy import policy_file as policy_store
from core.policy import require_use
from core.sessions import (
    SessionEntry,
    SessionStore,
    read_by,
    read_by_text,
    unreadable_calibrations,
    unreadable_text,
)
from core.sessions.exporters import (
    EXPORTS,
    SECOND,
    ExportOptions,
    export_suffix,
    write_sessions,
)
from core.sessions.importers import USUAL_FPS, read_sessions, store_imported


def sessions() -> None:
    """List the stored sessions, newest first: id, begin, rows, who read the faces, title."""
    with exit_on_error(), SessionStore.open(settings().database_url) as store:
        for entry in store.sessions():
            began = f"{entry.session.began_at:%Y-%m-%d %H:%M}"
            row = f"{entry.session.id}  {began}  {entry.rows:>8,} rows"
            say(f"{row}  {_read_by(store, entry):<21}  {entry.session.title}")


def _read_by(store: SessionStore, entry: SessionEntry) -> str:
    """Who read it; rows that cannot be read must not end the list."""
    try:
        return read_by_text(read_by(store, entry))
    except StoreError:
        return "unreadable rows"


def export(
    sessions: Annotated[list[str], typer.Argument(help="Ids of stored sessions.")],
    out: Annotated[Path, typer.Argument(help=f"A file ending in {', '.join(EXPORTS)}.")],
    show_as: Annotated[
        str,
        typer.Option(
            help="View of the scores: confident-stressed, where the classes allow it, or measures."
        ),
    ] = OWN,
    bin_s: Annotated[
        float, typer.Option(help="Length of a bin, in seconds, in tables of seconds.")
    ] = SECOND,
    without_identifiers: Annotated[
        bool,
        typer.Option(
            "--without-identifiers",
            help="Replace ids, names and words that people wrote; leave out times of day.",
        ),
    ] = False,
) -> None:
    """Write stored sessions to one file; its name's ending chooses the format."""
    with exit_on_error(), SessionStore.open(settings().database_url) as store:
        check_output_paths(out)
        suffix = export_suffix(out.name)
        options = ExportOptions(show_as, bin_s, with_identifiers=not without_identifiers)
        for one in sessions:
            if store.entry(one).session.source is not SourceKind.DEMO:
                require_use(policy_store.read(policy_store.path_in(settings().data_dir)))
        models_dir = settings().models_dir
        with result_file(out) as file:
            write_sessions(store, sessions, (suffix, file), models_dir=models_dir, options=options)
        for one in sessions:
            unreadable = unreadable_calibrations(store, one)
            if unreadable:
                say(unreadable_text(unreadable), err=True)


def import_sessions(
    files: Annotated[
        list[Path],
        typer.Argument(help="CSV of rows, Parquet or JSON of Mien; Fex or OpenFace CSV."),
    ],
    fps: Annotated[
        float, typer.Option(help="Frames a second of the video, for Fex, which has no times.")
    ] = USUAL_FPS,
) -> None:
    """Import sessions from files: exports of Mien, and tables of Py-Feat and OpenFace."""
    with exit_on_error(), SessionStore.open(settings().database_url) as store:
        require_use(policy_store.read(policy_store.path_in(settings().data_dir)))
        for file in files:
            found = read_sessions(file.name, file.read_bytes(), fps=fps)
            store_imported(store, found)
            for one in found:
                say(f"{one.session.id}: {counted(len(one.timeline), 'row')}")
