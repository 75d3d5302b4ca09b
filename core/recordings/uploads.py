"""Uploaded recordings: stored until their sessions are, then deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

import numpy as np

from core.domain import new_session_id
from core.domain.errors import MediaError, UnknownRun
from core.jobs import RunCache, RunFolder, all_runs, find, was_refused
from core.recordings.plan import KIND
from core.sessions import MAY_CONTINUE_FOR
from core.settings import Settings
from core.storage.atomic import modified_ns, store_upload
from core.vision import VIDEO_ENDINGS

_MAX_STEM_LENGTH = 60


def store_recording(
    uploads_dir: Path, file: BinaryIO, file_name: str, *, now: datetime, rng: np.random.Generator
) -> Path:
    """Store an uploaded recording; the run that reads it deletes it (`RecordingPlan.is_upload`).

    Args:
        file: its bytes, from the start.
        file_name: as the visitor's browser gives it; only its last part is used.
        now, rng: for the name of its folder.
    Returns:
        Its path.
    Raises:
        MediaError: the file type is not supported.
        OSError: the disk refused; nothing is stored.
    """
    name = PureWindowsPath(file_name)  # understands both kinds of slashes
    ending = name.suffix.lower()
    if ending not in VIDEO_ENDINGS:
        raise MediaError(
            f"{name.name[:60]!r} is not a recording: its file type is not supported.",
            advice=f"Choose a file that ends in {', '.join(sorted(VIDEO_ENDINGS))}.",
        )
    stem = "".join(one for one in name.stem if one.isprintable())[:_MAX_STEM_LENGTH].strip(" .")
    folder = uploads_dir / new_session_id(now, rng)
    return store_upload(folder / f"{stem or 'recording'}{ending}", file)


def discard_of_ended_runs(settings: Settings, *, now: datetime, memory: RunCache) -> None:
    """Delete the uploads of runs that are over.

    Runs delete their uploads themselves, unless their process was killed; one that the session
    database refused keeps them for a day, to be resumed.

    Args:
        now: aware; tells which runs are still running.
        memory: cache of runs.
    """
    if not settings.uploads_dir.is_dir():
        return
    for run in all_runs(settings.runs_dir, now=now, cache=memory):
        if run.kind == KIND and run.status.is_over:
            with suppress(UnknownRun):
                folder = find(settings.runs_dir, run.id)
                if was_refused(run.finished) and _ended_recently(folder, now):
                    continue
                _, plan, _ = folder.read_plan()
                discard_uploads(settings, plan)


def discard_uploads(settings: Settings, plan: Mapping[str, object]) -> None:
    """Delete the uploads of a run.

    Args:
        plan: of the run; files that were not uploaded are left alone.
    """
    paths = plan.get("paths")
    if plan.get("is_upload") is True and isinstance(paths, list):
        for path in paths:
            _discard(settings.uploads_dir, str(path))


def store_recordings(
    uploads_dir: Path,
    files: Sequence[tuple[str, BinaryIO]],
    *,
    now: datetime,
    rng: np.random.Generator,
) -> tuple[str, ...]:
    """Store several uploads, all or none; returns their paths.

    Args:
        files: name and bytes of each; otherwise as `store_recording`.
    Raises:
        MediaError, OSError: one of them cannot be stored.
    """
    paths: list[str] = []
    try:
        for name, file in files:
            paths.append(str(store_recording(uploads_dir, file, name, now=now, rng=rng)))
    except BaseException:
        for path in paths:
            _discard(uploads_dir, path)
        raise
    return tuple(paths)


def _discard(uploads_dir: Path, path: str) -> None:
    from core.datasets.catalogue import discard_upload  # brings the readers of datasets

    discard_upload(uploads_dir, path)


def _ended_recently(folder: RunFolder, now: datetime) -> bool:
    """Whether it can still be resumed: as long as its unfinished session is kept for it."""
    ended_ns = modified_ns(folder.events)
    if ended_ns is None:
        return False
    ago = timedelta(seconds=now.timestamp() - ended_ns / 1e9)
    return ago < MAY_CONTINUE_FOR
