"""Pictures with a list of labels beside them, optionally with the bounding box of each face."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from core.datasets.readers.archive import Tree
from core.datasets.readers.batches import Block, pictures_at_once
from core.datasets.readers.boxes import Numbers, are_corners, box_numbers, crop_to_box
from core.datasets.readers.list_table import ListTable, PictureIndex, find_lists
from core.datasets.readers.picture_folder import (
    AT_ONCE,
    SIZE_PX,
    CropFunction,
    middle_square,
    picture_names,
    read_picture,
    split_of,
)
from core.datasets.readers.source import DatasetSource
from core.datasets.readers.split_names import is_split_word, split_name
from core.domain.counted import counted
from core.domain.errors import UnreadableDataset
from core.storage.corrupt_data import printable

_SAMPLED_BOXES = 40  # boxes from which their notation is inferred
_SPLIT_START = re.compile(r"([A-Za-z]+)[_-]?\d")  # "train_00001"


@dataclass(frozen=True)
class _Row:
    """One line of a list.

    Attributes:
        picture: its name in the tree.
        name: unique in the dataset.
        label, split, subject: as written.
        box: of the face; None without.
    """

    picture: str
    name: str
    label: str
    split: str
    subject: str
    box: Numbers | None


def read_listed(
    tree: Tree, source: DatasetSource, crop: CropFunction | None = None
) -> Generator[Block]:
    """Read the picture of every line of every list.

    Damaged pictures and empty boxes are left out and named; lines that name no picture, and
    pictures that no line names, are counted.

    Raises:
        UnclearColumns: the column of the labels cannot be determined.
    """
    lists = find_lists(tree, source.columns)
    names = picture_names(tree)
    found = _all_rows(lists, PictureIndex(names))
    rows = found.rows
    if not rows:
        raise UnreadableDataset(
            f"No line of a list in {tree.title} names an existing picture.",
            advice="Choose the column that names the pictures, such as --picture-column 1 (python "
            "-m core datasets add), or put the pictures beside the list.",
        )
    notes = _notes(lists, found, names)
    corners = _corners(tree, lists, rows)
    size_px = source.size_px or SIZE_PX
    reader = _Reader(tree, corners=corners, crop=crop or middle_square, size_px=size_px)
    at_once = pictures_at_once(AT_ONCE, size_px)
    for start in range(0, len(rows), at_once):
        yield reader.block(rows[start : start + at_once], () if start else notes)


@dataclass(frozen=True)
class _ListedFaces:
    """The rows of all lists.

    Attributes:
        rows: one per face.
        missing: number of lines that name no picture.
        conflicting: number of lines that repeat a face with another label.
    """

    rows: list[_Row]
    missing: int
    conflicting: int


def _all_rows(lists: tuple[ListTable, ...], index: PictureIndex) -> _ListedFaces:
    rows, missing, conflicting = list[_Row](), 0, 0
    seen: dict[tuple[str, Numbers | None], str] = {}
    occurrences: dict[str, int] = {}
    for table in lists:
        for cells in table.rows:
            picture = index(table.cell(cells, "picture"))
            box = box_numbers(cells[at] for at in table.box_at if at < len(cells))
            label, subject = table.cell(cells, "label"), table.cell(cells, "subject")
            missing += not picture
            conflicting += seen.get((picture, box), label) != label
            if not picture or (picture, box) in seen:
                continue
            seen[picture, box] = label
            occurrences[picture] = occurrences.get(picture, 0) + 1
            name = printable(picture) + (
                f"#{occurrences[picture]}" if occurrences[picture] > 1 else ""
            )
            split = (
                split_name(table.cell(cells, "split")) or table.split or _split_from_name(picture)
            )
            rows.append(_Row(picture, name, label, split, subject, box))
    return _ListedFaces(rows, missing, conflicting)


def _split_from_name(picture: str) -> str:
    """The split by folder, or by the start of a name: "train_00001"."""
    start = _SPLIT_START.match(PurePosixPath(picture).name)
    word = start[1] if start is not None and is_split_word(start[1]) else ""
    return split_of(picture) or split_name(word)


def _notes(lists: tuple[ListTable, ...], listed: _ListedFaces, names: list[str]) -> tuple[str, ...]:
    notes = [table.note for table in lists]
    if listed.missing:
        lines = counted(listed.missing, "line names", "lines name")
        notes.append(f"{lines} a missing picture.")
    if listed.conflicting:
        lines = counted(listed.conflicting, "line gives", "lines give")
        notes.append(f"{lines} a second label to a picture; the first one is used.")
    unnamed = len(names) - len({row.picture for row in listed.rows})
    if unnamed:
        notes.append(f"{counted(unnamed, 'picture is', 'pictures are')} in no list: excluded.")
    return tuple(notes)


def _corners(tree: Tree, lists: tuple[ListTable, ...], rows: list[_Row]) -> bool:
    table = next((one for one in lists if one.box_at), None)
    if table is None:
        return False
    sampled = list(islice(_with_sizes(tree, rows), _SAMPLED_BOXES))
    return are_corners([table.columns[at] for at in table.box_at], sampled)


def _with_sizes(tree: Tree, rows: list[_Row]) -> Iterator[tuple[Numbers, tuple[int, int]]]:
    for row in rows[:: max(1, len(rows) // _SAMPLED_BOXES)]:
        picture = read_picture(tree, row.picture)
        if picture is not None and row.box is not None:
            yield row.box, (picture.shape[1], picture.shape[0])


class _Reader:
    """Converts rows of a list to blocks.

    Args:
        tree: holds the pictures.
        corners: whether boxes are given by two corners; see `boxes.are_corners`.
        crop: applied to a picture, or to the part in its box.
        size_px: side of the result.
    """

    def __init__(self, tree: Tree, *, corners: bool, crop: CropFunction, size_px: int) -> None:
        self._tree, self._corners, self._crop, self._size_px = tree, corners, crop, size_px
        self._last: tuple[str, NDArray[np.uint8] | None] = ("", None)

    def block(self, rows: list[_Row], notes: tuple[str, ...]) -> Block:
        """One block."""
        faces = [self._face(row) for row in rows]
        readable = [row for row, face in zip(rows, faces, strict=True) if face is not None]
        faces_read = [face for face in faces if face is not None]
        empty = np.zeros((0, self._size_px, self._size_px), dtype=np.uint8)
        return Block(
            pixels=np.stack(faces_read) if faces_read else empty,
            labels=np.array([row.label for row in readable], dtype=np.str_),
            splits=np.array([row.split for row in readable], dtype=np.str_),
            names=np.array([row.name for row in readable], dtype=np.str_),
            subjects=np.array([row.subject for row in readable], dtype=np.str_),
            measured=np.full(len(readable), np.nan),
            left_out=tuple(row.name for row, face in zip(rows, faces, strict=True) if face is None),
            notes=notes,
        )

    def _face(self, row: _Row) -> NDArray[np.uint8] | None:
        if self._last[0] != row.picture:  # all faces of a picture are on consecutive lines
            self._last = (row.picture, read_picture(self._tree, row.picture))
        picture = self._last[1]
        if picture is not None and row.box is not None:
            picture = crop_to_box(picture, row.box, corners=self._corners)
        return None if picture is None else self._crop(picture, self._size_px)
