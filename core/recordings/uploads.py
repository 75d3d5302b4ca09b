"""Uploaded recordings: kept until what was seen is stored, then deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

import numpy as np

from core.datasets.catalogue import discard_upload
from core.domain import new_session_id
from core.domain.errors import MediaError, UnknownRun
from core.jobs import RunCache, RunFolder, all_runs, find, was_refused
from core.recordings.plan import KIND
from core.storage.atomic import modified_ns, store_upload
from core.storage.settings import Settings
from core.vision import VIDEO_ENDINGS

_LONGEST_STEM = 60

KEPT_TO_GO_ON = timedelta(days=1)
"""After the session database refused: so long can the run be resumed."""


def keep_recording(
    uploads_dir: Path, file: BinaryIO, file_name: str, *, now: datetime, rng: np.random.Generator
) -> Path:
    """Keep an uploaded recording; the run that reads it deletes it (`RecordingPlan.is_upload`).

    Args:
        file: its bytes, from the beginning.
        file_name: as the visitor's browser says; only its last part is used.
        now, rng: name the folder it is kept in.
    Returns:
        Where it lies.
    Raises:
        MediaError: of another kind by its name.
        OSError: the disk refused; nothing is kept.
    """
    name = PureWindowsPath(file_name)  # takes both kinds of slashes for what they are
    ending = name.suffix.lower()
    if ending not in VIDEO_ENDINGS:
        raise MediaError(
            f"{name.name[:60]!r} is not a recording: its file type is not supported.",
            advice=f"Choose a file that ends in {', '.join(sorted(VIDEO_ENDINGS))}.",
        )
    stem = "".join(one for one in name.stem if one.isprintable())[:_LONGEST_STEM].strip(" .")
    folder = uploads_dir / new_session_id(now, rng)
    return store_upload(folder / f"{stem or 'recording'}{ending}", file)


def discard_of_ended_runs(settings: Settings, *, now: datetime, memory: RunCache) -> None:
    """Delete what was uploaded for runs that are over.

    They do it themselves; one whose process was killed cannot, and one that the session database
    refused keeps them for a day, to be resumed.

    Args:
        now: tells which runs are still at work; aware.
        memory: of runs that were looked at before.
    """
    if not settings.uploads_dir.is_dir():
        return
    for run in all_runs(settings.runs_dir, now=now, cache=memory):
        if run.kind == KIND and run.status.is_over:
            with suppress(UnknownRun):
                folder = find(settings.runs_dir, run.id)
                if was_refused(run.finished) and _ended_lately(folder, now):
                    continue
                _, plan, _ = folder.read_plan()
                discard_uploads(settings, plan)


def discard_uploads(settings: Settings, plan: Mapping[str, object]) -> None:
    """Delete what was uploaded for a run.

    Args:
        plan: of the run; one that names files which were not uploaded is left alone.
    """
    paths = plan.get("paths")
    if plan.get("is_upload") is True and isinstance(paths, list):
        for path in paths:
            discard_upload(settings.uploads_dir, str(path))


def keep_recordings(
    uploads_dir: Path,
    files: Sequence[tuple[str, BinaryIO]],
    *,
    now: datetime,
    rng: np.random.Generator,
) -> tuple[str, ...]:
    """Keep several, all or none; the answer is where they lie.

    Args:
        files: name and bytes of each; otherwise as `keep_recording`.
    Raises:
        MediaError, OSError: one of them cannot be kept.
    """
    kept: list[str] = []
    try:
        for name, file in files:
            kept.append(str(keep_recording(uploads_dir, file, name, now=now, rng=rng)))
    except BaseException:
        for path in kept:
            discard_upload(uploads_dir, path)
        raise
    return tuple(kept)


def _ended_lately(folder: RunFolder, now: datetime) -> bool:
    ended_ns = modified_ns(folder.events)
    return ended_ns is not None and now.timestamp() - ended_ns / 1e9 < KEPT_TO_GO_ON.total_seconds()
