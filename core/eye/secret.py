"""The secret that tokens are signed with: one for each installation, kept over restarts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from core.domain.errors import StoreError
from core.storage.atomic import PRIVATE_MODE, write_atomic
from core.storage.file_lock import file_lock

FILE_NAME = "eye-secret"
"""Its name in the data folder."""

_BYTES = 32


def server_secret(data_dir: Path, *, draw: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """The secret of this installation, drawn where there is none yet.

    Only the user that runs Mien may read its file. A file of another length, as after a full disk,
    is replaced: tokens signed before are then refused.

    Args:
        data_dir: the data folder.
        draw: gives random bytes.
    Raises:
        StoreError: the folder cannot be written, or the file not be read.
    """
    path = data_dir / FILE_NAME
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with file_lock(path):  # two processes that start together must agree
            known = path.read_bytes() if path.exists() else b""
            if len(known) != _BYTES:
                known = draw(_BYTES)
                write_atomic(path, known, mode=PRIVATE_MODE)
    except OSError as error:
        raise StoreError(
            f"The secret of this installation ({FILE_NAME}) cannot be used: {error.strerror}.",
            advice=f"Make {data_dir.name}/ writable for the user that runs Mien.",
        ) from error
    return known
