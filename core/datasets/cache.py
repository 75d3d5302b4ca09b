"""A dataset read once and kept decoded, so that it opens at once the next time.

A folder of the cache holds `pixels` (raw bytes, mapped into memory when opened), one `.npy` a
column, and `about.json`. It appears by renaming, complete or not at all.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.block import SPLIT_ORDER, Block
from core.datasets.damage import DAMAGED_CONTENT
from core.datasets.formats import recognise
from core.datasets.source import DatasetSource
from core.datasets.tree import Tree
from core.errors import UnreadableDataset

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


def cache_key(tree: Tree, source: DatasetSource) -> str:
    """Changes when the files change or another way of reading is asked for."""
    read_by = (VERSION, source.format, source.size_px, tuple(asdict(source.columns).items()))
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
) -> RawDataset:
    """Read everything and keep it.

    Args:
        tell: told how many pictures are read; may raise to stop.
    Raises:
        UnknownDataset, UnreadableDataset: nothing is kept.
        OSError: the disk refused; nothing is kept.
    """
    name, known = recognise(tree, source.format)
    key = cache_key(tree, source)
    cache_dir.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=".new-", dir=cache_dir))
    try:
        _fill(beside, name, known.read(tree, source), tree.title, tell)
        shutil.rmtree(cache_dir / key, ignore_errors=True)
        beside.chmod(0o755)  # mkdtemp makes it private
        beside.rename(cache_dir / key)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    kept = open_cached(cache_dir, key)
    if kept is None:
        raise UnreadableDataset(
            f"What was read of {tree.title} could not be read back.",
            advice="Check the disk, then open the dataset again.",
        )
    return kept


def _column(path: Path) -> NDArray[Any]:
    # Opened here: of a damaged file that looks like an archive, numpy would leave it open.
    with path.open("rb") as file:
        return np.asarray(np.load(file))


def _fits(raw: RawDataset) -> bool:
    """Whether the columns belong to the pictures, and their numbers to the words."""
    coded = ((raw.labels, raw.written), (raw.splits, raw.split_names))
    columns = (raw.labels, raw.splits, raw.names, raw.subjects, raw.measured)
    kinds = "".join(column.dtype.kind for column in columns)
    return (
        raw.pixels.ndim == 3
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
    read: list[Block] = []
    left_out: list[str] = []
    count = 0
    # A reader that is left in the middle closes its file at once.
    with (folder / _PIXELS).open("wb") as pixels, closing(blocks):
        for block in blocks:
            block.pixels.tofile(pixels)
            read.append(_without_pixels(block))
            left_out += block.left_out
            count += len(block.names)
            tell(count)
    _expect_mostly_sound(count, left_out, title)
    written, labels = _coded([block.labels for block in read])
    _expect_few(written, MOST_LABELS, "labels", title)
    split_names, splits = _coded([block.splits for block in read], order=SPLIT_ORDER)
    _expect_few(split_names, MOST_SPLITS, "splits", title)
    columns = {
        "labels": labels,
        "splits": splits,
        "names": np.concatenate([block.names for block in read]),
        "subjects": np.concatenate([block.subjects for block in read]),
        "measured": np.concatenate([block.measured for block in read]),
    }
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)
    side = next(block.pixels.shape[1] for block in read)
    about = {"format": format_name, "shape": [count, side, side], "left_out": left_out}
    about |= {"written": written, "split_names": split_names}
    (folder / _ABOUT).write_text(json.dumps(about), encoding="utf-8")


def _without_pixels(block: Block) -> Block:
    """The same with its pictures forgotten: only their side is still of interest."""
    nothing = np.zeros((0, *block.pixels.shape[1:]), dtype=np.uint8)
    return Block(**{**vars(block), "pixels": nothing})


def _coded(
    parts: list[NDArray[np.str_]], order: tuple[str, ...] = ()
) -> tuple[list[str], NDArray[np.int64]]:
    """The distinct words, in this order and then by name, and where each row's word stands."""
    found = set().union(*(np.unique(part).tolist() for part in parts))
    words = [word for word in order if word in found]
    words += sorted(found - set(words), key=_by_number)
    place = {word: at for at, word in enumerate(words)}
    codes = []
    for part in parts:
        distinct, inverse = np.unique(part, return_inverse=True)
        codes.append(np.array([place[word] for word in distinct.tolist()], np.int64)[inverse])
    return words, np.concatenate(codes)


def _by_number(word: str) -> tuple[int, int, str]:
    return (0, int(word), "") if word.isascii() and word.isdigit() else (1, 0, word)


def _expect_mostly_sound(count: int, left_out: list[str], title: str) -> None:
    if count == 0 and not left_out:
        raise UnreadableDataset(
            f"{title} holds no pictures.", advice="Choose a file or folder that does."
        )
    if len(left_out) > count:
        raise UnreadableDataset(
            f"{title}: {len(left_out):,} of {count + len(left_out):,} pictures cannot be read, "
            f"{left_out[0]} among them.",
            advice="Download it again.",
        )


def _expect_few(words: list[str], most: int, what: str, title: str) -> None:
    if len(words) > most:
        raise UnreadableDataset(
            f"{title} has {len(words):,} different {what}, such as {words[0][:30]!r}.",
            advice=f"Choose the column or the folders that hold the {what}; {most} are the most.",
        )
