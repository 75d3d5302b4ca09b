"""Recognises files that stand for another by their first bytes: Git LFS pointers, web pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_HEAD_BYTES = 512


@dataclass(frozen=True)
class Placeholder:
    """A file that stands for another.

    Attributes:
        what: noun phrase for a sentence.
        advice: how to get the actual file.
    """

    what: str
    advice: str


_POINTER = Placeholder(
    "a Git LFS pointer, a few lines that stand for the file",
    "Fetch the file itself: `git lfs pull` in its repository, or its own download link.",
)
_WEB_PAGE = Placeholder(
    "a web page", "Download the file itself, by its own link; you may have to log in first."
)
# First bytes, in lower case.
_PLACEHOLDERS: Mapping[bytes, Placeholder] = {
    b"version https://git-lfs": _POINTER,
    b"<!doctype html": _WEB_PAGE,
    b"<html": _WEB_PAGE,
}


def find_placeholder(path: Path) -> Placeholder | None:
    """The placeholder that a file is; None where it is none.

    Repositories of models and datasets store large files elsewhere and contain a pointer of three
    lines; and a browser often saves the page about a file instead of the file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).lstrip().lower()
    return next((one for start, one in _PLACEHOLDERS.items() if head.startswith(start)), None)
