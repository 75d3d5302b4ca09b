"""Pictures on this machine that no dataset shows any more, to be looked at and deleted.

Uploads whose opening failed, faces that were cut out and not opened or whose dataset was removed,
faces of runs that were not finished, previews, and decoded copies of what is not in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from core.datasets.catalogue.cache_sources import paths_of
from core.datasets.catalogue.catalogue import Entry, entries, names_of
from core.datasets.face_extraction.checkpoint import unfinished_extractions
from core.datasets.readers.face_folder import is_face_folder
from core.domain import Run, RunStatus
from core.domain.errors import DatasetError, UnknownRun
from core.domain.run import PREVIEW_KIND
from core.jobs import RunCache, all_runs, find
from core.storage.own_files import delete_ours, is_ours, lies_in
from core.storage.settings import Settings


class Kind(StrEnum):
    """What was left."""

    UPLOAD = "Upload"
    FACES = "Faces extracted from videos"
    HALF_CUT = "Faces of an interrupted run"
    PREVIEW = "Preview of augmented pictures"
    COPY = "Decoded copy"


@dataclass(frozen=True)
class OrphanedFiles:
    """Pictures that can go.

    Attributes:
        kind: how they came about.
        name: of the file, the faces or the run; of a copy, of the file it was read from.
        folders: that are deleted.
        within: the folder of ours that they lie in.
        size_bytes: of all files in them.
    """

    kind: Kind
    name: str
    folders: tuple[Path, ...]
    within: Path
    size_bytes: int


@dataclass(frozen=True)
class _Known:
    """What decides whether a folder is still needed."""

    settings: Settings
    shown: tuple[Entry, ...]
    runs: tuple[Run, ...]

    def needs(self, folder: Path) -> bool:
        """Whether it is shown, holds what is shown, or a training reads it that could go on."""
        return any(lies_in(path, folder) for path in self.paths | self._to_go_on_with)

    @cached_property
    def paths(self) -> set[Path]:
        """Of all datasets."""
        return {one.lies_at for one in self.shown}

    def plan(self, run: Run) -> dict[str, Any]:
        """As it was asked for; empty where it is gone."""
        try:
            return find(self.settings.runs_dir, run.id).read_plan()[1]
        except UnknownRun:
            return {}

    @cached_property
    def _to_go_on_with(self) -> set[Path]:
        stopped = (
            self.plan(run).get("data")
            for run in self.runs
            if run.kind == "train" and run.status is not RunStatus.COMPLETED
        )
        return {Path(data).resolve() for data in stopped if isinstance(data, str) and data}


def find_orphaned_files(
    settings: Settings, *, now: datetime, memory: RunCache | None = None
) -> list[OrphanedFiles]:
    """Every one, the largest first.

    Args:
        now: tells which runs are still at work; aware.
        memory: of runs that were looked at before, as in `all_runs`.
    Raises:
        DatasetError: it cannot be told now: a run is at work and may need any of them, or an entry
            of the catalogue is damaged, so that nobody knows what it shows.
    """
    runs = tuple(all_runs(settings.runs_dir, now=now, cache=memory))
    shown = tuple(entries(settings.datasets_dir))
    _expect_known(settings, shown, runs)
    known = _Known(settings, shown, runs)
    found = [*_brought(known), *_half_cut(known), *_previews(known), *_copies(known)]
    return sorted(found, key=lambda one: (-one.size_bytes, one.name))


def delete_orphaned_files(chosen: Iterable[OrphanedFiles]) -> None:
    """Delete their folders.

    Raises:
        DatasetError: the disk refused one; those before it are gone.
    """
    for one in chosen:
        for folder in one.folders:
            try:
                delete_ours(folder, within=one.within)
            except FileNotFoundError:  # somebody was faster
                continue
            except OSError as error:
                raise DatasetError(
                    f"{one.name} cannot be deleted: {error.strerror or error}.",
                    advice=f"Check the permissions of {folder}.",
                ) from error


def _expect_known(settings: Settings, shown: tuple[Entry, ...], runs: tuple[Run, ...]) -> None:
    at_work = next((run for run in runs if not run.status.is_over), None)
    if at_work is not None:
        raise DatasetError(
            f"The run {at_work.id} is still running and may use pictures that no dataset "
            "refers to yet.",
            advice="Check again when it has ended.",
        )
    damaged = set(names_of(settings.datasets_dir)) - {one.name for one in shown}
    if damaged:
        raise DatasetError(
            f"The entry of the dataset {min(damaged)} is damaged, so its files are unknown.",
            advice="Remove it under Explore data, or by: python -m core datasets remove.",
        )


def _brought(known: _Known) -> Iterator[OrphanedFiles]:
    for folder in _folders(known.settings.uploads_dir):
        if not known.needs(folder):
            files = sorted(path.name for path in folder.iterdir())
            name = files[0] if files else folder.name
            yield _leftover(Kind.UPLOAD, name, folder.parent, folder)
    for folder in _folders(known.settings.faces_dir):
        if is_face_folder(folder) and not known.needs(folder):
            yield _leftover(Kind.FACES, folder.name, folder.parent, folder)


def _half_cut(known: _Known) -> Iterator[OrphanedFiles]:
    for run in known.runs:
        if run.kind == "faces":
            found = unfinished_extractions(known.settings.runs_dir / run.id)
            if found:
                yield _leftover(Kind.HALF_CUT, run.id, known.settings.runs_dir, *found)


def _previews(known: _Known) -> Iterator[OrphanedFiles]:
    """Of datasets that are gone, and of files that were never in the catalogue."""
    names = {one.name for one in known.shown}
    for run in known.runs:
        if run.kind == PREVIEW_KIND and known.plan(run).get("dataset") not in names:
            runs_dir = known.settings.runs_dir
            yield _leftover(Kind.PREVIEW, run.id, runs_dir, runs_dir / run.id)


def _copies(known: _Known) -> Iterator[OrphanedFiles]:
    # Without its copy, faces that were found once could not be cut out of such a dataset again.
    keeps_unnoted = any(one.source.align for one in known.shown)
    for folder in _folders(known.settings.datasets_cache_dir):
        paths = paths_of(folder)
        if paths & known.paths or (not paths and keeps_unnoted):
            continue
        names = ", ".join(sorted({path.name for path in paths}))
        yield _leftover(Kind.COPY, names or folder.name, folder.parent, folder)


def _folders(parent: Path) -> list[Path]:
    """Of ours in a folder; a link to somebody's own folder is none."""
    inside = parent.iterdir() if parent.is_dir() else ()
    return [path for path in inside if path.is_dir() and is_ours(path, within=parent)]


def _leftover(kind: Kind, name: str, within: Path, *folders: Path) -> OrphanedFiles:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return OrphanedFiles(kind, name, folders, within, sum(path.stat().st_size for path in files))
