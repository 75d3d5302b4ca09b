"""A lock that lives exactly as long as its process.

Load-bearing: liveness is never asked of a pid. A killed child that nobody waited for still has one,
and a pid is given to somebody else one day; a lock on an open file is free the moment its holder is
gone, however it went.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import sleep

from core.storage.file_lock import try_lock

_MOST_DIGITS = 18  # of a process; Python refuses to read thousands
_TRIES, _BETWEEN_TRIES_S = 10, 0.01


class Lease:
    """Hold a file's lock until `release` or the end of the process.

    Args:
        path: made when missing; holds the holder's pid as text, for people and for force-stopping.
        label: written below the pid: what the holder is doing.
    """

    def __init__(self, path: Path, label: str = "") -> None:
        self._path = path
        self._label = label
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Whether we hold it now; waits a moment at most, for a reader that is just looking."""
        # Files opened by Python are not inherited by children: the lock cannot outlive us in them.
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
        """Give it back; idempotent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether some living process holds this lease; where runs can only be read, too."""
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
    pid = _written(path)[0]
    is_number = pid.isascii() and pid.isdigit() and len(pid) <= _MOST_DIGITS
    return int(pid) if is_number else None


def label_of(path: Path) -> str:
    """What the process that holds it wrote there; empty while nobody does."""
    return _written(path)[1] if is_held(path) else ""


def _written(path: Path) -> tuple[str, str]:
    pid, _, label = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    return pid.strip(), label.strip()
