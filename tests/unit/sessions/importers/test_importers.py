"""Sessions from files: what Mien exported comes back as it was, and tables of other programs."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.domain import (
    FER7,
    HeadPose,
    LabelScheme,
    Segment,
    SegmentKind,
    Timeline,
    rounded_blendshapes,
)
from core.domain.errors import PlanError
from core.domain.timeline import COLUMNS
from core.sessions import SessionStore, segments_of
from core.sessions.exporters import ExportSource, derive_columns, export_session
from core.sessions.importers import read_sessions, store_imported
from tests.exported import exported
from tests.make import BEGAN_AT, make_mark, make_moment, make_observation, make_session

SESSION = replace(make_session(ended_at=BEGAN_AT), labels=FER7.labels, pauses=((2.0, 60.0),))
QUESTION = Segment(0.5, 1.5, SegmentKind.QUESTION, "=Why?")


@pytest.fixture
def source() -> ExportSource:
    rng = np.random.default_rng(4)
    seen = replace(
        make_observation(), pose=HeadPose(yaw=-30.0, pitch=20.0, roll=10.0), lip_gap=0.02
    )
    moments = [
        make_moment(
            at / 10,
            replace(seen, time_s=at / 10, blendshapes=rounded_blendshapes(rng.random(52))),
            *([make_observation(at / 10, track_id=2)] if at % 3 == 0 else []),
        )
        if at < 40
        else make_moment(at / 10)
        for at in range(45)
    ]
    timeline = Timeline.from_frames(FER7, moments, [make_mark(1.04, "=1+1"), make_mark(3.0, "b")])
    derived = derive_columns(timeline, not_sure_below=0.5)
    return ExportSource(SESSION, timeline, derived, segments=(QUESTION,))


def _expect_same(read: Timeline, given: Timeline, *, without: tuple[str, ...] = ()) -> None:
    for name in set(COLUMNS) - set(without):
        one, other = getattr(read, name), getattr(given, name)
        if one.dtype.kind == "f":
            assert one == pytest.approx(other, abs=1e-4, nan_ok=True), name
        else:
            assert one.tolist() == other.tolist(), name


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".json"])
def test_what_mien_exported_comes_back(ending: str, source: ExportSource) -> None:
    other = replace(source, session=replace(SESSION, id="other"))
    read, again = read_sessions(f"a{ending}", exported(ending, source, other))
    without = ("blendshapes",) if ending == ".csv" else ()  # they are a file of their own there
    _expect_same(read.timeline, source.timeline, without=without)
    assert read.timeline.events == source.timeline.events
    assert [read.session.id, again.session.id] == [SESSION.id, "other"]
    assert read.session.began_at == BEGAN_AT
    if ending != ".csv":
        assert read.session == SESSION
    if ending == ".json":
        assert read.segments == (QUESTION,)


def test_a_model_with_its_own_classes_keeps_them(source: ExportSource) -> None:
    scheme = LabelScheme("own", ("calm", "lively"))
    timeline = Timeline.from_frames(scheme, [make_moment(0.0)])
    session = replace(SESSION, scheme_name="own", labels=scheme.labels)
    own = ExportSource(session, timeline, derive_columns(timeline, not_sure_below=0.5))
    (read,) = read_sessions("a.json", exported(".json", own))
    assert read.timeline.scheme == scheme


def test_an_imported_session_is_stored_and_leaves_as_it_came(
    store: SessionStore, source: ExportSource, tmp_path: Path
) -> None:
    content = exported(".json", source)
    store_imported(store, read_sessions("a.json", content))
    entry = store.entry(SESSION.id)
    assert (entry.rows, entry.faces) == (len(source.timeline), 2)
    assert entry.session == replace(SESSION, labels=())  # those of a built-in scheme
    assert segments_of(store, SESSION.id) == (QUESTION,)
    _expect_same(store.read(SESSION.id), source.timeline, without=("scores", "steady"))
    again = pd.read_csv(io.BytesIO(export_session(store, SESSION.id, models_dir=tmp_path)))
    assert len(again) == len(source.timeline)
    with pytest.raises(PlanError, match="is here already"):
        store_imported(store, read_sessions("a.json", content))
    assert len(store.sessions()) == 1


def test_a_fex_table_becomes_a_session(store: SessionStore, source: ExportSource) -> None:
    (read,) = read_sessions("clip one.csv", exported(".fex.csv", source), fps=10.0)
    given = source.timeline.where(source.timeline.face_id > 0)
    kept = ("time_s", "frame_index", "face_id", "usable", "box", "pose", "scores", "confidence")
    _expect_same(read.timeline, given, without=tuple(set(COLUMNS) - set(kept)))
    store_imported(store, [read])
    assert store.entry("clip-one").rows == len(given)


def test_an_openface_table_becomes_a_session_without_expressions(
    store: SessionStore, source: ExportSource
) -> None:
    spaced = exported(".openface.csv", source).replace(b",", b", ")  # as earlier versions wrote it
    (read,) = read_sessions("clip.csv", spaced)
    kept = ("time_s", "frame_index", "usable", "pose")
    _expect_same(read.timeline, source.timeline, without=tuple(set(COLUMNS) - set(kept)))
    assert read.timeline.face_id.max() == 2
    assert np.isnan(read.timeline.scores).all()
    store_imported(store, [read])
    assert store.entry("clip").faces == 2


def test_landmarks_of_openface_give_the_box() -> None:
    names = [f"{axis}_{at}" for axis in "xy" for at in range(68)]
    table = pd.DataFrame([[float(at) for at in range(136)]], columns=names)
    table = table.assign(timestamp=0.0, success=1, pose_Rx=0.0, pose_Ry=0.0, pose_Rz=0.0)
    (read,) = read_sessions("a.csv", table.to_csv(index=False).encode())
    assert read.timeline.box.tolist() == [[0.0, 68.0, 67.0, 135.0]]
    assert read.timeline.face_px.tolist() == [67.0]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "cannot be read as a session"),
        ("a.csv", b"x,y\n1,2\n", "no table that Mien knows"),
        ("a.csv", b"\xff\xfe\x00", "cannot be read as a session"),
        ("a.json", b"{", "cannot be read as a session"),
        ("a.json", b'{"sessions": 1}', "cannot be read as a session"),
        ("a.json", b'{"sessions": []}', "has no rows"),
        ("a.parquet", b"PAR1", "cannot be read as a session"),
        ("a.csv", b"timestamp,pose_Rx,success\nlong ago,0,1\n", "timestamp holds something"),
        ("a.csv", b"timestamp,pose_Rx,success\n-1,0,1\n", "Row 1 of the file has no time"),
        ("a.csv", b"timestamp,pose_Rx,success\n", "has no rows"),
    ],
)
def test_a_bad_file_is_one_sentence(name: str, content: bytes, said: str) -> None:
    with pytest.raises(PlanError, match=said) as caught:
        read_sessions(name, content)
    assert "\n" not in str(caught.value)


def test_times_that_go_back_are_put_in_order() -> None:
    content = b"timestamp,pose_Rx,success\n1,0.1,1\n0,0.2,1\n"
    (read,) = read_sessions("a.csv", content)
    assert read.timeline.time_s.tolist() == [0.0, 1.0]
    assert read.timeline.pose[:, 1] == pytest.approx(-np.degrees([0.2, 0.1]))


def test_numbers_that_cannot_be_stored_leave_nothing_behind(store: SessionStore) -> None:
    content = b"timestamp,pose_Rx,success\n0,1e9,1\n"
    with pytest.raises(PlanError, match="cannot be stored"):
        store_imported(store, read_sessions("a.csv", content))
    assert store.sessions() == []
