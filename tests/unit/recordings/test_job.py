"""Several recordings in one run: pictures, damaged files, cancelling, going on."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.domain import LogMessage, PartDone, SourceKind
from core.domain.errors import MediaError, PlanError
from core.jobs import RunCancelled
from core.jobs.run_folder.journal import read_events
from core.recordings import RecordingPlan, job, run_sessions
from core.recordings.run_sessions import RunSession, save_run_session
from core.sessions import SessionStore, read_csv
from core.sessions.exporters import write_sessions
from tests.clips import write_face_video, write_video
from tests.face_clip import draw_face
from tests.make import make_moment, make_observation, make_session

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def run(place, *paths, **values):
    return job.run(RecordingPlan(tuple(map(str, paths)), **values).to_json(), place)


def stored(place):
    with SessionStore.open(place.settings.database_url) as store:
        return {entry.session.title: entry for entry in store.sessions()}


def said(place):
    return [
        one for one in read_events(place.folder / "events.jsonl")[0] if isinstance(one, LogMessage)
    ]


def write_photo(path: Path) -> Path:
    _, content = cv2.imencode(path.suffix, draw_face(smile=1.0)[..., ::-1])
    path.write_bytes(content.tobytes())
    return path


def test_each_file_of_a_folder_becomes_a_session_by_its_kind(place, tmp_path):
    (tmp_path / "day").mkdir()
    write_face_video(tmp_path / "day" / "a.mp4", frames=6)
    write_face_video(tmp_path / "day" / "b.mp4", frames=4)
    photo = write_photo(tmp_path / "photo.png")
    run(place, tmp_path / "day", photo)
    found = stored(place)
    assert {title: entry.rows for title, entry in found.items()} == {
        "a.mp4": 6,
        "b.mp4": 4,
        "photo.png": 1,
    }
    assert found["photo.png"].session.source is SourceKind.PICTURE
    assert found["a.mp4"].session.source is SourceKind.RECORDING
    made = run_sessions(place.folder)
    assert [one.file_name for one in made] == ["a.mp4", "b.mp4", "photo.png"]
    assert [one.session for one in made] == [found[one.file_name].session.id for one in made]


def test_titles_of_a_folder_s_videos_contain_their_names(place, tmp_path):
    (tmp_path / "films").mkdir()
    for name in ("a.mp4", "b.mp4"):
        write_face_video(tmp_path / "films" / name, frames=3)
    run(place, tmp_path / "films", title="Talk")
    assert set(stored(place)) == {"Talk: a.mp4", "Talk: b.mp4"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is text")
def test_a_file_with_an_undecodable_name_is_read_and_shown_as_far_as_possible(place, tmp_path):
    clip = write_face_video(tmp_path / "clip.mp4", frames=3)
    odd = tmp_path / "films" / os.fsdecode(b"caf\xe9.mp4")
    odd.parent.mkdir()
    clip.rename(odd)
    run(place, odd.parent)
    assert set(stored(place)) == {"caf\ufffd.mp4"}
    assert [one.file_name for one in run_sessions(place.folder)] == ["caf\ufffd.mp4"]


def test_a_single_picture_has_a_summary_of_its_faces(place, tmp_path):
    from core.measures import summarise

    run(place, write_photo(tmp_path / "photo.png"))
    with SessionStore.open(place.settings.database_url) as store:
        timeline = store.read(stored(place)["photo.png"].session.id)
    summary = summarise(timeline, not_sure_below=0.0)
    assert len(summary.faces) == 1
    assert sum(summary.shares.values()) == pytest.approx(1.0)


def numbers_of(place, title: str) -> list[int]:
    with SessionStore.open(place.settings.database_url) as store:
        return store.read(stored(place)[title].session.id).face_id.tolist()


@pytest.mark.parametrize(("times_ms", "numbers"), [([0], [1]), ([0, 5000, 10_000], [1, 1, 1])])
def test_in_a_film_of_stills_every_face_has_a_number_at_once(place, tmp_path, times_ms, numbers):
    pictures = [draw_face(shift_px=3 * at) for at in range(len(times_ms))]
    write_video(tmp_path / "stills.mp4", pictures, times_ms)
    run(place, tmp_path / "stills.mp4")
    assert numbers_of(place, "stills.mp4") == numbers


def test_a_face_in_one_frame_of_a_film_is_not_confirmed(place, tmp_path):
    pictures = [np.ascontiguousarray(np.tile(draw_face(), (1, 2, 1))) for _ in range(6)]
    for number in (0, 1, 2, 4, 5):
        pictures[number][:, 640:] = pictures[number][0, 0]
    write_video(tmp_path / "film.mp4", pictures, [number * 200 for number in range(6)])
    run(place, tmp_path / "film.mp4", every_s=0.2)
    assert numbers_of(place, "film.mp4") == [1] * 6


def test_progress_is_reported_by_file(place, tmp_path):
    clips = [write_face_video(tmp_path / f"{name}.mp4", frames=5) for name in "ab"]
    run(place, *clips)
    events, _ = read_events(place.folder / "events.jsonl")
    told = [(one.part, one.parts, one.title) for one in events if isinstance(one, PartDone)]
    assert list(dict.fromkeys(told)) == [(1, 2, "a.mp4"), (2, 2, "b.mp4")]


def test_an_unreadable_file_does_not_stop_the_others(place, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    clip = write_face_video(tmp_path / "whole.mp4", frames=4)
    run(place, tmp_path / "broken.mp4", clip)
    assert list(stored(place)) == ["whole.mp4"]
    (warning,) = [one for one in said(place) if one.is_warning]
    assert warning.sentence.startswith("broken.mp4 is not a readable video")
    (model,) = [one.sentence for one in said(place) if not one.is_warning]
    assert model.startswith("Model: ")


def test_without_a_readable_file_the_run_fails_and_leaves_nothing(place, tmp_path):
    broken = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for one in broken:
        one.write_bytes(b"no video")
    with pytest.raises(MediaError, match=r"a\.mp4"):
        run(place, *broken)
    assert stored(place) == {}
    assert run_sessions(place.folder) == ()


def test_a_time_range_is_in_the_title_and_starts_at_zero(place, tmp_path):
    clip = write_face_video(tmp_path / "clip.mp4", frames=60)
    run(place, clip, from_s=1.0, to_s=1.5, title="Talk")
    (title,) = stored(place)
    assert title == "Talk (0:01 to 0:01.5)"
    assert stored(place)[title].rows == 15
    assert stored(place)[title].last_s < 0.5


def test_consent_is_stored_with_every_session(place, tmp_path):
    clip = write_face_video(tmp_path / "clip.mp4", frames=3)
    run(place, clip, consent_at=NOW.isoformat())
    assert stored(place)["clip.mp4"].session.consent_at == NOW


def cancelled_after(place, seconds_of_looks: int):
    looks = iter(range(10_000))
    return replace(place, stop_requested=lambda: next(looks) >= seconds_of_looks)


def test_cancelling_keeps_the_rows_and_a_resumed_run_reads_the_file_again(place, tmp_path):
    clips = [write_face_video(tmp_path / f"{name}.mp4", frames=20) for name in "ab"]
    with pytest.raises(RunCancelled):
        run(cancelled_after(place, 30), *clips)  # in the middle of the second
    assert stored(place)["a.mp4"].rows == 20
    assert 0 < stored(place)["b.mp4"].rows < 20
    assert [one.is_done for one in run_sessions(place.folder)] == [True, False]
    first = stored(place)["a.mp4"].session.id
    run(place, *clips)
    assert {title: entry.rows for title, entry in stored(place).items()} == {
        "a.mp4": 20,
        "b.mp4": 20,
    }
    assert stored(place)["a.mp4"].session.id == first


def test_a_run_cancelled_before_the_first_frame_leaves_nothing(place, tmp_path):
    clip = write_face_video(tmp_path / "clip.mp4", frames=5)
    with pytest.raises(RunCancelled):
        run(cancelled_after(place, 0), clip)
    assert stored(place) == {}


def test_a_session_deleted_meanwhile_is_no_error(place, tmp_path):
    clip = write_face_video(tmp_path / "clip.mp4", frames=3)
    save_run_session(place.folder, RunSession("gone.mp4", "gone", is_done=False))
    run(place, clip)
    assert [one.file_name for one in run_sessions(place.folder)] == ["clip.mp4"]


def test_plans_of_earlier_versions_name_one_path(tmp_path):
    read = {"path": "/films/a.mp4", "model": "small", "every_s": 0.5, "title": "A"}
    plan = RecordingPlan.from_json(read)
    assert plan == RecordingPlan(("/films/a.mp4",), model="small", every_s=0.5, title="A")
    assert RecordingPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"paths": ()}, "No recording was chosen"),
        ({"paths": ("a",), "from_s": 3.0, "to_s": 2.0}, "makes no sense"),
        ({"paths": ("a",), "consent_at": "yesterday"}, "not a time with a time zone"),
        ({"paths": ("a",), "consent_at": "2026-11-29T12:00:00"}, "not a time with a time zone"),
    ],
)
def test_an_invalid_plan_is_refused(values, said):
    with pytest.raises(PlanError, match=said):
        RecordingPlan(**values)


def test_a_folder_without_videos_is_refused(tmp_path):
    with pytest.raises(PlanError, match="holds no videos"):
        RecordingPlan((str(tmp_path),)).files()


def test_sessions_become_one_table_with_their_ids(settings):
    settings.data_dir.mkdir()
    with SessionStore.open(settings.database_url) as store:
        for name in ("one", "two"):
            store.begin(make_session(name))
            moments = [make_moment(at, make_observation(at)) for at in (0.0, 0.1)]
            store.append(name, moments, now=NOW)
        both = io.BytesIO()
        write_sessions(store, ["one", "two"], (".csv", both), models_dir=settings.models_dir)
        table = read_csv(both.getvalue())
        assert list(table["session_id"]) == ["one", "one", "two", "two"]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_rotated_recording_without_metadata_is_set_upright(place, tmp_path, monkeypatch, turns):
    # The detector does not tell which way up a synthetic face is.
    monkeypatch.setattr(
        job, "quarter_rotations", lambda frames, _: len(list(frames)) and -turns % 4
    )
    pictures = [np.ascontiguousarray(np.rot90(draw_face(shift_px=at), turns)) for at in range(6)]
    write_video(tmp_path / "turned.mp4", pictures, [number * 200 for number in range(6)])
    run(place, tmp_path / "turned.mp4")
    entry = stored(place)["turned.mp4"]
    with SessionStore.open(place.settings.database_url) as store:
        timeline = store.read(entry.session.id)
    assert timeline.usable.mean() > 0.8
    assert abs(np.nanmedian(timeline.pose[:, 2])) < 20
    told = [one for one in said(place) if "so that its faces are upright" in one.sentence]
    assert [one.is_warning for one in told] == ([True] if turns else [])
