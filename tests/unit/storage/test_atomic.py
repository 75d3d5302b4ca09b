from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from core.storage import atomic
from core.storage.atomic import UNFINISHED, atomic_file, write_atomic


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_it_replaces_what_was_there(tmp_path):
    path = tmp_path / "card.json"
    write_atomic(path, b"first")
    write_atomic(path, "zweitens: größer")
    assert path.read_text(encoding="utf-8") == "zweitens: größer"
    assert names(tmp_path) == ["card.json"]


def test_everybody_may_read_it(tmp_path):
    write_atomic(tmp_path / "card.json", b"first")
    assert (tmp_path / "card.json").stat().st_mode & 0o777 == 0o644


def test_on_a_full_disk_the_file_stays_as_it_was_and_nothing_lies_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "card.json"
    write_atomic(path, b"first")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(path, b"second")
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["card.json"]


def test_what_breaks_off_in_the_middle_was_never_there(tmp_path):
    path = tmp_path / "card.json"
    with suppress(KeyboardInterrupt), atomic_file(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_the_last_of_two_writers_is_read(tmp_path):
    path = tmp_path / "card.json"
    with atomic_file(path) as one:
        one.write(b"one " * 1000)
        with atomic_file(path) as other:
            other.write(b"other")
        assert path.read_bytes() == b"other"
    assert path.read_bytes() == b"one " * 1000
    assert names(tmp_path) == ["card.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_killed_writer_leaves_a_recognisable_temporary_name(tmp_path):
    path = tmp_path / "card.json"
    write_atomic(path, b"first")
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from core.storage.atomic import atomic_file\n"
        "with atomic_file(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"first"
    left = [name for name in names(tmp_path) if name != "card.json"]
    assert all(name.endswith(UNFINISHED) for name in left)
