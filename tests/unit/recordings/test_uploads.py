"""Uploaded recordings are kept until they were read, and no longer, whatever happens."""

from __future__ import annotations

import io
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.domain import Finished, LogMessage, Waiting
from core.domain.errors import MediaError, StoreError, UnknownSession
from core.jobs import Lease, RunCache, RunCancelled
from core.jobs.database_refusal import was_refused
from core.jobs.job_queue import queue_path
from core.jobs.run_folder.folder import create
from core.jobs.run_folder.journal import read_events
from core.jobs.worker import main
from core.recordings import RecordingPlan, job
from core.recordings.uploads import discard_of_ended_runs, store_recording
from core.sessions import SessionStore
from tests.clips import write_face_video
from tests.fakes import ManualClock

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def run(place, *paths):
    return job.run(RecordingPlan(tuple(map(str, paths)), is_upload=True).to_json(), place)


def upload(place, tmp_path, name="clip.mp4", frames=3):
    clip = write_face_video(tmp_path / "mine.mp4", frames=frames)
    rng = np.random.default_rng()
    with clip.open("rb") as file:
        return store_recording(place.settings.uploads_dir, file, name, now=NOW, rng=rng)


def test_an_upload_is_deleted_when_it_was_read_or_is_unreadable(place, tmp_path):
    read, broken = upload(place, tmp_path, "a.mp4"), upload(place, tmp_path, "b.mp4")
    broken.write_bytes(b"no video")
    run(place, read, broken)
    assert list(place.settings.uploads_dir.iterdir()) == []
    with SessionStore.open(place.settings.database_url) as store:
        assert [entry.session.title for entry in store.sessions()] == ["a.mp4"]


def test_a_file_outside_the_uploads_is_never_deleted(place, tmp_path):
    clip = write_face_video(tmp_path / "clip.mp4", frames=3)
    run(place, clip)
    assert clip.is_file()


@pytest.fixture
def worker_here(place, monkeypatch):
    """The worker's process, here: it finds the installation by the environment."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(place.settings.data_dir))
    before = signal.getsignal(signal.SIGTERM)
    yield place.settings
    signal.signal(signal.SIGTERM, before)


def test_the_upload_of_a_run_cancelled_in_the_queue_is_deleted(place, tmp_path, worker_here):
    path = upload(place, tmp_path)
    plan = RecordingPlan((str(path),), is_upload=True).to_json()
    rng = np.random.default_rng(1)
    folder = create(worker_here.runs_dir, "analyse", plan, now=datetime.now(UTC), rng=rng)
    folder.cancel.touch()
    line = queue_path(worker_here.runs_dir, "analyse")
    line.mkdir(parents=True)
    others = Lease(line / "slot-1", label="others")
    assert others.take()
    main(str(folder.path))
    others.release()
    events, _ = read_events(folder.events)
    assert isinstance(events[0], Waiting)
    assert isinstance(events[-1], Finished)
    assert not path.exists()


def test_the_upload_of_a_killed_run_is_deleted_when_the_page_is_opened(place, tmp_path):
    path = upload(place, tmp_path)
    plan = RecordingPlan((str(path),), is_upload=True).to_json()
    here, rng = place.settings, np.random.default_rng(1)
    folder = create(here.runs_dir, "analyse", plan, now=NOW, rng=rng)
    folder.mark_launched(0)
    soon = NOW + timedelta(hours=1)
    discard_of_ended_runs(here, now=soon, memory=RunCache())
    assert not path.exists()


def test_the_upload_of_an_active_run_stays(place, tmp_path):
    path = upload(place, tmp_path)
    plan = RecordingPlan((str(path),), is_upload=True).to_json()
    here, rng = place.settings, np.random.default_rng(1)
    folder = create(here.runs_dir, "analyse", plan, now=NOW, rng=rng)
    folder.mark_launched(int(NOW.timestamp() * 1e9))
    discard_of_ended_runs(here, now=NOW + timedelta(seconds=1), memory=RunCache())
    assert path.is_file()


class Refusals:
    """Makes `SessionStore.append` refuse so many times."""

    def __init__(self, monkeypatch, times):
        self.left = times
        append = SessionStore.append

        def refusing(store, *values, **named):
            if self.left > 0:
                self.left -= 1
                raise StoreError("The session database cannot be written: database is locked.")
            append(store, *values, **named)

        monkeypatch.setattr(SessionStore, "append", refusing)


def at(place, clock, **changed):
    """The run's place, by a clock that passes only while somebody waits."""
    return replace(place, clock=clock.now, wait=clock.advance, **changed)


def stored_rows(place):
    with SessionStore.open(place.settings.database_url) as store:
        return [entry.rows for entry in store.sessions()]


def test_a_database_that_refuses_for_minutes_is_retried(place, tmp_path, monkeypatch):
    path, clock = upload(place, tmp_path, frames=4), ManualClock()
    Refusals(monkeypatch, 500)
    run(at(place, clock), path)
    assert stored_rows(place) == [4]
    assert not path.exists()
    events, _ = read_events(place.folder / "events.jsonl")
    told = [
        one.sentence for one in events if isinstance(one, LogMessage) and "locked" in one.sentence
    ]
    assert len(told) == 1
    assert "Retrying for up to 10 minutes" in told[0]


def test_an_upload_that_could_not_be_stored_is_kept_for_the_resumed_run(
    place, tmp_path, monkeypatch
):
    path, clock = upload(place, tmp_path, frames=4), ManualClock()
    refusals = Refusals(monkeypatch, 10_000)
    began_s = clock.seconds()
    with pytest.raises(StoreError, match="locked"):
        run(at(place, clock), path)
    assert clock.seconds() - began_s == pytest.approx(600)
    assert path.is_file()
    refusals.left = 0
    run(at(place, clock), path)
    assert stored_rows(place) == [4]
    assert not path.exists()


def test_a_run_can_be_cancelled_while_the_database_refuses(place, tmp_path, monkeypatch):
    path, clock = upload(place, tmp_path), ManualClock()
    Refusals(monkeypatch, 10_000)
    began_s = clock.seconds()
    stops = at(place, clock, stop_requested=lambda: clock.seconds() >= began_s + 5)
    with pytest.raises(RunCancelled):
        run(stops, path)
    assert clock.seconds() - began_s == 5


def test_the_upload_of_a_session_deleted_meanwhile_is_deleted(place, tmp_path, monkeypatch):
    def gone(*_, **__):
        raise UnknownSession("There is no such session.")

    path = upload(place, tmp_path)
    monkeypatch.setattr(SessionStore, "append", gone)
    with pytest.raises(UnknownSession):
        run(at(place, ManualClock()), path)
    assert not path.exists()


def test_the_upload_of_a_run_refused_by_the_database_is_kept_for_a_day(
    place, tmp_path, worker_here, monkeypatch, impatient
):
    path = upload(place, tmp_path)
    plan = RecordingPlan((str(path),), is_upload=True).to_json()
    rng = np.random.default_rng(1)
    began_at = datetime.now(UTC)
    folder = create(worker_here.runs_dir, "analyse", plan, now=began_at, rng=rng)
    monkeypatch.setenv("MIEN_MODELS_DIR", str(place.settings.models_dir))
    monkeypatch.setenv("MIEN_DATABASE_URL", "postgresql://localhost:1/none")
    main(str(folder.path))
    events, _ = read_events(folder.events)
    assert was_refused(events[-1])
    soon, later = began_at + timedelta(hours=23), began_at + timedelta(hours=25)
    discard_of_ended_runs(worker_here, now=soon, memory=RunCache())
    assert path.is_file()
    discard_of_ended_runs(worker_here, now=later, memory=RunCache())
    assert not path.exists()


@pytest.mark.parametrize("name", ["photo.jpg", "notes.txt", "clip", ".mp4"])
def test_only_recordings_are_stored(settings, name):
    with pytest.raises(MediaError, match="file type is not supported"):
        store_recording(
            settings.uploads_dir, io.BytesIO(b"x"), name, now=NOW, rng=np.random.default_rng()
        )
    assert not settings.uploads_dir.exists()


@pytest.mark.parametrize("name", ["../../etc/clip.mp4", "C:\\films\\clip.mp4", "..\\clip.MP4"])
def test_an_upload_has_its_own_folder_whatever_its_name(settings, name):
    path = store_recording(
        settings.uploads_dir, io.BytesIO(b"x"), name, now=NOW, rng=np.random.default_rng()
    )
    assert path.parent.parent == settings.uploads_dir
    assert path.name == "clip.mp4"
