"""Overlapped steps: same rows as one after the other, bounded, and over when they are closed."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from itertools import islice
from threading import Lock, active_count

import numpy as np
import pytest

from core.domain import Frame
from core.domain.errors import MediaError
from core.recordings import RecordingPlan, job, moments_of
from core.recordings.moments import AHEAD
from core.recordings.read_ahead import read_ahead
from core.sessions import SessionStore
from core.settings import PROJECT_DIR
from core.vision import from_video
from core.vision.build import open_analyser
from core.vision.faces.tracker import CONFIRMED_HITS
from core.vision.recognition.live_model import load_model
from tests.clips import write_face_video

IN_HAND = 3
"""Frames outside both queues, at most: one being followed, one analysed, one with the caller."""


class Counting:
    """An analyser that counts the frames that were made and not yet analysed."""

    def __init__(self):
        self.analysed = self.made = self.most = 0
        self._lock = Lock()

    def frames(self, count):
        picture = np.zeros((8, 8, 3), dtype=np.uint8)
        for number in range(count):
            with self._lock:
                self.made += 1
                self.most = max(self.most, self.made - self.analysed)
            yield Frame(picture, number / 30, number)

    def near_faces(self, frame):
        return []

    def analyse(self, frame, near):
        assert near == []
        with self._lock:
            self.analysed += 1
        return ()


@pytest.mark.parametrize("every_s", [0.0, 0.1])
@pytest.mark.parametrize("name", ["drawn", "face_noface.mov", "multiface_grid_1280x480_12s.mp4"])
@pytest.mark.timeout(300)
def test_overlapped_steps_give_the_rows_of_one_step_after_the_other(
    name, every_s, installation, tmp_path, media
):
    clip = write_face_video(tmp_path / "drawn.mp4") if name == "drawn" else media(name)
    model = load_model(installation.models_dir)
    plain, overlapped = (open_analyser(installation, model) for _ in range(2))
    frames = list(islice(from_video(clip, every_s=every_s), 25))
    expected = [plain.analyse(frame) for frame in frames]
    found = list(moments_of(overlapped, iter(frames)))
    plain.close()
    overlapped.close()
    assert [(one.time_s, one.frame_index) for one in found] == [
        (one.time_s, one.index) for one in frames
    ]
    # By their text, in which every number is whole: scores and blendshapes are arrays.
    with np.printoptions(threshold=10_000, floatmode="unique"):
        assert [repr(one.observations) for one in found] == [repr(one) for one in expected]
    assert any(expected)


def test_of_two_hours_of_frames_never_more_than_a_few_are_in_memory():
    counting = Counting()
    count = 2 * 3600 * 2
    assert sum(1 for _ in moments_of(counting, counting.frames(count))) == count
    assert counting.most <= 2 * AHEAD + IN_HAND


def test_a_caller_that_waits_stops_the_steps_before_it():
    counting = Counting()
    with closing(moments_of(counting, counting.frames(1000))) as moments:
        next(moments)
    assert counting.made <= 2 * AHEAD + IN_HAND + 1


def test_an_error_comes_after_the_items_before_it():
    def broken():
        yield from range(5)
        raise MediaError("It breaks off.", advice="Record it again.")

    items = read_ahead(broken(), 2, name="test")
    assert list(islice(items, 5)) == [0, 1, 2, 3, 4]
    with pytest.raises(MediaError, match="breaks off"):
        next(items)


def test_closing_early_closes_the_source_and_ends_its_thread():
    closed, before = [], active_count()

    def endless():
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    with closing(read_ahead(endless(), 3, name="test")) as items:
        assert next(items) == 1
    assert (closed, active_count()) == ([True], before)


def test_a_file_with_one_face_does_not_wait_for_scipy():
    code = (
        "import sys\n"
        "from core.domain import Box, Face\n"
        "from core.vision import OverlapTracker\n"
        "tracker = OverlapTracker(ready=False)\n"
        "tracker.update([Face(Box(0, 0, 50, 50), 0.9)], 0.0)\n"
        "tracker.update([Face(Box(1, 0, 51, 50), 0.9)], 0.1)\n"
        "sys.exit('scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR).returncode == 0


def test_a_worker_that_reads_recordings_imports_no_reports_and_no_statistics():
    others = {"jinja2", "matplotlib", "pandas", "scipy", "sklearn", "xlsxwriter"}
    code = f"import core.recordings.job, sys; sys.exit(bool({others} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIR).returncode == 0


def test_the_first_row_is_stored_at_once(place, tmp_path, monkeypatch):
    stored, append = [], SessionStore.append

    def counted(self, session_id, moments, **named):
        stored.append(len(moments))
        append(self, session_id, moments, **named)

    monkeypatch.setattr(SessionStore, "append", counted)
    monkeypatch.setattr(job, "FLUSH_EVERY_S", 1e9)
    clip = write_face_video(tmp_path / "clip.mp4", frames=12)
    job.run(RecordingPlan((str(clip),)).to_json(), place)
    assert 1 <= stored[0] <= CONFIRMED_HITS
    assert stored[1:] == [12 - stored[0]]
