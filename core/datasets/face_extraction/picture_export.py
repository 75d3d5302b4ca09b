"""Cut-out faces as picture files: only because a person asked for them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from core.datasets.readers.face_folder import FaceFolder, read_faces
from core.domain.errors import PlanError
from core.storage.atomic import atomic_file, atomic_folder

LICENCE_FILE = "LICENCE.txt"

_UNSAFE = re.compile(r"[^\w.-]+")


def export_pictures(folder: Path, target: Path) -> int:
    """Write every face as `<clip>_<seconds>.png`, with the licence beside them.

    Load-bearing: this is the only door through which faces become picture files. Call it where a
    person pressed a button that says so, never on the way to something else.

    Args:
        folder: a folder of faces with its pictures kept.
        target: an archive if it ends in .zip, else a folder; must not exist.
    Returns:
        How many pictures were written.
    Raises:
        DatasetError: the folder of faces cannot be used.
        PlanError: the target exists.
        OSError: the disk refused; nothing is left behind.
    """
    faces = read_faces(folder)
    if target.exists():
        raise PlanError(f"{target.name} exists already.", advice="Choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix.lower() == ".zip":
        # Stored, not packed again: PNG is packed.
        with (
            atomic_file(target) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
        ):
            for name, content in _files(faces):
                archive.writestr(name, content)
    else:
        with atomic_folder(target) as beside:
            for name, content in _files(faces):
                (beside / name).write_bytes(content)
    return len(faces)


def pictures_zip(folder: Path) -> bytes:
    """The same as an archive to send; see `export_pictures`."""
    with TemporaryDirectory(prefix="mien-faces-") as place:
        target = Path(place) / "faces.zip"
        export_pictures(folder, target)
        return target.read_bytes()


def _files(faces: FaceFolder) -> Iterator[tuple[str, bytes]]:
    yield LICENCE_FILE, f"{faces.about.get('licence', '')}\n".encode()
    used: set[str] = set()
    for name, picture in zip(faces.names, faces.pixels, strict=True):
        stem = _UNSAFE.sub("_", str(name))
        # Two names may differ only in what was replaced, or in case, which some disks ignore.
        others = (f"{stem}_{number}" for number in count(2))
        free = next(one for one in chain([stem], others) if one.lower() not in used)
        used.add(free.lower())
        _, content = cv2.imencode(".png", picture)
        yield f"{free}.png", content.tobytes()
