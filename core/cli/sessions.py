"""Commands for stored sessions: list and export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import check_output_paths, exit_on_error, say, settings, write_result
from core.domain import SourceKind
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
from core.sessions.exporters import EXPORTS, export_session, export_suffix


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
    session: Annotated[str, typer.Argument(help="Id of a stored session.")],
    out: Annotated[Path, typer.Argument(help=f"A file ending in {' or '.join(EXPORTS)}.")],
    show_as: Annotated[
        str,
        typer.Option(
            help="View of the scores: confident-stressed, where the classes allow it, or measures."
        ),
    ] = OWN,
) -> None:
    """Write a stored session to a file; its name's ending chooses the format."""
    with exit_on_error(), SessionStore.open(settings().database_url) as store:
        check_output_paths(out)
        suffix = export_suffix(out.name)
        if store.entry(session).session.source is not SourceKind.DEMO:
            require_use(policy_store.read(policy_store.path_in(settings().data_dir)))
        content = export_session(
            store, session, suffix, models_dir=settings().models_dir, shown_as=show_as
        )
        unreadable = unreadable_calibrations(store, session)
        if unreadable:
            say(unreadable_text(unreadable), err=True)
        write_result(out, content)
