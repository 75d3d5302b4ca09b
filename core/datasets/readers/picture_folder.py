"""Pictures in folders: `train/happy/7.jpg`, `happy/7.jpg`, or a CSV that lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence, Set
from pathlib import PurePosixPath
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.datasets.readers.archive import Tree
from core.datasets.readers.batches import Block, pictures_at_once
from core.datasets.readers.split_names import is_split_word, split_name
from core.domain import Interpolation
from core.domain.counted import counted
from core.domain.errors import MediaError
from core.models.runtimes import resized
from core.storage.corrupt_data import DAMAGED_BYTES, may_be_decoded, printable
from core.storage.heic import is_heic, read_heic

COMMON_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".pgm"})
PICTURE_ENDINGS = COMMON_ENDINGS | {
    *(".jpe", ".jfif", ".jif", ".pjpeg", ".dib", ".gif", ".ppm", ".pbm", ".pnm", ".jp2"),
    *(".avif", ".heic", ".heif", ".hif"),
}
"""Supported extensions; datasets of `READING` 0 keep to the common ones."""

# Extensions of pictures and videos that are not supported: such files are counted in a note.
_NOT_READ = frozenset(
    {
        *(".psd", ".xcf", ".ai", ".eps", ".svg", ".tga", ".ico", ".jxl", ".exr", ".hdr", ".raw"),
        *(".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf"),
        *(".mp4", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".m4v", ".mpg"),
    }
)
LARGEST_FILE = 64 << 20  # bytes; a 48 MP photograph has about 20 MB
MOST_PIXELS = 100_000_000  # twice such a photograph
AT_ONCE = 1024
# What opening, unpacking and decoding raise when bytes are damaged.
_DAMAGE: tuple[type[Exception], ...] = (*DAMAGED_BYTES, RuntimeError, cv2.error, KeyError)
SIZE_PX = 48  # FER2013's; the default


def picture_names(tree: Tree, endings: Set[str] = PICTURE_ENDINGS) -> list[str]:
    """The pictures among a tree's files."""
    return [name for name in tree.names if ending_of(name) in endings]


def ending_of(name: str) -> str:
    """The extension of a file in lower case, with its dot."""
    return PurePosixPath(name).suffix.lower()


def unread_files_note(tree: Tree) -> tuple[str, ...]:
    """A sentence about pictures and videos of unsupported kinds, if there are any."""
    found = Counter(ending for name in tree.names if (ending := ending_of(name)) in _NOT_READ)
    if not found:
        return ()
    kinds = ", ".join(f"{count:,} {ending}" for ending, count in sorted(found.items()))
    return (
        f"{counted(found.total(), 'file was', 'files were')} not read: {kinds}. Export "
        "pictures as PNG or JPEG; extract faces from videos first.",
    )


CropFunction = Callable[[NDArray[np.uint8], int], NDArray[np.uint8] | None]
"""From a grey picture of any shape and the target side to a square one; None: leave it out."""


def read_pictures(
    tree: Tree,
    *,
    size_px: int = 0,
    crop: CropFunction | None = None,
    endings: Set[str] = PICTURE_ENDINGS,
) -> Generator[Block]:
    """Read every picture of a tree; its folder is its label, the one above its split.

    Damaged ones are left out and named in the blocks.

    Args:
        size_px: side of the squares they are cropped and resized to; 0 takes `SIZE_PX`.
        crop: applied to each picture; None takes its centre square.
        endings: extensions of the files that are read.
    """
    crop = crop or middle_square
    names, size_px = picture_names(tree, endings), size_px or SIZE_PX
    at_once = pictures_at_once(AT_ONCE, size_px)
    for start in range(0, len(names), at_once):
        yield _block(tree, names[start : start + at_once], lambda one: crop(one, size_px), size_px)


def _block(tree: Tree, names: Sequence[str], crop: Callable[..., Any], size_px: int) -> Block:
    found: dict[str, NDArray[np.uint8] | None] = {}
    for name in names:
        picture = read_picture(tree, name)
        found[name] = None if picture is None else crop(picture)
    read = {printable(name): picture for name, picture in found.items() if picture is not None}
    empty = np.zeros((0, size_px, size_px), dtype=np.uint8)
    return Block(
        pixels=np.stack(list(read.values())) if read else empty,
        labels=np.array([label_of(name) for name in read], dtype=np.str_),
        splits=np.array([split_of(name) for name in read], dtype=np.str_),
        names=np.array(list(read), dtype=np.str_),
        subjects=np.full(len(read), "", dtype=np.str_),
        measured=np.full(len(read), np.nan),
        left_out=tuple(printable(name) for name, picture in found.items() if picture is None),
    )


def read_picture(tree: Tree, name: str) -> NDArray[np.uint8] | None:
    """One picture, grey: uint8 `(high, wide)`; None if it is damaged."""
    try:
        with tree.open(name) as file:
            return decoded(file.read(LARGEST_FILE + 1))
    except _DAMAGE:
        return None


def decoded(content: bytes) -> NDArray[np.uint8] | None:
    """A picture file's content, grey and upright: uint8 `(high, wide)`; None if it is damaged."""
    if not 0 < len(content) <= LARGEST_FILE or not may_be_decoded(content, most_pixels=MOST_PIXELS):
        return None
    try:
        if is_heic(content):
            return np.asarray(cv2.cvtColor(read_heic(content, ""), cv2.COLOR_RGB2GRAY), np.uint8)
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    except (cv2.error, MediaError):
        return None
    return None if picture is None else np.asarray(picture, dtype=np.uint8)


def decoded_in_colour(content: bytes) -> NDArray[np.uint8] | None:
    """The same in colour: uint8 `(high, wide, 3)`, RGB."""
    if not 0 < len(content) <= LARGEST_FILE or not may_be_decoded(content, most_pixels=MOST_PIXELS):
        return None
    try:
        if is_heic(content):
            return np.asarray(read_heic(content, ""), dtype=np.uint8)
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    except (cv2.error, MediaError):
        return None
    if picture is None:
        return None
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def middle_square(
    picture: NDArray[np.uint8], size_px: int, interpolation: Interpolation = Interpolation.CUBIC
) -> NDArray[np.uint8]:
    """The centre square of a picture, resized.

    Args:
        interpolation: used for enlarging.
    """
    high, wide = picture.shape
    side = min(high, wide)
    top, left = (high - side) // 2, (wide - side) // 2
    middle = picture[top : top + side, left : left + side]
    return np.asarray(resized(middle[None], size_px, interpolation)[0], dtype=np.uint8)


def _folders(name: str) -> Sequence[str]:
    return PurePosixPath(name).parts[:-1]


def label_of(name: str) -> str:
    """The name of a picture's folder, unless that is a split."""
    folders = _folders(name)
    return folders[-1] if folders and not is_split_word(folders[-1]) else ""


def split_of(name: str) -> str:
    """The split in a picture's path.

    Kaggle's `test` holds both of FER2013's tests; some copies distinguish them by file name.
    """
    file = PurePosixPath(name).name
    for test in ("PublicTest", "PrivateTest"):
        if file.startswith(test):
            return test
    above = [folder for folder in _folders(name)[-2:] if is_split_word(folder)]
    return split_name(above[-1]) if above else ""
