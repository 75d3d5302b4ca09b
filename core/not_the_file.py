"""What people have in their hands instead of the file they meant: told by its first bytes."""

from __future__ import annotations

from pathlib import Path

_LOOKED_AT_BYTES = 512
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_WEB_PAGES = (b"<!doctype html", b"<html")


def stand_in(path: Path) -> str:
    """What a file is instead of its content, as the end of a sentence; empty where it may be it.

    Repositories of models and datasets keep large files elsewhere and leave a pointer of three
    lines; and what was saved from a web page is often the page about the file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        begins = file.read(_LOOKED_AT_BYTES).lstrip().lower()
    if begins.startswith(_LFS_POINTER):
        return "a Git LFS pointer, a few lines that stand for the file"
    if begins.startswith(_WEB_PAGES):
        return "a web page"
    return ""


ADVICE = "Fetch the file itself: `git lfs pull` in its repository, or its own download link."
"""What to do about either."""
