"""Safe deletion: only files inside a folder of this program may be deleted.

A path that a person typed may lead there by a link, by `..`, by a trailing slash, or in another
case on a case-insensitive disk.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file or folder, also where it does not exist yet."""
    return _identity(one) == _identity(other)


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path leads to a folder or to something in it, at any depth."""
    try:
        real, target = path.resolve(), _identity(folder)
    except ValueError:  # a zero byte, which no disk can hold
        return False
    return any(_identity(one) == target for one in (real, *real.parents))


def is_ours(path: Path, *, within: Path) -> bool:
    """Whether a file or folder may be deleted: it lies in a folder of ours, and is not a link.

    Args:
        within: the folder of ours, which itself may not be deleted.
    """
    try:
        is_link = path.is_symlink()
    except OSError:  # a name that is too long: nothing is there
        return False
    return not is_link and not is_same_file(path, within) and lies_in(path, within)


def delete_ours(path: Path, *, within: Path) -> None:
    """Delete a file, or a folder with its content.

    Load-bearing: every deletion of a folder, and of a file named by a person, goes through here.

    Raises:
        FileNotFoundError: it does not exist.
        OSError: it is not ours, or the disk refused.
    """
    if not is_ours(path, within=within):
        raise PermissionError(errno.EPERM, f"it is a link, or not in the folder {within.name}")
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def discard_ours(path: Path, *, within: Path) -> None:
    """The same, ignoring failures; what cannot be deleted stays.

    Windows cannot delete files that are open.
    """
    if not is_ours(path, within=within):
        return
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _identity(path: Path) -> tuple[int, int] | Path:
    """Equal for all paths to one file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as the disk compares names
    except OSError:
        return path.resolve()
    except ValueError:  # a zero byte, which no disk can hold
        return path
    return found.st_dev, found.st_ino
