"""A file lock that lives exactly as long as its process.

Load-bearing: liveness is never checked by pid. A zombie still has one, and pids are reused; a lock
on an open file is released the moment its process ends, however it ends.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import sleep

from core.storage.file_lock import try_lock

_MOST_DIGITS = 18  # of a pid; Python refuses to parse thousands
_TRIES, _BETWEEN_TRIES_S = 10, 0.01


class Lease:
    """Holds a file's lock until `release` or the end of the process.

    Args:
        path: created when missing; contains the holder's pid as text, for people and `force_stop`.
        label: written below the pid: what the holder is doing.
    """

    def __init__(self, path: Path, label: str = "") -> None:
        self._path = path
        self._label = label
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether we hold it now; retries briefly, because a reader locks it for an instant."""
        # Children do not inherit files opened by Python, so the lock cannot outlive this process.
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        for _ in range(_TRIES):
            if try_lock(descriptor):
                self._descriptor = descriptor
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n{self._label}".encode())
                return True
            sleep(_BETWEEN_TRIES_S)
        os.close(descriptor)
        return False

    def release(self) -> None:
        """Release the lock; idempotent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether some living process holds this lease; works on a read-only disk too."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


def holder(path: Path) -> int | None:
    """The pid of the process that holds it; None while nobody does."""
    if not is_held(path):
        return None
    pid = _read_lease(path)[0]
    is_number = pid.isascii() and pid.isdigit() and len(pid) <= _MOST_DIGITS
    return int(pid) if is_number else None


def label_of(path: Path) -> str:
    """What the process that holds it wrote there; empty while nobody does."""
    return _read_lease(path)[1] if is_held(path) else ""


def _read_lease(path: Path) -> tuple[str, str]:
    pid, _, label = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    return pid.strip(), label.strip()
