"""Export of extracted faces as picture files, on a person's request only."""

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

    Load-bearing: the only function that writes faces as picture files. Call it only where a person
    pressed a button that says so.

    Args:
        folder: of extracted faces, with pictures.
        target: an archive if it ends in .zip, else a folder; must not exist.
    Returns:
        How many pictures were written.
    Raises:
        DatasetError: the folder of faces is unusable.
        PlanError: the target exists.
        OSError: it cannot be written; nothing is left behind.
    """
    faces = read_faces(folder)
    if target.exists():
        raise PlanError(f"{target.name} exists already.", advice="Choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix.lower() == ".zip":
        # Stored without compression: PNG is compressed.
        with (
            atomic_file(target) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
        ):
            for name, content in _files(faces):
                archive.writestr(name, content)
    else:
        with atomic_folder(target) as temporary:
            for name, content in _files(faces):
                (temporary / name).write_bytes(content)
    return len(faces)


def pictures_zip(folder: Path) -> bytes:
    """All faces as a ZIP archive; see `export_pictures`."""
    with TemporaryDirectory(prefix="mien-faces-") as folder_name:
        target = Path(folder_name) / "faces.zip"
        export_pictures(folder, target)
        return target.read_bytes()


def _files(faces: FaceFolder) -> Iterator[tuple[str, bytes]]:
    yield LICENCE_FILE, f"{faces.about.get('licence', '')}\n".encode()
    used: set[str] = set()
    for name, picture in zip(faces.names, faces.pixels, strict=True):
        stem = _UNSAFE.sub("_", str(name))
        # Two names may differ only in replaced characters, or in case, which some disks ignore.
        others = (f"{stem}_{number}" for number in count(2))
        unused = next(one for one in chain([stem], others) if one.lower() not in used)
        used.add(unused.lower())
        _, content = cv2.imencode(".png", picture)
        yield f"{unused}.png", content.tobytes()
