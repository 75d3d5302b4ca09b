from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from core.storage import atomic
from core.storage.atomic import UNFINISHED_FOLDER, atomic_folder, clear_unfinished


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def fill(target, content, **how):
    with atomic_folder(target, **how) as temporary:
        (temporary / "card.json").write_bytes(content)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "model"


def read(target):
    return (target / "card.json").read_bytes()


def test_it_is_there_only_when_all_is_written(target):
    with atomic_folder(target) as temporary:
        (temporary / "card.json").write_bytes(b"first")
        assert not target.exists()
    assert read(target) == b"first"
    assert names(target.parent) == ["model"]


def test_everybody_may_open_it(target):
    fill(target, b"first")
    assert target.stat().st_mode & 0o777 == 0o755


def test_a_name_that_is_taken_is_refused_and_stays_as_it_was(target):
    fill(target, b"first")
    with pytest.raises(OSError, match="model"):
        fill(target, b"second")
    assert read(target) == b"first"
    assert names(target.parent) == ["model"]


def test_an_earlier_one_makes_way_with_everything_in_it(target):
    with atomic_folder(target) as temporary:
        (temporary / "old.json").touch()
    fill(target, b"second", replaces=True)
    assert names(target) == ["card.json"]
    assert names(target.parent) == ["model"]


def test_what_breaks_off_in_the_middle_was_never_there(target):
    with suppress(KeyboardInterrupt), atomic_folder(target) as temporary:
        (temporary / "card.json").write_bytes(b"half")
        raise KeyboardInterrupt
    assert names(target.parent) == []


def test_on_a_full_disk_the_earlier_one_stays_and_nothing_lies_beside_it(target, monkeypatch):
    fill(target, b"first", replaces=True)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        fill(target, b"second", replaces=True)
    assert read(target) == b"first"
    assert names(target.parent) == ["model"]


def test_if_it_cannot_take_the_name_the_earlier_one_comes_back(target, monkeypatch):
    fill(target, b"first", replaces=True)
    rename = Path.rename

    def refused(self: Path, to: Path) -> Path:
        if to == target and not self.name.endswith("-before"):
            raise PermissionError(errno.EACCES, "in use")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PermissionError):
        fill(target, b"second", replaces=True)
    assert read(target) == b"first"
    assert names(target.parent) == ["model"]


_KILLED_WHILE_FILLING = """
with atomic_folder(target, replaces=True) as temporary:
    (temporary / "card.json").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
_KILLED_BETWEEN_THE_RENAMES = """
rename = Path.rename
def moved(self, to):
    rename(self, to)
    os.kill(os.getpid(), signal.SIGKILL)
Path.rename = moved
with atomic_folder(target, replaces=True) as temporary:
    (temporary / "card.json").write_bytes(b"second")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("how", [_KILLED_WHILE_FILLING, _KILLED_BETWEEN_THE_RENAMES])
def test_what_a_killed_program_left_is_cleared_and_the_earlier_one_is_there(target, how):
    fill(target, b"first")
    neighbour = target.with_name(f"{UNFINISHED_FOLDER}model-b-12345678")
    neighbour.mkdir()
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from core.storage.atomic import atomic_folder\n"
        f"target = Path(sys.argv[1])\n{how}"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(names(target.parent)) > 2
    assert all(
        name in {"model", ".model.lock"} or name.startswith(UNFINISHED_FOLDER)
        for name in names(target.parent)
    )
    clear_unfinished(target)
    assert read(target) == b"first"
    assert names(target.parent) == [neighbour.name, "model"]


def test_a_folder_written_after_a_killed_program_is_not_undone(target):
    fill(target, b"newer")
    earlier = target.with_name(f"{UNFINISHED_FOLDER}model-abcdefgh-before")
    earlier.mkdir()
    (earlier / "card.json").write_bytes(b"older")
    clear_unfinished(target)
    assert read(target) == b"newer"
    assert names(target.parent) == ["model"]
