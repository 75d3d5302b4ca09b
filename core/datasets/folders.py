"""FER2013 as folders: `train|test/<emotion>/*.jpg`."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.errors import UnreadableDataset
from core.vocabulary import LabelScheme, PictureSet

PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})


def read_folder(
    folder: Path, scheme: LabelScheme, *, size_px: int
) -> tuple[PictureSet, tuple[str, ...]]:
    """Read one side of the dataset: a folder with a subfolder for each expression.

    Args:
        size_px: pictures of another size are resized to this square.
    Returns:
        The pictures in the order of their names, and the names.
    Raises:
        UnreadableDataset: an unknown subfolder, no pictures, or a picture that cannot be read.
    """
    found: list[tuple[Path, int]] = []
    for subfolder in sorted(child for child in folder.iterdir() if child.is_dir()):
        if subfolder.name.startswith("."):
            continue
        label = _label(subfolder, scheme)
        files = sorted(f for f in subfolder.iterdir() if f.suffix.lower() in PICTURE_ENDINGS)
        found += [(file, label) for file in files]
    if not found:
        raise UnreadableDataset(
            f"{folder.name}/ holds no pictures.",
            advice=f"Expected subfolders {', '.join(scheme.labels)} with pictures in them.",
        )
    pixels = np.stack([_grey(file, size_px) for file, _ in found])
    labels = np.array([label for _, label in found], dtype=np.int64)
    return PictureSet(pixels, labels), tuple(file.name for file, _ in found)


def _label(subfolder: Path, scheme: LabelScheme) -> int:
    name = subfolder.name.lower()
    if name not in scheme.labels:
        raise UnreadableDataset(
            f"{subfolder.parent.name}/{subfolder.name} is not an expression of {scheme.name}.",
            advice=f"Subfolders are called {', '.join(scheme.labels)}.",
        )
    return scheme.index(name)


def _grey(file: Path, size_px: int) -> NDArray[np.uint8]:
    # imdecode over bytes rather than imread: it opens names in any script on every system.
    picture = cv2.imdecode(np.fromfile(file, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise UnreadableDataset(
            f"{file.parent.name}/{file.name} is not a readable picture.",
            advice="Remove it or replace it, then open the dataset again.",
        )
    if picture.shape != (size_px, size_px):
        picture = cv2.resize(picture, (size_px, size_px), interpolation=cv2.INTER_AREA)
    return np.asarray(picture, dtype=np.uint8)
