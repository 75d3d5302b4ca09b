"""Where a decoded copy in the cache was read from, so that it goes with the last that shows it.

Copies are found by what is in the files, so files of the same content in two places share one.
`paths.json` in its folder lists all of them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.storage.file_lock import file_lock
from core.storage.own_files import discard_ours

_PATHS = "paths.json"


def note_path(copy: Path, path: str) -> None:
    """Remember that the dataset at a path is shown from this copy; a full disk forgets it."""
    asked = Path(path).resolve()
    if asked in paths_of(copy):
        return
    with suppress(OSError), file_lock(copy):
        _write(copy, paths_of(copy) | {asked})


def paths_of(copy: Path) -> set[Path]:
    """Every path that is shown from a copy; empty where nobody noted any."""
    try:
        told = json.loads((copy / _PATHS).read_text(encoding="utf-8"))
        return {Path(one) for one in told}
    except DAMAGED_CONTENT:
        return set()


def forget_path(cache_dir: Path, path: str) -> None:
    """Delete every decoded copy that only the dataset at this path is shown from."""
    asked = Path(path).resolve()
    for noted in cache_dir.glob(f"*/{_PATHS}"):
        with suppress(OSError), file_lock(noted.parent):
            known = paths_of(noted.parent)
            if known == {asked}:
                discard_ours(noted.parent, within=cache_dir)
            elif asked in known:
                _write(noted.parent, known - {asked})


def _write(copy: Path, paths: set[Path]) -> None:
    write_atomic(copy / _PATHS, json.dumps(sorted(str(one) for one in paths)))
