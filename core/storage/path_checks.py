"""Whether something is at a path that a person typed: a name may be one that no disk can hold."""

from __future__ import annotations

import os
from pathlib import Path


def may_exist(path: str) -> bool:
    """Whether a path can be given to the system: without a zero byte, and without half characters
    other than those that stand for undecodable bytes.
    """
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeError:
        return False


def is_file(path: Path) -> bool:
    """Whether a file is there; False for a name that is too long or holds a zero byte."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Whether a file or folder is there, likewise."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
