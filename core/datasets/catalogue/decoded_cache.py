"""A cache of decoded datasets, so that a dataset opens without being read again.

A folder of the cache holds `pixels` (raw bytes, mapped into memory when opened), one `.npy` per
column, and `about.json`. It appears atomically, by renaming.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.labels.label_names import is_number
from core.datasets.readers.archive import Tree
from core.datasets.readers.batches import Block
from core.datasets.readers.csv_pixels import USUAL_NAMES
from core.datasets.readers.dataset_formats import FORMATS, recognise
from core.datasets.readers.picture_folder import (
    COMMON_ENDINGS,
    PICTURE_ENDINGS,
    CropFunction,
    picture_names,
)
from core.datasets.readers.source import DatasetSource
from core.datasets.readers.split_names import SPLIT_ORDER
from core.domain.counted import counted
from core.domain.errors import UnreadableDataset
from core.domain.plain_values import parse_json
from core.storage.atomic import atomic_folder
from core.storage.corrupt_data import DAMAGED_CONTENT

VERSION = 1  # of the folder's layout and of the reading rules; raised when either changes
MOST_LABELS = 250  # label numbers and "unlabelled" fit into one byte of the content hash
MOST_SPLITS = 50
_ABOUT, _PIXELS = "about.json", "pixels"
_COLUMNS = ("labels", "splits", "names", "subjects", "measured")


@dataclass(frozen=True, eq=False)
class DecodedDataset:
    """The content of the files, before labels are mapped to classes.

    Attributes:
        key: its name in the cache.
        format: a key of `dataset_formats.FORMATS`.
        pixels: uint8, shape `(n, size, size)`, mapped from disk.
        labels: int64, shape `(n,)`, positions in `written`.
        written: the labels as the files have them; empty for unlabelled.
        splits: int64, shape `(n,)`, positions in `split_names`.
        split_names: canonical names; empty where the files name none.
        names, subjects: str, shape `(n,)`.
        measured: float64, shape `(n,)`.
        left_out: names of the pictures that could not be read.
        notes: sentences about how it was read.
    """

    key: str
    format: str
    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]
    written: tuple[str, ...]
    splits: NDArray[np.int64]
    split_names: tuple[str, ...]
    names: NDArray[np.str_]
    subjects: NDArray[np.str_]
    measured: NDArray[np.float64]
    left_out: tuple[str, ...]
    notes: tuple[str, ...] = ()


def cache_key(tree: Tree, source: DatasetSource) -> str:
    """The cache key; it changes with the files and with the reading options."""
    chosen = asdict(source.columns)
    # Columns of lists were added later: without them, the key must stay the same.
    columns = tuple((field, name) for field, name in chosen.items() if name or field in USUAL_NAMES)
    reading: tuple[object, ...] = (VERSION, source.format, source.size_px, source.align, columns)
    if source.reading and picture_names(tree, PICTURE_ENDINGS - COMMON_ENDINGS):
        # Earlier versions skipped these files, so their copies lack them.
        reading = (*reading, source.reading)
    return hashlib.sha256(repr((tree.fingerprint(), reading)).encode()).hexdigest()[:24]


def open_cached(cache_dir: Path, key: str) -> DecodedDataset | None:
    """A cached dataset; None if it is missing or damaged (it is then read again)."""
    folder = cache_dir / key
    try:
        about = parse_json((folder / _ABOUT).read_text(encoding="utf-8"))
        shape = tuple(int(length) for length in about["shape"])
        if (folder / _PIXELS).stat().st_size != np.prod(shape):
            return None
        columns = {name: _column(folder / f"{name}.npy") for name in _COLUMNS}
        found = DecodedDataset(
            key=key,
            format=about["format"],
            pixels=np.memmap(folder / _PIXELS, dtype=np.uint8, mode="r", shape=shape),
            written=tuple(about["written"]),
            split_names=tuple(about["split_names"]),
            left_out=tuple(about["left_out"]),
            notes=tuple(map(str, about.get("notes", ()))),
            **columns,
        )
        return found if _is_consistent(found) else None
    except DAMAGED_CONTENT:
        return None


def read_into_cache(
    tree: Tree,
    source: DatasetSource,
    cache_dir: Path,
    *,
    on_progress: Callable[[int], None] = lambda _: None,
    crop: CropFunction | None = None,
) -> DecodedDataset:
    """Read a dataset and store it decoded.

    Args:
        on_progress: called with the number of pictures read; may raise to stop.
        crop: detects and aligns the face, where the source asks for it.
    Raises:
        UnknownDataset, UnreadableDataset: nothing is stored.
        OSError: it cannot be written; nothing is stored.
    """
    name, dataset_format = recognise(tree, source)
    if source.align and crop is None:
        raise UnreadableDataset(
            f"The faces extracted from {tree.title} are not kept any more.",
            advice="Remove the dataset and add it again: its faces are then extracted again.",
        )
    key = cache_key(tree, source)
    cache_dir.mkdir(parents=True, exist_ok=True)
    with atomic_folder(cache_dir / key, replaces=True) as temporary:
        blocks = dataset_format.read(tree, source, crop if source.align else None)
        _write_columns(temporary, name, blocks, tree.title, on_progress)
    stored = open_cached(cache_dir, key)
    if stored is None:
        raise UnreadableDataset(
            f"What was read of {tree.title} could not be read back.",
            advice="Check the disk, then open the dataset again.",
        )
    return stored


def _column(path: Path) -> NDArray[Any]:
    """A column mapped from disk: names of three million pictures take 200 MB."""
    return np.lib.format.open_memmap(path, mode="r")


def _is_consistent(raw: DecodedDataset) -> bool:
    """Whether shapes, kinds and codes of the columns fit each other."""
    coded = ((raw.labels, raw.written), (raw.splits, raw.split_names))
    columns = (raw.labels, raw.splits, raw.names, raw.subjects, raw.measured)
    kinds = "".join(column.dtype.kind for column in columns)
    return (
        raw.format in FORMATS
        and raw.pixels.ndim == 3
        and raw.pixels.shape[1] == raw.pixels.shape[2]
        and kinds == "iiUUf"
        and all(column.shape == (len(raw.pixels),) for column in columns)
        and all(codes.min() >= 0 and codes.max() < len(words) for codes, words in coded)
        and all(isinstance(word, str) for _, words in coded for word in words)
    )


def _write_columns(
    folder: Path,
    format_name: str,
    blocks: Generator[Block],
    title: str,
    on_progress: Callable[[int], None],
) -> None:
    columns = _ColumnWriter(title)
    with (folder / _PIXELS).open("wb") as pixels, closing(blocks):
        # `closing` makes a reader close its file at once if this stops early.
        for block in blocks:
            pixels.write(np.ascontiguousarray(block.pixels).data)  # reports a full disk
            columns.add(block)
            on_progress(columns.count)
    _expect_mostly_readable(columns.count, columns.left_out, title)
    written, labels = columns.labels.coded()
    split_names, splits = columns.splits.coded(SPLIT_ORDER)
    _save(folder / "labels.npy", labels)
    _save(folder / "splits.npy", splits)
    for name, parts in columns.others.items():
        _save(folder / f"{name}.npy", parts)
    about = {"format": format_name, "shape": [columns.count, columns.side, columns.side]}
    about |= {
        "notes": columns.notes,
        "left_out": columns.left_out,
        "written": written,
        "split_names": split_names,
    }
    (folder / _ABOUT).write_text(json.dumps(about), encoding="utf-8")


class _ColumnWriter:
    """Collects the columns of blocks (all but pixels) in compact form.

    Args:
        title: of the dataset, for messages.
    """

    def __init__(self, title: str) -> None:
        self.count = self.side = 0
        self.left_out: list[str] = []
        self.notes: list[str] = []
        self.labels = _WordCodes(MOST_LABELS, "labels", title)
        self.splits = _WordCodes(MOST_SPLITS, "splits", title)
        self.others: dict[str, list[NDArray[Any]]] = {
            name: [] for name in ("names", "subjects", "measured")
        }

    def add(self, block: Block) -> None:
        """The next block.

        Raises:
            UnreadableDataset: more different labels or splits than there can be.
        """
        self.count += len(block)
        self.side = block.pixels.shape[1]
        self.left_out += block.left_out
        self.notes += block.notes
        self.labels.add(block.labels)
        self.splits.add(block.splits)
        for name, parts in self.others.items():
            parts.append(getattr(block, name))


class _WordCodes:
    """Encodes the words of one column as numbers.

    Args:
        most: maximum number of distinct words.
        what, title: for the error message.
    """

    def __init__(self, most: int, what: str, title: str) -> None:
        self._most, self._what, self._title = most, what, title
        self._code_of: dict[str, int] = {}
        self._codes: list[NDArray[np.int16]] = []

    def add(self, words: NDArray[np.str_]) -> None:
        """Add the words of further rows."""
        distinct, inverse = np.unique(words, return_inverse=True)
        for word in distinct.tolist():
            self._code_of.setdefault(word, len(self._code_of))
        if len(self._code_of) > self._most:
            raise UnreadableDataset(
                f"{self._title} has more than {self._most} different {self._what}, such as "
                f"{distinct[0][:30]!r}.",
                advice=f"Choose the column or the folders that hold the {self._what}.",
            )
        codes = [self._code_of[word] for word in distinct.tolist()]
        self._codes.append(np.array(codes, dtype=np.int16)[inverse])

    def coded(self, order: tuple[str, ...] = ()) -> tuple[list[str], list[NDArray[np.int64]]]:
        """The distinct words, in this order and then by name, and each row's index in them."""
        words = [word for word in order if word in self._code_of]
        words += sorted(self._code_of.keys() - set(words), key=_by_number)
        position = np.array([words.index(word) for word in self._code_of], dtype=np.int64)
        return words, [position[codes] for codes in self._codes]


def _save(path: Path, parts: Sequence[NDArray[Any]]) -> None:
    """Write parts as one `.npy` file without concatenating them in memory."""
    dtype = np.result_type(*parts)
    header = {
        "descr": np.lib.format.dtype_to_descr(dtype),
        "fortran_order": False,
        "shape": (sum(map(len, parts)),),
    }
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            file.write(np.ascontiguousarray(part.astype(dtype)).data)


def _by_number(word: str) -> tuple[int, int, str]:
    return (0, int(word), "") if is_number(word) else (1, 0, word)


def _expect_mostly_readable(count: int, left_out: list[str], title: str) -> None:
    if count == 0 and not left_out:
        raise UnreadableDataset(
            f"{title} holds no pictures.", advice="Choose a file or folder that does."
        )
    if len(left_out) > count:
        raise UnreadableDataset(
            f"{title}: {len(left_out):,} of {counted(count + len(left_out), 'picture')} cannot be "
            f"read, {left_out[0]} among them.",
            advice="Download it again.",
        )
