"""What folders and archives have in common: which names count, and how a state is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from core.domain.errors import UnreadableDataset

MOST_FILES = 3_000_000

Stamp = tuple[str, int, int]
"""A file's name and two numbers that change with its content."""


def expect_few(count: int, title: str) -> None:
    """Whether a folder or an archive can be a dataset at all.

    Raises:
        UnreadableDataset: more files than any dataset has.
    """
    if count > MOST_FILES:
        raise UnreadableDataset(
            f"{title} holds more than {MOST_FILES:,} files.",
            advice="Choose the folder that holds the dataset and nothing else.",
        )


def is_hidden(name: str) -> bool:
    """Whether a file was left by a system, not by a person."""
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) or parts[-1] in {
        "Thumbs.db",
        "desktop.ini",
    }


def with_slashes(name: str) -> str:
    """A name as everybody else writes it: some Windows programs pack with backslashes."""
    return name.replace("\\", "/")


def stamped(stamps: Iterable[Stamp]) -> str:
    """Changes when any stamp changes; hexadecimal."""
    found = hashlib.sha256()
    for stamp in stamps:
        found.update(repr(stamp).encode())
    return found.hexdigest()
