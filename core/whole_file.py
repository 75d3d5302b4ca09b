"""Files that are there whole or not at all, whatever ends the program meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

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


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file in one step, in place of one that may be there; text becomes UTF-8.

    Raises:
        OSError: the disk refused; an earlier file is then still there.
    """
    with writing_whole(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)
