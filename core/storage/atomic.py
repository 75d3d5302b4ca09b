"""Files and folders that are there whole or not at all, whatever ends the program meanwhile."""

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
"""How the name of a folder begins that is still being filled. Only a killed program leaves one."""

_FOLDER_MODE = 0o755  # temporary folders are private
_BEFORE = "-before"
_AT_ONCE_BYTES = 1 << 20
_LETTERS = "?" * 8  # that make the name of a temporary folder: "a" is not "a-b"


@contextmanager
def writing_whole_folder(target: Path, *, replaces: bool = False) -> Iterator[Path]:
    """A folder to fill, that becomes `target` when the block ends well.

    Otherwise nothing is left of it, and a folder that `target` was before is there as it was.

    Args:
        target: a path in a folder that exists.
        replaces: an earlier folder of that name makes way; without, one that holds anything is an
            error.
    Raises:
        FileNotFoundError: the folder around is missing.
        OSError: the disk refused, or the name is taken.
    """
    beside = Path(mkdtemp(prefix=_prefix(target), dir=target.parent))
    try:
        yield beside
        _sync(beside)
        beside.chmod(_FOLDER_MODE)
        if replaces:
            with file_lock(target):
                _take_the_place(target, beside)
        else:
            beside.rename(target)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)  # it would keep a full disk full
        raise


def clear_unfinished(target: Path) -> None:
    """Remove what killed programs left while they wrote `target`; one that goes on would fail.

    So it is to be written under the same `file_lock`.

    Where such a program had already moved the earlier folder away, that folder comes back.
    """
    before = f"{escape(_prefix(target))}{_LETTERS}{_BEFORE}"
    with file_lock(target):
        for earlier in target.parent.glob(before):
            with suppress(OSError):  # a newer one is there
                earlier.rename(target)
        for pattern in (before, before.removesuffix(_BEFORE)):
            for left in target.parent.glob(pattern):
                shutil.rmtree(left, ignore_errors=True)


def _prefix(target: Path) -> str:
    return f"{UNFINISHED_FOLDER}{target.name}-"


def _sync(folder: Path) -> None:
    """Or a power cut could leave the name on a folder of empty files."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("r+b") as file:
                os.fsync(file.fileno())


def _take_the_place(target: Path, beside: Path) -> None:
    before = beside.with_name(f"{beside.name}{_BEFORE}")
    with suppress(FileNotFoundError):
        target.rename(before)
    try:
        beside.rename(target)
    except OSError:
        with suppress(FileNotFoundError):
            before.rename(target)
        raise
    shutil.rmtree(before, ignore_errors=True)


def keep_in_own_folder(path: Path, file: BinaryIO) -> Path:
    """Write an uploaded file into a folder that is made for it; the answer is its path.

    Args:
        path: of the file; its folder must not be there yet.
        file: its bytes, from the beginning.
    Raises:
        OSError: the disk refused; neither file nor folder is left.
    """
    path.parent.mkdir(parents=True)
    try:
        with path.open("wb") as kept:
            shutil.copyfileobj(file, kept, _AT_ONCE_BYTES)
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return path


UNFINISHED = ".new"
"""Suffix of a file that is still being written. Only a killed program leaves one behind."""

_FILE_MODE = 0o644  # temporary files are private


@contextmanager
def writing_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write into, that takes the place of `path` when the block ends well.

    Two writers do not mix: the one that ends last is read from then on. Otherwise `path` stays as
    it was, and nothing is left beside it.

    Raises:
        OSError: the disk refused.
    """
    with NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}-", suffix=UNFINISHED, delete=False
    ) as file:
        beside = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the name on an empty file
            file.close()  # Windows renames closed files only
            beside.chmod(_FILE_MODE)
            beside.replace(path)
        except BaseException:
            file.close()
            beside.unlink(missing_ok=True)  # it would keep a full disk full
            raise


def write_atomic(path: Path, content: bytes | str) -> None:
    """Write a file in one step, in place of one that may be there; text becomes UTF-8.

    Raises:
        OSError: the disk refused; an earlier file is then still there.
    """
    with writing_whole(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def changed_ns(path: Path) -> int | None:
    """When a file was last written, in nanoseconds since 1970; None if it is not there."""
    try:
        return path.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return None
