"""Faces extracted from videos, as stored in `data/faces/<name>/`: pictures, table and metadata.

`pixels.npy` holds the pictures, `faces.csv` one row for each in the same order, `faces.json`
counts, source, licence and the sha256 of the other two.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.domain.counted import counted
from core.domain.errors import UnknownDataset, UnreadableDataset
from core.domain.plain_values import parse_json
from core.storage.corrupt_data import DAMAGED_BYTES, DAMAGED_CONTENT
from core.storage.csv_injection import original
from core.storage.own_files import is_same_file

FORMAT = 1
PIXELS_FILE, TABLE_FILE, ABOUT_FILE = "pixels.npy", "faces.csv", "faces.json"
TEXT_COLUMNS = ("clip", "subject")
NUMBER_COLUMNS = (
    *("score", "time_s", "frame", "confidence"),
    *("brightness", "blur", "yaw", "pitch", "roll"),
)
COLUMNS = (*TEXT_COLUMNS, *NUMBER_COLUMNS)


_TABLE_DAMAGE: tuple[type[Exception], ...] = (csv.Error, *DAMAGED_BYTES)
_EXTRACT_AGAIN = "Delete the folder and extract the faces again."


@dataclass(frozen=True, eq=False)
class FaceFolder:
    """Faces in columns.

    Attributes:
        name: of the folder.
        pixels: uint8 `(n, size, size)`, grey, mapped from disk, read-only.
        scores: float64 `(n,)`: the score of each face's clip; NaN where it has none.
        subjects: str `(n,)`: ID of the person shown; empty where unknown.
        clips: str `(n,)`: ID of each face's clip.
        times_s: float64 `(n,)`: time in that clip.
        names: str `(n,)`: unique, `<clip>_<seconds>`.
        about: content of faces.json.
    """

    name: str
    pixels: NDArray[np.uint8]
    scores: NDArray[np.float64]
    subjects: NDArray[np.str_]
    clips: NDArray[np.str_]
    times_s: NDArray[np.float64]
    names: NDArray[np.str_]
    about: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.scores)


def read_faces(folder: Path) -> FaceFolder:
    """Open such a folder; pictures are mapped from disk.

    Raises:
        UnknownDataset: there is no faces.json.
        UnreadableDataset: something is missing, changed since it was written, or does not fit.
    """
    about = read_about(folder)
    for file in (PIXELS_FILE, TABLE_FILE):
        _expect_unchanged(folder, file, about)
    pixels = _pixels(folder / PIXELS_FILE)
    texts: list[tuple[str, str, str]] = []
    numbers: list[tuple[float, float]] = []
    try:
        for text, number in _table(folder / TABLE_FILE):
            texts.append(text)
            numbers.append(number)
    except _TABLE_DAMAGE as error:
        raise _damage(folder, f"{TABLE_FILE} cannot be read") from error
    if len(pixels) != len(texts):
        raise UnreadableDataset(
            f"{folder.name} holds {counted(len(pixels), 'picture')} and "
            f"{counted(len(texts), 'row')}.",
            advice=_EXTRACT_AGAIN,
        )
    columns = np.array(texts, dtype=np.str_).reshape(-1, 3)
    scores_and_times = np.array(numbers, dtype=np.float64).reshape(-1, 2)
    return FaceFolder(
        name=folder.name,
        pixels=pixels,
        scores=scores_and_times[:, 0],
        subjects=columns[:, 1],
        clips=columns[:, 0],
        times_s=scores_and_times[:, 1],
        names=columns[:, 2],
        about=about,
    )


def read_about(folder: Path) -> Mapping[str, Any]:
    """The content of faces.json.

    Raises:
        UnknownDataset: there is none.
        UnreadableDataset: it is damaged or of another format.
    """
    try:
        about = parse_json((folder / ABOUT_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UnknownDataset(
            f"{folder} holds no {ABOUT_FILE}.",
            advice="Choose a folder under data/faces/, or extract faces from videos first.",
        ) from error
    except DAMAGED_CONTENT as error:
        raise _damage(folder, f"{ABOUT_FILE} cannot be read") from error
    if not isinstance(about, dict) or not isinstance(about.get("files"), dict):
        raise _damage(folder, f"{ABOUT_FILE} does not say what there is")
    found = repr(about.get("format"))[:40]
    if about.get("format") != FORMAT:
        raise _damage(folder, f"{ABOUT_FILE} is of format {found}, not {FORMAT}")
    return about


def is_face_folder(folder: Path) -> bool:
    """Whether the folder holds faces extracted from videos, intact or damaged."""
    return (folder / ABOUT_FILE).is_file()


def extracted_faces_folder(path: str, faces_dir: Path) -> Path | None:
    """The folder of faces extracted by this installation that a path leads to, however spelt.

    Removing a dataset deletes this folder too, after a confirmation.

    Args:
        path: of a dataset; empty for none.
        faces_dir: where this installation stores extracted faces.
    Returns:
        The folder; None where the path leads to anything else.
    """
    folder = Path(path).resolve()
    ours = bool(path) and is_same_file(folder.parent, faces_dir) and is_face_folder(folder)
    return folder if ours else None


def _expect_unchanged(folder: Path, file: str, about: Mapping[str, Any]) -> None:
    expected = about["files"].get(file)
    if expected is None and file == PIXELS_FILE:
        raise UnreadableDataset(
            f"{folder.name} was made without keeping pictures.",
            advice="Extract the faces again and keep the pictures, if that is allowed here.",
        )
    try:
        with (folder / file).open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise _damage(folder, f"{file} is missing") from error
    if found != expected:
        raise _damage(folder, f"{file} is not the file that was written (sha256 differs)")


def _pixels(path: Path) -> NDArray[np.uint8]:
    try:
        pixels: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    except DAMAGED_CONTENT as error:
        raise _damage(path.parent, f"{PIXELS_FILE} cannot be read") from error
    if not isinstance(pixels, np.ndarray):  # an archive of arrays, by its first bytes
        raise _damage(path.parent, f"{PIXELS_FILE} holds more than one array")
    square = pixels.ndim == 3 and pixels.shape[1] == pixels.shape[2]
    if pixels.dtype != np.uint8 or not square:
        raise _damage(path.parent, f"{PIXELS_FILE} holds {pixels.dtype} {pixels.shape}")
    return pixels


def _table(path: Path) -> Iterator[tuple[tuple[str, str, str], tuple[float, float]]]:
    """The rows: clip, subject and name; score and time."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        if tuple(header) != COLUMNS:
            raise _damage(path.parent, f"{TABLE_FILE} has the columns {', '.join(header)[:80]}")
        previous = ""
        for number, cells in enumerate(rows, start=2):
            try:
                row = dict(zip(COLUMNS, cells, strict=True))
                score, time_s = _number(row["score"]), float(row["time_s"])
            except ValueError as error:
                raise _damage(path.parent, f"{TABLE_FILE}, row {number:,}, is damaged") from error
            clip = original(row["clip"])
            name = f"{clip}_{time_s:.3f}"
            # A damaged video may show two frames at one time.
            name = f"{name}_{row['frame']}" if name == previous else name
            previous = f"{clip}_{time_s:.3f}"
            yield (clip, original(row["subject"]), name), (score, time_s)


def _number(cell: str) -> float:
    found = float(cell) if cell else math.nan
    if cell and not math.isfinite(found):
        raise ValueError(cell)
    return found


def _damage(folder: Path, what: str) -> UnreadableDataset:
    return UnreadableDataset(f"{folder.name}: {what}.", advice=_EXTRACT_AGAIN)
