"""Which file of a run became which session, in the run's folder: for pages, and for going on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain.plain_values import from_plain, to_plain
from core.domain.wording import number_repeats, printable_name
from core.storage.atomic import write_atomic
from core.storage.file_lock import file_lock

FILE_NAME = "sessions.json"


@dataclass(frozen=True)
class SessionMade:
    """One file that was begun.

    Attributes:
        path: of the file; an upload's is gone by then.
        session: id of its session.
        is_done: whether it was read to its end, or to where it is damaged.
    """

    path: str
    session: str
    is_done: bool

    @property
    def file_name(self) -> str:
        """As the person knows it."""
        return printable_name(Path(self.path).name)


def sessions_made(run_folder: Path) -> tuple[SessionMade, ...]:
    """What a run has made of its files so far, in order; empty before the first."""
    try:
        read = json.loads((run_folder / FILE_NAME).read_text(encoding="utf-8"))
        return from_plain(tuple[SessionMade, ...], read)
    except (FileNotFoundError, ValueError, TypeError):
        return ()


def names_of(made: Sequence[SessionMade]) -> tuple[str, ...]:
    """The files' names, in order; no two alike."""
    return number_repeats([one.file_name for one in made])


def remember(run_folder: Path, made: SessionMade) -> None:
    """Add one, or take its place where the session is there already.

    Raises:
        OSError: the disk refused; what stood there stands.
    """
    with file_lock(run_folder):
        others = [one for one in sessions_made(run_folder) if one.session != made.session]
        _write(run_folder, [*others, made])


def forget(run_folder: Path, session: str) -> None:
    """Take one out: its session is gone.

    Raises:
        OSError: the disk refused; what stood there stands.
    """
    with file_lock(run_folder):
        _write(run_folder, [one for one in sessions_made(run_folder) if one.session != session])


def _write(run_folder: Path, made: list[SessionMade]) -> None:
    text = json.dumps(to_plain(made), indent=1)
    write_atomic(run_folder / FILE_NAME, text)
