from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from threading import Barrier, Event, Thread

import numpy as np
import pytest

from core.datasets.labels.corrections import Exclude, change_corrections
from core.domain.errors import DatasetError, RunError, StoreError
from core.drift import save_reference
from core.jobs import annotate
from core.jobs.run_folder.folder import create
from core.storage import file_lock as locking
from core.storage.atomic import write_atomic
from core.storage.file_lock import file_lock, try_lock
from tests.drift_columns import make_reference
from tests.make import BEGAN_AT

HOLDS = """
import sys, time
from pathlib import Path
from core.storage.file_lock import file_lock

with file_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def counted(tmp_path):
    path = tmp_path / "count.txt"
    path.write_text("0", encoding="utf-8")
    return path


def test_threads_that_count_in_one_file_lose_nothing(counted):
    together = Barrier(4)

    def count():
        together.wait()
        for _ in range(20):
            with file_lock(counted):
                write_atomic(counted, str(int(counted.read_text(encoding="utf-8")) + 1))

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted.read_text(encoding="utf-8") == "80"
    assert [path.name for path in counted.parent.iterdir()] == ["count.txt"]


def test_the_lock_is_reentrant_and_held_until_the_outer_end(counted):
    entered = Event()

    def other():
        with file_lock(counted):
            entered.set()

    with file_lock(counted):
        with file_lock(counted.parent / "." / counted.name):
            pass
        thread = Thread(target=other)
        thread.start()
        assert not entered.wait(0.1)
    thread.join(5)
    assert entered.is_set()


def test_an_error_inside_gives_it_back(counted):
    with pytest.raises(KeyError), file_lock(counted):
        raise KeyError
    assert [path.name for path in counted.parent.iterdir()] == ["count.txt"]
    with file_lock(counted):
        pass


def test_a_killed_holder_does_not_block_the_next(counted):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(counted)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline().strip() == b"held"
        descriptor = os.open(counted.parent / ".count.txt.lock", os.O_RDWR)
        assert not try_lock(descriptor)
        os.close(descriptor)
        holder.send_signal(signal.SIGKILL)  # nobody has waited for it when the lock is asked for
        with file_lock(counted):
            pass
    assert [path.name for path in counted.parent.iterdir()] == ["count.txt"]


def test_a_waiter_whose_lock_file_was_deleted_takes_the_new_one(counted, monkeypatch):
    """Or it would hold a file that nobody else finds, and two would be in at once."""
    beside = counted.parent / ".count.txt.lock"
    locks, taken = locking.try_lock, []

    def gone_meanwhile(descriptor):
        if not taken:
            beside.unlink()
        taken.append(descriptor)
        return locks(descriptor)

    monkeypatch.setattr(locking, "try_lock", gone_meanwhile)
    with file_lock(counted):
        assert len(taken) == 2
        descriptor = os.open(beside, os.O_RDWR)
        assert not locks(descriptor)
        os.close(descriptor)


def test_a_lock_that_is_not_released_raises_after_a_while(counted, monkeypatch):
    monkeypatch.setattr(locking, "_WAITS_S", 0.015)
    descriptor = os.open(counted.parent / ".count.txt.lock", os.O_RDWR | os.O_CREAT)
    assert try_lock(descriptor)
    with pytest.raises(TimeoutError, match=r"changing it for 0\.015 s"), file_lock(counted):
        pass
    os.close(descriptor)


def test_without_the_folder_around_it_there_is_no_lock(tmp_path):
    with pytest.raises(FileNotFoundError), file_lock(tmp_path / "gone" / "file"):
        pass


@pytest.mark.parametrize("what", ["corrections", "note", "reference"])
def test_a_read_only_folder_is_reported_in_a_sentence(tmp_path, monkeypatch, what):
    run = create(tmp_path, "nap", {}, now=BEGAN_AT, rng=np.random.default_rng(1))
    change = {
        "corrections": lambda: change_corrections(
            tmp_path / "faces", lambda now: now.with_step(Exclude(("a",), "x"))
        ),
        "note": lambda: annotate(tmp_path, run.id, note="Fine."),
        "reference": lambda: save_reference(tmp_path, make_reference()),
    }
    opens = os.open

    def read_only(name, flags, *mode, **more):
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EROFS, "Read-only file system", str(name))
        return opens(name, flags, *mode, **more)

    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(locking.os, "open", read_only)
    with pytest.raises((DatasetError, RunError, StoreError), match="Read-only file system") as told:
        change[what]()
    assert told.value.advice
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file()] == [
        path for path in before if path.is_file()
    ]
