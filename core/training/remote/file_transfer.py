"""Files as they travel between this machine and a cluster: small folders, held in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from core.storage.atomic import UNFINISHED, write_atomic

CHECKPOINT = "checkpoint"
"""Folder of a run that it can go on from."""

_HERE = "here"


def resume_locally(run_folder: Path) -> None:
    """Ask a run that was started on a cluster to go on here when it is resumed."""
    (run_folder / _HERE).touch()


def resumes_locally(run_folder: Path) -> bool:
    """Whether somebody asked for that."""
    return (run_folder / _HERE).exists()


def files_in(folder: Path, *, leave_out: Iterable[str] = ()) -> dict[str, bytes]:
    """Every whole file under a folder by its relative path; nothing where there is no folder.

    Args:
        leave_out: first parts of paths.
    """
    left_out = set(leave_out)
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and path.suffix != UNFINISHED and name.parts[0] not in left_out:
            found[name.as_posix()] = path.read_bytes()
    return found


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files under a folder, each whole at every moment.

    Raises:
        OSError: the disk refused.
    """
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, content)


def states_by_age(folder: Path) -> list[Path]:
    """States of a run, newest first; by when they were written, not by their epochs.

    Where all were damaged a run begins anew, and its states count from 1 again.

    Raises:
        FileNotFoundError: one was thrown away meanwhile.
    """
    states = folder.glob("epoch-*.npz")
    return sorted(states, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def newest_checkpoint(run_folder: Path) -> dict[str, bytes]:
    """What a run goes on from: its newest state and its best weights; empty if it has none.

    May be called while the run writes: each file is whole, and one that is thrown away meanwhile
    has a newer one in its place.
    """
    folder = run_folder / CHECKPOINT
    for _ in range(3):
        try:
            states = states_by_age(folder)
            if not states:
                break
            # The best first: weights that are better than the state knows do no harm.
            kept = [path for path in (folder / "best.npz", states[0]) if path.exists()]
            return {f"{CHECKPOINT}/{path.name}": path.read_bytes() for path in kept}
        except FileNotFoundError:
            continue
    return {}
