"""Which file of a run has which session, stored in the run's folder: for pages and resuming."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.domain.plain_values import from_plain, parse_json, to_plain
from core.domain.wording import number_repeats, printable_name
from core.storage.atomic import write_atomic
from core.storage.file_lock import file_lock

FILE_NAME = "sessions.json"


@dataclass(frozen=True)
class RunSession:
    """The session of one file of a run.

    Attributes:
        path: of the file; an upload may be deleted already.
        session: id of its session.
        is_done: whether the file was read completely, or up to a damage.
    """

    path: str
    session: str
    is_done: bool

    @property
    def file_name(self) -> str:
        """Display name of the file."""
        return printable_name(Path(self.path).name)


def run_sessions(run_folder: Path) -> tuple[RunSession, ...]:
    """The sessions of a run so far, in order; empty before the first."""
    try:
        read = parse_json((run_folder / FILE_NAME).read_text(encoding="utf-8"))
        return from_plain(tuple[RunSession, ...], read)
    except (FileNotFoundError, ValueError, TypeError):
        return ()


def names_of(run_session: Sequence[RunSession]) -> tuple[str, ...]:
    """Distinct names of the files, in order."""
    return number_repeats([one.file_name for one in run_session])


def save_run_session(
    run_folder: Path, run_session: RunSession, places: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Add a session, or replace its entry.

    Args:
        places: path of each file of the run -> its place among them; the others come last.
    Raises:
        OSError: the disk refused; nothing is changed.
    """
    with file_lock(run_folder):
        sessions = {one.session: one for one in run_sessions(run_folder)}
        sessions[run_session.session] = run_session  # an entry keeps its place
        last = len(places)
        _write(run_folder, sorted(sessions.values(), key=lambda one: places.get(one.path, last)))


def remove_run_session(run_folder: Path, session: str) -> None:
    """Remove a session.

    Raises:
        OSError: the disk refused; nothing is changed.
    """
    with file_lock(run_folder):
        _write(run_folder, [one for one in run_sessions(run_folder) if one.session != session])


def _write(run_folder: Path, run_session: list[RunSession]) -> None:
    text = json.dumps(to_plain(run_session), indent=1)
    write_atomic(run_folder / FILE_NAME, text)
