"""What people have in their hands instead of the file they meant: told by its first bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LOOKED_AT_BYTES = 512


@dataclass(frozen=True)
class StandIn:
    """What is there instead of a file.

    Attributes:
        what: as the end of a sentence.
        advice: how to get the file itself.
    """

    what: str
    advice: str


_POINTER = StandIn(
    "a Git LFS pointer, a few lines that stand for the file",
    "Fetch the file itself: `git lfs pull` in its repository, or its own download link.",
)
_WEB_PAGE = StandIn(
    "a web page", "Download the file itself, by its own link; you may have to log in first."
)
# First bytes, in lower case.
_STAND_INS: Mapping[bytes, StandIn] = {
    b"version https://git-lfs": _POINTER,
    b"<!doctype html": _WEB_PAGE,
    b"<html": _WEB_PAGE,
}


def stand_in(path: Path) -> StandIn | None:
    """What a file is instead of its content; None where it may be it.

    Repositories of models and datasets keep large files elsewhere and leave a pointer of three
    lines; and what was saved from a web page is often the page about the file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        begins = file.read(_LOOKED_AT_BYTES).lstrip().lower()
    return next((one for start, one in _STAND_INS.items() if begins.startswith(start)), None)
