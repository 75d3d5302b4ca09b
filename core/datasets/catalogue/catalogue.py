"""The datasets of this installation: where each lies, how it is read, and its frozen split.

`data/datasets/<name>/` holds `source.json` (written once), `split.json` (the id lists of a split
that was made here) and what other modules add: corrections and audits. It appears by renaming.
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
from core.datasets.readers.face_folder import faces_of_ours
from core.datasets.readers.picture_folder import Cut
from core.datasets.readers.source import DatasetSource
from core.domain import Dataset
from core.domain.errors import DatasetError, MienError, UnknownDataset, UnreadableDataset
from core.domain.plain_values import to_plain
from core.storage.atomic import atomic_folder, store_upload, write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT, short_message
from core.storage.file_lock import file_lock
from core.storage.own_files import delete_ours, discard_ours, is_same_file, lies_in

SOURCE_FILE, SPLIT_FILE = "source.json", "split.json"
_DAMAGE: tuple[type[Exception], ...] = (MienError, *DAMAGED_CONTENT)
UPLOADED_ENDINGS = (".csv", ".tsv", ".zip", ".tar", ".tar.gz", ".tgz")
DESCRIPTION_ENDING = ".json"
"""Of what is kept beside an uploaded file and goes with it, such as a network's description."""
_LONGEST_NAME = 50  # leaves room for a number behind it
_LONGEST_STEM = 60  # of an uploaded file's name; four bytes a character at most
_NAME = re.compile(r"\w[\w .()-]{0,59}")


@dataclass(frozen=True)
class Entry:
    """One dataset of the catalogue.

    Attributes:
        name: unique, as the person chose it; also the folder's name.
        source: where it lies and how it is read.
    """

    name: str
    source: DatasetSource

    @property
    def lies_at(self) -> Path:
        """Where its files are, however the path was written."""
        return Path(self.source.path).resolve()


def entries(datasets_dir: Path) -> list[Entry]:
    """Every dataset, by name; folders that cannot be read are left out."""
    found = []
    for path in _source_files(datasets_dir):
        try:
            found.append(entry(datasets_dir, path.parent.name))
        except MienError:
            continue
    return found


def names_of(datasets_dir: Path) -> list[str]:
    """Of every dataset, also of those whose entry is damaged."""
    return [path.parent.name for path in _source_files(datasets_dir)]


def entry(datasets_dir: Path, name: str) -> Entry:
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
        return Entry(name, DatasetSource.from_json(_read_json(path)))
    except _DAMAGE as error:
        why = error.message if isinstance(error, MienError) else f"{short_message(error)}."
        raise UnknownDataset(
            f"The entry of {name} is damaged: {why}",
            advice="Remove the dataset and add it again; its pictures are not touched.",
        ) from error


def expect_free(datasets_dir: Path, name: str) -> None:
    """Whether a name can be given.

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
    """A name for a dataset that nobody named: its file's; what cannot stand in one is a dash."""
    ending = next((one for one in UPLOADED_ENDINGS if path.name.lower().endswith(one)), "")
    stem = path.name[: -len(ending)] if ending else path.stem
    plain = re.sub(r"[^\w .()-]+", "-", stem).strip(" .-")[:_LONGEST_NAME].strip(" .-")
    return plain if _NAME.fullmatch(plain) else "dataset"


def free_name(datasets_dir: Path, path: Path) -> str:
    """The same, with a number behind it where it is taken."""
    plain = name_from(path)
    numbered = (f"{plain} ({number})" for number in count(2))
    return next(one for one in chain([plain], numbered) if not (datasets_dir / one).exists())


def add(  # noqa: PLR0913 - where it is noted, and what opening takes
    datasets_dir: Path,
    name: str,
    source: DatasetSource,
    cache_dir: Path,
    *,
    tell: Callable[[int], None] = lambda _: None,
    cut: Cut | None = None,
) -> Dataset:
    """Open a dataset and put it into the catalogue, completely or not at all.

    Args:
        tell: told how many pictures are read; may raise to stop.
        cut: finds the face, where the source wants it aligned.
    Raises:
        DatasetError: the name is taken; or as `open_dataset`.
    """
    expect_free(datasets_dir, name)
    named = DatasetSource(**{**vars(source), "name": name})
    dataset = open_dataset(named, cache_dir, tell=tell, cut=cut)
    datasets_dir.mkdir(parents=True, exist_ok=True)
    with file_lock(datasets_dir / name):
        expect_free(datasets_dir, name)  # somebody may have taken it while this was read
        with atomic_folder(datasets_dir / name) as beside:
            _write_json(beside / SOURCE_FILE, to_plain(named))
            if dataset.has_generated_split:
                _write_json(beside / SPLIT_FILE, {"seed": named.seed, "sides": _sides(dataset)})
    return dataset


def open_entry(datasets_dir: Path, name: str, cache_dir: Path) -> Dataset:
    """A dataset of the catalogue, with its frozen split.

    Raises:
        UnknownDataset: none of that name, or its files are gone.
        UnreadableDataset: its files changed into something unreadable, or its split is damaged.
    """
    found = entry(datasets_dir, name)
    return open_dataset(found.source, cache_dir, frozen=frozen_split(datasets_dir / name))


def frozen_split(folder: Path) -> Mapping[str, str] | None:
    """Name of a picture -> split, as it was when the dataset was added; None if files say it.

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
    """Forget a dataset, with its decoded copy and what was uploaded for it.

    Pictures elsewhere are not touched, and what another dataset shows as well stays.

    Args:
        faces_dir: where faces are that were cut out of videos; those of this dataset go too, and
            only those: a folder that somebody else put there stays. None keeps them.
    Raises:
        UnknownDataset: there is none of that name.
        DatasetError: the disk refused.
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
    lay, shown = Path(path).resolve(), [one.lies_at for one in entries(datasets_dir)]
    if not path or any(is_same_file(other, lay) for other in shown):
        return
    forget_path(cache_dir, path)
    # What another dataset shows may lie inside, or all around.
    if any(lies_in(other, lay) or lies_in(lay, other) for other in shown):
        return
    discard_upload(uploads_dir, path)
    faces = faces_of_ours(path, faces_dir) if faces_dir is not None else None
    if faces_dir is not None and faces is not None:
        discard_ours(faces, within=faces_dir)


def discard_upload(uploads_dir: Path, path: str) -> None:
    """Delete an uploaded file with its folder; a path that is none is left alone."""
    uploaded = Path(path).resolve()
    # Exactly where `keep_upload` puts files: whoever typed another path keeps what is there.
    if path and is_same_file(uploaded.parent.parent, uploads_dir) and uploaded.is_file():
        for kept in (uploaded, uploaded.with_suffix(DESCRIPTION_ENDING)):
            discard_ours(kept, within=uploads_dir)
        with suppress(OSError):  # what somebody else put beside it keeps the folder
            uploaded.parent.rmdir()


def keep_upload(uploads_dir: Path, file: BinaryIO, file_name: str, upload_id: str) -> Path:
    """Keep an uploaded file until its dataset is removed.

    Args:
        file: its bytes, from the beginning.
        file_name: as the visitor's browser says; only its last part is used.
        upload_id: names the folder it is kept in.
    Returns:
        Where it lies.
    Raises:
        UnknownDataset: none of `UPLOADED_ENDINGS`, by its name.
        OSError: the disk refused; nothing is kept.
    """
    name = PureWindowsPath(file_name).name  # takes both kinds of slashes for what they are
    ending = next((one for one in UPLOADED_ENDINGS if name.lower().endswith(one)), "")
    if not ending or name.startswith("."):
        raise UnknownDataset(
            f"{name[:60]!r} is neither a CSV file nor a ZIP or TAR archive.",
            advice="Put folders of pictures into a ZIP archive first, or give their path.",
        )
    # What no disk takes: more than 255 bytes, characters that cannot be shown.
    stem = "".join(one for one in name[: -len(ending)] if one.isprintable())[:_LONGEST_STEM]
    name = f"{stem.strip(' .') or 'upload'}{ending}"
    return store_upload(uploads_dir / upload_id / name, file)


def _source_files(datasets_dir: Path) -> list[Path]:
    """Of every entry, by name; those that were being made when a run was killed are none."""
    found = datasets_dir.glob(f"*/{SOURCE_FILE}")
    return sorted(path for path in found if _NAME.fullmatch(path.parent.name))


def _sides(dataset: Dataset) -> dict[str, list[str]]:
    names = dataset.pictures.names
    return {split: names[dataset.positions(split)].tolist() for split in dataset.split_names}


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    write_atomic(path, json.dumps(content, indent=1, allow_nan=False))
