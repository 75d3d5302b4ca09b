"""Transfer of small folders between this machine and a cluster, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from core.storage.atomic import UNFINISHED, write_atomic

CHECKPOINT = "checkpoint"
"""Folder in a run's folder."""

_LOCAL_MARKER = "here"


def resume_locally(run_folder: Path) -> None:
    """Mark a run that was started on a cluster to be resumed on this machine."""
    (run_folder / _LOCAL_MARKER).touch()


def resumes_locally(run_folder: Path) -> bool:
    """Whether a run has that mark."""
    return (run_folder / _LOCAL_MARKER).exists()


def files_in(folder: Path, *, leave_out: Iterable[str] = ()) -> dict[str, bytes]:
    """Every complete file under a folder by its relative path; nothing without a folder.

    Args:
        leave_out: names of files and folders at the top to skip.
    """
    left_out = set(leave_out)
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and path.suffix != UNFINISHED and name.parts[0] not in left_out:
            found[name.as_posix()] = path.read_bytes()
    return found


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files under a folder, each atomically.

    Raises:
        OSError: one could not be written.
    """
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content)


def states_by_age(folder: Path) -> list[Path]:
    """States of a run, newest first, by modification time and not by epoch.

    If all were damaged, a run starts again, and its states are numbered from 1 again.

    Raises:
        FileNotFoundError: one was deleted meanwhile.
    """
    states = folder.glob("epoch-*.npz")
    return sorted(states, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def newest_checkpoint(run_folder: Path) -> dict[str, bytes]:
    """What a run resumes from: its newest state and its best weights; empty if it has none.

    May be called while the run writes: files are written atomically, and one that is deleted
    meanwhile has been replaced by a newer one.
    """
    folder = run_folder / CHECKPOINT
    for _ in range(3):
        try:
            states = states_by_age(folder)
            if not states:
                break
            # The best weights first: they may be newer than the state, but not older.
            kept = [path for path in (folder / "best.npz", states[0]) if path.exists()]
            return {f"{CHECKPOINT}/{path.name}": path.read_bytes() for path in kept}
        except FileNotFoundError:
            continue
    return {}
