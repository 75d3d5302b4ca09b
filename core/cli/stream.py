"""`python -m core stream`: a running session's rows for other programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
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
from core.sessions.exporters import stored_since

LOOK_EVERY_S = 0.25
_SILENT_LOOKS = 20
"""So many without a sign of life are the end: five seconds, of which a living writer uses one."""

"""The store has every sample half a second after it was seen at most."""


def stream(
    session: Annotated[
        str, typer.Argument(help="Id of a session; empty takes the running one.")
    ] = "",
    show_as: Annotated[
        str,
        typer.Option(help="View of the scores: confident-stressed, where the classes allow it."),
    ] = OWN,
) -> None:
    """Print a session's rows as JSON lines, as they are stored, until it ends; Ctrl-C stops.

    One line per face and sample, for a pipe: python -m core stream | another-program
    """
    here = settings()
    with exit_on_error(), SessionStore.open(here.database_url) as store:
        session_id = session or running(store)
        for lines in follow_rows(
            store, session_id, models_dir=here.models_dir, show_as=show_as, between=_allowed
        ):
            try:
                sys.stdout.write(lines)
                sys.stdout.flush()
            except BrokenPipeError:  # whoever listened has gone
                raise typer.Exit(0) from None


def running(store: SessionStore) -> str:
    """The newest session that goes on now.

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
    """What is stored of a session, then what is added to it, as JSON lines, until it is over.

    Args:
        between: asked before each look; it raises where nothing may be told any more.
    Raises:
        UnknownSession: it was deleted.
        MienError: as of `stored_since` and `between`.
    """
    newest, silent_looks = 0, 0
    while True:
        entry = store.look(session_id)
        # A machine that wakes up finds every session silent, until its writer has spoken.
        silent_looks = silent_looks + 1 if entry.is_interrupted(terminal.now()) else 0
        between(entry.session.source)
        lines, newest = stored_since(
            store, session_id, newest, models_dir=models_dir, shown_as=show_as
        )
        if lines:
            yield lines
        elif entry.session.ended_at is not None or silent_looks > _SILENT_LOOKS:
            return
        else:
            sleep(LOOK_EVERY_S)


def _allowed(source: SourceKind) -> None:
    """Expressions are told only where that is allowed, also when that is changed meanwhile."""
    if source is not SourceKind.DEMO:
        require_use(policy_store.read(policy_store.path_in(settings().data_dir)))
