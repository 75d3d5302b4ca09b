"""Golden: one clip, live and from the file, through the real eyes and the real store: same rows."""

from __future__ import annotations

from datetime import UTC, datetime

import av
import numpy as np
import pytest

from core.domain import softmax
from core.domain.errors import MediaError, NotAllowedHere, PlanError
from core.evaluation.evaluator.ensemble import Ensemble, EnsembleMember
from core.live import Clocks, LiveSession
from core.models import Predictor, load_predictor
from core.policy import Purpose, Region, UsePolicy
from core.policy import policy_file as policy_store
from core.recordings import clip_timeline, job
from core.recordings.plan import RecordingPlan
from core.sessions import SessionStore
from core.vision import from_video
from core.vision.build import open_analyser
from core.vision.recognition.live_model import load_model
from tests.clips import write_face_video
from tests.make import make_session


def _now():
    return datetime.now(UTC)


def _live(installation, clip):
    judge = load_model(installation.models_dir)
    session = make_session("live")
    # The clip is played in time: on a busy machine a real clock would find its frames late, take
    # that for a camera that was plugged in again, and bridge the gap.
    played_s = 0.0
    with SessionStore.open(installation.database_url) as store:
        live = LiveSession(
            open_analyser(installation, judge),
            store,
            clocks=Clocks(lambda: played_s, _now),
            not_sure_below=judge.card.not_sure_below,
        )
        live.begin(session)
        for frame in from_video(clip):
            played_s = frame.time_s
            live.process_frame(frame.rgb, frame.time_s + 77.0)
        live.close()
        return store.read("live")


def _from_file(clip, place):
    session_id = job.run(RecordingPlan((str(clip),)).to_json(), place)["session"]
    with SessionStore.open(place.settings.database_url) as store:
        entry = store.entry(session_id)
        assert entry.session.ended_at is not None
        assert entry.session.purpose == "research"
        assert 0 < entry.session.not_sure_below < 1
        return store.read(session_id)


@pytest.fixture(params=["drawn", "single_face.mp4", "multiface_grid_1280x480_12s.mp4"])
def clip(request, tmp_path, media):
    if request.param == "drawn":
        return write_face_video(tmp_path / "drawn.mp4")
    return _first_seconds(media(request.param), tmp_path / "real.mp4")


def _first_seconds(clip, target):
    """The first four seconds as they are coded: by then every face was found and recognised."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as short:
        stream = source.streams.video[0]
        short_stream = short.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None and packet.pts * stream.time_base < 4:
                packet.stream = short_stream
                short.mux(packet)
    return target


@pytest.mark.timeout(300)  # several faces for four seconds, twice
def test_live_and_from_the_file_give_the_same_rows(clip, installation, place):
    live, recorded = _live(installation, clip), _from_file(clip, place)
    assert len(live) == len(recorded) > 30
    assert (recorded.face_id > 0).mean() > 0.5
    for name in vars(live):
        if name not in {"scheme", "latency_ms", "time_s", "events"}:
            one, other = getattr(live, name), getattr(recorded, name)
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name
    assert np.allclose(live.time_s, recorded.time_s, atol=1e-9)


def test_faces_of_a_stream_and_a_recording_get_the_scores_of_an_evaluation(
    installation, place, tmp_path, monkeypatch
):
    seen, real = [], Predictor.scores

    def scores(self, pictures, **named):
        found = real(self, pictures, **named)
        seen.append((pictures, found))
        return found

    monkeypatch.setattr(Predictor, "scores", scores)
    clip = write_face_video(tmp_path / "drawn.mp4")
    _live(installation, clip)
    in_stream = len(seen)
    _from_file(clip, place)
    assert 2 * in_stream == len(seen) > 60
    faces = np.concatenate([pictures for pictures, _ in seen])
    pixels = np.rint(faces[..., 0] * 255).astype(np.uint8)
    card = load_model(installation.models_dir).card
    judged = Ensemble(
        [EnsembleMember(load_predictor(installation.models_dir, card, threads=2), np.arange(7))],
        "one",
        7,
    )
    found = softmax(judged.logits(pixels) / judged.temperature)
    assert np.array_equal(found, np.concatenate([one for _, one in seen]))


def test_a_damaged_end_keeps_the_start_and_a_damaged_file_leaves_nothing(place, tmp_path):
    whole = write_face_video(tmp_path / "whole.mp4")
    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"")
    with pytest.raises(MediaError, match=r"empty\.mp4"):
        job.run(RecordingPlan((str(empty),)).to_json(), place)
    with SessionStore.open(place.settings.database_url) as store:
        assert store.sessions() == []
    assert len(_from_file(whole, place)) == 45


def test_a_missing_model_is_an_error_with_advice(place, tmp_path, monkeypatch):
    from dataclasses import replace

    from core.domain.errors import UnknownModel

    elsewhere = replace(place, settings=replace(place.settings, models_dir=tmp_path / "none"))
    clip = write_face_video(tmp_path / "clip.mp4", frames=3)
    with pytest.raises(UnknownModel, match="no model"):
        job.run(RecordingPlan((str(clip),)).to_json(), elsewhere)


@pytest.mark.parametrize("policy", [None, UsePolicy(Region.EU_EEA, Purpose.CLASSROOM)])
def test_nothing_is_analysed_without_a_use_policy_or_where_it_is_prohibited(
    installation, place, tmp_path, policy
):
    path = installation.data_dir / policy_store.FILE_NAME
    path.unlink()
    if policy is not None:
        policy_store.write(path, policy)
    clip = write_face_video(tmp_path / "clip.mp4", frames=3)
    with pytest.raises(NotAllowedHere):
        job.run(RecordingPlan((str(clip),)).to_json(), place)
    with SessionStore.open(installation.database_url) as store:
        assert store.sessions() == []


@pytest.mark.parametrize("every_s", [-0.1, 1.01, 60.0, float("nan")])
def test_the_sampling_interval_is_at_most_the_longest_gap(tmp_path, every_s):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"x")
    with pytest.raises(PlanError, match="not possible"):
        RecordingPlan((str(clip),), every_s=every_s)


def test_rows_without_a_run_are_those_that_a_run_stores(place, tmp_path):
    clip = write_face_video(tmp_path / "drawn.mp4", frames=20)
    stored = _from_file(clip, place)
    rows = clip_timeline(clip, place.settings, load_model(place.settings.models_dir))
    assert rows.time_s.tolist() == stored.time_s.tolist()
    assert rows.face_id.tolist() == stored.face_id.tolist()
    assert rows.shown.tolist() == stored.shown.tolist()
    np.testing.assert_allclose(rows.blendshapes, stored.blendshapes, atol=1e-4)
    np.testing.assert_allclose(rows.scores, stored.scores, atol=1e-4)
