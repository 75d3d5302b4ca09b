from __future__ import annotations

import errno
from pathlib import Path

import pytest

from core.library.whole_file import write_whole


def test_it_replaces_what_was_there(tmp_path):
    path = tmp_path / "card.json"
    write_whole(path, b"first")
    write_whole(path, b"second")
    assert path.read_bytes() == b"second"
    assert [one.name for one in tmp_path.iterdir()] == ["card.json"]


def test_on_a_full_disk_the_file_stays_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "card.json"
    write_whole(path, b"first")

    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"second")
    monkeypatch.undo()
    assert path.read_bytes() == b"first"
