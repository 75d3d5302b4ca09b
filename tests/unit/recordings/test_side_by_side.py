"""Several files side by side: as one after the other, only sooner."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Event

import pytest

from core.domain import PartDone
from core.domain.errors import MediaError, StoreError
from core.jobs import RunCancelled
from core.jobs.run_folder.journal import read_events
from core.recordings import RecordingPlan, job, run_sessions
from core.recordings.run_sessions import RunSession, save_run_session
from core.recordings.side_by_side import files_at_once, read_files
from core.sessions import SessionStore
from tests.clips import write_face_video
from tests.make import make_session

NAMES = tuple("abcdef")


class Reader:
    """Reads what a function does; notes the order in which files are begun."""

    def __init__(self, read):
        self.read = lambda file, _, on_progress: read(file, on_progress)
        self.begun = []

    def begin(self, file):
        self.begun.append(file.name)
        return make_session(file.name)


@pytest.fixture
def files(tmp_path):
    return [tmp_path / name for name in NAMES]


@pytest.fixture
def side_by_side(monkeypatch):
    monkeypatch.setattr(job, "files_at_once", lambda: 3)


def parts(place):
    events, _ = read_events(place.folder / "events.jsonl")
    return [one for one in events if isinstance(one, PartDone)]


def stored(place):
    """Title, rows and times of every session, in the order of the run."""
    with SessionStore.open(place.settings.database_url) as store:
        return [
            (one.file_name, store.read(one.session).time_s.tolist(), one.is_done)
            for one in run_sessions(place.folder)
        ]


def test_a_machine_of_two_cores_reads_one_file_at_a_time(monkeypatch):
    found = []
    for cores in (1, 2, 4, 7, 64):
        every = set(range(cores))
        monkeypatch.setattr("os.sched_getaffinity", lambda _, it=every: it, raising=False)
        found.append(files_at_once())
    assert found == [1, 1, 2, 3, 4]


def test_as_many_files_as_wanted_are_read_at_once_and_begin_in_order(place, files):
    together = Barrier(3)

    def read(_, on_progress):
        together.wait(timeout=60)  # or it breaks: fewer than three are at work
        on_progress(1, 1)

    reader = Reader(read)
    read_files(files, reader, place, at_once=3)
    assert reader.begun == list(NAMES)
    assert together.n_waiting == 0


@pytest.mark.parametrize("at_once", [1, 3])
def test_progress_of_all_files_together_only_rises(place, files, at_once, monkeypatch):
    monkeypatch.setattr("core.recordings.side_by_side.REPORT_EVERY_S", 0.0)

    def read(_, on_progress):
        for step in range(5):
            on_progress(step, 5)

    read_files(files, Reader(read), place, at_once=at_once)
    found = [one.part - 1 + one.fraction for one in parts(place)]
    assert found == sorted(found)
    assert found[0] == 0.0
    assert found[-1] <= len(files)
    assert {one.parts for one in parts(place)} == {len(files)}
    assert {one.title for one in parts(place)} == set(NAMES)


@pytest.mark.parametrize("error", [StoreError("It refuses."), RunCancelled(), OSError(28, "full")])
def test_what_ends_one_file_ends_the_others_with_the_same_error(place, files, error):
    at_work, raised = Event(), []

    def read(file, on_progress):
        if file.name == "b":
            at_work.wait(60)
            raise error
        at_work.set()
        try:
            while True:
                on_progress(0, 1)
        except BaseException as met:
            raised.append(met)
            raise

    reader = Reader(read)
    with pytest.raises(type(error)):
        read_files(files, reader, place, at_once=2)
    assert raised == [error]
    assert reader.begun == ["a", "b"]


def test_unreadable_files_are_an_error_only_where_all_are(place, files):
    def read(file, _):
        raise MediaError(f"{file.name} is damaged.", advice="Record it again.")

    with pytest.raises(MediaError, match="a is damaged"):
        read_files(files, Reader(read), place, at_once=3)


@pytest.mark.usefixtures("side_by_side")
def test_sessions_of_a_folder_are_stored_in_its_order_whichever_ends_first(place, tmp_path):
    lengths = {"a.mp4": 24, "b.mp4": 3, "c.mp4": 9, "d.mp4": 5}
    for name, frames in lengths.items():
        write_face_video(tmp_path / name, frames=frames)
    (tmp_path / "bad.mp4").write_bytes(b"no video")
    found = job.run(RecordingPlan((str(tmp_path),)).to_json(), place)
    assert [(name, len(times), done) for name, times, done in stored(place)] == [
        (name, frames, True) for name, frames in lengths.items()
    ]
    assert found["session"] == run_sessions(place.folder)[0].session


def test_entries_of_a_run_stand_in_the_order_of_its_files(place):
    places = {"a": 0, "b": 1, "c": 2}
    for path, session in (("b", "2"), ("c", "3"), ("a", "1"), ("b", "2")):
        save_run_session(place.folder, RunSession(path, session, is_done=True), places)
    assert [one.path for one in run_sessions(place.folder)] == ["a", "b", "c"]


@pytest.mark.usefixtures("side_by_side")
def test_a_cancelled_run_resumes_the_files_that_are_not_done(place, tmp_path):
    clips = [str(write_face_video(tmp_path / f"{name}.mp4", frames=20)) for name in "abcd"]
    plan = RecordingPlan(tuple(clips)).to_json()
    looks = iter(range(10_000))
    with pytest.raises(RunCancelled):
        job.run(plan, replace(place, stop_requested=lambda: next(looks) >= 50))
    done = {one.session for one in run_sessions(place.folder) if one.is_done}
    assert len(run_sessions(place.folder)) <= 3
    job.run(plan, place)
    assert {len(times) for _, times, _ in stored(place)} == {20}
    assert [name for name, _, _ in stored(place)] == [f"{name}.mp4" for name in "abcd"]
    assert done <= {one.session for one in run_sessions(place.folder)}
