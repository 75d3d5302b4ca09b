"""File locks across processes and threads: the only module with code per operating system.

Whatever is read, changed and written again is locked by `file_lock`: of two writers without it,
the later one overwrites what the earlier one added. The operating system holds the lock, so it is
released when its process ends, however that ends.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import local
from time import sleep

LOCK_ENDING = ".lock"
"""Suffix of the lock file beside the locked file; on Windows it is not deleted."""

# Windows locks bytes, and others cannot read a locked byte: lock one far behind the content.
_LOCKED_BYTE = 1 << 20
_WAITS_S, _RETRY_INTERVAL_S = 30.0, 0.005  # changes take milliseconds
_FILE_MODE = 0o644

_this_thread = local()


@contextmanager
def file_lock(path: Path, *, waits_s: float | None = None) -> Iterator[None]:
    """Exclusive lock on a file or folder that this block reads, changes and writes.

    Readers need no lock, as files and folders are written atomically. Reentrant within a thread.

    Args:
        path: of the file or folder, which need not exist; its parent folder does.
        waits_s: how long to wait for somebody else who holds it; None for half a minute.
    Raises:
        FileNotFoundError: the parent folder is missing.
        TimeoutError: somebody else has held it for so long.
        OSError: the parent folder cannot be written.
    """
    lock_path = path.parent.resolve() / f".{path.name}{LOCK_ENDING}"
    held: set[Path] = _this_thread.__dict__.setdefault("held", set())
    if lock_path in held:
        yield
        return
    descriptor = _locked(lock_path, _WAITS_S if waits_s is None else waits_s)
    held.add(lock_path)
    try:
        yield
    finally:
        held.remove(lock_path)
        if sys.platform != "win32":  # there, an open file cannot be removed
            lock_path.unlink(missing_ok=True)  # still locked: waiting processes check again
        os.close(descriptor)


def _locked(lock_path: Path, waits_s: float) -> int:
    for _ in range(round(waits_s / _RETRY_INTERVAL_S)):
        # Children do not inherit files opened by Python, so the lock cannot outlive this process.
        descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT, _FILE_MODE)
        if try_lock(descriptor) and _is_at(lock_path, descriptor):
            return descriptor
        os.close(descriptor)
        sleep(_RETRY_INTERVAL_S)
    raise TimeoutError(
        errno.ETIMEDOUT, f"Another program has been changing it for {waits_s:g} s", str(lock_path)
    )


def _is_at(lock_path: Path, descriptor: int) -> bool:
    """Whether the locked file is still the one at this path."""
    try:
        return os.path.samestat(lock_path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int, *, shared: bool = False) -> bool:  # noqa: ARG001 - none there
        """Lock an open file without waiting; whether it succeeded. Closing it releases the lock."""
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def try_lock(descriptor: int, *, shared: bool = False) -> bool:
        """Whether an open file is locked by this descriptor now; closing it gives the lock back.

        Args:
            shared: a shared lock, so that two readers that check at once do not mistake each other
                for the holder.
        """
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
