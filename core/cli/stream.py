"""The command `stream`: prints a running session's rows for other programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Annotated

import typer

from core.cli.common import exit_on_error, settings
from core.domain import SourceKind
from core.domain.errors import UnknownSession
from core.jobs import terminal
from core.measures import OWN
from core.policy import policy_file as policy_store
from core.policy import require_use
from core.sessions import SessionStore
from core.sessions.exporters import rows_since

POLL_INTERVAL_S = 0.25
"""A sample is stored at most half a second after it was measured."""
_POLLS_WITHOUT_HEARTBEAT = 20
"""So many polls without a heartbeat are the end: five seconds, of which a live writer needs one."""


def stream(
    session: Annotated[
        str, typer.Argument(help="Id of a session; empty takes the running one.")
    ] = "",
    show_as: Annotated[
        str,
        typer.Option(
            help="View of the scores: confident-stressed, where the classes allow it, or measures."
        ),
    ] = OWN,
) -> None:
    """Print a session's rows as JSON lines, as they are stored, until it ends; Ctrl-C stops.

    One line per face and sample, for a pipe: python -m core stream | another-program
    """
    folders = settings()
    with exit_on_error(), SessionStore.open(folders.database_url) as store:
        session_id = session or running(store)
        for lines in follow_rows(
            store, session_id, models_dir=folders.models_dir, show_as=show_as, between=_allowed
        ):
            try:
                sys.stdout.write(lines)
                sys.stdout.flush()
            except BrokenPipeError:  # the reader has closed the pipe
                raise typer.Exit(0) from None


def running(store: SessionStore) -> str:
    """The newest running session.

    Raises:
        UnknownSession: there is none.
    """
    now = terminal.now()
    for entry in store.sessions():
        if entry.is_live(now):
            return entry.session.id
    raise UnknownSession(
        "No session is running.",
        advice="Switch the camera on, or name a stored one: python -m core sessions.",
    )


def follow_rows(
    store: SessionStore,
    session_id: str,
    *,
    models_dir: Path,
    show_as: str,
    between: Callable[[SourceKind], None],
) -> Iterator[str]:
    """The stored rows of a session, then new ones, as JSON lines, until it is over.

    Args:
        between: called before each poll; raises where nothing may be printed any more.
    Raises:
        UnknownSession: it was deleted.
        MienError: as of `rows_since` and `between`.
    """
    newest, silent_polls = 0, 0
    heartbeat_at: datetime | None = None
    while True:
        entry = store.entry(session_id)
        # Its age is not enough: after sleep, or with another clock, a heartbeat seems to be old.
        is_silent = entry.last_write_at == heartbeat_at and entry.is_interrupted(terminal.now())
        silent_polls = silent_polls + 1 if is_silent else 0
        heartbeat_at = entry.last_write_at
        between(entry.session.source)
        lines, newest = rows_since(
            store, session_id, newest, models_dir=models_dir, shown_as=show_as
        )
        if lines:
            yield lines
        elif entry.session.ended_at is not None or silent_polls > _POLLS_WITHOUT_HEARTBEAT:
            return
        else:
            sleep(POLL_INTERVAL_S)


def _allowed(source: SourceKind) -> None:
    """Raise where expressions may not be shown, also if the use policy is changed meanwhile."""
    if source is not SourceKind.DEMO:
        require_use(policy_store.read(policy_store.path_in(settings().data_dir)))
