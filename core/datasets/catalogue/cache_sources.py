"""Source paths of a decoded copy in the cache: it is deleted with the last dataset that uses it.

Copies are keyed by content, so equal files in two places share one. `paths.json` in its folder
lists all of them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from core.domain.plain_values import parse_json
from core.storage.atomic import write_atomic
from core.storage.corrupt_data import DAMAGED_CONTENT
from core.storage.file_lock import file_lock
from core.storage.own_files import discard_ours

_PATHS = "paths.json"


def record_path(copy: Path, path: str) -> None:
    """Record that the dataset at a path uses this copy; failures to write are ignored."""
    resolved = Path(path).resolve()
    if resolved in paths_of(copy):
        return
    with suppress(OSError), file_lock(copy):
        _write(copy, paths_of(copy) | {resolved})


def paths_of(copy: Path) -> set[Path]:
    """Every path that uses a copy; empty where none is recorded."""
    try:
        stored = parse_json((copy / _PATHS).read_text(encoding="utf-8"))
        return {Path(one) for one in stored}
    except DAMAGED_CONTENT:
        return set()


def forget_path(cache_dir: Path, path: str) -> None:
    """Delete every decoded copy that only the dataset at this path uses."""
    resolved = Path(path).resolve()
    for paths_file in cache_dir.glob(f"*/{_PATHS}"):
        with suppress(OSError), file_lock(paths_file.parent):
            known = paths_of(paths_file.parent)
            if known == {resolved}:
                discard_ours(paths_file.parent, within=cache_dir)
            elif resolved in known:
                _write(paths_file.parent, known - {resolved})


def _write(copy: Path, paths: set[Path]) -> None:
    write_atomic(copy / _PATHS, json.dumps(sorted(str(one) for one in paths)))
