"""Orphaned files: pictures of this installation that no dataset refers to any more.

Uploads that failed to open, extracted faces without a dataset, faces of interrupted runs, previews
of removed datasets, and decoded copies of datasets that are not in the catalogue.
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
from core.datasets.catalogue.catalogue import DatasetEntry, entries, names_of
from core.datasets.face_extraction.checkpoint import unfinished_extractions
from core.datasets.readers.face_folder import is_face_folder
from core.domain import Run, RunStatus
from core.domain.errors import DatasetError, UnknownRun
from core.domain.run import PREVIEW_KIND
from core.jobs import RunCache, all_runs, find
from core.settings import Settings
from core.storage.own_files import delete_ours, is_ours, lies_in


class OrphanKind(StrEnum):
    """Origin of orphaned files."""

    UPLOAD = "Upload"
    EXTRACTED_FACES = "Faces extracted from videos"
    INTERRUPTED_EXTRACTION = "Faces of an interrupted run"
    PREVIEW = "Preview of augmented pictures"
    DECODED_COPY = "Decoded copy"


@dataclass(frozen=True)
class OrphanedFiles:
    """Files that can be deleted together.

    Attributes:
        kind: their origin.
        name: of the file, the faces or the run; of a copy, of the file it was read from.
        folders: the folders to delete.
        within: this installation's folder that they lie in.
        size_bytes: of all files in them.
    """

    kind: OrphanKind
    name: str
    folders: tuple[Path, ...]
    within: Path
    size_bytes: int


@dataclass(frozen=True)
class _Installation:
    """Datasets and runs, which decide whether a folder is still needed."""

    settings: Settings
    datasets: tuple[DatasetEntry, ...]
    runs: tuple[Run, ...]

    def is_needed(self, folder: Path) -> bool:
        """Whether it holds a dataset, or data of a training that can be resumed."""
        return any(
            lies_in(path, folder) for path in self.paths | self._paths_of_resumable_trainings
        )

    @cached_property
    def paths(self) -> set[Path]:
        """Locations of all datasets."""
        return {one.location for one in self.datasets}

    def plan(self, run: Run) -> dict[str, Any]:
        """The run's plan; empty where the run is gone."""
        try:
            return find(self.settings.runs_dir, run.id).read_plan()[1]
        except UnknownRun:
            return {}

    @cached_property
    def _paths_of_resumable_trainings(self) -> set[Path]:
        paths = (
            self.plan(run).get("data")
            for run in self.runs
            if run.kind == "train" and run.status is not RunStatus.COMPLETED
        )
        return {Path(data).resolve() for data in paths if isinstance(data, str) and data}


def find_orphaned_files(
    settings: Settings, *, now: datetime, cache: RunCache | None = None
) -> list[OrphanedFiles]:
    """All orphaned files, largest first.

    Args:
        now: decides which runs are still running; aware.
        cache: of runs that were read before, as in `all_runs`.
    Raises:
        DatasetError: it cannot be decided now: a run is running and may need any of them, or an
            entry of the catalogue is damaged, so that its files are unknown.
    """
    runs = tuple(all_runs(settings.runs_dir, now=now, cache=cache))
    datasets = tuple(entries(settings.datasets_dir))
    _expect_decidable(settings, datasets, runs)
    installation = _Installation(settings, datasets, runs)
    found = [
        *_uploads_and_faces(installation),
        *_interrupted_extractions(installation),
        *_previews(installation),
        *_decoded_copies(installation),
    ]
    return sorted(found, key=lambda one: (-one.size_bytes, one.name))


def delete_orphaned_files(chosen: Iterable[OrphanedFiles]) -> None:
    """Delete their folders.

    Raises:
        DatasetError: one could not be deleted; those before it are gone.
    """
    for one in chosen:
        for folder in one.folders:
            try:
                delete_ours(folder, within=one.within)
            except FileNotFoundError:  # already deleted elsewhere
                continue
            except OSError as error:
                raise DatasetError(
                    f"{one.name} cannot be deleted: {error.strerror or error}.",
                    advice=f"Check the permissions of {folder}.",
                ) from error


def _expect_decidable(
    settings: Settings, datasets: tuple[DatasetEntry, ...], runs: tuple[Run, ...]
) -> None:
    running = next((run for run in runs if not run.status.is_over), None)
    if running is not None:
        raise DatasetError(
            f"The run {running.id} is still running and may use pictures that no dataset "
            "refers to yet.",
            advice="Check again when it has ended.",
        )
    damaged = set(names_of(settings.datasets_dir)) - {one.name for one in datasets}
    if damaged:
        raise DatasetError(
            f"The entry of the dataset {min(damaged)} is damaged, so its files are unknown.",
            advice="Remove it under Explore data, or by: python -m core datasets remove.",
        )


def _uploads_and_faces(installation: _Installation) -> Iterator[OrphanedFiles]:
    for folder in _folders(installation.settings.uploads_dir):
        if not installation.is_needed(folder):
            files = sorted(path.name for path in folder.iterdir())
            name = files[0] if files else folder.name
            yield _orphan(OrphanKind.UPLOAD, name, folder.parent, folder)
    for folder in _folders(installation.settings.faces_dir):
        if is_face_folder(folder) and not installation.is_needed(folder):
            yield _orphan(OrphanKind.EXTRACTED_FACES, folder.name, folder.parent, folder)


def _interrupted_extractions(installation: _Installation) -> Iterator[OrphanedFiles]:
    for run in installation.runs:
        if run.kind == "faces":
            found = unfinished_extractions(installation.settings.runs_dir / run.id)
            if found:
                yield _orphan(
                    OrphanKind.INTERRUPTED_EXTRACTION,
                    run.id,
                    installation.settings.runs_dir,
                    *found,
                )


def _previews(installation: _Installation) -> Iterator[OrphanedFiles]:
    """Previews of removed datasets, and of files that were never in the catalogue."""
    names = {one.name for one in installation.datasets}
    for run in installation.runs:
        if run.kind == PREVIEW_KIND and installation.plan(run).get("dataset") not in names:
            runs_dir = installation.settings.runs_dir
            yield _orphan(OrphanKind.PREVIEW, run.id, runs_dir, runs_dir / run.id)


def _decoded_copies(installation: _Installation) -> Iterator[OrphanedFiles]:
    # Aligned datasets need their decoded copy: faces are not detected again when they are opened.
    keep_unrecorded = any(one.source.align for one in installation.datasets)
    for folder in _folders(installation.settings.datasets_cache_dir):
        paths = paths_of(folder)
        if paths & installation.paths or (not paths and keep_unrecorded):
            continue
        names = ", ".join(sorted({path.name for path in paths}))
        yield _orphan(OrphanKind.DECODED_COPY, names or folder.name, folder.parent, folder)


def _folders(parent: Path) -> list[Path]:
    """Subfolders that belong to this installation; links to other folders are left out."""
    inside = parent.iterdir() if parent.is_dir() else ()
    return [path for path in inside if path.is_dir() and is_ours(path, within=parent)]


def _orphan(kind: OrphanKind, name: str, within: Path, *folders: Path) -> OrphanedFiles:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return OrphanedFiles(kind, name, folders, within, sum(path.stat().st_size for path in files))
