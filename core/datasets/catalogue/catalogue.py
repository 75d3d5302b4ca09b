"""The datasets of this installation: source, reading options and frozen split of each.

`data/datasets/<name>/` holds `source.json` (written once), `split.json` (the picture names of a
split that was made here) and what other modules add: corrections and audits. The folder appears
atomically, by renaming.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path, PureWindowsPath
from typing import Any, BinaryIO

from core.datasets.catalogue.cache_sources import forget_path
from core.datasets.catalogue.opening import open_dataset
from core.datasets.readers.face_folder import extracted_faces_folder
from core.datasets.readers.picture_folder import CropFunction
from core.datasets.readers.source import DatasetSource
from core.domain import Dataset
from core.domain.errors import DatasetError, MienError, UnknownDataset, UnreadableDataset
from core.domain.plain_values import parse_json, to_plain
from core.storage.atomic import atomic_folder, store_upload, write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message
from core.storage.file_lock import file_lock
from core.storage.own_files import delete_ours, discard_ours, is_same_file, lies_in
from core.storage.path_checks import may_exist

SOURCE_FILE, SPLIT_FILE = "source.json", "split.json"
_DAMAGE: tuple[type[Exception], ...] = (MienError, *DAMAGED_CONTENT)
UPLOADED_ENDINGS = (".csv", ".tsv", ".zip", ".tar", ".tar.gz", ".tgz")
DESCRIPTION_ENDING = ".json"
"""Extension of a file stored beside an upload and deleted with it, such as a network's
description."""
_LONGEST_NAME = 50  # leaves room for an appended number
_LONGEST_STEM = 60  # of an uploaded file's name; four bytes a character at most
_NAME = re.compile(r"\w[\w .()-]{0,59}")


@dataclass(frozen=True)
class DatasetEntry:
    """One dataset of the catalogue.

    Attributes:
        name: unique; also the folder's name.
        source: where it is and how it is read.
    """

    name: str
    source: DatasetSource

    @property
    def location(self) -> Path:
        """The resolved path of its files."""
        return Path(self.source.path).resolve()


def entries(datasets_dir: Path) -> list[DatasetEntry]:
    """Every dataset, sorted by name; unreadable entries are left out."""
    found = []
    for path in _source_files(datasets_dir):
        try:
            found.append(entry(datasets_dir, path.parent.name))
        except MienError:
            continue
    return found


def names_of(datasets_dir: Path) -> list[str]:
    """Names of all datasets, including those whose entry is damaged."""
    return [path.parent.name for path in _source_files(datasets_dir)]


def entry(datasets_dir: Path, name: str) -> DatasetEntry:
    """One dataset by name.

    Raises:
        UnknownDataset: there is none of that name, or its entry is damaged.
    """
    path = datasets_dir / name / SOURCE_FILE
    if not _NAME.fullmatch(name) or not path.is_file():
        known = ", ".join(names_of(datasets_dir))
        raise UnknownDataset(
            f"There is no dataset {name[:80]!r}.",
            advice=f"There are: {known}." if known else "Add one first.",
        )
    try:
        return DatasetEntry(name, DatasetSource.from_json(_read_json(path)))
    except _DAMAGE as error:
        why = error.message if isinstance(error, MienError) else f"{short_message(error)}."
        raise UnknownDataset(
            f"The entry of {name} is damaged: {why}",
            advice="Remove the dataset and add it again; its pictures are not touched.",
        ) from error


def expect_free(datasets_dir: Path, name: str) -> None:
    """Refuse a name that cannot be used.

    Raises:
        DatasetError: it is taken, or cannot be a folder's name.
    """
    if not _NAME.fullmatch(name) or name.endswith((".", " ")):
        raise DatasetError(
            f"{name[:80]!r} cannot be the name of a dataset.",
            advice="Use up to 60 letters, digits, blanks, dashes, dots and round brackets.",
        )
    if (datasets_dir / name).exists():
        raise DatasetError(
            f"There is a dataset {name} already.", advice="Choose another name, or remove it."
        )


def name_from(path: Path) -> str:
    """A default name for a dataset: its file's, with a dash for characters that are not allowed."""
    ending = next((one for one in UPLOADED_ENDINGS if path.name.lower().endswith(one)), "")
    stem = path.name[: -len(ending)] if ending else path.stem
    cleaned = re.sub(r"[^\w .()-]+", "-", stem).strip(" .-")[:_LONGEST_NAME].strip(" .-")
    return cleaned if _NAME.fullmatch(cleaned) else "dataset"


def free_name(datasets_dir: Path, path: Path) -> str:
    """The default name, with a number appended where it is taken."""
    name = name_from(path)
    numbered = (f"{name} ({number})" for number in count(2))
    return next(one for one in chain([name], numbered) if not (datasets_dir / one).exists())


def add(  # noqa: PLR0913 - catalogue and name, and the arguments of opening
    datasets_dir: Path,
    name: str,
    source: DatasetSource,
    cache_dir: Path,
    *,
    on_progress: Callable[[int], None] = lambda _: None,
    crop: CropFunction | None = None,
) -> Dataset:
    """Open a dataset and add it to the catalogue atomically.

    Args:
        on_progress: called with the number of pictures read; may raise to stop.
        crop: detects and aligns the face, where the source asks for it.
    Raises:
        DatasetError: the name is taken; or as `open_dataset`.
    """
    expect_free(datasets_dir, name)
    named = DatasetSource(**{**vars(source), "name": name})
    dataset = open_dataset(named, cache_dir, on_progress=on_progress, crop=crop)
    datasets_dir.mkdir(parents=True, exist_ok=True)
    with file_lock(datasets_dir / name):
        expect_free(datasets_dir, name)  # it may have been taken while this was read
        with atomic_folder(datasets_dir / name) as temporary:
            _write_json(temporary / SOURCE_FILE, to_plain(named))
            if dataset.has_generated_split:
                _write_json(temporary / SPLIT_FILE, {"seed": named.seed, "sides": _sides(dataset)})
    return dataset


def open_entry(datasets_dir: Path, name: str, cache_dir: Path) -> Dataset:
    """A dataset of the catalogue, with its frozen split.

    Raises:
        UnknownDataset: none of that name, or its files are gone.
        UnreadableDataset: its files became unreadable, or its split is damaged.
    """
    found = entry(datasets_dir, name)
    return open_dataset(found.source, cache_dir, frozen=frozen_split(datasets_dir / name))


def frozen_split(folder: Path) -> Mapping[str, str] | None:
    """Name of a picture -> split, from when the dataset was added; None if the files name splits.

    Raises:
        UnreadableDataset: the list is damaged.
    """
    try:
        sides = _read_json(folder / SPLIT_FILE)["sides"]
        if len(sides) < 3:
            raise ValueError(f"three splits are needed (train, validation, test), not {len(sides)}")
        return {str(name): str(side) for side, names in sides.items() for name in names}
    except FileNotFoundError:
        return None
    except DAMAGED_CONTENT as error:
        raise UnreadableDataset(
            f"The split of {folder.name} is damaged: {short_message(error)}.",
            advice="Remove the dataset and add it again: a new split is then made.",
        ) from error


def remove(
    datasets_dir: Path,
    name: str,
    uploads_dir: Path,
    cache_dir: Path,
    faces_dir: Path | None = None,
) -> None:
    """Remove a dataset with its decoded copy and its upload.

    Pictures elsewhere are not touched, and files that another dataset uses stay; all files where
    another entry is damaged, so that its files are unknown (`orphaned_files` finds them later).

    Args:
        faces_dir: where this installation stores extracted faces; those of this dataset are deleted
            too, other folders stay. None keeps them.
    Raises:
        UnknownDataset: there is none of that name.
        DatasetError: its folder cannot be deleted.
    """
    if not _NAME.fullmatch(name) or not (datasets_dir / name / SOURCE_FILE).is_file():
        entry(datasets_dir, name)
    path = ""
    with suppress(UnknownDataset):  # a damaged entry can be removed too
        path = entry(datasets_dir, name).source.path
    try:
        with file_lock(datasets_dir / name):
            delete_ours(datasets_dir / name, within=datasets_dir)
    except OSError as error:
        raise DatasetError(
            f"{name} cannot be removed: {error.strerror or error}.",
            advice=f"Check the permissions of {datasets_dir / name}.",
        ) from error
    readable = entries(datasets_dir)
    if not path or len(readable) < len(names_of(datasets_dir)):
        return  # an entry that cannot be read may be of the same files
    location, others = Path(path).resolve(), [one.location for one in readable]
    if any(is_same_file(other, location) for other in others):
        return
    forget_path(cache_dir, path)
    # Another dataset may lie inside this one's folder, or contain it.
    if any(lies_in(other, location) or lies_in(location, other) for other in others):
        return
    discard_upload(uploads_dir, path)
    faces = extracted_faces_folder(path, faces_dir) if faces_dir is not None else None
    if faces_dir is not None and faces is not None:
        discard_ours(faces, within=faces_dir)


def discard_upload(uploads_dir: Path, path: str) -> None:
    """Delete an uploaded file with its folder; any other path is left alone."""
    if not may_exist(path):
        return
    uploaded = Path(path).resolve()
    # Only at the exact depth where `keep_upload` stores files.
    if path and is_same_file(uploaded.parent.parent, uploads_dir) and uploaded.is_file():
        for file in (uploaded, uploaded.with_suffix(DESCRIPTION_ENDING)):
            discard_ours(file, within=uploads_dir)
        with suppress(OSError):  # the folder stays if it holds other files
            uploaded.parent.rmdir()


def keep_upload(uploads_dir: Path, file: BinaryIO, file_name: str, upload_id: str) -> Path:
    """Store an uploaded file until its dataset is removed.

    Args:
        file: its bytes, from the start.
        file_name: from the visitor's browser; only its last part is used.
        upload_id: name of the folder it is stored in.
    Returns:
        Its path.
    Raises:
        UnknownDataset: its name has none of `UPLOADED_ENDINGS`.
        OSError: it cannot be written; nothing is stored.
    """
    name = PureWindowsPath(file_name).name  # accepts both kinds of slashes
    ending = next((one for one in UPLOADED_ENDINGS if name.lower().endswith(one)), "")
    if not ending or name.startswith("."):
        raise UnknownDataset(
            f"{name[:60]!r} is neither a CSV file nor a ZIP or TAR archive.",
            advice="Put folders of pictures into a ZIP archive first, or give their path.",
        )
    # File systems refuse more than 255 bytes and unprintable characters.
    stem = "".join(one for one in name[: -len(ending)] if one.isprintable())[:_LONGEST_STEM]
    name = f"{stem.strip(' .') or 'upload'}{ending}"
    return store_upload(uploads_dir / upload_id / name, file)


def _source_files(datasets_dir: Path) -> list[Path]:
    """The files of every entry, sorted by name; folders left by killed runs are skipped."""
    found = datasets_dir.glob(f"*/{SOURCE_FILE}")
    return sorted(path for path in found if _NAME.fullmatch(path.parent.name))


def _sides(dataset: Dataset) -> dict[str, list[str]]:
    names = dataset.pictures.names
    return {split: names[dataset.positions(split)].tolist() for split in dataset.split_names}


def _read_json(path: Path) -> dict[str, Any]:
    return dict(parse_json(path.read_text(encoding="utf-8")))


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    write_atomic(path, json.dumps(content, indent=1, allow_nan=False))
