"""Pictures on this machine that no dataset shows any more, to be looked at and deleted.

Uploads whose opening failed, faces whose dataset was removed, faces of runs that were given up in
another tab, and decoded copies of what is not in the catalogue. Nothing is found while a dataset is
being opened or cut out, as what such a run needs stands in no catalogue yet; and no decoded copy
while any run is at work, as it may be reading one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from core.datasets.catalogue import entries, names_of
from core.datasets.copies import paths_of
from core.errors import DatasetError
from core.faces.checkpoint import CHECKPOINT
from core.runs import all_runs, find
from core.settings import Settings
from core.vocabulary import Run, RunStatus

_THAT_BRING_PICTURES = {"open_dataset", "faces"}


class Kind(StrEnum):
    """What was left."""

    UPLOAD = "Upload"
    FACES = "Faces cut out of videos"
    HALF_CUT = "Faces of a run that was not finished"
    COPY = "Decoded copy"


@dataclass(frozen=True)
class Leftover:
    """One folder of pictures.

    Attributes:
        kind: how it came about.
        name: of the file, the faces or the run; of a copy, of the file it was read from.
        folder: that goes when it is deleted.
        size_bytes: of all files in it.
    """

    kind: Kind
    name: str
    folder: Path
    size_bytes: int


def leftovers(settings: Settings, *, now: datetime) -> list[Leftover]:
    """Every one, the largest first.

    Where an entry of the catalogue is damaged nobody knows what it shows: only runs that were not
    finished count then.

    Args:
        now: tells which runs are still at work; aware.
    """
    runs = all_runs(settings.runs_dir, now=now)
    at_work = {run.kind for run in runs if not run.status.is_over}
    if at_work & _THAT_BRING_PICTURES:
        return []
    found = [*_half_cut(settings, runs)]
    shown = entries(settings.datasets_dir)
    if len(shown) == len(names_of(settings.datasets_dir)):
        paths = {Path(one.source.path).resolve() for one in shown}
        found += _brought(settings, paths)
        found += [] if at_work else _copies(settings, paths)
    return sorted(found, key=lambda one: (-one.size_bytes, one.name))


def delete_leftovers(chosen: Iterable[Leftover]) -> None:
    """Delete their folders.

    Raises:
        DatasetError: the disk refused one; those before it are gone.
    """
    for one in chosen:
        try:
            shutil.rmtree(one.folder)
        except FileNotFoundError:  # somebody was faster
            continue
        except OSError as error:
            raise DatasetError(
                f"{one.name} cannot be deleted: {error.strerror or error}.",
                advice=f"Check the rights of {one.folder}.",
            ) from error


def _half_cut(settings: Settings, runs: list[Run]) -> Iterator[Leftover]:
    for run in runs:
        folder = find(settings.runs_dir, run.id).path / CHECKPOINT
        if run.kind == "faces" and run.status is not RunStatus.COMPLETED and folder.is_dir():
            yield _leftover(Kind.HALF_CUT, run.id, folder)


def _brought(settings: Settings, shown: set[Path]) -> Iterator[Leftover]:
    for folder in _folders(settings.uploads_dir):
        files = sorted(path for path in folder.iterdir() if path.is_file())
        if not any(path.resolve() in shown for path in files):
            yield _leftover(Kind.UPLOAD, files[0].name if files else folder.name, folder)
    for folder in _folders(settings.faces_dir):
        if folder.resolve() not in shown:
            yield _leftover(Kind.FACES, folder.name, folder)


def _copies(settings: Settings, shown: set[Path]) -> Iterator[Leftover]:
    for folder in _folders(settings.datasets_cache_dir):
        paths = paths_of(folder)
        if not paths & shown:
            names = sorted({path.name for path in paths})
            yield _leftover(Kind.COPY, ", ".join(names) or folder.name, folder)


def _folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()] if parent.is_dir() else []


def _leftover(kind: Kind, name: str, folder: Path) -> Leftover:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Leftover(kind, name, folder, size)
