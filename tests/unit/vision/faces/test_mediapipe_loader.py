"""Closing what nobody closed must not wait for what its collector holds."""

from __future__ import annotations

import gc
import subprocess
import sys
from concurrent.futures import thread as executors
from threading import Event, Lock, Thread

import pytest

from core.settings import PROJECT_DIR
from core.vision.faces.landmarker import FaceLandmarker
from core.vision.faces.mediapipe_loader import Closing

WAITS_S = 20.0


class Owner:
    """Holds something that has to be closed."""

    def __init__(self, close):
        self.closing = Closing(self, close)
        self.itself = self  # so that only the collector finds it


def test_an_object_may_be_collected_while_a_lock_needed_for_closing_is_held():
    lock, closed = Lock(), Event()

    def close():
        with lock:
            closed.set()

    owner = Owner(close)
    with lock:
        del owner
        gc.collect()
        assert not closed.is_set()
    assert closed.wait(WAITS_S)


def test_an_object_that_cannot_be_closed_does_not_block_the_next(caplog):
    closed = Event()
    owners = [Owner(lambda: 1 / 0), Owner(closed.set)]
    owners.clear()
    gc.collect()
    assert closed.wait(WAITS_S)
    assert "could not be closed" in caplog.text


@pytest.mark.parametrize("times", [1, 2])
def test_an_object_is_closed_once_on_now(times):
    closed = []
    owner = Owner(lambda: closed.append(True))
    for _ in range(times):
        owner.closing.now()
    assert closed == [True]
    del owner
    gc.collect()
    later = Event()
    forgotten = Owner(later.set)
    del forgotten
    gc.collect()
    assert later.wait(WAITS_S)
    assert closed == [True]


def test_a_landmarker_may_be_collected_while_another_is_being_opened(assets_dir):
    """Both need the lock that all executors share; the collector comes in between."""

    def collect():
        landmarker = FaceLandmarker(assets_dir / "face_landmarker.task", faces=1, follows=False)
        with executors._global_shutdown_lock:
            del landmarker
            gc.collect()

    collecting = Thread(target=collect, daemon=True)
    collecting.start()
    collecting.join(WAITS_S)
    assert not collecting.is_alive()


FIRST = """
import core, gc, sys, time, weakref
from pathlib import Path
from core.vision.faces.landmarker import FaceLandmarker

landmarker = FaceLandmarker(Path(sys.argv[1]), faces=1, follows=False)
native, still_there = landmarker._native, weakref.ref(landmarker)
del landmarker
gc.collect()
assert still_there() is None
until = time.monotonic() + 20
while native._handle is not None:
    assert time.monotonic() < until
    time.sleep(0.01)
"""


def test_the_first_landmarker_of_a_process_is_not_kept_alive(assets_dir):
    """Whatever importing MediaPipe leaves behind must not hold on to whoever imported it."""
    command = [sys.executable, "-c", FIRST, str(assets_dir / "face_landmarker.task")]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Exception ignored" not in done.stderr
