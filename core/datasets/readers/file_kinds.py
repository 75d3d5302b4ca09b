"""The kind of a file by its first bytes, whatever its name."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from core.domain.errors import UnreadableDataset
from core.storage.corrupt_data import printable
from core.storage.placeholder_file import find_placeholder

ZIP_START = b"PK\x03\x04"
_HEAD_BYTES = 512
_UNPACK = "Unpack it, and choose the unpacked file or folder."
_AS_CSV = "Save it as CSV, with the columns emotion and pixels."

# First bytes in lower case -> the kind, and advice. Placeholders of other files (Git LFS, HTML) are
# recognised by `core.storage.placeholder_file`.
_KINDS: Mapping[bytes, tuple[str, str]] = {
    b"\x1f\x8b": ("compressed with gzip", _UNPACK),
    b"bzh": ("compressed with bzip2", _UNPACK),
    b"\xfd7zxz\x00": ("compressed with xz", _UNPACK),
    b"\x28\xb5\x2f\xfd": ("compressed with zstd", _UNPACK),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", _UNPACK),
    b"rar!\x1a\x07": ("a RAR archive", _UNPACK),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook", _AS_CSV),
    b"par1": ("a Parquet table", _AS_CSV),
    b"\x89hdf\r\n": ("an HDF5 file", _AS_CSV),
    b"sqlite format 3": ("an SQLite database", _AS_CSV),
    b"matlab 5": ("a MATLAB file", _AS_CSV),
    b"\x93numpy": ("a NumPy array", _AS_CSV),
    b"%pdf-": ("a PDF document", "Choose the dataset itself."),
}


def head_of(path: Path) -> bytes:
    """A file's first bytes.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def is_tar(path: Path) -> bool:
    """Whether a file is a TAR archive, compressed with gzip, bzip2, xz or not at all."""
    try:
        return tarfile.is_tarfile(path)
    except (EOFError, OSError):  # a packed file that was cut short
        return False


def expect_readable(path: Path) -> None:
    """Refuse a file whose first bytes show that it is no dataset.

    Raises:
        UnreadableDataset: the message names its kind.
    """
    if (found := find_placeholder(path)) is not None:
        raise UnreadableDataset(f"{printable(path.name)} is {found.what}.", advice=found.advice)
    head = head_of(path).lstrip().lower()
    for start, (what, advice) in _KINDS.items():
        if head.startswith(start):
            raise UnreadableDataset(f"{printable(path.name)} is {what}.", advice=advice)


def expect_no_office_file(title: str, names: Iterable[str]) -> None:
    """Refuse ZIP files that are office documents or NumPy archives.

    Raises:
        UnreadableDataset: the message names its kind.
    """
    inside = set(names)
    if "[Content_Types].xml" in inside:
        raise UnreadableDataset(f"{title} is an office document.", advice=_AS_CSV)
    if inside and all(name.endswith(".npy") for name in inside):
        raise UnreadableDataset(f"{title} holds NumPy arrays.", advice=_AS_CSV)
