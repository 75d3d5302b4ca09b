"""Atomic writes: a file or folder is complete or not there, even if the program is killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import IO, BinaryIO

from core.storage.file_lock import file_lock

UNFINISHED_FOLDER = ".new-"
"""Prefix of a folder that is still being filled. Only a killed program leaves one behind."""

_FOLDER_MODE = 0o755  # temporary folders are private
_PREVIOUS = "-before"
_CHUNK_BYTES = 1 << 20
_RANDOM_PART = "?" * 8  # of a temporary folder's name: "a" is not "a-b"


@contextmanager
def atomic_folder(target: Path, *, replaces: bool = False) -> Iterator[Path]:
    """A temporary folder to fill, renamed to `target` when the block succeeds.

    Otherwise it is deleted, and an earlier `target` is unchanged.

    Args:
        target: a path in a folder that exists.
        replaces: an earlier folder of that name is replaced; without, one that is not empty is an
            error.
    Raises:
        FileNotFoundError: the parent folder is missing.
        OSError: the disk refused, or the name is taken.
    """
    temporary = Path(mkdtemp(prefix=_prefix(target), dir=target.parent))
    try:
        yield temporary
        _sync(temporary)
        temporary.chmod(_FOLDER_MODE)
        if replaces:
            with file_lock(target):
                _replace(target, temporary)
        else:
            temporary.rename(target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)  # it would keep a full disk full
        raise


def clear_unfinished(target: Path) -> None:
    """Remove what killed programs left while they wrote `target`; a live writer would fail.

    So `target` has to be written under the same `file_lock`.

    Where such a program had already moved the earlier folder away, that folder is restored.
    """
    previous = f"{escape(_prefix(target))}{_RANDOM_PART}{_PREVIOUS}"
    with file_lock(target):
        for earlier in target.parent.glob(previous):
            with suppress(OSError):  # a newer one is there
                earlier.rename(target)
        for pattern in (previous, previous.removesuffix(_PREVIOUS)):
            for left in target.parent.glob(pattern):
                shutil.rmtree(left, ignore_errors=True)


def _prefix(target: Path) -> str:
    return f"{UNFINISHED_FOLDER}{target.name}-"


def _sync(folder: Path) -> None:
    """Flush to disk: otherwise a power cut could leave a complete name on empty files."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:
                os.fsync(file.fileno())


def _replace(target: Path, temporary: Path) -> None:
    previous = temporary.with_name(f"{temporary.name}{_PREVIOUS}")
    with suppress(FileNotFoundError):
        target.rename(previous)
    try:
        temporary.rename(target)
    except OSError:
        with suppress(FileNotFoundError):
            previous.rename(target)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def store_upload(path: Path, file: BinaryIO) -> Path:
    """Write an uploaded file into a new folder of its own; returns its path.

    Args:
        path: of the file; its folder must not exist yet.
        file: its bytes, from the beginning.
    Raises:
        OSError: the disk refused; neither file nor folder is left.
    """
    path.parent.mkdir(parents=True)
    try:
        with path.open("wb") as target:
            shutil.copyfileobj(file, target, _CHUNK_BYTES)
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return path


UNFINISHED = ".new"
"""Suffix of a file that is still being written. Only a killed program leaves one behind."""

_FILE_MODE = 0o644  # temporary files are private
PRIVATE_MODE = 0o600
"""Readable by the user that runs Mien only."""


@contextmanager
def atomic_file(path: Path, *, mode: int = _FILE_MODE) -> Iterator[IO[bytes]]:
    """A temporary file to write into, renamed to `path` when the block succeeds.

    Of two writers the last one wins. On an error `path` is unchanged, and the temporary file is
    deleted.

    Args:
        mode: permissions of the file, where the system has them.
    Raises:
        OSError: the disk refused.
    """
    with NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}-", suffix=UNFINISHED, delete=False
    ) as file:
        temporary = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())  # otherwise a power cut could leave the name on an empty file
            file.close()  # Windows renames closed files only
            temporary.chmod(mode)
            temporary.replace(path)
        except BaseException:
            file.close()
            temporary.unlink(missing_ok=True)  # it would keep a full disk full
            raise


def write_atomic(path: Path, content: bytes | str, *, mode: int = _FILE_MODE) -> None:
    """Write a file atomically, replacing an earlier one; text is encoded as UTF-8.

    Args:
        mode: permissions of the file, where the system has them.
    Raises:
        OSError: the disk refused; an earlier file is unchanged.
    """
    with atomic_file(path, mode=mode) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def modified_ns(path: Path) -> int | None:
    """When a file was last written, in nanoseconds since 1970; None if it does not exist."""
    try:
        return path.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return None
