"""The face extraction job."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace

import numpy as np
import pytest

from core.datasets.catalogue.catalogue import names_of, open_entry, remove
from core.datasets.face_extraction import checkpoint, job
from core.datasets.face_extraction.plan import FacesPlan
from core.datasets.face_extraction.recruitview import read_clips
from core.datasets.readers.face_folder import read_faces
from core.domain import EXPRESSIVENESS3, DataReady, LogMessage, RunStatus
from core.domain.errors import DatasetError, NotAllowedHere, PlanError, UnreadableDataset
from core.jobs import RunCancelled, read_events
from core.jobs.worker import _failure
from tests.clips import write_face_video
from tests.face_jobs import fake_main_face


@pytest.fixture
def fake_face_models(monkeypatch):
    monkeypatch.setattr(job, "open_main_face", fake_main_face)


def _plan(path, **named):
    given = {"name": "tried", "licence_accepted": True, "every_s": 0.1} | named
    return FacesPlan(str(path), **given)


def _faces(context, plan):
    assert job.run(plan.to_json(), context) == {"faces": plan.name}
    return read_faces(context.settings.faces_dir / plan.name)


def _messages(context):
    events, _ = read_events(context.folder / "events.jsonl")
    return [event.sentence for event in events if isinstance(event, LogMessage)]


def test_each_face_carries_the_score_and_the_person_of_its_clip(
    recruitview, context, fake_face_models
):
    faces = _faces(context, _plan(recruitview))
    clips = {clip.id: clip for clip in read_clips(recruitview)}
    assert faces.pixels.shape == (15, 48, 48)
    assert list(np.unique(faces.clips)) == sorted(clips)
    for clip, subject, score in zip(faces.clips, faces.subjects, faces.scores, strict=True):
        assert (subject, score) == (clips[clip].subject, clips[clip].score)
    assert np.allclose(faces.times_s[:5], [0.0, 0.1, 0.2, 0.3, 0.4], atol=2e-3)
    assert faces.about["counts"] == {"clips": 3, "people": 2, "frames": 15, "faces": 15}
    assert "CC BY-NC 4.0" in faces.about["licence"]


def test_nothing_but_the_published_folder_keeps_pictures(recruitview, context, fake_face_models):
    _faces(context, _plan(recruitview))
    assert [path.name for path in context.folder.iterdir()] == ["events.jsonl"]
    events, _ = read_events(context.folder / "events.jsonl")
    assert DataReady({"clips": 3, "people": 2}) in events


def test_drawn_faces_are_found_by_the_installed_models(recruitview, context, assets_dir):
    context.settings.assets_dir.symlink_to(assets_dir, target_is_directory=True)
    faces = _faces(context, _plan(recruitview, every_s=0.25))
    assert len(faces) == 6
    assert 0.2 < faces.pixels.mean() / 255 < 0.8


def test_a_real_clip_gives_a_steady_row_of_upright_faces(context, media, assets_dir):
    context.settings.assets_dir.symlink_to(assets_dir, target_is_directory=True)
    faces = _faces(context, _plan(media("single_face.mp4"), every_s=0.5))
    assert len(faces) >= 4
    assert np.isnan(faces.scores).all()
    assert set(faces.subjects) == {""}
    # Eyes are darker than the cheeks below them, wherever the face was in the frame.
    assert (faces.pixels[:, 16:22, 8:40].mean() < faces.pixels[:, 26:32, 8:40].mean()).all()
    assert "personal data" in faces.about["licence"]


def test_without_a_face_nothing_is_published_and_the_reason_is_reported(context, media, assets_dir):
    context.settings.assets_dir.symlink_to(assets_dir, target_is_directory=True)
    with pytest.raises(UnreadableDataset, match=r"no_face 4"):
        job.run(_plan(media("no_face.mp4"), every_s=1.0).to_json(), context)
    assert not context.settings.faces_dir.exists()


def test_damaged_missing_and_faceless_clips_are_named_and_not_fatal(
    recruitview, context, fake_face_models
):
    first, second, third = sorted((recruitview / "videos").iterdir())
    first.write_bytes(b"not a video")
    second.unlink()
    faces = _faces(context, _plan(recruitview))
    assert set(faces.clips) == {"0003"}
    assert faces.about["unreadable"] == {"count": 2, "first": ["0001", "0002"]}
    assert any("0002" in sentence for sentence in faces.about["notes"])
    assert any(
        "vid_0001.mp4 is not a readable video" in sentence for sentence in _messages(context)
    )
    assert third.exists()


def test_frames_without_a_usable_face_are_counted_by_reason(tmp_path, context, monkeypatch):
    def blind(settings, **named):
        main_face = fake_main_face(settings, **named)
        main_face._detector.boxes = []
        main_face._landmarker.read = lambda rgb, time_s=0.0: []
        return main_face

    monkeypatch.setattr(job, "open_main_face", blind)
    write_face_video(tmp_path / "one.mp4", frames=9)
    with pytest.raises(UnreadableDataset, match=r"9 frames of 1 clip \(no_face 9\)"):
        job.run(_plan(tmp_path / "one.mp4", every_s=0.0).to_json(), context)


def test_a_folder_of_videos_needs_no_scores_and_no_licence(tmp_path, context, fake_face_models):
    folder = tmp_path / "videos of mine"
    (folder / "deeper").mkdir(parents=True)
    write_face_video(folder / "=one.mp4", frames=6)
    write_face_video(folder / "deeper" / "zwei ü.MP4", frames=6)
    (folder / "notes.txt").write_text("no video")
    faces = _faces(context, _plan(folder, licence_accepted=False))
    assert list(np.unique(faces.clips)) == ["=one.mp4", "deeper/zwei ü.MP4"]
    table = (context.settings.faces_dir / "tried" / "faces.csv").read_text()
    assert "\n=one" not in table


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such names")
def test_names_that_are_no_text_are_written_as_text(tmp_path, context, fake_face_models):
    folder = tmp_path / "odd"
    folder.mkdir()
    video = write_face_video(tmp_path / "plain.mp4", frames=3).read_bytes()
    for name in (b"\xff.mp4", b"a\rb\n.mp4", '"x",ü.mp4'.encode()):
        (folder / os.fsdecode(name)).write_bytes(video)
    faces = _faces(context, _plan(folder))
    assert set(faces.clips) == {"\\xff.mp4", "a\\rb\\n.mp4", '"x",ü.mp4'}


def test_a_folder_without_videos_is_refused_with_advice(tmp_path, context):
    with pytest.raises(UnreadableDataset, match="holds no videos"):
        job.run(_plan(tmp_path).to_json(), context)


def test_no_face_is_tracked_from_one_clip_to_the_next(recruitview, context, monkeypatch):
    main_face, calls = None, []

    def watched(settings, **named):
        nonlocal main_face
        main_face = fake_main_face(settings, **named)
        reset, extract = main_face.reset, main_face.extract
        monkeypatch.setattr(main_face, "reset", lambda: (calls.append("reset"), reset()))
        monkeypatch.setattr(
            main_face, "extract", lambda frame: (calls.append("extract"), extract(frame))[1]
        )
        return main_face

    monkeypatch.setattr(job, "open_main_face", watched)
    _faces(context, _plan(recruitview))
    assert calls == ["reset", *["extract"] * 5] * 3
    assert main_face._landmarker.closed == 1


def test_numbers_alone_are_kept_when_pictures_are_not_kept(recruitview, context, fake_face_models):
    plan = _plan(recruitview, keep_pictures=False)
    job.run(plan.to_json(), context)
    target = context.settings.faces_dir / "tried"
    assert sorted(path.name for path in target.iterdir()) == ["faces.csv", "faces.json"]
    with pytest.raises(UnreadableDataset, match="without keeping pictures"):
        read_faces(target)


@pytest.mark.parametrize("part", ["", "videos", "videos/vid_0001.mp4"])
def test_recruitview_is_refused_until_its_licence_is_accepted(recruitview, part):
    with pytest.raises(NotAllowedHere, match="non-commercial"):
        _plan(recruitview / part, licence_accepted=False)
    with pytest.raises(NotAllowedHere):
        _plan(recruitview / part, licence_accepted="yes")
    assert _plan(recruitview / part)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "../out"},
        {"name": ""},
        {"name": "Up"},
        {"every_s": -1},
        {"every_s": float("nan")},
        {"size_px": 4},
        {"size_px": 48.5},
        {"every_s": "often"},
        {"colour": "blue"},
        {"path": "nowhere.mp4"},
        {"levels": "thirds"},
        {"levels": "published", "keep_pictures": False},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(recruitview, wrong):
    with pytest.raises(PlanError):
        FacesPlan.from_json(_plan(recruitview).to_json() | wrong)


def test_a_name_that_is_taken_is_refused_before_any_work(recruitview, context, fake_face_models):
    _faces(context, _plan(recruitview))
    other = replace(context, folder=context.folder.with_name("2026-11-21-1300-keen-fox"))
    other.folder.mkdir()
    with pytest.raises(PlanError, match="already"):
        job.run(_plan(recruitview).to_json(), other)
    assert not list(other.folder.iterdir())


def test_a_run_that_was_killed_after_publishing_completes(recruitview, context, fake_face_models):
    first = _faces(context, _plan(recruitview))
    (context.folder / "checkpoint").mkdir()
    again = _faces(context, _plan(recruitview))
    assert np.array_equal(first.pixels, again.pixels)
    assert not (context.folder / "checkpoint").exists()


def test_the_faces_are_opened_as_a_dataset_by_the_run_that_extracted_them(
    recruitview, context, fake_face_models
):
    plan, settings = _plan(recruitview, levels="published"), context.settings
    result = {"faces": "tried", "dataset": "tried"}
    assert job.run(plan.to_json(), context) == result
    found = open_entry(settings.datasets_dir, "tried", settings.datasets_cache_dir)
    assert len(found) == 15
    assert found.scheme.name == EXPRESSIVENESS3.name
    assert any("published thresholds" in sentence for sentence in _messages(context))
    assert job.run(plan.to_json(), context) == result  # killed after it was opened
    remove(settings.datasets_dir, "tried", settings.uploads_dir, settings.datasets_cache_dir)
    assert job.run(plan.to_json(), context) == result  # killed before
    assert names_of(settings.datasets_dir) == ["tried"]


def test_a_dataset_s_name_that_is_taken_is_refused_before_any_work(
    recruitview, context, fake_face_models
):
    (context.settings.datasets_dir / "tried").mkdir(parents=True)
    with pytest.raises(DatasetError, match="a dataset tried already"):
        job.run(_plan(recruitview, levels="tertiles").to_json(), context)
    assert not context.settings.faces_dir.exists()


def test_faces_without_scores_are_kept_and_not_opened(tmp_path, context, fake_face_models):
    write_face_video(tmp_path / "one.mp4", frames=6)
    plan = _plan(tmp_path / "one.mp4", levels="published")
    assert job.run(plan.to_json(), context) == {"faces": "tried"}
    assert names_of(context.settings.datasets_dir) == []
    assert "have no scores" in _messages(context)[-1]
    assert (context.settings.faces_dir / "tried").is_dir()


def test_cancelling_keeps_finished_clips_and_publishes_nothing(
    recruitview, context, fake_face_models
):
    asked = iter([False] * 8 + [True])  # in the second clip
    stopping = replace(context, stop_requested=lambda: next(asked))
    with pytest.raises(RunCancelled):
        job.run(_plan(recruitview).to_json(), stopping)
    assert not context.settings.faces_dir.exists()
    assert len(list(checkpoint.clip_records(context.folder / "checkpoint"))) == 1
    assert len(_faces(context, _plan(recruitview))) == 15


def test_a_full_disk_is_reported_as_such_and_the_run_can_be_resumed(
    recruitview, context, fake_face_models, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(checkpoint.os, "fsync", _full)
        with pytest.raises(OSError, match="No space") as caught:
            job.run(_plan(recruitview).to_json(), context)
    assert _failure(caught.value, "faces").outcome is RunStatus.FAILED
    assert _failure(caught.value, "faces").error == "The disk is full."
    assert not context.settings.faces_dir.exists()
    assert len(_faces(context, _plan(recruitview))) == 15


def _full(_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_records_that_are_damaged_stop_the_job_before_the_first_video(recruitview, context):
    with (recruitview / "metadata.jsonl").open("a") as file:
        file.write(json.dumps({"id": "x"}) + "\n")
    with pytest.raises(UnreadableDataset, match="row 4"):
        job.run(_plan(recruitview).to_json(), context)
    assert not (context.folder / "checkpoint").exists()
