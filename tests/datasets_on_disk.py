"""Datasets as people have them, made by code: the same pictures in every format."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core.datasets.readers.face_folder import ABOUT_FILE, COLUMNS, FORMAT, PIXELS_FILE, TABLE_FILE
from core.domain import FER7


@dataclass(frozen=True)
class MadePicture:
    """One picture of a made dataset."""

    label: str
    usage: str
    pixels: np.ndarray


def make_pictures(*, seed: int = 1, size_px: int = 48) -> list[MadePicture]:
    """Sixteen noisy pictures of each expression: 12 Training, 2 PublicTest, 2 PrivateTest."""
    rng = np.random.default_rng(seed)
    usage = ["Training"] * 12 + ["PublicTest"] * 2 + ["PrivateTest"] * 2
    made = [
        MadePicture(label, one, rng.integers(0, 256, (size_px, size_px), dtype=np.uint8))
        for label in FER7.labels
        for one in usage
    ]
    return sorted(made, key=lambda picture: usage.index(picture.usage))


def write_csv(
    path: Path, pictures: list[MadePicture], *, header: str = "emotion,pixels,Usage"
) -> Path:
    """One row a picture; the header names the columns and their order."""
    lines = [header]
    for number, picture in enumerate(pictures):
        cells = {
            "emotion": str(FER7.index(picture.label)),
            "Usage": picture.usage,
            "pixels": " ".join(map(str, picture.pixels.ravel())),
            "": str(number),
        }
        lines.append(",".join(cells[name.strip()] for name in header.split(",")))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def write_trio(folder: Path, pictures: list[MadePicture]) -> Path:
    """train.csv, test.csv and test_with_emotions.csv."""
    train = [one for one in pictures if one.usage == "Training"]
    test = [one for one in pictures if one.usage != "Training"]
    write_csv(folder / "train.csv", train, header="emotion,pixels")
    write_csv(folder / "test.csv", test, header="pixels")
    write_csv(folder / "test_with_emotions.csv", test, header=",emotion,pixels")
    return folder


def write_folders(root: Path, pictures: list[MadePicture], *, named: bool) -> Path:
    """train/<label>/ and test/<label>/; `named`: files tell PublicTest and PrivateTest apart."""
    for number, picture in enumerate(pictures):
        folder = root / ("train" if picture.usage == "Training" else "test") / picture.label
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{picture.usage}_{number:05}.png" if named else f"{number:05}.png"
        cv2.imwrite(str(folder / name), picture.pixels)
    return root


def write_numbered(root: Path, pictures: list[MadePicture], *, first: int) -> Path:
    """One folder a class, named by a number that counts from `first`."""
    for number, picture in enumerate(pictures):
        folder = root / str(FER7.index(picture.label) + first)
        folder.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / f"{number:05}.png"), picture.pixels)
    return root


def write_sequences(root: Path, *, people: int, seed: int = 1, size_px: int = 8) -> Path:
    """Frames named as CK+ names them: each person shows each of three expressions in a sequence."""
    rng = np.random.default_rng(seed)
    for person in range(people):
        for take, label in enumerate(("happy", "sad", "surprise"), start=1):
            (root / label).mkdir(parents=True, exist_ok=True)
            for frame in range(10, 13):
                name = f"S{person:03}_{take:03}_{frame:08}.png"
                pixels = rng.integers(0, 256, (size_px, size_px), dtype=np.uint8)
                cv2.imwrite(str(root / label / name), pixels)
    return root


def write_face_folder(folder: Path, *, count: int) -> Path:
    """Faces cut out of one video, one a second, as `data/faces/<name>/` holds them."""
    folder.mkdir(parents=True)
    np.save(folder / PIXELS_FILE, np.zeros((count, 8, 8), dtype=np.uint8))
    rows = [f"clip,,,{at}.0,{at},0.9,0.5,0.6,1.0,2.0,3.0" for at in range(count)]
    (folder / TABLE_FILE).write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in (PIXELS_FILE, TABLE_FILE)
    }
    (folder / ABOUT_FILE).write_text(json.dumps({"format": FORMAT, "files": files}))
    return folder


def write_zip(path: Path, folder: Path) -> Path:
    """A folder as an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder.parent))
    return path
