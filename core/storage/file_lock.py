"""One writer at a time, across processes and threads: the only file that knows operating systems.

Whatever is read, changed and written again stands under `file_lock`: of two writers without it, the
later one undoes what the earlier one added. A lock is never asked of a pid, but of the system, so
it ends with the process that holds it, however that ended.
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
"""Of the file beside what is changed, while it is changed; on Windows it stays."""

# Windows locks bytes, and a locked byte cannot be read by others: lock one far behind the content.
_LOCKED_BYTE = 1 << 20
_TRIES, _BETWEEN_TRIES_S = 6000, 0.005  # half a minute: changes take milliseconds
_FILE_MODE = 0o644

_this_thread = local()


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Read, change and write a file or folder in this block: nobody else is in theirs meanwhile.

    Readers need no lock, as files and folders take their places whole. A thread that is in such a
    block may enter one of the same path again.

    Args:
        path: of the file or folder, whether it is there or not; the folder around it is.
    Raises:
        FileNotFoundError: the folder around it is missing.
        TimeoutError: somebody else has held it for half a minute.
        OSError: the folder around it cannot be written.
    """
    beside = path.parent.resolve() / f".{path.name}{LOCK_ENDING}"
    held: set[Path] = _this_thread.__dict__.setdefault("held", set())
    if beside in held:
        yield
        return
    descriptor = _locked(beside)
    held.add(beside)
    try:
        yield
    finally:
        held.remove(beside)
        if sys.platform != "win32":  # there, an open file cannot be removed
            beside.unlink(missing_ok=True)  # still ours: whoever waits for it looks again
        os.close(descriptor)


def _locked(beside: Path) -> int:
    for _ in range(_TRIES):
        # Files opened by Python are not inherited by children: the lock cannot outlive us in them.
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT, _FILE_MODE)
        if try_lock(descriptor) and _is_at(beside, descriptor):
            return descriptor
        os.close(descriptor)
        sleep(_BETWEEN_TRIES_S)
    raise TimeoutError(
        errno.ETIMEDOUT, "Another program has been changing it for half a minute", str(beside)
    )


def _is_at(beside: Path, descriptor: int) -> bool:
    """Whether the file that was locked is still the one that others find there."""
    try:
        return os.path.samestat(beside.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int, *, shared: bool = False) -> bool:  # noqa: ARG001 - none there
        """Whether an open file is locked by this descriptor now; closing it gives the lock back."""
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
            shared: readers share: two of them looking at once must not take each other for the
                holder.
        """
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
