"""What folders and archives share: which names count, and fingerprints of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from core.domain.errors import UnreadableDataset

MOST_FILES = 3_000_000

FileStamp = tuple[str, int, int]
"""A file's name and two numbers that change with its content."""


def expect_file_count(count: int, title: str) -> None:
    """Refuse a folder or an archive of too many files.

    Raises:
        UnreadableDataset: more files than any dataset has.
    """
    if count > MOST_FILES:
        raise UnreadableDataset(
            f"{title} holds more than {MOST_FILES:,} files.",
            advice="Choose the folder that holds the dataset and nothing else.",
        )


def is_hidden(name: str) -> bool:
    """Whether a file is hidden or was left by an operating system."""
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) or parts[-1] in {
        "Thumbs.db",
        "desktop.ini",
    }


def with_slashes(name: str) -> str:
    """The name with forward slashes: some Windows programs write backslashes into archives."""
    return name.replace("\\", "/")


def fingerprint_of(stamps: Iterable[FileStamp]) -> str:
    """A hash that changes when any stamp changes; hexadecimal."""
    found = hashlib.sha256()
    for stamp in stamps:
        found.update(repr(stamp).encode())
    return found.hexdigest()
