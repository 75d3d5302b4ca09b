"""The table of supported dataset formats."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from core.datasets.readers.archive import Folder, Tree
from core.datasets.readers.batches import Block
from core.datasets.readers.csv_pixels import read_pixel_csv
from core.datasets.readers.expressiveness import read_scored
from core.datasets.readers.face_folder import ABOUT_FILE
from core.datasets.readers.list_pictures import read_listed
from core.datasets.readers.list_table import has_list
from core.datasets.readers.picture_folder import (
    COMMON_ENDINGS,
    PICTURE_ENDINGS,
    CropFunction,
    label_of,
    picture_names,
    read_pictures,
)
from core.datasets.readers.source import DatasetSource
from core.datasets.readers.split_names import is_split_word
from core.domain.errors import UnknownDataset, UnreadableDataset
from core.storage.corrupt_data import DAMAGED_BYTES, printable, short_message

LIST = "list"
# Kaggle's bundle of the challenge holds the same pictures several times: these files are complete.
_COMPLETE_FER2013 = ("fer2013.csv", "icml_face_data.csv")


@dataclass(frozen=True)
class DatasetFormat:
    """One dataset format.

    Attributes:
        title: its name on screen.
        description: what such a dataset looks like, for messages.
        fits: whether a tree has this format.
        read: yields its pictures block by block.
    """

    title: str
    description: str
    fits: Callable[[Tree], bool]
    read: Callable[[Tree, DatasetSource, CropFunction | None], Generator[Block]]


def _csv_names(tree: Tree) -> list[str]:
    named = [(name, PurePosixPath(name).suffix.lower()) for name in tree.names]
    comma = [name for name, ending in named if ending == ".csv"]
    return comma or [name for name, ending in named if ending == ".tsv"]


def _file_name(name: str) -> str:
    return PurePosixPath(name).name.lower()


def _split_files(tree: Tree) -> dict[str, str]:
    """CSV file -> its split; a labelled test file is preferred to an unlabelled one."""
    found = {_file_name(name): name for name in _csv_names(tree)}
    tests = ("test_with_emotions.csv", "test.csv")
    test = next((found[name] for name in tests if name in found), None)
    train = found.get("train.csv")
    if train is None or any(name in found for name in _COMPLETE_FER2013):
        return {}
    return {train: "Training"} | ({test: "Test"} if test else {})


def _single_csv(tree: Tree) -> str | None:
    """The CSV file with all pictures: the only one there is, or FER2013's."""
    names = _csv_names(tree)
    known = {_file_name(name): name for name in names}
    complete = next((known[name] for name in _COMPLETE_FER2013 if name in known), None)
    return complete or (names[0] if len(names) == 1 else None)


def _has_single_csv(tree: Tree) -> bool:
    return not picture_names(tree, COMMON_ENDINGS) and _single_csv(tree) is not None


def _read_single_csv(tree: Tree, source: DatasetSource, _: CropFunction | None) -> Generator[Block]:
    name = _single_csv(tree)
    if name is None:
        raise UnreadableDataset(
            f"{tree.title} does not hold one CSV file.", advice="Choose the file itself."
        )
    split = PurePosixPath(name).stem
    return _read_csv(tree, name, source, split if is_split_word(split) else "")


def _read_split_files(
    tree: Tree, source: DatasetSource, _: CropFunction | None
) -> Generator[Block]:
    for name, split in _split_files(tree).items():
        yield from _read_csv(tree, name, source, split)


def _read_csv(tree: Tree, name: str, source: DatasetSource, split: str) -> Generator[Block]:
    with _open(tree, name) as file:
        yield from read_pixel_csv(
            file,
            printable(PurePosixPath(name).name),
            columns=source.columns,
            size_px=source.size_px,
            split=split,
        )


def _open(tree: Tree, name: str) -> IO[bytes]:
    try:
        return tree.open(name)
    except DAMAGED_BYTES as error:
        raise UnreadableDataset(
            f"{printable(name)} in {tree.title} cannot be opened: {short_message(error)}.",
            advice="Download it again, and check its permissions.",
        ) from error


def _read_pictures(
    tree: Tree, source: DatasetSource, crop: CropFunction | None
) -> Generator[Block]:
    return read_pictures(tree, size_px=source.size_px, crop=crop, endings=endings_read(source))


def endings_read(source: DatasetSource) -> Set[str]:
    """Extensions of picture files that were read when the dataset was added."""
    return PICTURE_ENDINGS if source.reading else COMMON_ENDINGS


def _is_face_folder(tree: Tree) -> bool:
    return isinstance(tree, Folder) and ABOUT_FILE in tree.names


def _read_faces(_tree: Tree, source: DatasetSource, _: CropFunction | None) -> Generator[Block]:
    return read_scored(Path(source.path), size_px=source.size_px)


def _has_labels_in_list(tree: Tree) -> bool:
    """Whether labels stand in a list and not in folder names."""
    pictures = picture_names(tree)
    return (
        bool(pictures) and len({label_of(name) for name in pictures} - {""}) < 2 and has_list(tree)
    )


FORMATS: Mapping[str, DatasetFormat] = {
    "faces": DatasetFormat(
        "Faces extracted from videos",
        "a folder under data/faces/, made by `python -m core faces` or on the page Explore data",
        _is_face_folder,
        _read_faces,
    ),
    LIST: DatasetFormat(
        "Pictures with a list",
        "pictures and a CSV or text file beside them: name, label, perhaps a box",
        _has_labels_in_list,
        read_listed,
    ),
    "splits-csv": DatasetFormat(
        "CSV, one file per split",
        "train.csv with test_with_emotions.csv or test.csv beside it: emotion, pixels",
        lambda tree: bool(_split_files(tree)),
        _read_split_files,
    ),
    "pixels-csv": DatasetFormat(
        "CSV, one row per picture",
        "fer2013.csv, icml_face_data.csv or the same layout: emotion, pixels, perhaps Usage",
        _has_single_csv,
        _read_single_csv,
    ),
    "pictures": DatasetFormat(
        "Folders of pictures",
        "train/happy/*.jpg and test/happy/*.jpg, or happy/*.jpg",
        lambda tree: bool(picture_names(tree)),
        _read_pictures,
    ),
}
"""Name -> format; the first that fits is taken."""


def recognise(tree: Tree, source: DatasetSource) -> tuple[str, DatasetFormat]:
    """The format of a tree and its name: the one that the source requests, or the first that fits.

    Raises:
        UnknownDataset: no format fits; the message lists those there are.
    """
    requested = LIST if source.columns.picture and not source.format else source.format
    if requested in FORMATS:
        return requested, FORMATS[requested]
    for name, known in FORMATS.items():
        is_newer = name == LIST and not source.reading
        if not requested and not is_newer and known.fits(tree):
            return name, known
    if any(PurePosixPath(name).name == "metadata.jsonl" for name in tree.names):
        raise UnknownDataset(
            f"{tree.title} holds videos with scores, as RecruitView does, and no pictures yet.",
            advice="Extract the faces first: on the page Explore data, or by python -m core faces.",
        )
    descriptions = "; ".join(known.description for known in FORMATS.values())
    raise UnknownDataset(
        " ".join((f"{tree.title} holds no dataset in a format that Mien reads.", *tree.notes)),
        advice=f"Supported formats: {descriptions}.",
    )
