"""What may be deleted: only what lies in a folder of this program's own, however it is spelt.

A path that a person typed may lead there by a link, by `..`, by a slash at its end, or in other
letters where the disk takes capitals and small letters for the same.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path


def same_place(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file or folder, also where nothing is there yet."""
    return _identity(one) == _identity(other)


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path leads to a folder or to something in it, at any depth."""
    real, wanted = path.resolve(), _identity(folder)
    return any(_identity(one) == wanted for one in (real, *real.parents))


def is_ours(path: Path, *, within: Path) -> bool:
    """Whether a file or folder may be deleted: it lies in a folder of ours, and is no link.

    Args:
        within: the folder of ours; itself it is not to be deleted.
    """
    return not path.is_symlink() and not same_place(path, within) and lies_in(path, within)


def delete_ours(path: Path, *, within: Path) -> None:
    """Delete a file, or a folder with all that is in it.

    Load-bearing: every deletion of a folder, and of a file that somebody named, goes through here.

    Raises:
        FileNotFoundError: there is none.
        OSError: it is not ours, or the disk refused.
    """
    if not is_ours(path, within=within):
        raise PermissionError(errno.EPERM, f"it is a link, or not in the folder {within.name}")
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def discard_ours(path: Path, *, within: Path) -> None:
    """The same where it does not matter whether it succeeds; what cannot be deleted stays.

    Windows keeps what somebody looks at.
    """
    if not is_ours(path, within=within):
        return
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _identity(path: Path) -> tuple[int, int] | Path:
    """The same for all spellings of one place."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as the disk compares names
    except OSError:
        return path.resolve()
    return found.st_dev, found.st_ino
