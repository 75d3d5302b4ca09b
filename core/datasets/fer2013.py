"""FER2013 in the formats people have it, under one protocol.

PublicTest chooses, PrivateTest is read once (Goodfellow et al. 2013). The Kaggle folder's `test` is
both together: where the file names still tell them apart they are told apart; where they do not, a
part of `train` is held out to choose, so that `test` stays unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.csv_pixels import read_pixel_csv
from core.datasets.folders import read_folder
from core.datasets.split import hold_out
from core.errors import UnknownDataset, UnreadableDataset
from core.vocabulary import FER7, Dataset, PictureSet, SplitProtocol

SIZE_PX = 48
HELD_OUT = 0.125  # as large beside the training pictures as PublicTest is (3,589 of 28,709)
OFFICIAL = SplitProtocol(learns="Training", chooses="PublicTest", judges="PrivateTest")
OWN = SplitProtocol(learns="Training", chooses="Held out", judges="Test")


def open_fer2013(path: Path, *, seed: int) -> Dataset:
    """Read a FER2013 file or folder.

    Args:
        path: `fer2013.csv`, `icml_face_data.csv`, or a folder with `train/` and `test/`.
        seed: used only where a split has to be made.
    Raises:
        UnknownDataset: nothing there, or no format we read.
        UnreadableDataset: damaged or incomplete.
    """
    if path.is_dir():
        return _from_folders(path, seed)
    if path.suffix.lower() == ".csv" and path.is_file():
        return _from_csv(path)
    raise UnknownDataset(
        f"{path} is neither a CSV file nor a folder.",
        advice="Give fer2013.csv, icml_face_data.csv, or the folder that holds train/ and test/.",
    )


def _from_csv(path: Path) -> Dataset:
    rows = read_pixel_csv(path, FER7)
    splits = {
        name: PictureSet(rows.pixels[rows.usage == name], rows.labels[rows.usage == name])
        for name in (OFFICIAL.learns, OFFICIAL.chooses, OFFICIAL.judges)
    }
    empty = [name for name, pictures in splits.items() if len(pictures) == 0]
    if empty:
        raise UnreadableDataset(
            f"{path.name} has no rows with the Usage {' or '.join(empty)}.",
            advice="Use fer2013.csv or icml_face_data.csv, which name the Usage of every row.",
        )
    return _dataset(splits, OFFICIAL, ())


def _from_folders(path: Path, seed: int) -> Dataset:
    for name in ("train", "test"):
        if not (path / name).is_dir():
            raise UnknownDataset(
                f"{path} has no folder {name}/.",
                advice="Choose the folder that holds train/ and test/.",
            )
    train, _ = read_folder(path / "train", FER7, size_px=SIZE_PX)
    test, names = read_folder(path / "test", FER7, size_px=SIZE_PX)
    public = np.array([name.startswith("PublicTest") for name in names])
    private = np.array([name.startswith("PrivateTest") for name in names])
    if (public | private).all() and public.any() and private.any():
        splits = {
            OFFICIAL.learns: train,
            OFFICIAL.chooses: test.take(np.flatnonzero(public)),
            OFFICIAL.judges: test.take(np.flatnonzero(private)),
        }
        return _dataset(splits, OFFICIAL, ())
    learns, chooses = hold_out(train.labels, fraction=HELD_OUT, seed=seed)
    splits = {OWN.learns: train.take(learns), OWN.chooses: train.take(chooses), OWN.judges: test}
    note = (
        "The folder test/ is PublicTest and PrivateTest together, so a part of train/ was held "
        "out to choose the epoch, and test/ was kept unseen."
    )
    return _dataset(splits, OWN, (note,))


def _dataset(
    splits: dict[str, PictureSet], protocol: SplitProtocol, notes: tuple[str, ...]
) -> Dataset:
    return Dataset.from_splits(
        "FER2013",
        FER7,
        splits,
        protocol,
        content_hash=_content_hash(splits.values()),
        notes=notes,
    )


def _content_hash(splits: Iterable[PictureSet]) -> str:
    """The same labelled pictures give the same hash, whatever their order, file and split."""
    rows: list[NDArray[np.uint8]] = []
    for pictures in splits:
        label = pictures.labels.astype(np.uint8)[:, None]
        rows.append(np.concatenate([label, pictures.pixels.reshape(len(pictures), -1)], axis=1))
    digests = sorted(hashlib.sha256(row.tobytes()).digest() for row in np.concatenate(rows))
    return hashlib.sha256(b"".join(digests)).hexdigest()
