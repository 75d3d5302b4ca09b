"""A dataset read once and kept decoded, so that it opens at once the next time.

A folder of the cache holds `pixels` (raw bytes, mapped into memory when opened), one `.npy` a
column, and `about.json`. It appears by renaming, complete or not at all.
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
from core.datasets.readers.picture_folder import COMMON_ENDINGS, PICTURE_ENDINGS, Cut, picture_names
from core.datasets.readers.source import DatasetSource
from core.datasets.readers.split_names import SPLIT_ORDER
from core.domain.counted import counted
from core.domain.errors import UnreadableDataset
from core.storage.atomic import atomic_folder
from core.storage.corrupt_data import DAMAGED_CONTENT

VERSION = 1  # of the folder's layout and of how files are read; raised when either changes
MOST_LABELS = 250  # a byte holds them all, and the absence of one, in a content hash
MOST_SPLITS = 50
_ABOUT, _PIXELS = "about.json", "pixels"
_COLUMNS = ("labels", "splits", "names", "subjects", "measured")


@dataclass(frozen=True, eq=False)
class RawDataset:
    """Everything that files say, before labels become classes.

    Attributes:
        key: its name in the cache.
        format: a key of `formats.FORMATS`.
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
    """Changes when the files change or another way of reading is asked for."""
    asked = asdict(source.columns)
    # Columns of lists came later: without them the key is what it was.
    columns = tuple((one, name) for one, name in asked.items() if name or one in USUAL_NAMES)
    read_by: tuple[object, ...] = (VERSION, source.format, source.size_px, source.align, columns)
    if source.reading and picture_names(tree, PICTURE_ENDINGS - COMMON_ENDINGS):
        # Files that were passed over once: a copy from then lacks them.
        read_by = (*read_by, source.reading)
    return hashlib.sha256(repr((tree.fingerprint(), read_by)).encode()).hexdigest()[:24]


def open_cached(cache_dir: Path, key: str) -> RawDataset | None:
    """A dataset kept earlier; None if it is not there, or damaged (then it is made again)."""
    folder = cache_dir / key
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        shape = tuple(int(length) for length in about["shape"])
        if (folder / _PIXELS).stat().st_size != np.prod(shape):
            return None
        columns = {name: _column(folder / f"{name}.npy") for name in _COLUMNS}
        found = RawDataset(
            key=key,
            format=about["format"],
            pixels=np.memmap(folder / _PIXELS, dtype=np.uint8, mode="r", shape=shape),
            written=tuple(about["written"]),
            split_names=tuple(about["split_names"]),
            left_out=tuple(about["left_out"]),
            notes=tuple(map(str, about.get("notes", ()))),
            **columns,
        )
        return found if _fits(found) else None
    except DAMAGED_CONTENT:
        return None


def read_into_cache(
    tree: Tree,
    source: DatasetSource,
    cache_dir: Path,
    *,
    tell: Callable[[int], None] = lambda _: None,
    cut: Cut | None = None,
) -> RawDataset:
    """Read everything and keep it.

    Args:
        tell: told how many pictures are read; may raise to stop.
        cut: finds the face, where the source wants it aligned.
    Raises:
        UnknownDataset, UnreadableDataset: nothing is kept.
        OSError: the disk refused; nothing is kept.
    """
    name, known = recognise(tree, source)
    if source.align and cut is None:
        raise UnreadableDataset(
            f"The faces extracted from {tree.title} are not kept any more.",
            advice="Remove the dataset and add it again: its faces are then extracted again.",
        )
    key = cache_key(tree, source)
    cache_dir.mkdir(parents=True, exist_ok=True)
    with atomic_folder(cache_dir / key, replaces=True) as beside:
        _fill(
            beside, name, known.read(tree, source, cut if source.align else None), tree.title, tell
        )
    kept = open_cached(cache_dir, key)
    if kept is None:
        raise UnreadableDataset(
            f"What was read of {tree.title} could not be read back.",
            advice="Check the disk, then open the dataset again.",
        )
    return kept


def _column(path: Path) -> NDArray[Any]:
    """A column as it lies on disk; names of three million pictures take 200 MB."""
    return np.lib.format.open_memmap(path, mode="r")


def _fits(raw: RawDataset) -> bool:
    """Whether the columns belong to the pictures, their numbers to the words, and we wrote it."""
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


def _fill(
    folder: Path,
    format_name: str,
    blocks: Generator[Block],
    title: str,
    tell: Callable[[int], None],
) -> None:
    columns = _Columns(title)
    with (folder / _PIXELS).open("wb") as pixels, closing(blocks):
        # A reader that is left in the middle closes its file at once.
        for block in blocks:
            pixels.write(np.ascontiguousarray(block.pixels).data)  # tofile does not say "disk full"
            columns.add(block)
            tell(columns.count)
    _expect_mostly_sound(columns.count, columns.left_out, title)
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


class _Columns:
    """Everything of the blocks but their pictures, as small as it gets.

    Args:
        title: of the dataset, for messages.
    """

    def __init__(self, title: str) -> None:
        self.count = self.side = 0
        self.left_out: list[str] = []
        self.notes: list[str] = []
        self.labels = _Words(MOST_LABELS, "labels", title)
        self.splits = _Words(MOST_SPLITS, "splits", title)
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


class _Words:
    """Words of one column as numbers.

    Args:
        most: different ones.
        what, title: for the message that there are more.
    """

    def __init__(self, most: int, what: str, title: str) -> None:
        self._most, self._what, self._title = most, what, title
        self._code_of: dict[str, int] = {}
        self._codes: list[NDArray[np.int16]] = []

    def add(self, words: NDArray[np.str_]) -> None:
        """The next rows' words."""
        distinct, place = np.unique(words, return_inverse=True)
        for word in distinct.tolist():
            self._code_of.setdefault(word, len(self._code_of))
        if len(self._code_of) > self._most:
            raise UnreadableDataset(
                f"{self._title} has more than {self._most} different {self._what}, such as "
                f"{distinct[0][:30]!r}.",
                advice=f"Choose the column or the folders that hold the {self._what}.",
            )
        codes = [self._code_of[word] for word in distinct.tolist()]
        self._codes.append(np.array(codes, dtype=np.int16)[place])

    def coded(self, order: tuple[str, ...] = ()) -> tuple[list[str], list[NDArray[np.int64]]]:
        """The different words, in this order and then by name, and each row's place in them."""
        words = [word for word in order if word in self._code_of]
        words += sorted(self._code_of.keys() - set(words), key=_by_number)
        place = np.array([words.index(word) for word in self._code_of], dtype=np.int64)
        return words, [place[codes] for codes in self._codes]


def _save(path: Path, parts: Sequence[NDArray[Any]]) -> None:
    """An array as numpy saves it, part by part, so that it never stands in memory twice."""
    kind = np.result_type(*parts)
    head = {
        "descr": np.lib.format.dtype_to_descr(kind),
        "fortran_order": False,
        "shape": (sum(map(len, parts)),),
    }
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, head)
        for part in parts:
            file.write(np.ascontiguousarray(part.astype(kind)).data)


def _by_number(word: str) -> tuple[int, int, str]:
    return (0, int(word), "") if is_number(word) else (1, 0, word)


def _expect_mostly_sound(count: int, left_out: list[str], title: str) -> None:
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
